"""What tables of means say, by SciPy, into Tests/ReportsTests/Goldens/printed-tables.json.

Marks: p-values of the published table of 2021 against its bold cells for both denominators of the printed standard deviations, and the least
and the greatest over a grid of all means and deviations that are rounded to the printed ones. Claims: the probability that a claim of
superiority is false, of accuracies by the regularized incomplete beta function, of means over images by Student's t; where it is not known how
two networks agree, the least and the greatest over a grid of all that is possible.

Run with: Scripts/with-python Tools/goldens/printed_tables.py
"""

import csv
import itertools
import json
import math
import pathlib

import numpy as np
import scipy
from scipy import stats
from scipy.special import betainc

GOLDENS = pathlib.Path(__file__).resolve().parents[2] / "Tests/ReportsTests/Goldens"


def p_value(first, second, runs, denominator):
    factor = math.sqrt(runs / (runs - 1)) if denominator == "n" else 1.0
    return stats.ttest_ind_from_stats(first[0], first[1] * factor, runs, second[0], second[1] * factor, runs).pvalue


def marks(runs):
    rows = [row for row in csv.DictReader((GOLDENS / "published-2021-domain-adaptation.csv").open()) if row["mean"]]
    for task in dict.fromkeys(row["task"] for row in rows):
        here = [row for row in rows if row["task"] == task]
        best = next(row for row in here if row["mark"] == "best")
        for row in here:
            if row is best:
                continue
            printed = [float(best["mean"]), float(best["std"]), float(row["mean"]), float(row["std"])]
            found = {"runs": runs, "task": task, "initialization": row["initialization"]}
            for denominator in ("n-1", "n"):
                steps = np.linspace(-0.005, 0.005, 5)
                grid = itertools.product(*[[value + step for step in steps] for value in printed])
                values = [p_value((m1, s1), (m2, s2), runs, denominator) for m1, s1, m2, s2 in grid]
                found[denominator] = [float(p_value(printed[:2], printed[2:], runs, denominator)), float(min(values)), float(max(values))]
            yield found


def of_accuracies(images, first, second, congruence):
    return float(betainc(images * (first - congruence) + 1, images * (second - congruence) + 1, 0.5))


def of_means(images, first, second, correlation):
    variance = first[1] ** 2 + second[1] ** 2 - 2 * first[1] * second[1] * correlation
    return float(stats.t.cdf((second[0] - first[0]) / math.sqrt(variance / images), images - 1))


def claims():
    for images, first, second, congruence in [(100, 0.85, 0.83, 0.80), (60, 0.9, 0.75, 0.7), (500, 0.81, 0.8, None), (40, 0.95, 0.6, None)]:
        least, most = max(0.0, first + second - 1), min(first, second)
        grid = [congruence] if congruence is not None else np.linspace(least, most, 401)
        values = [of_accuracies(images, first, second, value) for value in grid]
        yield {"images": images, "accuracy": [first, second], "agreement": congruence, "p": [min(values), max(values)]}
    for images, first, second, correlation in [
        (30, (0.82, 0.10), (0.80, 0.12), 0.9), (200, (0.91, 0.05), (0.905, 0.06), 0.4), (25, (0.7, 0.2), (0.6, 0.25), None),
    ]:
        grid = [correlation] if correlation is not None else np.linspace(0, 1, 401)
        values = [of_means(images, first, second, value) for value in grid]
        yield {"images": images, "mean": [first, second], "agreement": correlation, "p": [min(values), max(values)]}


(GOLDENS / "printed-tables.json").write_text(
    json.dumps({"scipy": scipy.__version__, "marks": [mark for runs in (10, 5) for mark in marks(runs)], "claims": list(claims())}, indent=1) + "\n")
