"""Goldens of metrics and summaries: numpy 2.2.6, scikit-learn 1.7.2, scipy 1.16.2, torch 2.13.0.

    Scripts/with-python Tools/goldens/metrics.py

writes Tests/MetricsTests/Goldens/{metrics,decisions,surfaces,exclusive}.json and Tests/StatisticsTests/Goldens/summaries.json. Nothing is
downloaded.
"""

import json
import pathlib
import sys

# Next to this file lies one called like a module of the standard library that scipy imports.
sys.path = [p for p in sys.path if pathlib.Path(p or ".").resolve() != pathlib.Path(__file__).resolve().parent]

import numpy
import scipy.ndimage
import scipy.spatial
import sklearn.metrics
import torch
from sklearn.calibration import calibration_curve
from sklearn.metrics import f1_score, roc_auc_score

TESTS = pathlib.Path(__file__).resolve().parents[2] / "Tests"
random = numpy.random.default_rng(2021)


def auroc_case(name, scores, targets):
    return {"name": name, "scores": scores.tolist(), "targets": targets.tolist(), "auroc": float(roc_auc_score(targets, scores))}


def auroc_cases():
    targets = (random.random(300) < 0.2).astype(int)
    separated = random.normal(size=300) + targets
    few = (random.random(60) < 0.5).astype(int)
    rare = numpy.zeros(200, dtype=int)
    rare[17] = 1
    return [
        auroc_case("no ties", separated, targets),
        auroc_case("scores rounded to one digit", separated.round(1), targets),
        auroc_case("three levels", random.integers(0, 3, 300).astype(float), targets),
        auroc_case("all tied", numpy.full(60, 0.5), few),
        auroc_case("one positive", random.random(200).round(2), rare),
        auroc_case("reversed", -separated, targets),
        auroc_case("scores as large as they get", numpy.where(random.random(60) < 0.3, numpy.finfo(float).max, few - 0.5), few),
    ]


def multi_label():
    scores = random.random((80, 4)).round(2)
    targets = (random.random((80, 4)) < [0.5, 0.1, 0.3, 0.0]).astype(int)
    columns = [float(roc_auc_score(targets[:, c], scores[:, c])) for c in range(3)]
    return {
        "scores": scores.flatten().tolist(), "targets": targets.flatten().tolist(), "classes": columns,
        "macro": float(roc_auc_score(targets[:, :3], scores[:, :3], average="macro")),
    }


def dice():
    images = []
    for share in (0.1, 0.4, 0.7):
        target = random.random(400) < share
        predicted = target ^ (random.random(400) < 0.1)
        images.append({
            "target": target.astype(int).tolist(), "predicted": predicted.astype(int).tolist(),
            "dice": float(f1_score(target, predicted)),
        })
    joined = [numpy.concatenate([image[key] for image in images]) for key in ("target", "predicted")]
    return {"images": images, "pooled": float(f1_score(*joined))}


def cross_entropy():
    probabilities = numpy.concatenate([random.random(30), [0.0, 1.0, 0.0, 1.0, 1e-20]])
    targets = numpy.concatenate([(random.random(30) < 0.5).astype(float), [0.0, 1.0, 1.0, 0.0, 1.0]])
    loss = torch.nn.functional.binary_cross_entropy(torch.tensor(probabilities), torch.tensor(targets))
    return {"probabilities": probabilities.tolist(), "targets": targets.tolist(), "loss": float(loss)}


def summaries():
    cases = [random.normal(80, 2, 10), random.normal(0, 1, 2), 1e9 + random.random(1000), numpy.array([0.5, 0.5, 0.5])]
    return [{"values": c.tolist(), "mean": float(c.mean()), "standardDeviation": float(c.std(ddof=1))} for c in cases]


