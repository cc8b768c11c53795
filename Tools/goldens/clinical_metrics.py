"""Goldens of what clinical reviewers ask for: numpy 2.2.6, scipy 1.16.2, scikit-learn 1.7.2, dcurves 1.1.7 (with pandas 2.3.3),
MetricsReloaded cb38dfc0a5ed4fa3bdc559e4960b6e2b93c3b967 (with scikit-image 0.25.2, nibabel 5.3.2).

    python3 -m venv venv
    venv/bin/pip install numpy==2.2.6 scipy==1.16.2 scikit-learn==1.7.2 dcurves==1.1.7 pandas==2.3.3 scikit-image==0.25.2 nibabel==5.3.2
    git clone https://github.com/Project-MONAI/MetricsReloaded && git -C MetricsReloaded checkout cb38dfc0
    PYTHONPATH=MetricsReloaded venv/bin/python Tools/goldens/clinical_metrics.py

writes Tests/MetricsTests/Goldens/clinical.json. Where two libraries have a metric, the script refuses to write what they differ in by 1e-6.
"""

import json
import pathlib
import sys

# Next to this file lies one called like a module of the standard library that scipy imports.
sys.path = [p for p in sys.path if pathlib.Path(p or ".").resolve() != pathlib.Path(__file__).resolve().parent]

import numpy
import pandas
import sklearn.metrics
from dcurves import dca
from MetricsReloaded.metrics.pairwise_measures import BinaryPairwiseMeasures, MultiClassPairwiseMeasures
from sklearn.isotonic import IsotonicRegression

TESTS = pathlib.Path(__file__).resolve().parents[2] / "Tests"
THRESHOLDS = [k / 100 for k in range(1, 100)]


def agreed(name, *values):
    # MetricsReloaded counts in float32.
    assert max(values) - min(values) < 1e-6, (name, values)
    return float(values[0])


def decision_curves(probabilities, targets):
    frame = pandas.DataFrame({"outcome": targets, "model": probabilities})
    found = dca(data=frame, outcome="outcome", modelnames=["model"], thresholds=THRESHOLDS)
    curve = lambda name: found[found.model == name].sort_values("threshold").net_benefit.tolist()
    ours = curve("model")
    for threshold, value in list(zip(THRESHOLDS, ours))[4::10]:
        measures = BinaryPairwiseMeasures(
            (probabilities >= threshold).astype(int), targets, dict_args={"exchange_rate": threshold / (1 - threshold)})
        agreed("net benefit", value, measures.net_benefit_treated())
    return {"model": ours, "all": curve("all")}


def brier_parts(probabilities, targets):
    recalibrated = IsotonicRegression().fit_transform(probabilities, targets)
    score = lambda p: float(numpy.mean((p - targets) ** 2))
    base, best, own = score(numpy.full(len(targets), targets.mean())), score(recalibrated), score(probabilities)
    return {"score": own, "miscalibration": own - best, "discrimination": base - best, "uncertainty": base}


def binary(name, probabilities, targets, threshold):
    called = (probabilities >= threshold).astype(int)
    theirs = BinaryPairwiseMeasures(called, targets)
    return {
        "name": name, "probabilities": probabilities.tolist(), "targets": targets.tolist(), "threshold": threshold,
        "positivePredictiveValue": agreed(
            "PPV", sklearn.metrics.precision_score(targets, called), theirs.positive_predictive_value()),
        "negativePredictiveValue": agreed(
            "NPV", sklearn.metrics.precision_score(1 - targets, 1 - called), theirs.negative_predictive_value()),
        "binaryBalancedAccuracy": agreed(
            "balanced accuracy", sklearn.metrics.balanced_accuracy_score(targets, called), theirs.balanced_accuracy()),
        "matthewsCorrelation": agreed(
            "MCC", sklearn.metrics.matthews_corrcoef(targets, called), theirs.matthews_correlation_coefficient()),
        "logLoss": float(sklearn.metrics.log_loss(targets, probabilities)),
        "observedToExpected": float(targets.sum() / probabilities.sum()),
        "brierParts": brier_parts(probabilities, targets), "netBenefit": decision_curves(probabilities, targets),
    }


def multiclass(random, classes, count):
    truths = random.integers(0, classes, count)
    logits = random.normal(size=(count, classes)) + 1.5 * numpy.eye(classes)[truths]
    probabilities = numpy.exp(logits)
    probabilities /= probabilities.sum(1, keepdims=True)
    decisions = probabilities.argmax(1)
    distance = abs(numpy.subtract.outer(numpy.arange(classes), numpy.arange(classes)))
    theirs = lambda weights: MultiClassPairwiseMeasures(
        decisions, truths, list(range(classes)), dict_args={"weights": weights})
    kappa = lambda weights, matrix: agreed(
        "kappa", sklearn.metrics.cohen_kappa_score(truths, decisions, weights=weights), theirs(matrix).weighted_cohens_kappa())
    return {
        "classes": classes, "truths": truths.tolist(), "probabilities": probabilities.flatten().tolist(),
        "confusion": sklearn.metrics.confusion_matrix(truths, decisions, labels=list(range(classes))).tolist(),
        "balancedAccuracy": agreed(
            "balanced accuracy", sklearn.metrics.balanced_accuracy_score(truths, decisions), theirs(None).balanced_accuracy()),
        "multiclassMatthewsCorrelation": agreed(
            "MCC", sklearn.metrics.matthews_corrcoef(truths, decisions), theirs(None).matthews_correlation_coefficient()),
        "cohenKappa": kappa(None, 1 - numpy.eye(classes)), "cohenKappaLinear": kappa("linear", distance),
        "cohenKappaQuadratic": kappa("quadratic", distance ** 2),
    }


if __name__ == "__main__":
    random = numpy.random.default_rng(2026)
    targets = (random.random(150) < 0.3).astype(int)
    sharp = 1 / (1 + numpy.exp(-(random.normal(size=150) + 2 * targets - 1)))
    rare = (random.random(120) < 0.08).astype(int)
    cases = [
        binary("no ties", sharp, targets, 0.5),
        # What lies on a threshold is called positive.
        binary("two decimals", sharp.round(2), targets, 0.37), binary("one decimal", sharp.round(1), targets, 0.6),
        binary("a rare finding", (0.2 * random.random(120) + 0.3 * rare * random.random(120)), rare, 0.12),
    ]
    golden = {"binary": cases, "multiclass": [multiclass(random, 3, 90), multiclass(random, 5, 200)]}
    path = TESTS / "MetricsTests/Goldens/clinical.json"
    path.write_text(json.dumps(golden, sort_keys=True) + "\n")
