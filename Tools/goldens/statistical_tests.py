"""Goldens of the Statistics module: scipy 1.16.2, numpy 2.2.6, statsmodels 0.15.0, scikit-posthocs 0.17.1, scikit-learn 1.7.2,
mpmath 1.4.1 (and pandas 3.1.1, patsy 1.0.3, matplotlib 3.11.2, seaborn 0.13.2, which statsmodels and scikit-posthocs import).

    pip install --target <packages> numpy==2.2.6 scipy==1.16.2 scikit-learn==1.7.2 statsmodels==0.15.0 \
      scikit-posthocs==0.17.1 mpmath==1.4.1 pandas==3.1.1 patsy==1.0.3 matplotlib==3.11.2 seaborn==0.13.2
    PYTHONPATH=<packages> python3 Tools/goldens/statistical_tests.py

writes Tests/StatisticsTests/Goldens/{distributions,tests,families,rank-tables,resampling,planning}.json. Nothing is downloaded.
"""

import itertools
import json
import math
import pathlib
import sys

import mpmath
import numpy
import scikit_posthocs
import scipy.integrate
import scipy.optimize
import scipy.special
import scipy.stats as stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestIndPower
from statsmodels.stats.weightstats import ttost_ind, ttost_paired

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/StatisticsTests/Goldens"
ALTERNATIVES = {"twoSided": "two-sided", "less": "less", "greater": "greater"}
random = numpy.random.default_rng(2025)


def write(name, value):
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / name).write_text(json.dumps(value, sort_keys=True, allow_nan=False) + "\n")


# Distributions

def tails(distribution, parameters, points, quantiles):
    return [{"parameters": p, "x": x, "lower": float(distribution.cdf(x, *p)), "upper": float(distribution.sf(x, *p))}
            for p in parameters for x in points], \
           [{"parameters": p, "upper": q, "x": float(distribution.isf(q, *p))} 
            # scipy's F takes its upper quantile as one minus a lower one, which leaves a far tail few digits.
            for p in parameters for q in quantiles if distribution is not stats.f or q > 1e-6]


def known_range_tail(q, k):
    """The upper tail of the range of k standard normals, with 30 digits, straight from its definition."""
    mpmath.mp.dps = 30
    phi = lambda z: mpmath.exp(-z * z / 2) / mpmath.sqrt(2 * mpmath.pi)
    Phi = lambda z: mpmath.erfc(-z / mpmath.sqrt(2)) / 2
    # Phi(z)^(k-1) - (Phi(z) - Phi(z - q))^(k-1), without the cancellation, and with the peak at about 1: quad's accuracy is absolute.
    peak = mpmath.exp(mpmath.mpf(q) ** 2 / 4)
    inner = lambda z: peak * phi(z) * Phi(z) ** (k - 1) * -mpmath.expm1((k - 1) * mpmath.log1p(-Phi(z - q) / Phi(z)))
    return float(k * mpmath.quad(inner, list(numpy.linspace(-12, q + 12, 12 + int(q)))) / peak)


def gauss(edges, order=60):
    nodes, weights = numpy.polynomial.legendre.leggauss(order)
    pieces = [((b - a) / 2 * nodes + (a + b) / 2, (b - a) / 2 * weights) for a, b in zip(edges, edges[1:])]
    return numpy.concatenate([p[0] for p in pieces]), numpy.concatenate([p[1] for p in pieces])


def estimated_range_tail(q, k, df):
    """The upper tail with df degrees of freedom by composite Gauss-Legendre quadrature in both variables."""
    s, s_weights = gauss(numpy.linspace(0, 6, 25))
    total = 0.0
    for point, weight in zip(s, s_weights):
        w = q * point
        z, z_weights = gauss(numpy.linspace(-10, 10 + w, 9))
        a, missing = scipy.special.log_ndtr(z), scipy.special.log_ndtr(z - w)
        # 1 - (b/a)^(k-1) with b = a - missing
        with numpy.errstate(divide="ignore"):
            share = -numpy.expm1((k - 1) * numpy.log1p(-numpy.exp(missing - a)))
        beyond = k * (z_weights * stats.norm.pdf(z) * numpy.exp((k - 1) * a) * share).sum()
        total += weight * stats.chi.pdf(point * math.sqrt(df), df) * math.sqrt(df) * beyond
    return float(total)


