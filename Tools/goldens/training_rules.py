"""Goldens of losses, optimizers and schedules: torch 2.13.0.

    PYTHONPATH=<packages> python3 Tools/goldens/training_rules.py

writes Tests/NeuralNetworksTests/Goldens/training-rules.json.
"""

import json
import math
import pathlib

import torch

from formula import uniform

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/NeuralNetworksTests/Goldens"
F = torch.nn.functional
torch.set_default_dtype(torch.float64)
CLASS_WEIGHTS = [0.5, 3.0, 1.0, 2.0]


def loss_and_gradient(loss_of, logits):
    x = logits.clone().requires_grad_()
    loss = loss_of(x)
    loss.backward()
    return {"loss": loss.item(), "gradient": x.grad.flatten().tolist()}


def losses():
    logits = 3 * uniform("logits", [3, 4])
    targets = (uniform("targets", [3, 4]) > 0).double()
    known = uniform("known", [3, 4]) > -0.5
    classes = torch.tensor([2, 0, 3])
    weights = torch.tensor(CLASS_WEIGHTS)

    def dice(x):
        p = torch.sigmoid(x).flatten()
        return 1 - (2 * (p * targets.flatten()).sum() + 1) / (p.sum() + targets.sum() + 1)

    return {
        "logits": logits.flatten().tolist(),
        "targets": targets.flatten().tolist(),
        "known": known.flatten().tolist(),
        "classes": classes.tolist(),
        "softDice": loss_and_gradient(dice, logits),
        "binaryCrossEntropy": loss_and_gradient(lambda x: F.binary_cross_entropy_with_logits(x, targets), logits),
        "maskedBinaryCrossEntropy": loss_and_gradient(
            lambda x: F.binary_cross_entropy_with_logits(x[known], targets[known]), logits
        ),
        "crossEntropy": loss_and_gradient(lambda x: F.cross_entropy(x, classes), logits),
        "weights": CLASS_WEIGHTS,
        "weightedBinaryCrossEntropy": loss_and_gradient(
            lambda x: F.binary_cross_entropy_with_logits(x[known], targets[known], pos_weight=weights.expand(3, 4)[known]), logits
        ),
        "weightedCrossEntropy": loss_and_gradient(lambda x: F.cross_entropy(x, classes, weight=weights), logits),
    }


def trajectory(make, steps=6, clip=None):
    """Parameters after each step down a bent valley, with a change of rate after the third step; gradients clipped to a norm."""
    a = uniform("a", [5]).requires_grad_()
    b = uniform("b", [6]).reshape(2, 3).requires_grad_()
    scale = 1 + uniform("scale", [5])
    optimizer = make([a, b])
    rows, norms = [], []
    for step in range(steps):
        if step == 3:
            for group in optimizer.param_groups:
                group["lr"] *= 0.1
        optimizer.zero_grad()
        loss = (scale * a**2).sum() + (b**4).sum() + a.sum() * b.sum()
        loss.backward()
        if clip is not None:
            norms.append(torch.nn.utils.clip_grad_norm_([a, b], clip).item())
        optimizer.step()
        rows.append(torch.cat([a.detach(), b.detach().flatten()]).tolist())
    if clip is not None:
        # Both sides of the limit are in the golden.
        assert min(norms) < clip < max(norms), norms
    return rows


def groups(kind, **settings):
    """The two parameters with rates and decays of their own."""
    return lambda p: kind([{"params": [p[0]], "lr": 0.05 * 0.75}, {"params": [p[1]], "weight_decay": 0}], lr=0.05, **settings)


def accumulation(steps=3):
    """Parameters of a linear model after each step of SGD on the mean square of 7 rows, in batches of 3, 3 and 1."""
    x, y = uniform("rows", [7, 3]), uniform("answers", [7])
    rows = []
    w = uniform("weights", [3]).requires_grad_()
    optimizer = torch.optim.SGD([w], lr=0.2, momentum=0.9)
    for _ in range(steps):
        optimizer.zero_grad()
        for part in (slice(0, 3), slice(3, 6), slice(6, 7)):
            loss = ((x[part] @ w - y[part]) ** 2).mean()
            (loss * len(y[part]) / len(y)).backward()
        optimizer.step()
        rows.append(w.detach().tolist())
    return {"rows": x.flatten().tolist(), "answers": y.tolist(), "weights": uniform("weights", [3]).tolist(), "steps": rows}


def rates(make, steps):
    """The rate of each of the first steps of a schedule that is moved after each."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    schedule = make(optimizer)
    found = []
    for _ in range(steps):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return found


def warm_up_then_cosine(optimizer):
    kinds = torch.optim.lr_scheduler
    warm = kinds.LinearLR(optimizer, start_factor=1 / 4, total_iters=3)
    return kinds.SequentialLR(optimizer, [warm, kinds.CosineAnnealingLR(optimizer, T_max=6)], milestones=[4])


def plateau(losses, **settings):
    p = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([p], lr=0.1)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **settings)
    rates = []
    for loss in losses:
        schedule.step(loss)
        rates.append(optimizer.param_groups[0]["lr"])
    return {"losses": [None if math.isnan(v) else v for v in losses], "rates": rates}


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    nan = float("nan")
    bumpy = [1.0, 0.9, 0.9, 0.89999, 0.95, 0.9, 0.5, 0.49999, 0.49996, 0.6, 0.6, 0.6, 0.6, nan, 0.6, 0.2, 0.3, 0.3, 0.3, 0.3, 0.3]
    golden = {
        "losses": losses(),
        "valley": {name: uniform(name, [n]).tolist() for name, n in [("a", 5), ("b", 6), ("scale", 5)]},
        "adam": trajectory(lambda p: torch.optim.Adam(p, lr=0.05)),
        "adamDecay": trajectory(lambda p: torch.optim.Adam(p, lr=0.05, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.1)),
        "momentum": trajectory(lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9)),
        "momentumDecay": trajectory(lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.5, weight_decay=0.1)),
        "nesterov": trajectory(lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.1)),
        "withoutMomentum": trajectory(lambda p: torch.optim.SGD(p, lr=0.05, weight_decay=0.1)),
        "adamW": trajectory(lambda p: torch.optim.AdamW(p, lr=0.05, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.1)),
        "adamWGroups": trajectory(groups(torch.optim.AdamW, weight_decay=0.1)),
        "momentumGroups": trajectory(groups(torch.optim.SGD, momentum=0.9, weight_decay=0.1)),
        "clipped": trajectory(lambda p: torch.optim.AdamW(p, lr=0.05), clip=4.5),
        "accumulation": accumulation(),
        "cosineBySteps": rates(lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, T_max=6), 6),
        "stepDecay": rates(lambda o: torch.optim.lr_scheduler.StepLR(o, step_size=2, gamma=0.3), 7),
        "warmUpThenCosine": rates(warm_up_then_cosine, 10),
        "plateau": plateau(bumpy, factor=0.5, patience=2, threshold=1e-4),
        "impatientPlateau": plateau(bumpy, factor=0.1, patience=0, threshold=1e-4, min_lr=0.001),
    }
    text = json.dumps(golden, separators=(",", ":"), sort_keys=True).replace('],"', '],\n"').replace('},"', '},\n"')
    (OUT / "training-rules.json").write_text(text + "\n")
    print(len(text))


if __name__ == "__main__":
    main()
