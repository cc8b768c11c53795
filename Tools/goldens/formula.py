"""Values by a closed formula of (name, index), so that goldens of large networks store no weights.

The Swift side is Tests/ModelsTests/Formula.swift. Everything before the last division is exact integer arithmetic, so both sides
get the same bits:

    seed = FNV-1a, 32 bit, of the name's UTF-8 bytes
    p = 2^31 - 1
    x0 = (48271 i + seed) mod p,  x1 = x0 (x0 + 40692) mod p,  x2 = x1 (x1 + 69621) mod p      (products stay below 2^62)
    u(name, i) = x2 / 2^30 - 1                                                                  in [-1, 1)

A state is filled by its names and shapes, with i the place in the contiguous tensor:

    convolution weight, 4-d     sqrt(6 / fan-in) u        He's variance, so activations keep their size
    linear weight, 2-d          sqrt(3 / fan-in) u
    *.running_mean              0.1 u
    *.running_var               1 + 0.25 u
    *.num_batches_tracked       0
    *.weight, 1-d               1 + 0.25 u                batch normalization
    *.bias                      0.1 u
"""

import math

import torch

P = 2**31 - 1


def seed(name):
    h = 0x811C9DC5
    for byte in name.encode():
        h = ((h ^ byte) * 0x01000193) & 0xFFFFFFFF
    return h


def uniform(name, shape):
    """u(name, i) as float64, in the given shape."""
    x = (torch.arange(math.prod(shape), dtype=torch.int64) * 48271 + seed(name)) % P
    x = x * (x + 40692) % P
    x = x * (x + 69621) % P
    return (x.double() / 2**30 - 1).reshape(shape)


def state_value(name, shape):
    u = uniform(name, shape)
    if len(shape) == 4:
        return math.sqrt(6 / math.prod(shape[1:])) * u
    if len(shape) == 2:
        return math.sqrt(3 / shape[1]) * u
    if name.endswith(".num_batches_tracked"):
        return torch.zeros(shape, dtype=torch.int64)
    if name.endswith(".running_var") or (name.endswith(".weight") and len(shape) == 1):
        return 1 + 0.25 * u
    return 0.1 * u


def fill(model):
    model.load_state_dict({n: state_value(n, list(t.shape)) for n, t in model.state_dict().items()})


def summary(name, tensor):
    """Sum, sum of magnitudes and projection on u("probe/" + name): a permutation or a sign cannot hide in all three."""
    t = tensor.detach().double().contiguous()
    probe = uniform("probe/" + name, list(t.shape))
    return [t.sum().item(), t.abs().sum().item(), (t * probe).sum().item()]