def distributions():
    quantiles = [1e-12, 0.001, 0.025, 0.05, 0.5, 0.9, 0.999]
    result = {}
    for name, distribution, parameters, points in [
        ("normal", stats.norm, [[]], [-8.0, -1.5, 0.0, 0.7, 3.0, 8.0, 20.0, 37.0]),
        ("studentT", stats.t, [[1.0], [2.0], [4.3], [9.0], [18.0], [250.0]], [-40.0, -2.0, 0.0, 0.3, 2.1, 9.0, 60.0, 1e6]),
        ("fisherF", stats.f, [[1.0, 1.0], [4.0, 40.0], [2.0, 198.0], [13.0, 78.0]], [0.01, 0.8, 1.0, 3.2, 40.0, 500.0]),
        ("chiSquared", stats.chi2, [[1.0], [3.0], [21.0]], [0.02, 1.0, 7.8, 50.0, 900.0]),
    ]:
        rows, inverse = tails(distribution, parameters, points, quantiles)
        result[name] = {"tails": rows, "quantiles": inverse}
    result["noncentralT"] = [
        {"parameters": [df, delta], "x": x, "lower": float(stats.nct.cdf(x, df, delta)), "upper": float(stats.nct.sf(x, df, delta))}
        for df in (2.0, 8.0, 18.0, 198.0) for delta in (0.5, 2.0, 6.0) for x in (0.5, 2.1, 7.0)]
    result["studentizedRange"] = [
        {"parameters": [k, df], "x": q, "upper": float(stats.studentized_range.sf(q, k, df)),
         "lower": float(stats.studentized_range.cdf(q, k, df))}
        for k, df, q in [(2, 5, 2.0), (3, 2, 4.0), (3, 10, 3.9), (5, 20, 4.2), (10, 60, 3.0), (20, 120, 5.5), (40, 30, 6.0)]]
    result["studentizedRangeKnown"] = [
        {"parameters": [k], "x": q, "upper": known_range_tail(q, k)}
        for k, q in [(2, 1.0), (2, 2.772), (3, 3.3), (6, 4.03), (14, 4.7), (50, 2.0), (50, 5.5), (3, 8.0), (6, 15.0), (3, 25.0)]]
    result["studentizedRangeEstimated"] = [
        {"parameters": [k, df], "x": q, "upper": estimated_range_tail(q, k, df)} for k, df, q in [(3, 4, 3.0), (4, 10, 8.0), (7, 25, 4.0)]]
    result["studentizedRangeQuantiles"] = [
        {"groups": k, "upper": a, "x": float(stats.studentized_range.isf(a, k, numpy.inf))} for k in (2, 3, 6, 14, 22) for a in (0.01, 0.05, 0.1)]
    return result


# Tests of two groups

def groups():
    return {
        "ten and ten": (random.normal(82, 0.2, 10), random.normal(81.8, 0.4, 10)),
        "three and seven": (random.normal(0, 1, 3), random.normal(0.5, 2, 7)),
        "large mean, small spread": (1e6 + random.normal(0, 1e-3, 10), 1e6 + random.normal(1e-3, 1e-3, 10)),
        "far apart": (random.normal(97, 0.05, 10), random.normal(70, 0.6, 10)),
        "with ties": (random.integers(0, 6, 10).astype(float), random.integers(1, 7, 10).astype(float)),
        "two and two": (numpy.array([0.5, 0.7]), numpy.array([0.9, 0.8])),
        "sixty and sixty": (random.normal(0, 1, 60).round(1), random.normal(0.3, 1, 60).round(1)),
    }


def t_result(result, confidence):
    return {"statistic": float(result.statistic), "p": float(result.pvalue), "df": float(result.df),
            "low": float(confidence.low), "high": float(confidence.high)}


