"""Optuna's densities, pruners and importances, as SamplerTest, PrunerTest and ImportanceTest expect them. The values there were made
with Optuna 3.1; where a later one decides otherwise, it is named and nothing is held against it."""

import math
import warnings

import golden

np, optuna = golden.need("numpy", "optuna")
optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.simplefilter("ignore")
WHOLE = optuna.__version__.startswith("3.1")

# SamplerTest.cpp
SPACE = {
    "real": optuna.distributions.FloatDistribution(-2, 3),
    "log": optuna.distributions.FloatDistribution(1e-5, 0.1, log=True),
    "step": optuna.distributions.FloatDistribution(0, 1, step=0.25),
    "int": optuna.distributions.IntDistribution(2, 20),
    "intlog": optuna.distributions.IntDistribution(1, 64, log=True),
    "cat": optuna.distributions.CategoricalDistribution(["a", "b", "c"]),
}
POINTS = {
    "real": [-1.9, 0.3, 2.75],
    "log": [1.1e-5, 3e-3, 0.09],
    "step": [0, 0.5, 1],
    "int": [2, 9, 20],
    "intlog": [1, 8, 64],
    "cat": [0, 1, 2],
}


def observed(name, count):
    i = np.arange(count)
    u, v = (np.sin(12.9898 * (i + 1)) + 1) / 2, (np.sin(78.233 * (i + 1)) + 1) / 2
    return {
        "real": -2 + 5 * u,
        "log": 10 ** (-5 + 4 * v),
        "step": np.rint(4 * u) / 4,
        "int": np.rint(2 + 18 * v),
        "intlog": np.rint(64**u),
        "cat": i * 7 % 3,
    }[name]


def densities():
    from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters
    from optuna.samplers._tpe.sampler import default_weights

    expected = golden.Expected("tests/core/search/SamplerTest.cpp", "const std::vector<Golden>& golden()")
    argsort = np.argsort
    np.argsort = lambda values, *rest, **options: argsort(values, *rest, **{**options, "kind": "stable"})
    for count in [0, 3, 40]:
        for name in [*SPACE, "all"]:
            names = list(SPACE) if name == "all" else [name]
            parameters = _ParzenEstimatorParameters(True, 1.0, True, False, default_weights, name == "all")
            estimator = _ParzenEstimator({n: observed(n, count) for n in names}, {n: SPACE[n] for n in names}, parameters)
            values = estimator.log_pdf({n: np.array(POINTS[n], int if n == "cat" else float) for n in names})
            expected.row(f"the densities of {name} of {count}", values, relative=1e-9)
    np.argsort = argsort
    return expected


# PrunerTest.cpp
def curve(i, step):
    if i == 17 and step >= 2:
        return math.nan
    u, v = (math.sin(12.9898 * (i + 1)) + 1) / 2, (math.sin(78.233 * (i + 1)) + 1) / 2
    return u + v / step + 0.05 * math.sin(i * 7 + step)


def last_steps(pruner, direction):
    study = optuna.create_study(study_name="s", direction=direction, pruner=pruner)
    last = []
    for i in range(40):
        trial, pruned, step = study.ask(), False, 0
        while step < 9 and not pruned:
            step += 1
            trial.report(curve(i, step), step)
            pruned = trial.should_prune()
        if pruned:
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
        else:
            study.tell(trial, 0 if i == 17 else curve(i, step))
        last.append(-step if pruned else step)
    return last


def pruners():
    expected = golden.Expected("tests/core/search/PrunerTest.cpp", "TEST(Pruner, EndsTheTrialsThatOptunaEnds)")
    for make in [
        optuna.pruners.MedianPruner,
        lambda: optuna.pruners.SuccessiveHalvingPruner(min_resource=1),
        lambda: optuna.pruners.HyperbandPruner(max_resource=9),
    ]:
        for direction in ["minimize", "maximize"]:
            pruner = make()
            expected.row(f"where {type(pruner).__name__} ends trials ({direction})", last_steps(pruner, direction))
    return expected


# ImportanceTest.cpp
def spread(i, k):
    wave = math.sin(12.9898 * (i + 1) + 78.233 * (k + 1)) * 43758.5453
    return wave - math.floor(wave)


def importances():
    study = optuna.create_study()
    space = {
        "x": SPACE["real"],
        "n": SPACE["int"],
        "c": SPACE["cat"],
        "y": optuna.distributions.FloatDistribution(0, 1),
        "z": optuna.distributions.FloatDistribution(0, 1),
    }
    for i in range(200):
        x, n, c = -2 + 5 * spread(i, 0), 2 + math.floor(19 * spread(i, 1)), math.floor(3 * spread(i, 2))
        y, z = spread(i, 3), spread(i, 4)
        value = x * x + 0.2 * n + [0, 1, 3][c] + 2 * y * z
        parameters = {"x": x, "n": n, "c": "abc"[c], "y": y, "z": z}
        study.add_trial(optuna.trial.create_trial(params=parameters, distributions=space, value=value))
    expected = golden.Expected("tests/core/search/ImportanceTest.cpp", "TEST(Importance, IsWhatOptunasEvaluatorSays)")
    seeds = [
        optuna.importance.get_param_importances(study, evaluator=optuna.importance.FanovaImportanceEvaluator(seed=seed))
        for seed in range(3)
    ]
    for name in space:
        # The test allows 0.02: another forest is another forest.
        expected.has(f"the share of {name}", sum(one[name] for one in seeds) / 3, relative=0, absolute=0.005)
    return expected


def held(what):
    """What it gives, or nothing where this Optuna has its parts elsewhere or lacks scikit-learn."""
    try:
        return what()
    except (ImportError, TypeError) as error:
        if WHOLE and isinstance(error, TypeError):
            raise
        print(f"left out: {what.__name__}: {str(error).splitlines()[0]}")
        return None


found = [one for one in map(held, (densities, pruners, importances)) if one]
if WHOLE:
    golden.end(*found)
