"""Goldens of intervals over patients: numpy 2.2.6, scipy 1.16.2, scikit-learn 1.7.2, statsmodels 0.15.0 (and pandas 2.3.3, patsy, which it imports).

    pip install --target <packages> numpy==2.2.6 scipy==1.16.2 scikit-learn==1.7.2 statsmodels==0.15.0 pandas==2.3.3
    PYTHONPATH=<packages> python3 Tools/goldens/patient_intervals.py

writes Tests/StatisticsTests/Goldens/intervals.json and Tests/ReportsTests/Goldens/patient-intervals.json. Nothing is downloaded.

Clustered variances are statsmodels' (a regression on a constant, clustered by patient), Student's t intervals theirs too; that of an AUROC is tied to
scipy's Brunner-Munzel test, whose p-value has the same variance and degrees of freedom; that of a mean of two shares to Newcombe's interval of
statsmodels, and that of a mean of more to statsmodels' Wilson of all decisions where each share is as right and as large; the jackknife leaves out each patient and asks scikit-learn again.
"""

import json
import pathlib

import numpy
import scipy.stats as stats
import statsmodels.api as sm
from scipy.special import expit, logit
from sklearn.metrics import average_precision_score, log_loss, roc_auc_score
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

ROOT = pathlib.Path(__file__).resolve().parents[2] / "Tests"
random = numpy.random.default_rng(11)


def write(name, value):
    (ROOT / name).write_text(json.dumps(value, sort_keys=True, allow_nan=False) + "\n")


def t_interval(value, error, degrees, scale):
    half = stats.t.ppf(0.975, degrees) * error
    if scale == "linear":
        return [float(value - half), float(value + half)]
    if scale == "log":
        return [float(value * numpy.exp(-half / value)), float(value * numpy.exp(half / value))]
    reach = half / (value * (1 - value))
    return [float(expit(logit(value) - reach)), float(expit(logit(value) + reach))]


def clustered(values, patients):
    """Mean, its standard error clustered by patient, and the number of patients: a regression on a constant."""
    values, groups = numpy.asarray(values, float), numpy.unique(patients, return_inverse=True)[1]
    fit = sm.OLS(values, numpy.ones(len(values))).fit(cov_type="cluster", cov_kwds={"groups": groups, "df_correction": True}, use_t=True)
    count = len(numpy.unique(groups))
    half = stats.t.ppf(0.975, count - 1) * fit.bse[0]
    assert numpy.allclose(fit.conf_int(0.05)[0], [values.mean() - half, values.mean() + half], rtol=1e-12)
    return values.mean(), fit.bse[0], count


# Areas under the ROC curve

def placements(scores, truths):
    positives, negatives = scores[truths == 1], scores[truths == 0]
    wins = (positives[:, None] > negatives[None, :]) + 0.5 * (positives[:, None] == negatives[None, :])
    return wins.mean(1), wins.mean(0)


def area(scores, truths, patients):
    """One class by the definitions: the deviation of each row, the sums of a patient, the variance of each kind of rows, and the sums with the factor
    of each kind's own patients."""
    v10, v01 = placements(scores, truths)
    value = v10.mean()
    assert abs(value - roc_auc_score(truths, scores)) < 1e-12
    deviations = numpy.empty(len(scores))
    deviations[truths == 1] = v10 - value
    deviations[truths == 0] = v01 - value
    names = numpy.unique(patients)
    parts, sums, own = [], [], []
    for kind in (1, 0):
        rows = truths == kind
        sums.append(numpy.array([deviations[rows & (patients == name)].sum() / rows.sum() for name in names]))
        count = len(numpy.unique(patients[rows]))
        parts.append((count / (count - 1) * (sums[-1] ** 2).sum(), count))
        own.append(numpy.sqrt(count / (count - 1)) * sums[-1])
    mixed = 2 * len(names) / (len(names) - 1) * (sums[0] * sums[1]).sum()
    return value, parts, sums[0] + sums[1], parts[0][0] + parts[1][0] + mixed, own[0] + own[1]


def degrees_of(parts):
    return sum(v for v, _ in parts) ** 2 / sum(v * v / (m - 1) for v, m in parts)