def noncentral_interval(t, df, scale):
    bounds = []
    for tail in (0.975, 0.025):
        excess = lambda d: stats.nct.cdf(t, df, d) - tail
        reach = 1.0  # no further than needed: scipy's nct has no value far out
        while excess(t - reach) < 0 or excess(t + reach) > 0:
            reach *= 1.5
        bounds.append(scipy.optimize.brentq(excess, t - reach, t + reach, xtol=1e-14, rtol=1e-15) / scale)
    return bounds


def effects(a, b):
    n, m = len(a), len(b)
    df = n + m - 2
    pooled = math.sqrt(((n - 1) * a.var(ddof=1) + (m - 1) * b.var(ddof=1)) / df)
    d = (a.mean() - b.mean()) / pooled
    factor = math.exp(scipy.special.gammaln(df / 2) - scipy.special.gammaln((df - 1) / 2)) / math.sqrt(df / 2)
    scale = math.sqrt(n * m / (n + m))
    dominance = numpy.sign(a[:, None] - b[None, :])
    delta = dominance.mean()
    result = {"d": d, "g": factor * d, "delta": delta}
    if abs(d * scale) < 20:
        result["dInterval"] = noncentral_interval(d * scale, df, scale)
    if abs(delta) < 1:
        rows = ((dominance.mean(1) - delta) ** 2).sum() * m * m
        columns = ((dominance.mean(0) - delta) ** 2).sum() * n * n
        cells = ((dominance - delta) ** 2).sum()
        variance = max((rows + columns - cells) / (n * m * (n - 1) * (m - 1)), (1 - delta ** 2) / (n * m - 1))
        z = stats.norm.isf(0.025)
        root = z * math.sqrt(variance * ((1 - delta ** 2) ** 2 + z ** 2 * variance))
        scale = 1 - delta ** 2 + z ** 2 * variance
        result["deltaInterval"] = [max(-1, (delta - delta ** 3 - root) / scale), min(1, (delta - delta ** 3 + root) / scale)]
    return {key: [float(x) for x in value] if isinstance(value, list) else float(value) for key, value in result.items()}


def exact_mann_whitney(a, b):
    """p of all three alternatives by going through every choice of ranks."""
    ranks = stats.rankdata(numpy.concatenate([a, b]))
    observed = ranks[:len(a)].sum()
    sums = numpy.array([sum(choice) for choice in itertools.combinations(ranks, len(a))])
    less, greater = (sums <= observed + 1e-9).mean(), (sums >= observed - 1e-9).mean()
    return {"less": float(less), "greater": float(greater), "twoSided": float(min(1, 2 * min(less, greater)))}


def exact_wilcoxon(differences):
    differences = differences[differences != 0]
    ranks = stats.rankdata(abs(differences))
    observed = ranks[differences > 0].sum()
    signs = numpy.array(list(itertools.product([0, 1], repeat=len(ranks))))
    sums = signs @ ranks
    less, greater = (sums <= observed + 1e-9).mean(), (sums >= observed - 1e-9).mean()
    return {"less": float(less), "greater": float(greater), "twoSided": float(min(1, 2 * min(less, greater)))}


def two_groups():
    cases = []
    for name, (a, b) in groups().items():
        case = {"name": name, "first": a.tolist(), "second": b.tolist(), "student": {}, "welch": {}, "effects": effects(a, b)}
        tied = len(set(a) | set(b)) < len(a) + len(b)
        mann_whitney = {}
        for ours, theirs in ALTERNATIVES.items():
            for key, equal in (("student", True), ("welch", False)):
                test = stats.ttest_ind(a, b, equal_var=equal, alternative=theirs)
                both = stats.ttest_ind(a, b, equal_var=equal).confidence_interval(0.95)
                case[key][ours] = t_result(test, both)
            method = "asymptotic" if tied or len(a) + len(b) > 50 else "exact"
            result = stats.mannwhitneyu(a, b, alternative=theirs, method=method)
            mann_whitney[ours] = {"statistic": float(result.statistic), "p": float(result.pvalue)}
        case["mannWhitney"] = mann_whitney
        case["mannWhitneyMethod"] = "normalApproximation" if method == "asymptotic" else "exact"
        if math.comb(len(a) + len(b), len(a)) < 200_000:
            case["mannWhitneyExact"] = exact_mann_whitney(a, b)
        for key, summary in (("firstInterval", a), ("secondInterval", b)):
            low, high = stats.t.interval(0.95, len(summary) - 1, summary.mean(), stats.sem(summary))
            case[key] = [float(low), float(high)]
        cases.append(case)
    return cases


