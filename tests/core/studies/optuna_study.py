"""Looks at a study in a journal with real Optuna, and goes on with it.

usage: optuna_study.py dump|continue|make STORAGE NAME
       optuna_study.py work STORAGE NAME COUNT LOG
STORAGE is a file, or redis://HOST:PORT/DB?prefix=TEXT. dump prints the study's content as JSON; continue lets Optuna's TPESampler
add five trials and enqueues one more; make begins a study with every kind of parameter and every state; work adds trials until
COUNT of the study's have ended and no file "more" lies beside LOG, and writes the number and value of each to LOG once it is in the journal. Optuna 3.1 reads
without a lock and gives up where it sees a part of a line and then the rest (four of its own processes on one file do so within
seconds): work then ends with 7.
"""
import json
import os
import sys
import warnings

warnings.filterwarnings("ignore")
import optuna  # noqa: E402
from optuna.storages import JournalFileStorage, JournalRedisStorage, JournalStorage  # noqa: E402

optuna.logging.set_verbosity(optuna.logging.ERROR)


def storage_of(text):
    if text.startswith("redis://"):
        url, _, prefix = text.partition("?prefix=")
        return JournalStorage(JournalRedisStorage(url, prefix=prefix))
    return JournalStorage(JournalFileStorage(text))


def dump(study):
    trials = []
    for trial in study.get_trials(deepcopy=False):
        trials.append(
            {
                "number": trial.number,
                "state": trial.state.name.lower(),
                "values": trial.values or [],
                "params": trial.params,
                "distributions": {
                    name: optuna.distributions.distribution_to_json(one) for name, one in trial.distributions.items()
                },
                "user": trial.user_attrs,
                "system": trial.system_attrs,
                "intermediate": {str(step): value for step, value in trial.intermediate_values.items()},
            }
        )
    print(json.dumps({"user": study.user_attrs, "directions": [int(d) for d in study.directions], "trials": trials}))


def objective(trial):
    value = trial.suggest_float("real", -2, 3) + trial.suggest_float("log", 1e-5, 0.1, log=True)
    value += trial.suggest_float("step", 0, 1, step=0.25) + trial.suggest_int("int", 2, 20)
    value += trial.suggest_int("intlog", 1, 64, log=True) + (trial.suggest_categorical("cat", ["a", None, 3, True]) == "a")
    for step in range(3):
        trial.report(value / (step + 1), step)
    trial.set_user_attr("note", "ünïcode")
    return value


def make(storage, name):
    study = optuna.create_study(storage=storage, study_name=name, sampler=optuna.samplers.TPESampler(seed=3))
    study.set_user_attr("about", {"nested": [1, 2.5, None]})
    study.optimize(objective, n_trials=12)

    def odd(trial):
        objective(trial)
        if trial.number % 2 == 0:
            raise optuna.TrialPruned()
        return float("nan")

    study.optimize(odd, n_trials=4)
    study.enqueue_trial({"real": 0.5, "cat": None})
    study.ask()
    study.enqueue_trial({"int": 7})


def work(study, count, log):
    more = os.path.join(os.path.dirname(log), "more")
    while sum(trial.state.is_finished() for trial in study.get_trials(deepcopy=False)) < count or os.path.exists(more):
        trial = study.ask()
        value = objective(trial)
        study.tell(trial, value)
        with open(log, "a") as file:
            file.write(f"{trial.number} {value!r}\n")


def main():
    what, where, name, *rest = sys.argv[1:]
    storage = storage_of(where)
    if what == "make":
        make(storage, name)
        return
    study = optuna.load_study(study_name=name, storage=storage, sampler=optuna.samplers.TPESampler(seed=1))
    if what == "work":
        try:
            work(study, int(rest[0]), rest[1])
        except json.JSONDecodeError:
            sys.exit(7)
        return
    if what == "continue":
        study.optimize(objective, n_trials=5)
        study.enqueue_trial({"real": 1.5, "cat": 3})
    dump(study)


main()
