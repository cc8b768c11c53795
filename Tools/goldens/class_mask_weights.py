"""Goldens of weighted losses of several classes' masks: torch.nn.functional, torch 2.13.0.

    PYTHONPATH=.deps/python python3 Tools/goldens/class_mask_weights.py

Logits and truths follow from formulas that the test has too (sines), so only losses and gradients are stored.
"""
import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F

assert torch.__version__.startswith("2.13.0"), torch.__version__

IMAGES, CLASSES, SIDE = 2, 3, 4
WEIGHTS = [0.25, 2.0, 1.0, 5.5]  # the background first
IGNORED = 255


def logits(channels):
    count = IMAGES * channels * SIDE * SIDE
    values = [math.sin(7.0 * place + 3) * 2.5 for place in range(count)]
    return torch.tensor(values, dtype=torch.float64).reshape(IMAGES, channels, SIDE, SIDE)


def truth():
    """Of each pixel its class, 0 for none, or what does not count."""
    values = [IGNORED if place % 7 == 5 else (place * place + place // 3) % (CLASSES + 1) for place in range(IMAGES * SIDE * SIDE)]
    return torch.tensor(values).reshape(IMAGES, SIDE, SIDE)


def loss_and_gradient(loss, values):
    values = values.clone().requires_grad_()
    result = loss(values)
    result.backward()
    return {"loss": result.item(), "gradient": values.grad.flatten().tolist()}


def main():
    target = truth()
    weights = torch.tensor(WEIGHTS, dtype=torch.float64)
    known = (target != IGNORED).unsqueeze(1).expand(IMAGES, CLASSES, SIDE, SIDE)
    # Overlapping masks: a pixel of class 3 is of class 1 too.
    masks = torch.stack([(target == place) | ((target == 3) & (place == 1)) for place in range(1, CLASSES + 1)], 1).to(torch.float64)
    positive = weights[1:].reshape(1, CLASSES, 1, 1).expand_as(masks)
    golden = {
        "weights": WEIGHTS,
        "truth": target.flatten().tolist(),
        "crossEntropy": loss_and_gradient(lambda x: F.cross_entropy(x, target, weight=weights, ignore_index=IGNORED), logits(CLASSES + 1)),
        "binaryCrossEntropy": loss_and_gradient(
            lambda x: F.binary_cross_entropy_with_logits(x[known], masks[known], pos_weight=positive[known]), logits(CLASSES)
        ),
    }
    place = Path(__file__).resolve().parents[2] / "Tests/NeuralNetworksTests/Goldens/class-mask-weights.json"
    place.write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