def pairs():
    base = random.normal(0, 1, 12)
    sets = {
        "ten": (base[:10] + 80, base[:10] + 80 + random.normal(0.2, 0.3, 10)),
        "ties and zeros": (random.integers(0, 5, 12).astype(float), random.integers(0, 5, 12).astype(float)),
        "eighty": (random.normal(0, 1, 80).round(1), random.normal(0.2, 1, 80).round(1)),
        "two": (numpy.array([1.0, 2.0]), numpy.array([1.5, 3.0])),
    }
    cases = []
    for name, (a, b) in sets.items():
        d = a - b
        kept = d[d != 0]
        simple = len(set(abs(kept))) == len(kept) and len(kept) == len(d) and len(d) <= 50
        case = {"name": name, "first": a.tolist(), "second": b.tolist(), "paired": {}, "wilcoxon": {}, "size": float(d.mean() / d.std(ddof=1))}
        for ours, theirs in ALTERNATIVES.items():
            case["paired"][ours] = t_result(stats.ttest_rel(a, b, alternative=theirs), stats.ttest_rel(a, b).confidence_interval(0.95))
            # wilcoxon() gives the smaller sum when two-sided; ours is always that of the positive differences.
            result = stats.wilcoxon(kept, alternative=theirs, method="exact" if simple else "asymptotic", correction=not simple)
            case["wilcoxon"][ours] = float(result.pvalue)
        case["w"] = float(stats.wilcoxon(kept, alternative="greater", method="asymptotic").statistic)
        case["wilcoxonMethod"] = "exact" if simple else "normalApproximation"
        if len(kept) <= 12:
            case["wilcoxonExact"] = exact_wilcoxon(d)
        case["sizeInterval"] = [float(x) for x in noncentral_interval(d.mean() / d.std(ddof=1) * math.sqrt(len(d)), len(d) - 1, math.sqrt(len(d)))]
        case["equivalence"] = []
        for margin in (0.1, 0.6):
            result = ttost_paired(a, b, -margin, margin)
            case["equivalence"].append({"margin": margin, "p": float(result[0]), "above": float(result[1][1]), "below": float(result[2][1])})
        cases.append(case)
    return cases


def equivalence():
    cases = []
    for name, (a, b) in groups().items():
        if name == "large mean, small spread":
            continue
        for margin in (0.1, 1.0):
            case = {"first": a.tolist(), "second": b.tolist(), "margin": margin}
            for key, usevar in (("student", "pooled"), ("welch", "unequal")):
                result = ttost_ind(a, b, -margin, margin, usevar=usevar)
                case[key] = {"p": float(result[0]), "above": float(result[1][1]), "below": float(result[2][1])}
            cases.append(case)
    return cases


def summaries():
    """Cells of the published 2021 table: mean, std, n of two initialisations."""
    cells = [(98.19, 0.13, 98.31, 0.05), (67.93, 1.45, 68.43, 0.92), (87.10, 0.36, 87.40, 0.26), (89.03, 1.82, 98.47, 0.26)]
    cases = []
    for (m1, s1, m2, s2), n in itertools.product(cells, (5, 10)):
        case = {"means": [m1, m2], "deviations": [s1, s2], "count": n}
        for key, equal in (("student", True), ("welch", False)):
            result = stats.ttest_ind_from_stats(m1, s1, n, m2, s2, n, equal_var=equal)
            case[key] = {"statistic": float(result.statistic), "p": float(result.pvalue)}
        cases.append(case)
    return cases


# Many tests, many tasks

