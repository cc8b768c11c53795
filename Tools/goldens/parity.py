"""make parity: the losses of `medtransfer run` beside the same loop in Python PyTorch, step by step.

For each network a full state (head included) is saved as safetensors under torchvision's or segmentation_models_pytorch's
names; both sides train from it for 20 steps with shuffling and augmentation off. Asserted:

  float64: every step agrees to 1e-6 (relative);
  float32: steps 1 and 2 agree to 1e-4; every later step lies within three times the spread that PyTorch shows at that step
  between its own settings (threads, memory layout, oneDNN on or off), around PyTorch's own values.

Then the trained weights are read back with safetensors.torch.load_file and load_state_dict(strict=True).

Versions: torch 2.13.0, torchvision 0.28.0, segmentation-models-pytorch 0.6.0, safetensors 0.6.2, numpy 2.2.6, pillow 11.3.0.
Usage: Scripts/with-python Tools/goldens/parity.py .build/release/medtransfer [name …]
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import types

sys.modules["torchvision._meta_registrations"] = types.ModuleType("torchvision._meta_registrations")

import numpy
import safetensors.torch
import segmentation_models_pytorch as smp
import torch
import torchvision
from PIL import Image

SIDE, BATCH, IMAGES, EPOCHS, CLASSES = 64, 4, 20, 4, 3
STEPS = IMAGES // BATCH * EPOCHS
LEARNING_RATE = 1e-4


def classifier(name):
    return lambda: getattr(torchvision.models, name)(num_classes=CLASSES)


def unet(name):
    return lambda: smp.Unet(name, encoder_weights=None, in_channels=3, classes=1, activation=None)


CASES = {
    "resnet18": ("multiLabelClassification", "resnet18", classifier("resnet18")),
    "resnet50": ("multiLabelClassification", "resnet50", classifier("resnet50")),
    "unet-resnet18": ("binarySegmentation", "resnet18", unet("resnet18")),
    "unet-resnet50": ("binarySegmentation", "resnet50", unet("resnet50")),
}


def draw(folder, kind):
    """Images at the network's own size, so that nothing is resampled, and a manifest."""
    generator = numpy.random.default_rng(7)
    (folder / "images").mkdir()
    (folder / "masks").mkdir()
    pixels, targets, lines = [], [], []
    for index in range(IMAGES):
        y, x = numpy.mgrid[0:SIDE, 0:SIDE]
        center, radius = generator.uniform(16, 48, 2), generator.uniform(6, 20)
        disc = (x - center[0]) ** 2 + (y - center[1]) ** 2 < radius**2
        image = numpy.clip(generator.normal(90, 30, (SIDE, SIDE, 3)) + 80 * disc[..., None], 0, 255).astype(numpy.uint8)
        Image.fromarray(image).save(folder / "images" / f"{index:02}.png")
        Image.fromarray((disc * 255).astype(numpy.uint8)).save(folder / "masks" / f"{index:02}.png")
        labels = [int(radius > 13), int(center[0] > 32), int(center[1] > 32)]
        pixels.append(torch.from_numpy(image).permute(2, 0, 1).to(torch.float32) / 255)
        targets.append(torch.tensor(disc[None], dtype=torch.float32) if kind == "binarySegmentation" else torch.tensor(labels, dtype=torch.float32))
        lines += [f"images/{index:02}.png,masks/{index:02}.png,{labels[0]},{labels[1]},{labels[2]},training"]
    # The validation and test sets are copies of the same pictures under other names: they do not touch the losses.
    for split in ("validation", "test"):
        for index in range(IMAGES):
            name = f"{split}-{index:02}.png"
            (folder / "images" / name).write_bytes((folder / "images" / f"{index:02}.png").read_bytes())
            (folder / "masks" / name).write_bytes((folder / "masks" / f"{index:02}.png").read_bytes())
            first = lines[index].split(",")
            lines.append(",".join([f"images/{name}", f"masks/{name}", *first[2:5], split]))
    (folder / "manifest.csv").write_text("path,mask,large,right,low,split\n" + "\n".join(lines) + "\n")
    return torch.stack(pixels), torch.stack(targets)


def soft_dice(logits, targets):
    p = torch.sigmoid(logits)
    return 1 - (2 * (p * targets).sum() + 1) / (p.sum() + targets.sum() + 1)