def carriers(influences):
    return float((influences ** 2).sum() ** 2 / (influences ** 4).sum())


def areas():
    cases = []
    for positives, negatives, size, shift in ((6, 14, 1, 1.2), (5, 60, 1, 0.8), (25, 25, 1, 1.5), (12, 36, 3, 1.0), (20, 40, 4, 0.6)):
        n = positives + negatives
        truths = random.permutation(numpy.array([1] * positives + [0] * negatives))
        patients = numpy.array([f"p{i // size}" for i in range(n)])
        scores = numpy.round(random.normal(0, 1, n) + shift * truths, 2)
        value, parts, influences, variance, _ = area(scores, truths, patients)
        degrees = degrees_of(parts)
        if size == 1:
            test = stats.brunnermunzel(scores[truths == 0], scores[truths == 1])
            z = (value - 0.5) / numpy.sqrt(variance)
            assert abs(test.pvalue - 2 * stats.t.sf(abs(z), degrees)) < 1e-9 and abs(abs(test.statistic) - abs(z)) < 1e-9
        cases.append({"scores": [scores.tolist()], "targets": [truths.tolist()], "patients": patients.tolist(), "value": float(value),
                      "interval": t_interval(value, numpy.sqrt(variance), degrees, "logit"), "carriers": carriers(influences)})
    for n, size in ((60, 2), (90, 3)):
        patients = numpy.array([f"p{i // size}" for i in range(n)])
        truths = [(random.random(n) < share).astype(int) for share in (0.2, 0.4, 0.6)]
        scores = [numpy.round(random.normal(0, 1, n) + truth, 2) for truth in truths]
        found = [area(s, y, patients) for s, y in zip(scores, truths)]
        value, parts = numpy.mean([one[0] for one in found]), [part for one in found for part in one[1]]
        influences = sum(one[2] for one in found) / 3
        variance = (sum(one[4] for one in found) ** 2).sum() / 9
        cases.append({"scores": [s.tolist() for s in scores], "targets": [y.tolist() for y in truths], "patients": patients.tolist(),
                      "value": float(value), "interval": t_interval(value, numpy.sqrt(variance), degrees_of(parts), "logit"),
                      "carriers": carriers(influences)})
    return cases


# Means of shares

def effective(values, patients):
    values = numpy.asarray(values, float)
    if len(numpy.unique(patients)) == len(values):
        return len(values)
    if values.std() == 0:
        return len(numpy.unique(patients))
    apart = sm.OLS(values, numpy.ones(len(values))).fit().bse[0] ** 2
    return len(values) * min(1.0, apart / clustered(values, patients)[1] ** 2)


def wilson(values, patients):
    values, count = numpy.asarray(values, float), effective(values, patients)
    return proportion_confint(values.mean() * count, count, 0.05, "wilson")


def mean_of_shares(shares, patients):
    """`[share][row]`, NaN where a row is no part of one."""
    names = numpy.unique(patients)
    values, below, above, sums = [], [], [], []
    for share in shares:
        rows = ~numpy.isnan(share)
        lower, upper = wilson(share[rows], patients[rows])
        value = share[rows].mean()
        values.append(value)
        below.append(value - lower)
        above.append(upper - value)
        sums.append(numpy.array([(share[rows & (patients == name)] - value).sum() for name in names]))
    spreads = [numpy.sqrt((s ** 2).sum()) for s in sums]
    rho = numpy.array([[1.0 if i == j else 0.0 if spreads[i] * spreads[j] == 0 else (a * b).sum() / spreads[i] / spreads[j]
                        for j, b in enumerate(sums)] for i, a in enumerate(sums)])
    # Deviations of two shares of n and m patients differ by √(n/(n − 1)) and 1/N in front, which the correlation does not see.
    below, above = numpy.array(below), numpy.array(above)
    mean, count = numpy.mean(values), len(shares)
    if count > 2:
        # As skewed as a mean of so many: half of each length, and the middle of each moved by as much as the variance of their sum lets it.
        half, middle = (below + above) / 2, (above - below) / 2
        variance, squares = half @ rho @ half, half @ half
        center = mean + variance / squares ** 2 * (half ** 2 @ middle) / count
        return [float(max(0, center - numpy.sqrt(variance) / count)), float(min(1, center + numpy.sqrt(variance) / count))]
    return [float(max(0, mean - numpy.sqrt(below @ rho @ below) / len(shares))), float(min(1, mean + numpy.sqrt(above @ rho @ above) / len(shares)))]


