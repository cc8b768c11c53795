"""Goldens of metrics and summaries: numpy 2.2.6, scikit-learn 1.7.2, torch 2.13.0.

    PYTHONPATH=<packages> python3 Tools/goldens/metrics.py

writes Tests/MetricsTests/Goldens/metrics.json and Tests/StatisticsTests/Goldens/summaries.json. Nothing is downloaded.
"""

import json
import pathlib

import numpy
import torch
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


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, sort_keys=True) + "\n")


if __name__ == "__main__":
    metrics = {"auroc": auroc_cases(), "multiLabel": multi_label(), "dice": dice(), "crossEntropy": cross_entropy()}
    write(TESTS / "MetricsTests/Goldens/metrics.json", metrics)
    write(TESTS / "StatisticsTests/Goldens/summaries.json", summaries())