def families():
    cases = []
    for p in (random.random(12) ** 3, numpy.array([0.01, 0.01, 0.04, 0.03, 0.04]), numpy.array([0.2]), numpy.array([1e-200, 0.5, 1.0, 0.9])):
        case = {"p": p.tolist()}
        for ours, theirs in (("bonferroni", "bonferroni"), ("holm", "holm"), ("benjaminiHochberg", "fdr_bh")):
            case[ours] = multipletests(p, method=theirs)[1].tolist()
        cases.append(case)
    return cases


def rank_tables():
    cases = []
    for tasks, candidates, decimals in ((7, 5, 6), (12, 3, 1), (30, 14, 6), (5, 6, 0)):
        values = (random.normal(0, 1, (tasks, candidates)) + numpy.linspace(0, 1.5, candidates)).round(decimals)
        friedman = stats.friedmanchisquare(*values.T)
        chi = friedman.statistic
        iman = (tasks - 1) * chi / (tasks * (candidates - 1) - chi)
        ranks = stats.rankdata(-values, axis=1)
        nemenyi = scikit_posthocs.posthoc_nemenyi_friedman(values).to_numpy()
        pairs = list(itertools.combinations(range(candidates), 2))
        wilcoxon = []
        for a, b in pairs:
            d = (values[:, a] - values[:, b])
            wilcoxon.append(exact_wilcoxon(d)["twoSided"] if tasks <= 12 else float(stats.wilcoxon(d, method="exact").pvalue))
        cases.append({
            "values": values.tolist(), "averageRanks": ranks.mean(0).tolist(), "friedman": float(chi), "friedmanP": float(friedman.pvalue),
            "imanDavenport": float(iman), "imanDavenportP": float(stats.f.sf(iman, candidates - 1, (candidates - 1) * (tasks - 1))),
            "criticalDifference": float(stats.studentized_range.isf(0.05, candidates, numpy.inf) / math.sqrt(2)
                                        * math.sqrt(candidates * (candidates + 1) / (6 * tasks))),
            "nemenyi": [float(nemenyi[a, b]) for a, b in pairs],
            "wilcoxonHolm": multipletests(wilcoxon, method="holm")[1].tolist(),
        })
    return cases


# Resampling

def bootstraps():
    """scipy's intervals from its own resamples; ours are made from the same resampled statistics."""
    cases = []
    for name, data, statistic in (
        ("mean of skewed values", (random.exponential(1, 25),), lambda x, axis=-1: numpy.mean(x, axis=axis)),
        ("variance", (random.normal(0, 1, 40),), lambda x, axis=-1: numpy.var(x, axis=axis, ddof=1)),
        ("difference of means, two strata", (random.normal(0, 1, 12), random.exponential(2, 20)),
         lambda x, y, axis=-1: numpy.mean(x, axis=axis) - numpy.mean(y, axis=axis)),
    ):
        case = {"name": name, "strata": [d.tolist() for d in data], "estimate": float(statistic(*data))}
        case["jackknife"] = []
        for index, d in enumerate(data):
            values = []
            for row in range(len(d)):
                rest = list(data)
                rest[index] = numpy.delete(d, row)
                values.append(float(statistic(*rest)))
            case["jackknife"].append(values)
        result = None
        for ours, theirs in (("percentile", "percentile"), ("bca", "BCa")):
            result = stats.bootstrap(data, statistic, n_resamples=0 if result else 499, method=theirs, bootstrap_result=result,
                                     vectorized=True, rng=numpy.random.default_rng(1))
            case[ours] = [float(result.confidence_interval.low), float(result.confidence_interval.high)]
        case["replicates"] = result.bootstrap_distribution.tolist()
        cases.append(case)
    return cases


