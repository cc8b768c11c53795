"""p-values of the runs in Tests/ReportsTests/AnalysisTests.swift by SciPy, into Tests/ReportsTests/Goldens/analysis.json.

Run with: Scripts/with-python Tools/goldens/analysis.py
"""

import json
import pathlib

import scipy
from scipy import stats

RUNS = {
    "random": [0.81, 0.84, 0.80, 0.83],
    "ImageNet": [0.91, 0.93, 0.90, 0.92],
    "SwAV": [0.915, 0.940, 0.905, 0.930],
}
TESTS = {
    "student": lambda a, b: stats.ttest_ind(a, b),
    "welch": lambda a, b: stats.ttest_ind(a, b, equal_var=False),
    "paired": lambda a, b: stats.ttest_rel(a, b),
    # All 70 ways of choosing the first group: method="exact" does not count ties.
    "mann-whitney": lambda a, b: stats.mannwhitneyu(a, b, method=stats.PermutationMethod(n_resamples=100)),
    "wilcoxon": lambda a, b: stats.wilcoxon(a, b, method="exact"),
}

p = {
    test: {name: float(function(RUNS["SwAV"], RUNS[name]).pvalue) for name in ("random", "ImageNet")}
    for test, function in TESTS.items()
}
target = pathlib.Path(__file__).resolve().parents[2] / "Tests/ReportsTests/Goldens/analysis.json"
target.write_text(json.dumps({"scipy": scipy.__version__, "runs": RUNS, "p": p}, indent=1) + "\n")