def decision_case(name, probabilities, targets, threshold):
    called = probabilities >= threshold
    rates = sklearn.metrics.roc_curve(targets, probabilities, drop_intermediate=False)
    precision, recall, _ = sklearn.metrics.precision_recall_curve(targets, probabilities)
    shares, means = calibration_curve(targets, probabilities, n_bins=8)
    weights = numpy.random.default_rng(len(targets)).integers(0, 4, len(targets))
    edges = numpy.linspace(0, 1, 9)  # exact in binary, so that what lies on an edge is no matter of rounding
    bins = numpy.searchsorted(edges[1:-1], probabilities)
    gaps = [(bins == b).mean() * abs(targets[bins == b].mean() - probabilities[bins == b].mean()) for b in set(bins)]
    # Each candidate threshold by sklearn's own scores: the highest of the best.
    candidates = sorted(set(probabilities), reverse=True)
    f1 = [f1_score(targets, probabilities >= t) for t in candidates]
    youden = [sklearn.metrics.balanced_accuracy_score(targets, probabilities >= t) for t in candidates]
    best = lambda merits: float(next(t for t, m in zip(candidates, merits) if m >= max(merits) - 1e-12))
    return {
        "name": name, "probabilities": probabilities.tolist(), "targets": targets.tolist(), "threshold": threshold,
        "averagePrecision": float(sklearn.metrics.average_precision_score(targets, probabilities)),
        "weights": weights.tolist(),
        "weightedAveragePrecision": float(sklearn.metrics.average_precision_score(targets, probabilities, sample_weight=weights)),
        "weightedAUROC": float(roc_auc_score(targets, probabilities, sample_weight=weights)),
        "weightedBrier": float(numpy.average((probabilities - targets) ** 2, weights=weights)),
        "sensitivity": float(sklearn.metrics.recall_score(targets, called)),
        "specificity": float(sklearn.metrics.recall_score(1 - targets, ~called)),
        "precision": float(sklearn.metrics.precision_score(targets, called)),
        "negativePredictiveValue": float(sklearn.metrics.precision_score(1 - targets, ~called)),
        "f1": float(f1_score(targets, called)), "accuracy": float(sklearn.metrics.accuracy_score(targets, called)),
        "balancedAccuracy": float(sklearn.metrics.balanced_accuracy_score(targets, called)),
        "matthews": float(sklearn.metrics.matthews_corrcoef(targets, called)),
        "brier": float(sklearn.metrics.brier_score_loss(targets, probabilities)),
        "falsePositiveRates": rates[0].tolist(), "truePositiveRates": rates[1].tolist(),
        "sensitivityAt90": float(rates[1][1 - rates[0] >= 0.9].max()),
        "precisions": precision.tolist(), "recalls": recall.tolist(),
        "calibrationShares": shares.tolist(), "calibrationMeans": means.tolist(), "calibrationError": float(sum(gaps)),
        "maximumF1Threshold": best(f1), "youdenThreshold": best(youden),
    }


def decisions(random):
    targets = (random.random(200) < 0.3).astype(int)
    sharp = 1 / (1 + numpy.exp(-(random.normal(size=200) + 2 * targets - 1)))
    edges = numpy.concatenate([numpy.linspace(0, 1, 9), (random.random(31) * 16).round() / 16])
    return [
        decision_case("no ties", sharp, targets, 0.5), decision_case("two decimals", sharp.round(2), targets, 0.37),
        decision_case("one decimal", sharp.round(1), targets, 0.6),
        decision_case("on the edges of bins", edges, (random.random(40) < edges).astype(int), 0.5),
    ]


def multiclass(random):
    cases = []
    for classes, count in ((3, 60), (5, 200), (4, 12)):
        truths = random.integers(0, classes, count)
        decisions = numpy.where(random.random(count) < 0.6, truths, random.integers(0, classes, count))
        kappa = lambda weights: float(sklearn.metrics.cohen_kappa_score(truths, decisions, weights=weights))
        cases.append({
            "classes": classes, "truths": truths.tolist(), "decisions": decisions.tolist(),
            "accuracy": float(sklearn.metrics.accuracy_score(truths, decisions)),
            "balancedAccuracy": float(sklearn.metrics.balanced_accuracy_score(truths, decisions)),
            "macroF1": float(f1_score(truths, decisions, average="macro")),
            "kappas": {"none": kappa(None), "linear": kappa("linear"), "quadratic": kappa("quadratic")},
        })
    return cases