def two_level():
    """The crossed random-effects analysis of variance of seeds × patients, from sums of squares."""
    cases = []
    for seeds, patients, scale in ((5, 40, 0.02), (3, 12, 0.3), (10, 100, 0.0)):
        values = (0.8 + random.normal(0, scale, (seeds, 1)) + random.normal(0, 0.1, (1, patients)) + random.normal(0, 0.05, (seeds, patients)))
        grand = values.mean()
        of_seeds = patients * ((values.mean(1) - grand) ** 2).sum() / (seeds - 1)
        of_patients = seeds * ((values.mean(0) - grand) ** 2).sum() / (patients - 1)
        rest = values - values.mean(1, keepdims=True) - values.mean(0, keepdims=True) + grand
        of_rest = (rest ** 2).sum() / ((seeds - 1) * (patients - 1))
        cases.append({
            "values": values.tolist(), "mean": float(grand),
            "varianceOfMean": float((of_seeds + of_patients - of_rest) / (seeds * patients)),
            "seedVariance": float((of_seeds - of_rest) / patients), "patientVariance": float((of_patients - of_rest) / seeds / patients),
            "interactionVariance": float(of_rest / patients),
        })
    return cases


# Decisions

def best():
    """Probabilities and regrets by adaptive quadrature over each posterior."""
    cases = []
    for cells in (
        [(82.25, 0.18, 10), (81.99, 0.08, 10), (81.70, 0.15, 10), (80.31, 0.10, 10)],
        [(68.92, 0.98, 5), (69.30, 0.50, 5), (69.52, 0.38, 5), (69.36, 0.49, 3), (67.54, 0.60, 10)],
        [(0.0, 1.0, 4), (0.0, 1.0, 4)], [(0.0, 0.01, 10), (0.005, 2.0, 3), (-1.0, 0.5, 6)],
    ):
        posteriors = [stats.t(n - 1, m, s / math.sqrt(n)) for m, s, n in cells]
        points = sorted({m + k * s / math.sqrt(n) for m, s, n in cells for k in (-200, -30, -8, -4, -2, -1, 0, 1, 2, 4, 8, 30, 200)})
        edges = [-numpy.inf] + points + [numpy.inf]
        def total(f):
            return float(sum(scipy.integrate.quad(f, a, b, epsabs=1e-15, epsrel=1e-12, limit=200)[0] for a, b in zip(edges, edges[1:])))
        probabilities, regrets = [], []
        for i, one in enumerate(posteriors):
            others = [p for j, p in enumerate(posteriors) if j != i]
            probabilities.append(total(lambda x: one.pdf(x) * numpy.prod([p.cdf(x) for p in others])))
            regrets.append(total(lambda x: one.cdf(x) * -numpy.expm1(sum(p.logcdf(x) if p.cdf(x) < 0.5 else numpy.log1p(-p.sf(x)) for p in others))))
        cases.append({"cells": [{"mean": m, "deviation": s, "count": n} for m, s, n in cells], "probabilities": probabilities, "regrets": regrets})
    return cases


def power():
    solver = TTestIndPower()
    cases = []
    for d, n, ratio, alpha, alternative in (
        (0.5, 10, 1.0, 0.05, "two-sided"), (1.2, 10, 1.0, 0.05, "two-sided"), (2.0, 5, 2.0, 0.01, "two-sided"), (0.8, 20, 1.0, 0.05, "larger"),
        (-0.8, 20, 1.0, 0.05, "smaller"), (0.05, 300, 1.0, 0.05, "two-sided"),
    ):
        case = {"size": d, "first": n, "second": int(n * ratio), "significance": alpha,
                "alternative": {"two-sided": "twoSided", "larger": "greater", "smaller": "less"}[alternative],
                "power": float(solver.power(d, n, alpha, ratio, alternative=alternative))}
        needed = solver.solve_power(effect_size=d, power=0.8, alpha=alpha, ratio=1.0, alternative=alternative)
        case["runsPerGroup"] = max(2, math.ceil(float(numpy.squeeze(needed))))
        cases.append(case)
    return cases


if __name__ == "__main__":
    write("distributions.json", distributions())
    write("tests.json", {"groups": two_groups(), "pairs": pairs(), "equivalence": equivalence(), "summaries": summaries()})
    write("families.json", families())
    write("rank-tables.json", rank_tables())
    write("resampling.json", {"bootstraps": bootstraps(), "twoLevel": two_level()})
    write("planning.json", {"best": best(), "power": power()})
