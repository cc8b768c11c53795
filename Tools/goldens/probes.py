"""Goldens of heads on finished features: numpy 2.2.6, scikit-learn 1.7.2.

    Scripts/with-python Tools/goldens/probes.py

writes Tests/ProbesTests/Goldens/probes.json. Nothing is downloaded.
"""

import json
import pathlib
import sys

# Next to this file lies one called like a module of the standard library that scipy imports.
sys.path = [p for p in sys.path if pathlib.Path(p or ".").resolve() != pathlib.Path(__file__).resolve().parent]

import numpy
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/ProbesTests/Goldens/probes.json"
random = numpy.random.default_rng(2018)


def features(count, width, directions=None, labels=None):
    """Multiples of 1/64, which float32 and JSON hold exactly; of unlike sizes, as a network's features are."""
    values = random.normal(size=(count, width)) * numpy.linspace(0.2, 2, width) + numpy.linspace(0, 1, width)
    if directions is not None:
        values = values + labels @ directions
    return numpy.round(values * 64) / 64


def fitted(x, y, strength):
    model = LogisticRegression(solver="lbfgs", C=strength, tol=1e-13, max_iter=100000).fit(x, y)
    other = LogisticRegression(solver="newton-cholesky", C=strength, tol=1e-13, max_iter=100000).fit(x, y)
    # lbfgs stops by the relative change of its objective too; another solver says how near it came.
    for own, exact in [(model.coef_, other.coef_), (model.intercept_ - model.intercept_.mean(), other.intercept_ - other.intercept_.mean())]:
        distance = numpy.abs(own - exact).max() / max(1, numpy.abs(exact).max())
        assert distance < 5e-7, distance
    return model


def regression(name, count, width, classes, strength, is_scaled, is_exclusive):
    if is_exclusive:
        target = random.integers(0, classes, count)
        labels = numpy.eye(classes)[target]
    else:
        labels = (random.random((count, classes)) < numpy.linspace(0.5, 0.25, classes)).astype(float)
    directions = random.normal(size=(classes, width)) * 0.7
    x = features(count, width, directions, labels)
    half = count // 2
    scaler = StandardScaler().fit(x[:half]) if is_scaled else None
    training, held_out = (scaler.transform(x[:half]), scaler.transform(x[half:])) if is_scaled else (x[:half], x[half:])
    if is_exclusive:
        models = [fitted(training, target[:half], strength)]
        scores = models[0].predict_proba(held_out)
    else:
        models = [fitted(training, labels[:half, column], strength) for column in range(classes)]
        scores = numpy.stack([model.predict_proba(held_out)[:, 1] for model in models], axis=1)
    return {
        "name": name, "width": width, "isExclusive": is_exclusive, "isScaled": is_scaled, "strength": strength,
        "features": x.flatten().tolist(), "labels": labels.astype(int).tolist(), "trainingCount": half,
        "weights": numpy.concatenate([model.coef_ for model in models]).tolist(),
        "intercepts": numpy.concatenate([model.intercept_ for model in models]).tolist(),
        "probabilities": scores.tolist(),
        "aurocs": [float(roc_auc_score(labels[half:, column], scores[:, column])) for column in range(classes)],
    }


def neighbors(name, count, width, classes, k, is_exclusive):
    labels = numpy.eye(classes)[random.integers(0, classes, count)] if is_exclusive else (random.random((count, classes)) < 0.4).astype(float)
    x = features(count, width, random.normal(size=(classes, width)), labels)
    training = count - 20
    model = KNeighborsClassifier(k, metric="cosine", algorithm="brute", weights=lambda distance: numpy.exp((1 - distance) / 0.07))
    columns = []
    for column in range(classes):
        model.fit(x[:training], labels[:training, column].astype(int))
        columns.append(model.predict_proba(x[training:])[:, list(model.classes_).index(1)])
    return {
        "name": name, "width": width, "isExclusive": is_exclusive, "neighbors": k, "features": x.flatten().tolist(),
        "labels": labels.astype(int).tolist(), "trainingCount": training, "probabilities": numpy.stack(columns, axis=1).tolist(),
    }


def centroids():
    classes, shots = 3, 4
    target = random.integers(0, classes, 60)
    x = features(60, 6, random.normal(size=(classes, 6)), numpy.eye(classes)[target])
    support = [numpy.flatnonzero(target[:40] == c)[:shots] for c in range(classes)]
    centered = x - x[:40].mean(axis=0)
    units = centered / numpy.linalg.norm(centered, axis=1, keepdims=True)
    means = numpy.stack([units[chosen].mean(axis=0) for chosen in support])
    distances = numpy.linalg.norm(units[40:, None] - means[None], axis=2)
    return {
        "width": 6, "features": x.flatten().tolist(), "labels": numpy.eye(classes)[target].astype(int).tolist(), "trainingCount": 40,
        "support": [chosen.tolist() for chosen in support], "distances": distances.tolist(),
    }


golden = {
    "regressions": [
        regression("one class", 120, 6, 1, 1.0, False, False),
        regression("one class, strong penalty", 120, 6, 1, 0.001, False, False),
        regression("one class, weak penalty", 160, 5, 1, 100.0, False, False),
        regression("more features than images", 40, 40, 1, 0.1, False, False),
        regression("three independent classes, scaled", 160, 8, 3, 0.1, True, False),
        regression("four exclusive classes", 200, 6, 4, 0.1, False, True),
        regression("three exclusive classes, scaled", 160, 10, 3, 0.1, True, True),
    ],
    "neighbors": [
        neighbors("one class", 120, 7, 1, 20, False),
        neighbors("four independent classes", 100, 12, 4, 20, False),
        neighbors("three exclusive classes", 100, 9, 3, 20, True),
        neighbors("one neighbor", 60, 4, 2, 1, False),
    ],
    "centroids": centroids(),
}
OUT.parent.mkdir(parents=True, exist_ok=True)
OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
print(OUT.stat().st_size)
