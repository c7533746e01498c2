"""What lock_takeover.py lets an Optuna do with a journal.

usage: lock_peer.py make|hold|append|count FILE
make begins a study with five trials; hold takes the lock, says "held" and keeps it; append writes one record and prints how long it
waited and how much of a processor that took, in seconds; count prints how many records of append and trials the study has.
"""
import json
import signal
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import optuna  # noqa: E402

try:
    from optuna.storages.journal import JournalFileBackend, JournalFileSymlinkLock
except ImportError:  # before 4.0
    from optuna.storages import JournalFileStorage as JournalFileBackend
    from optuna.storages import JournalFileSymlinkLock

optuna.logging.set_verbosity(optuna.logging.CRITICAL)
what, file = sys.argv[1:3]
if what == "hold":
    JournalFileSymlinkLock(file).acquire()
    print("held", flush=True)
    signal.pause()
storage = optuna.storages.JournalStorage(JournalFileBackend(file))
if what == "make":
    optuna.create_study(storage=storage, study_name="s").optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=5)
    sys.exit()
study = optuna.load_study(storage=storage, study_name="s")
if what == "append":
    start, used = time.monotonic(), time.process_time()
    study.set_user_attr(f"by-optuna-{time.time_ns()}", 1)
    print(json.dumps({"seconds": time.monotonic() - start, "processor": time.process_time() - used}))
else:
    print(json.dumps({"records": len(study.user_attrs), "trials": len(study.trials)}))
