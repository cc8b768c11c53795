"""Goldens of metrics of numbers and of grades: numpy 2.2.6, scipy 1.16.2, scikit-learn 1.7.2.

    python3 -m venv venv
    venv/bin/pip install numpy==2.2.6 scipy==1.16.2 scikit-learn==1.7.2
    venv/bin/python Tools/goldens/number_metrics.py

writes Tests/MetricsTests/Goldens/numbers.json. The numbers are drawn by a linear congruential generator, so that no library's version
changes them.
"""

import json
import pathlib
import sys

# Next to this file lies one called like a module of the standard library that scipy imports.
sys.path = [p for p in sys.path if pathlib.Path(p or ".").resolve() != pathlib.Path(__file__).resolve().parent]

import numpy
import scipy.stats
import sklearn.metrics

TESTS = pathlib.Path(__file__).resolve().parents[2] / "Tests"


def drawn(count, seed):
    state, numbers = seed, []
    for _ in range(count):
        state = (6364136223846793005 * state + 1442695040888963407) % 2**64
        numbers.append((state >> 11) / 2**53)
    return numpy.array(numbers)


def of_numbers(name, truths, values):
    difference = values - truths
    spread = 1.96 * difference.std(ddof=1)
    return {
        "name": name, "truths": truths.tolist(), "values": values.tolist(),
        "meanAbsoluteError": float(sklearn.metrics.mean_absolute_error(truths, values)),
        "rootMeanSquaredError": float(sklearn.metrics.root_mean_squared_error(truths, values)),
        "coefficientOfDetermination": float(sklearn.metrics.r2_score(truths, values)),
        "pearsonCorrelation": float(scipy.stats.pearsonr(truths, values).statistic),
        "spearmanCorrelation": float(scipy.stats.spearmanr(truths, values).statistic),
        "meanDifference": float(difference.mean()),
        "lowerLimitOfAgreement": float(difference.mean() - spread), "upperLimitOfAgreement": float(difference.mean() + spread),
    }


def of_grades(name, truths, decisions, grades):
    return {
        "name": name, "grades": grades, "truths": truths.tolist(), "decisions": decisions.tolist(),
        "cohenKappaQuadratic": float(sklearn.metrics.cohen_kappa_score(truths, decisions, labels=list(range(grades)), weights="quadratic")),
        "meanGradeError": float(sklearn.metrics.mean_absolute_error(truths, decisions)),
    }


ages = numpy.round(24 + 190 * drawn(60, 1), 1)
# Many ties, and a network that is worse than the mean.
coarse = numpy.round(8 * drawn(40, 3))
grades = (5 * drawn(80, 5)).astype(int)
near = numpy.clip(grades + numpy.round(3 * drawn(80, 6) - 1.5).astype(int), 0, 4)

golden = {
    "numbers": [
        of_numbers("ages", ages, ages + 24 * (drawn(60, 2) - 0.45)),
        of_numbers("ties", coarse, numpy.round(8 * drawn(40, 4))),
        of_numbers("two", numpy.array([1.5, -2.0]), numpy.array([1.25, 4.0])),
    ],
    "grades": [of_grades("five", grades, near, 5), of_grades("three", grades % 3, near % 3, 3)],
}
(TESTS / "MetricsTests/Goldens/numbers.json").write_text(json.dumps(golden, indent=1) + "\n")