def train(make, state, kind, pixels, targets, dtype, threads=2, channels_last=False, onednn=True):
    torch.set_num_threads(threads)
    model = make()
    model.load_state_dict(state)
    model = model.to(dtype).train()
    if channels_last:
        model = model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    criterion = soft_dice if kind == "binarySegmentation" else torch.nn.functional.binary_cross_entropy_with_logits
    losses = []
    with torch.backends.mkldnn.flags(enabled=onednn):
        for step in range(STEPS):
            index = step * BATCH % IMAGES
            x, y = pixels[index : index + BATCH].to(dtype), targets[index : index + BATCH].to(dtype)
            if channels_last:
                x = x.contiguous(memory_format=torch.channels_last)
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def study(kind, architecture, precision):
    labels = "maskColumn: mask" if kind == "binarySegmentation" else "labelColumns: [large, right, low]"
    return f"""
name: parity
seeds: [1]
device: cpu
threads: 2
initializations:
  full: {{weights: state.safetensors, state: full}}
tasks:
  discs:
    kind: {kind}
    data: {{manifest: {{file: manifest.csv, imageRoot: ., {labels}, splitColumn: split}}}}
    recipe:
      architecture: {architecture}
      inputSize: {SIDE}
      resizeSize: {SIDE}
      normalization: none
      augmentation: none
      shuffle: false
      schedule: constant
      learningRate: {LEARNING_RATE}
      batchSize: {BATCH}
      epochs: {EPOCHS}
      earlyStoppingPatience: null
      precision: {precision}
      testTimeAugmentation: none
"""


def ours(binary, folder, kind, architecture, precision):
    (folder / "study.yaml").write_text(study(kind, architecture, precision))
    subprocess.run([binary, "run", str(folder / "study.yaml"), f"output=runs-{precision}"], check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    (run,) = (folder / f"runs-{precision}" / "discs" / "full").iterdir()
    records = [json.loads(line) for line in (run / "history.jsonl").read_text().splitlines()]
    return [r["loss"] for r in records if "step" in r], run


def relative(a, b):
    return abs(a - b) / max(abs(b), 1e-12)


def check(name, binary):
    kind, architecture, make = CASES[name]
    failures = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        pixels, targets = draw(folder, kind)
        torch.manual_seed(3)
        state = make().state_dict()
        safetensors.torch.save_file({k: v.contiguous() for k, v in state.items()}, str(folder / "state.safetensors"))

        reference = train(make, state, kind, pixels, targets, torch.float64)
        mine, _ = ours(binary, folder, kind, architecture, "float64")
        worst = max(relative(a, b) for a, b in zip(mine, reference))
        print(f"{name:14} float64: {len(mine)} steps, largest relative difference {worst:.1e}")
        if len(mine) != STEPS or worst > 1e-6:
            failures.append(f"{name} float64")

        settings = [dict(), dict(threads=1), dict(channels_last=True), dict(onednn=False), dict(channels_last=True, threads=1)]
        curves = [train(make, state, kind, pixels, targets, torch.float32, **s) for s in settings]
        mine, run = ours(binary, folder, kind, architecture, "float32")
        first = max(relative(mine[s], curves[0][s]) for s in (0, 1))
        outside, largest_spread, largest_distance = [], 0.0, 0.0
        for step in range(2, STEPS):
            values = [c[step] for c in curves]
            spread = max(values) - min(values)
            distance = max(0.0, min(abs(mine[step] - v) for v in values))
            largest_spread, largest_distance = max(largest_spread, spread), max(largest_distance, distance)
            if distance > 3 * max(spread, 1e-6):
                outside.append(step + 1)
        print(f"{name:14} float32: first two steps {first:.1e}; later: farthest from PyTorch {largest_distance:.1e}, PyTorch's own spread {largest_spread:.1e}")
        if first > 1e-4 or outside:
            failures.append(f"{name} float32 (steps {outside})")

        make().load_state_dict(safetensors.torch.load_file(str(run / "best.safetensors")), strict=True)
        print(f"{name:14} best.safetensors loads in Python with strict=True")
    return failures


def main():
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    names = sys.argv[2:] or list(CASES)
    failures = [f for name in names for f in check(name, binary)]
    print("parity: " + ("all agree" if not failures else "NOT: " + ", ".join(failures)))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