def exclusive_classes(random):
    cases = []
    for classes, count in ((3, 90), (5, 200)):
        truths = random.integers(0, classes, count)
        logits = random.normal(size=(count, classes)) + 1.5 * numpy.eye(classes)[truths]
        probabilities = numpy.exp(logits).round(2)
        probabilities /= probabilities.sum(1, keepdims=True)
        decisions = probabilities.argmax(1)
        cases.append({
            "classes": classes, "truths": truths.tolist(), "probabilities": probabilities.flatten().tolist(),
            "perClass": [float(roc_auc_score(truths == c, probabilities[:, c])) for c in range(classes)],
            "macro": float(roc_auc_score(truths, probabilities, multi_class="ovr", average="macro")),
            "accuracy": float(sklearn.metrics.accuracy_score(truths, decisions)),
            "balancedAccuracy": float(sklearn.metrics.balanced_accuracy_score(truths, decisions)),
            "kappa": float(sklearn.metrics.cohen_kappa_score(truths, decisions)),
        })
    return cases


def surface_case(random, width, height, spacing):
    def blob():
        field = scipy.ndimage.gaussian_filter(random.normal(size=(height, width)), 2.5)
        return field > numpy.quantile(field, 0.75)
    def outline(mask):
        cross = scipy.ndimage.generate_binary_structure(2, 1)
        return numpy.argwhere(mask & ~scipy.ndimage.binary_erosion(mask, cross, border_value=0)) * [spacing[1], spacing[0]]
    predicted, target = blob(), blob()
    distances = scipy.spatial.distance.cdist(outline(predicted), outline(target))
    ours, theirs = distances.min(1), distances.min(0)
    tolerances = [0.0, 1.0, 2.5]
    field = scipy.ndimage.distance_transform_edt(~target, sampling=(spacing[1], spacing[0]))
    return {
        "width": width, "height": height, "spacing": spacing, "predicted": "".join("01"[int(p)] for p in predicted.flatten()),
        "target": "".join("01"[int(p)] for p in target.flatten()),
        "hausdorff95": float(max(numpy.percentile(ours, 95), numpy.percentile(theirs, 95))),
        "hausdorff": float(max(ours.max(), theirs.max())), "averageDistance": float(numpy.concatenate([ours, theirs]).mean()),
        "tolerances": tolerances, "normalizedSurfaceDistances": [float((numpy.concatenate([ours, theirs]) <= t).mean()) for t in tolerances],
        "toTarget": field.flatten().tolist() if width * height < 500 else [],
        "iou": float(sklearn.metrics.jaccard_score(target.flatten(), predicted.flatten())),
    }


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, sort_keys=True) + "\n")


if __name__ == "__main__":
    metrics = {"auroc": auroc_cases(), "multiLabel": multi_label(), "dice": dice(), "crossEntropy": cross_entropy()}
    write(TESTS / "MetricsTests/Goldens/metrics.json", metrics)
    write(TESTS / "StatisticsTests/Goldens/summaries.json", summaries())
    later = numpy.random.default_rng(2026)
    write(TESTS / "MetricsTests/Goldens/decisions.json", {"binary": decisions(later), "multiclass": multiclass(later)})
    shapes = ((24, 20, [1.0, 1.0]), (17, 29, [0.5, 2.0]), (48, 40, [0.7, 0.7]), (30, 5, [1.0, 3.0]))
    write(TESTS / "MetricsTests/Goldens/surfaces.json", [surface_case(later, *shape) for shape in shapes])
    write(TESTS / "MetricsTests/Goldens/exclusive.json", exclusive_classes(later))
