"""Golden of metrics by group: fairlearn 0.13.0 (which wants scipy below 1.16), pandas 2.3.3, scipy 1.15.3, scikit-learn 1.7.2, numpy 2.2.6.

    python3 -m pip install fairlearn==0.13.0 pandas==2.3.3 scipy==1.15.3 scikit-learn==1.7.2 numpy==2.2.6
    python3 Tools/goldens/subgroups.py

writes Tests/ReportsTests/Goldens/subgroups.json: made-up answers on 240 images of 130 patients, with MetricFrame's values of each stratum
of two groups (fairlearn.metrics.MetricFrame.by_group) and their greatest difference (MetricFrame.difference). Nothing is downloaded by it.
"""

import json
import pathlib

import fairlearn
import numpy
import sklearn
from fairlearn.metrics import MetricFrame, count
from sklearn.metrics import recall_score, roc_auc_score

random = numpy.random.default_rng(2026)
IMAGES, PATIENTS = 240, 130
THRESHOLDS = {"Edema": 0.5, "Mass": 0.25}

patient = numpy.sort(random.integers(0, PATIENTS, IMAGES))
sex_of = numpy.where(random.random(PATIENTS) < 0.45, "F", "M").astype(object)
sex_of[random.random(PATIENTS) < 0.05] = "unknown"
sex = sex_of[patient].astype(str)
view = numpy.where(random.random(IMAGES) < 0.4, "AP", numpy.where(random.random(IMAGES) < 0.7, "PA", "LATERAL"))
targets, scores = {}, {}
for name, prevalence in (("Edema", 0.4), ("Mass", 0.25)):
    # Patients' images are alike, and women are harder.
    liability = random.normal(size=PATIENTS)[patient] + random.normal(size=IMAGES)
    targets[name] = (liability > numpy.quantile(liability, 1 - prevalence)).astype(int)
    separation = numpy.where(sex == "F", 0.7, 1.3)
    raw = separation * targets[name] + 0.6 * random.normal(size=PATIENTS)[patient] + random.normal(size=IMAGES)
    # Few digits, so that there are ties.
    scores[name] = (1 / (1 + numpy.exp(0.6 - raw))).round(3)


def prevalence(truth, _):
    return float(numpy.mean(truth))


groups = {}
for group, labels in (("Sex", sex), ("View", view)):
    groups[group] = {"strata": labels.tolist(), "classes": {}}
    for name, truth in targets.items():
        decided = (scores[name] >= THRESHOLDS[name]).astype(int)
        ranked = MetricFrame(
            metrics={"auroc": roc_auc_score, "count": count, "prevalence": prevalence}, y_true=truth, y_pred=scores[name], sensitive_features=labels)
        decisions = MetricFrame(
            metrics={"sensitivity": recall_score, "specificity": lambda t, p: recall_score(t, p, pos_label=0)},
            y_true=truth, y_pred=decided, sensitive_features=labels)
        table = ranked.by_group.join(decisions.by_group)
        known = labels != "unknown"
        compared = MetricFrame(metrics=roc_auc_score, y_true=truth[known], y_pred=scores[name][known], sensitive_features=labels[known])
        groups[group]["classes"][name] = {
            "byStratum": {stratum: {key: float(value) for key, value in row.items()} for stratum, row in table.iterrows()},
            "aurocGap": float(compared.difference(method="between_groups")),
        }

target = pathlib.Path(__file__).resolve().parents[2] / "Tests/ReportsTests/Goldens/subgroups.json"
target.write_text(json.dumps({
    "fairlearn": fairlearn.__version__, "scikit-learn": sklearn.__version__, "thresholds": THRESHOLDS, "patients": [f"p{p}" for p in patient],
    "targets": {name: values.tolist() for name, values in targets.items()},
    "scores": {name: values.tolist() for name, values in scores.items()}, "groups": groups,
}) + "\n")
