"""Goldens of what the Statistics module says of patients: numpy 2.2.6, scipy 1.16.2, scikit-learn 1.7.2, statsmodels 0.15.0,
pmvalsampsize 0.2.1 (and pandas 2.3.3, patsy 1.0.3, matplotlib 3.11.2, tabulate 0.9.0, which these import).

    pip install --target <packages> numpy==2.2.6 scipy==1.16.2 scikit-learn==1.7.2 statsmodels==0.15.0 \
      pmvalsampsize==0.2.1 pandas==2.3.3 patsy==1.0.3 matplotlib==3.11.2
    PYTHONPATH=<packages> python3 Tools/goldens/patient_statistics.py

writes Tests/StatisticsTests/Goldens/{claims,proportions,calibration,rankings,gaps,patients-needed}.json. Nothing is downloaded.
"""

import itertools
import json
import math
import pathlib

import numpy
import scipy.optimize
import scipy.special
import scipy.stats as stats
import statsmodels.api as sm
from pmvalsampsize.pmvalsampsize import pmvalsampsize
from sklearn.isotonic import IsotonicRegression
from statsmodels.stats.proportion import proportion_confint

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/StatisticsTests/Goldens"
random = numpy.random.default_rng(2011)


def write(name, value):
    (OUT / name).write_text(json.dumps(value, sort_keys=True, allow_nan=False) + "\n")


# Claims of superiority

def claims():
    accuracies = []
    for n, a, b, both in ((100, 0.85, 0.83, 0.80), (50, 0.92, 0.90, 0.88), (1000, 0.85, 0.83, 0.80), (27, 0.7, 0.8, 0.61), (200, 0.9, 0.9, 0.85),
                          (5000, 0.77, 0.70, 0.65), (12.5, 0.6, 0.4, 0.3)):
        p = float(scipy.special.betainc(n * (a - both) + 1, n * (b - both) + 1, 0.5))
        accuracies.append({"imageCount": n, "first": a, "second": b, "congruence": both, "p": p})
    # The closed form is the Dirichlet integral of the paper: a draw of a million says so.
    draws = random.dirichlet([100 * 0.05 + 1, 100 * 0.03 + 1, 100 - 8 + 2], 1_000_000)
    assert abs((draws[:, 0] <= draws[:, 1]).mean() - accuracies[0]["p"]) < 0.002
    means = []
    for n, shift, noise in ((10, 0.01, 0.02), (40, 0.004, 0.02), (40, 0.02, 0.02), (200, 0.001, 0.05), (5, 0.02, 0.04)):
        base = random.beta(12, 3, n)
        a, b = base + random.normal(shift, noise, n), base + random.normal(0, noise, n)
        means.append({"first": a.tolist(), "second": b.tolist(), "correlation": float(stats.pearsonr(a, b).statistic),
                      "p": float(stats.ttest_rel(a, b, alternative="greater").pvalue)})
    beta = [{"a": a, "b": b, "x": x, "lower": float(stats.beta.cdf(x, a, b)), "upper": float(stats.beta.sf(x, a, b))}
            for a, b in ((1, 1), (6, 4), (0.5, 0.5), (51.0, 3.5), (2001, 1900)) for x in (1e-6, 0.2, 0.5, 0.93)]
    quantiles = [{"a": a, "b": b, "upper": q, "x": float(stats.beta.isf(q, a, b))}
                 for a, b in ((6, 4), (0.5, 0.5), (2001, 1900)) for q in (0.001, 0.025, 0.5, 0.975)]
    return {"accuracies": accuracies, "means": means, "beta": beta, "quantiles": quantiles}


# Shares

def patients_of(n, size):
    return [f"p{i // size}" for i in range(n)]