def shares():
    cases = []
    for n, size, rates in ((40, 1, (0.8, 0.9)), (60, 3, (0.7, 0.95, 0.5)), (30, 2, (1.0, 0.6))):
        patients = numpy.array([f"p{i // size}" for i in range(n)])
        kind = random.integers(0, len(rates), n)
        columns = [numpy.where(kind == k, (random.random(n) < rate).astype(float), numpy.nan) for k, rate in enumerate(rates)]
        cases.append({"shares": [[None if numpy.isnan(v) else bool(v) for v in c] for c in columns], "patients": patients.tolist(),
                      "interval": mean_of_shares(columns, patients)})
        if size == 1:
            (k1, n1), (k2, n2) = [(int(numpy.nansum(c)), int((~numpy.isnan(c)).sum())) for c in columns]
            lower, upper = confint_proportions_2indep(k1, n1, n2 - k2, n2, method="newcomb", compare="diff")
            assert numpy.allclose(cases[-1]["interval"], [(1 + lower) / 2, (1 + upper) / 2], atol=1e-12)
    # Shares that are alike: to the first order the middle is that of Wilson's interval of all rows together, and the length within what 1/n leaves.
    for count in (3, 14):
        rows = 200
        columns = [numpy.full(count * rows, numpy.nan) for _ in range(count)]
        for k in range(count):
            columns[k][k * rows:(k + 1) * rows] = numpy.arange(rows) < 180
        patients = numpy.array([f"p{i}" for i in range(count * rows)])
        lower, upper = mean_of_shares(columns, patients)
        ends = proportion_confint(180 * count, rows * count, 0.05, "wilson")
        assert abs((lower + upper) - sum(ends)) < 1e-3 / count and abs((upper - lower) / (ends[1] - ends[0]) - 1) < 0.02, (lower, upper, ends)
    return cases


