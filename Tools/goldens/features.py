"""Makes the expectations of Tests/EndToEndTests/FeaturesTests: what PyTorch and torchvision compute with a ResNet-20.

Needs: torch 2.13.0, torchvision 0.28.0, numpy 2.2.6.
Run:   Scripts/with-python Tools/goldens/features.py

Weights and images follow formulas that the tests compute again, so only features are stored.
"""

import json
import sys
import types
from pathlib import Path

import numpy as np
import torch

sys.modules["torchvision._meta_registrations"] = types.ModuleType("_meta_registrations")
from torchvision.transforms import functional  # noqa: E402

from cifar_resnet import Classifier  # noqa: E402

TARGET = Path(__file__).resolve().parents[2] / "Tests/EndToEndTests/Goldens/features.json"


def scattered(count, offset):
    """Numbers in [-1, 1) that look drawn."""
    i = (np.arange(count, dtype=np.uint64) + np.uint64(offset)) * np.uint64(2654435769) % np.uint64(2**32)
    return (i >> np.uint64(8)).astype(np.float64) / 2**23 - 1


def value(name, shape, position):
    v = scattered(int(np.prod(shape)), 1000 * position + 1)
    if name.endswith("running_var"):
        v = 1 + 0.5 * v
    elif name.endswith("bn1.weight") or name.endswith("bn2.weight"):
        v = 1 + 0.2 * v
    else:
        v = 0.15 * v
    return torch.from_numpy(v.astype(np.float32)).reshape(tuple(shape))


def picture(width, height, channels):
    """The picture of transforms.py."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    wave = (x * x * 3 + y * y * 5 + x * y * 7 + c * 50) // 16 % 256
    board = ((x // 4 + y // 3) % 2) * 40
    return ((wave + board) % 256).astype(np.uint8)


network = Classifier(3, 10)
network.eval()
state = {name: tensor for name, tensor in network.state_dict().items()
         if not name.startswith("linear.") and not name.endswith("num_batches_tracked")}
network.load_state_dict({name: value(name, t.shape, i) for i, (name, t) in enumerate(state.items())}, strict=False)


def prepared(image):
    x = torch.from_numpy(image).permute(2, 0, 1).float() / 255
    x = functional.center_crop(functional.resize(x, 32, antialias=True), [32, 32])
    x = x.expand(3, -1, -1)
    return functional.normalize(x, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])


@torch.no_grad()
def means(x, stage):
    return network.maps(x)[stage].mean((2, 3)).double().tolist()


images = torch.stack([prepared(picture(*size)) for size in [(50, 40, 3), (40, 61, 1), (32, 32, 3)]])
tensors = torch.from_numpy(scattered(3 * 3 * 20 * 24, 7).astype(np.float32)).reshape(3, 3, 20, 24)
document = dict(images=means(images, 3), tensors=means(tensors, 3), tensorsLayer1=means(tensors, 1))
TARGET.parent.mkdir(exist_ok=True)
TARGET.write_text(json.dumps({k: [[float(f"{v:.9g}") for v in row] for row in rows] for k, rows in document.items()}) + "\n")
print(TARGET.stat().st_size, "bytes", np.array(document["images"]).mean(), np.array(document["tensors"]).mean())