def proportions():
    wilson = [{"count": int(k), "n": n, "level": level, "interval": [float(x) for x in proportion_confint(k, n, 1 - level, "wilson")]}
              for n in (5, 20, 143) for k in (0, 1, n // 2, n - 1, n) for level in (0.9, 0.95)]
    effective = []
    for n, size, spread in ((40, 2, 1.0), (60, 5, 2.0), (30, 3, 0.0)):
        logits = numpy.repeat(random.normal(0.5, spread, n // size), size)
        y = (random.random(n) < scipy.special.expit(logits)).astype(float)
        model = sm.OLS(y, numpy.ones(n))
        groups = numpy.repeat(numpy.arange(n // size), size)
        apart = model.fit().bse[0] ** 2
        together = model.fit(cov_type="cluster", cov_kwds={"groups": groups}).bse[0] ** 2
        count = n * min(1.0, apart / together)
        effective.append({"values": y.tolist(), "patients": patients_of(n, size), "count": float(count),
                          "interval": [float(x) for x in proportion_confint(y.mean() * count, count, 0.05, "wilson")]})
    return {"wilson": wilson, "effective": effective}


# Calibration

def calibration():
    cases = []
    for n, size, intercept, slope in ((60, 1, 0.0, 1.0), (300, 1, -0.5, 0.6), (200, 4, 0.3, 1.4), (90, 3, -1.5, 0.9)):
        truth = random.normal(-0.5, 1.5, n) + numpy.repeat(random.normal(0, 0.7, n // size), size)
        y = (random.random(n) < scipy.special.expit(truth)).astype(int)
        p = scipy.special.expit((truth - intercept) / slope)
        z = scipy.special.logit(p)
        case = {"probabilities": p.tolist(), "targets": y.tolist(), "patients": patients_of(n, size)}
        groups = numpy.repeat(numpy.arange(n // size), size)
        family = sm.families.Binomial()
        # The sandwich in both cases: logits and truth need not be a line, and then the plain variance is another one.
        for key, units in (("plain", numpy.arange(n)), ("clustered", groups)):
            kwargs = {"cov_type": "cluster", "cov_kwds": {"groups": units}}
            weak = sm.GLM(y, sm.add_constant(z), family=family).fit(tol=1e-14, maxiter=200, **kwargs)
            large = sm.GLM(y, numpy.ones(n), family=family, offset=z).fit(tol=1e-14, maxiter=200, **kwargs)
            case[key] = {"beside": [float(weak.params[0])] + [float(x) for x in weak.conf_int()[0]],
                         "slope": [float(weak.params[1])] + [float(x) for x in weak.conf_int()[1]],
                         "intercept": [float(large.params[0])] + [float(x) for x in large.conf_int()[0]]}
        # Observed and expected move together, so their ratio is taken without each patient.
        ratio = y.sum() / p.sum()
        for key, units in (("plain", numpy.arange(n)), ("clustered", groups)):
            left = numpy.array([y[units != unit].sum() / p[units != unit].sum() for unit in range(units.max() + 1)])
            m = len(left)
            reach = math.exp(stats.t.isf(0.025, m - 1) * math.sqrt((m - 1) / m * ((left - left.mean()) ** 2).sum()) / ratio)
            case[key]["ratio"] = [float(ratio), float(ratio / reach), float(ratio * reach)]

        def loss(t):
            return float(numpy.logaddexp(0, -(2 * y - 1) * z / t).mean())
        best = scipy.optimize.minimize_scalar(lambda b: loss(1 / b), bounds=(1e-3, 20), method="bounded", options={"xatol": 1e-12})
        case["temperature"] = {"value": float(1 / best.x), "before": loss(1), "after": float(best.fun)}
        cases.append(case)
    softmax = []
    for n, classes, scale in ((80, 3, 2.0), (50, 5, 0.5)):
        logits = random.normal(0, 1.2, (n, classes))
        shares = scipy.special.softmax(logits, axis=1)
        truths = numpy.array([random.choice(classes, p=row) for row in shares])
        p = scipy.special.softmax(scale * logits, axis=1)
        z = numpy.log(p)

        def loss(t):
            return float(-scipy.special.log_softmax(z / t, axis=1)[numpy.arange(n), truths].mean())
        best = scipy.optimize.minimize_scalar(lambda b: loss(1 / b), bounds=(1e-3, 20), method="bounded", options={"xatol": 1e-12})
        softmax.append({"probabilities": p.tolist(), "truths": truths.tolist(), "value": float(1 / best.x), "before": loss(1),
                        "after": float(best.fun), "scaled": scipy.special.softmax(z[0] * best.x).tolist()})
    return {"cases": cases, "softmax": softmax}


# Rankings and curves

def enumerated_tau(a, b):
    score = lambda x, y: int(sum(numpy.sign(x[i] - x[j]) * numpy.sign(y[i] - y[j]) for i in range(len(x)) for j in range(i)))
    observed = score(a, b)
    scores = numpy.array([score(a, order) for order in itertools.permutations(b)])
    less, greater = (scores <= observed).mean(), (scores >= observed).mean()
    return {"less": float(less), "greater": float(greater), "twoSided": float(min(1, 2 * min(less, greater)))}


def rankings():
    taus = []
    for n, decimals in ((3, 8), (5, 8), (7, 1), (6, 0), (12, 8), (33, 8), (40, 8), (30, 1), (20, 0)):
        a = random.normal(0, 1, n).round(decimals)
        b = (a + random.normal(0, 1.2, n)).round(decimals)
        tied = len(set(a)) < n or len(set(b)) < n
        case = {"first": a.tolist(), "second": b.tolist(), "tau": float(stats.kendalltau(a, b).statistic)}
        if tied and n <= 8:
            case["p"] = enumerated_tau(a, b)
        else:
            method = "asymptotic" if tied or n > 33 else "exact"
            case["p"] = {ours: float(stats.kendalltau(a, b, method=method, alternative=theirs).pvalue)
                         for ours, theirs in (("twoSided", "two-sided"), ("less", "less"), ("greater", "greater"))}
        taus.append(case)
    curves = []
    for fractions, rising in (([0.01, 0.05, 0.1, 0.25, 0.5, 1.0], True), ([0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0], True), ([0.1, 0.3, 1.0], False)):
        x = numpy.array(fractions)
        y = 0.7 + 0.05 * numpy.log(x / x[0]) * (1 if rising else -1) + random.normal(0, 0.06, len(x))
        weights = random.uniform(0.5, 3, len(x))
        for w in (None, weights):
            model = IsotonicRegression(increasing=rising).fit(numpy.log(x), y, sample_weight=w)
            points = numpy.exp(numpy.linspace(math.log(x[0]), 0, 9))
            case = {"fractions": x.tolist(), "values": y.tolist(), "weights": None if w is None else w.tolist(), "isHigherBetter": rising,
                    "fitted": model.predict(numpy.log(x)).tolist(), "points": [min(1.0, max(x[0], float(p))) for p in points]}
            case["read"] = model.predict(numpy.log(case["points"])).tolist()
            curves.append(case)
    return {"taus": taus, "curves": curves}


# Gaps between groups

def gaps():
    """All ways of dealing small groups, gone through one by one."""
    cases = []
    for sizes, blocked in (((4, 4), False), ((3, 3, 3), False), ((5, 3), True)):
        n = sum(sizes)
        values = random.normal(0.8, 0.1, n)
        weights = random.integers(1, 4, n).astype(float)
        groups = numpy.repeat(numpy.arange(len(sizes)), sizes)
        values[groups == 0] += 0.12
        blocks = numpy.array([i % 2 for i in range(n)]) if blocked else numpy.zeros(n, int)

        def gap(g):
            means = [(values * weights)[g == k].sum() / weights[g == k].sum() for k in range(len(sizes))]
            return max(means) - min(means)
        parts = [sorted(set(itertools.permutations(groups[blocks == b]))) for b in sorted(set(blocks))]
        found = []
        for choice in itertools.product(*parts):
            dealt = numpy.empty(n, int)
            for b, part in zip(sorted(set(blocks)), choice):
                dealt[blocks == b] = part
            found.append(gap(dealt))
        found = numpy.array(found)
        cases.append({"numerators": (values * weights).tolist(), "denominators": weights.tolist(), "groups": groups.tolist(),
                      "blocks": blocks.tolist() if blocked else None, "gap": float(gap(groups)),
                      "p": float((found >= gap(groups) - 1e-12).mean()), "expected": float(found.mean()), "spread": float(found.std()),
                      "ways": len(found)})
    return {"cases": cases}


# Sizes of test sets

def patients_needed():
    z = stats.norm.isf(0.025)
    means = [{"deviation": s, "half": d, "count": math.ceil((z * s / d) ** 2)} for s, d in ((0.1, 0.01), (0.08, 0.005), (0.25, 0.05))]
    areas = []
    for a, phi, half in ((0.8, 0.5, 0.05), (0.9, 0.1, 0.03), (0.75, 0.02, 0.05)):
        def hanley(n):
            m, k, q1, q2 = phi * n, (1 - phi) * n, a / (2 - a), 2 * a * a / (1 + a)
            return (a * (1 - a) + (m - 1) * (q1 - a * a) + (k - 1) * (q2 - a * a)) / (m * k)
        n = math.ceil(1 / min(phi, 1 - phi))
        while z * math.sqrt(hanley(n)) > half:
            n += 1
        areas.append({"auroc": a, "prevalence": phi, "half": half, "count": n})
    validation = []
    for c, phi, normal, oe_width, slope_width, c_width in (
        (0.8, 0.018, (-5, 2.5), 1.0, 0.2, 0.1), (0.75, 0.1, (-2.5, 0.9), 0.4, 0.3, 0.1), (0.9, 0.4, (-0.6, 1.8), 0.2, 0.2, 0.06)):
        found = pmvalsampsize(type="b", cstatistic=c, prevalence=phi, lpnormal=normal, oeciwidth=oe_width, csciwidth=slope_width,
                              cstatciwidth=c_width, noprint=True)
        of_ratio, of_slope, of_area = (int(row[1]) for row in found["results_table"][:3])
        # The slope's is of a million simulated patients, so it is known to a few in a thousand.
        validation.append({"auroc": c, "prevalence": phi, "normal": list(normal), "ratioWidth": oe_width, "slopeWidth": slope_width,
                           "areaWidth": c_width, "ofRatio": of_ratio, "ofSlope": of_slope, "ofArea": of_area})
    # The program's own example, as its help prints it.
    assert (validation[0]["ofRatio"], validation[0]["ofSlope"], validation[0]["ofArea"]) == (905, 4544, 4252)
    return {"means": means, "areas": areas, "validation": validation}


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    write("claims.json", claims())
    write("proportions.json", proportions())
    write("calibration.json", calibration())
    write("rankings.json", rankings())
    write("gaps.json", gaps())
    write("patients-needed.json", patients_needed())