def deviations():
    cases = []
    for n, size in ((30, 1), (48, 3), (20, 5)):
        patients = [f"p{i // size}" for i in range(n)]
        values = (0.3 * numpy.repeat(random.random(n // size), size) + 0.6 * random.random(n))
        mean, error, count = clustered(values, patients)
        cases.append({"values": values.tolist(), "patients": patients, "mean": float(mean), "degreesOfFreedom": count - 1,
                      "intervals": {scale: t_interval(mean, error, count - 1, scale) for scale in ("linear", "logit", "log")}})
    return cases


def jackknife(patients, value):
    names = numpy.unique(patients)
    left = numpy.array([value(patients != name) for name in names])
    m = len(names)
    return float(numpy.sqrt((m - 1) / m * ((left - left.mean()) ** 2).sum())), m


# A run's predictions

def predictions():
    n, thresholds = 72, {"Edema": 0.45, "Mass": 0.5}
    patients = numpy.array([f"p{i // 2}" if i < 48 else f"q{i}" for i in range(n)])
    truths = {name: (random.random(n) < share).astype(int) for name, share in (("Edema", 0.35), ("Mass", 0.4))}
    scores = {name: numpy.round(expit(1.4 * (truths[name] - 0.4) + random.normal(0, 1.1, n)), 3) for name in truths}
    entries, columns, parts = [], {}, {}
    prefixed = numpy.array([f"patient {p}" for p in patients])

    def add(metric, name, interval):
        entries.append({"metric": metric, "className": name, "interval": [float(x) for x in interval]})

    for name in truths:
        y, p = truths[name], scores[name]
        called = p >= thresholds[name]
        right = (called == (y == 1)).astype(float)
        of = {"accuracy": y >= 0, "sensitivity": y == 1, "specificity": y == 0, "positivePredictiveValue": called, "negativePredictiveValue": ~called}
        columns[name] = {metric: numpy.where(rows, right, numpy.nan) for metric, rows in of.items()}
        for metric, rows in of.items():
            add(metric, name, wilson(right[rows], prefixed[rows]))
        add("binaryBalancedAccuracy", name, mean_of_shares([columns[name]["sensitivity"], columns[name]["specificity"]], prefixed))
        value, kinds, _, variance, _ = area(p, y, prefixed)
        add("auroc", name, t_interval(value, numpy.sqrt(variance), degrees_of(kinds), "logit"))
        rarer = min(len(numpy.unique(prefixed[y == kind])) for kind in (0, 1))
        precision = average_precision_score(y, p)
        error, _ = jackknife(prefixed, lambda rows: average_precision_score(y[rows], p[rows]))
        add("averagePrecision", name, t_interval(precision, error, rarer - 1, "logit"))
        brier, losses = (p - y) ** 2, -numpy.log(numpy.where(y == 1, p, 1 - p))
        assert abs(losses.mean() - log_loss(y, p)) < 1e-12
        for metric, rows, scale in (("brier", brier, "logit"), ("logLoss", losses, "log")):
            mean, error, count = clustered(rows, prefixed)
            add(metric, name, t_interval(mean, error, count - 1, scale))
            parts.setdefault(metric, []).append(rows)
        error, count = jackknife(prefixed, lambda rows: y[rows].sum() / p[rows].sum())
        add("observedToExpected", name, t_interval(y.sum() / p.sum(), error, count - 1, "log"))
    for metric in ("accuracy", "sensitivity", "specificity", "positivePredictiveValue", "negativePredictiveValue"):
        add(metric, None, mean_of_shares([columns[name][metric] for name in truths], prefixed))
    add("binaryBalancedAccuracy", None, mean_of_shares([columns[name][kind] for name in truths for kind in ("sensitivity", "specificity")], prefixed))
    for metric, scale in (("brier", "logit"), ("logLoss", "log")):
        mean, error, count = clustered(numpy.mean(parts[metric], axis=0), prefixed)
        add(metric, None, t_interval(mean, error, count - 1, scale))
    return {"thresholds": thresholds, "patients": patients.tolist(), "targets": {k: v.tolist() for k, v in truths.items()},
            "scores": {k: v.tolist() for k, v in scores.items()}, "entries": entries}


def masks():
    n = 45
    patients = numpy.array([f"p{i // 3}" for i in range(n)])
    hits = random.integers(150, 400, n)
    excess, missed = random.integers(10, 120, n), random.integers(10, 160, n)
    distances = numpy.round(numpy.exp(random.normal(1.5, 0.7, n)), 3)
    prefixed = numpy.array([f"patient {p}" for p in patients])
    entries = []
    dice = 2 * hits / (2 * hits + excess + missed)
    for metric, rows, scale in (("dicePerImage", dice, "logit"), ("iouPerImage", hits / (hits + excess + missed), "logit"),
                                ("hausdorff95Pixels", distances, "log")):
        mean, error, count = clustered(rows, prefixed)
        entries.append({"metric": metric, "className": None, "interval": t_interval(mean, error, count - 1, scale)})
    for metric, above, below in (("dicePooled", 2 * hits, 2 * hits + excess + missed), ("iouPooled", hits, hits + excess + missed),
                                 ("pixelSensitivity", hits, hits + missed), ("pixelPrecision", hits, hits + excess)):
        error, count = jackknife(prefixed, lambda rows: above[rows].sum() / below[rows].sum())
        entries.append({"metric": metric, "className": None, "interval": t_interval(above.sum() / below.sum(), error, count - 1, "logit")})
    return {"patients": patients.tolist(), "hits": hits.tolist(), "excess": excess.tolist(), "missed": missed.tolist(), "distances": distances.tolist(),
            "entries": entries}


write("StatisticsTests/Goldens/intervals.json", {"areas": areas(), "shares": shares(), "deviations": deviations()})
write("ReportsTests/Goldens/patient-intervals.json", {"classification": predictions(), "masks": masks()})
