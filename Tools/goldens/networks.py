"""Goldens of the networks: torch 2.13.0, torchvision 0.28.0, segmentation-models-pytorch 0.6.0 (timm 1.0.31, huggingface_hub 0.36.0).

    PYTHONPATH=<packages> python3 Tools/goldens/networks.py

writes Tests/ModelsTests/Goldens/*.json. Parameters and images come from formula.py; nothing is downloaded.
"""

import json
import pathlib
import sys
import types

sys.modules["torchvision._meta_registrations"] = types.ModuleType("empty")  # its compiled operators do not load with the CPU wheel
import segmentation_models_pytorch as smp
import torch
import torchvision

from formula import fill, summary, uniform

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/ModelsTests/Goldens"
RESNETS = ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152"]
DTYPES = {"float64": torch.float64, "float32": torch.float32}


def classifier(name):
    return torchvision.models.get_model(name, weights=None, num_classes=5)


def unet(name):
    return smp.Unet(name, encoder_weights=None, classes=1)


def forward_backward(make, images, loss_of):
    """The first training step's gradients and three steps of Adam in float64; in float32 the forward passes and how far PyTorch's own
    gradients stray from float64's."""
    golden = {}
    gradients = {}
    for key, dtype in DTYPES.items():
        model = make().to(dtype)
        fill(model)
        x = images.to(dtype)
        model.eval()
        with torch.no_grad():
            logits = model(x)
        golden[f"evaluation.{key}"] = values(logits)
        model.train()
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
        losses = []
        for step in range(3):
            optimizer.zero_grad()
            logits = model(x)
            loss = loss_of(logits)
            loss.backward()
            losses.append(loss.item())
            if step == 0:
                golden[f"training.{key}"] = values(logits)
                gradients[key] = torch.cat([p.grad.double().flatten() for p in model.parameters()])
                if key == "float64":
                    golden["gradients"] = {n: summary(n, p.grad) for n, p in model.named_parameters()}
                    golden["runningStatistics"] = {n: summary(n, b) for n, b in model.named_buffers() if "running" in n}
            optimizer.step()
            if key == "float32" and step == 0:
                break
        golden[f"losses.{key}"] = losses
        if key == "float64":
            golden["afterAdam"] = {n: summary(n, t) for n, t in model.state_dict().items()}
    golden["gradientError.float32"] = distance(gradients["float32"], gradients["float64"])
    return golden


def distance(a, b):
    """|a - b| / |b|"""
    return (torch.linalg.vector_norm(a - b) / torch.linalg.vector_norm(b)).item()


def values(logits):
    """Small logits whole, maps as their summary per pixel and a few values."""
    flat = logits.detach().double().contiguous().flatten()
    if flat.numel() <= 32:
        return flat.tolist()
    return [v / flat.numel() for v in summary("logits", logits)] + flat[:: flat.numel() // 16].tolist()


def write(name, value):
    text = json.dumps(value, separators=(",", ":"), sort_keys=True)
    text = text.replace('],"', '],\n"').replace('},"', '},\n"')
    (OUT / f"{name}.json").write_text(text + "\n")
    print(name, len(text))


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    images = uniform("images", [4, 3, 64, 64])
    labels = (uniform("labels", [4, 5]) > 0).double()
    masks = (uniform("masks", [2, 1, 64, 64]) > 0.5).double()

    def classification_loss(logits):
        return torch.nn.functional.binary_cross_entropy_with_logits(logits, labels.to(logits.dtype))

    def dice_loss(logits):
        p, t = torch.sigmoid(logits).flatten(), masks.to(logits.dtype).flatten()
        return 1 - (2 * (p * t).sum() + 1) / (p.sum() + t.sum() + 1)

    for name in ["resnet18", "resnet50"]:
        write(name, forward_backward(lambda: classifier(name), images, classification_loss))
        write(f"unet-{name}", forward_backward(lambda: unet(name), images[:2], dice_loss))

    forward = {}
    for key, make in [("resnet34", classifier), ("resnet101", classifier), ("resnet152", classifier), ("unet-resnet34", unet)]:
        model = make(key.removeprefix("unet-")).double()
        fill(model)
        with torch.no_grad():
            forward[key] = values(model.eval()(images[:2, :, :32, :32]))
    write("forward-only", forward)

    grey = torchvision.models.resnet18(weights=None, num_classes=5)
    grey.conv1 = torch.nn.Conv2d(1, 64, 7, stride=2, padding=3, bias=False)
    grey = grey.double()
    fill(grey)
    with torch.no_grad():
        write("one-channel", {"resnet18": values(grey.eval()(images[:2, :1]))})

    shapes = {}
    for name in RESNETS:
        shapes[name] = [f"{n} {list(t.shape)}" for n, t in classifier(name).state_dict().items()]
        encoder = [f"encoder.{line}" for line in shapes[name] if not line.startswith("fc.")]
        lines = [f"{n} {list(t.shape)}" for n, t in unet(name).state_dict().items()]
        assert lines[: len(encoder)] == encoder, name
        shapes[f"unet-{name}"] = lines[len(encoder) :]  # what comes after the encoder
    text = json.dumps(shapes, separators=(",", ":")).replace('","', '",\n"')
    (OUT / "states.json").write_text(text + "\n")
    print("states", len(text))


if __name__ == "__main__":
    main()
