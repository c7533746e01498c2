"""Best values that real Optuna's TPESampler finds on five functions, for the test that holds ours against them.

usage: optuna_samplers.py > optuna-samplers.json
For each function the best of 100 trials with each of 100 seeds; of the one with noise, what the best trial has without it. About ten
minutes. The functions stand in SamplerQualityTest.cpp, too.
"""
import json
import math
import warnings

warnings.filterwarnings("ignore")
import optuna  # noqa: E402

optuna.logging.set_verbosity(optuna.logging.ERROR)

A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
P = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
]
ALPHA = [1.0, 1.2, 3.0, 3.2]


def branin(trial):
    x, y = trial.suggest_float("x", -5, 10), trial.suggest_float("y", 0, 15)
    bend = y - 5.1 / (4 * math.pi**2) * x**2 + 5 / math.pi * x - 6
    return bend**2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


def hartmann(trial):
    x = [trial.suggest_float(f"x{d}", 0, 1) for d in range(6)]
    return -sum(
        ALPHA[i] * math.exp(-sum(A[i][d] * (x[d] - P[i][d]) ** 2 for d in range(6))) for i in range(4)
    )


def rosenbrock(trial):
    x = [trial.suggest_float(f"x{d}", -2, 2) for d in range(4)]
    return sum(100 * (x[d + 1] - x[d] ** 2) ** 2 + (1 - x[d]) ** 2 for d in range(3))


def mixed(trial):
    rate = trial.suggest_float("rate", 1e-5, 0.1, log=True)
    units = trial.suggest_int("units", 1, 20)
    kind = trial.suggest_categorical("kind", ["a", "b", "c"])
    value = (math.log10(rate) + 2.5) ** 2 + ((units - 12) / 5) ** 2 + {"a": 0.5, "b": 0, "c": 1}[kind]
    return value + (0.3 if kind == "b" and units > 15 else 0)


def bowl(trial):
    return sum((trial.suggest_float(f"x{d}", -3, 3) - 0.7) ** 2 for d in range(3))


def noise(seed, number):
    wave = math.sin(12.9898 * (1000 * seed + number + 1)) * 43758.5453
    return 0.4 * (wave - math.floor(wave) - 0.5)


def best(function, seed):
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    plain = []
    noisy = function is bowl
    for number in range(100):
        trial = study.ask()
        value = function(trial)
        plain.append(value)
        study.tell(trial, value + (noise(seed, number) if noisy else 0))
    return plain[study.best_trial.number]


def main():
    functions = {"branin": branin, "hartmann": hartmann, "rosenbrock": rosenbrock, "mixed": mixed, "noisy": bowl}
    print(json.dumps({name: [best(function, seed) for seed in range(100)] for name, function in functions.items()}, indent=1))


main()
