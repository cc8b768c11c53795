"""The study of `make benchmark-study` as a script of plain Python PyTorch: what medtransfer's command is measured against.

    study_script.py <folder> <variant> <threads>

`folder` holds study.json (tasks, sizes, epochs, seeds) and the manifests that both sides read. Variants:

  plain           as tutorials have it: images opened every epoch by two workers, torch's defaults, Adam, one loss read each step
  tuned           images decoded once and held in memory, channels-last, fused Adam, losses read once an epoch, validation and test images prepared once
  tuned-bfloat16  the same under autocast
  tuned-compiled  tuned-bfloat16 through torch.compile

Every cell trains from random weights, validates after each epoch, keeps the state of the lowest validation loss, and answers the test images.
"""

import csv
import json
import pathlib
import sys
import types

sys.modules["torchvision._meta_registrations"] = types.ModuleType("torchvision._meta_registrations")

import segmentation_models_pytorch as smp
import torch
import torchvision
from PIL import Image
from torchvision import transforms

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class Rows(torch.utils.data.Dataset):
    """The images of a part, as a task's manifest lists them. With `keep` each is decoded once."""

    def __init__(self, folder, task, part, size, keep):
        with open(folder / task["manifest"]) as file:
            self.rows = [row for row in csv.DictReader(file) if row["split"] == part]
        self.task, self.folder, self.keep, self.kept = task, folder, keep, {}
        self.isSegmentation = task["kind"] == "binarySegmentation"
        normalize = [transforms.ToTensor()] + ([] if self.isSegmentation else [transforms.Normalize(MEAN, DEVIATION)])
        if self.isSegmentation:
            first = [transforms.Resize((size, size))]
        elif part == "training":
            first = [transforms.RandomResizedCrop(size), transforms.RandomHorizontalFlip(), transforms.RandomRotation(7)]
        else:
            first = [transforms.Resize((round(size * 8 / 7),) * 2), transforms.CenterCrop(size)]
        self.varies = part == "training" and not self.isSegmentation
        self.transform = transforms.Compose(first + normalize)
        self.mask = transforms.Compose([transforms.Resize((size, size), transforms.InterpolationMode.NEAREST), transforms.ToTensor()])

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        if self.keep and index in self.kept:
            image, target = self.kept[index]
            return (self.transform(image), target) if self.varies else (image, target)
        row = self.rows[index]
        image = Image.open(self.folder / row["path"]).convert("RGB")
        if self.isSegmentation:
            target = (self.mask(Image.open(self.folder / row["mask"]).convert("L")) > 0.5).float()
        else:
            target = torch.tensor([float(row[name]) for name in self.task["labels"]])
        prepared = self.transform(image)
        if self.keep:
            self.kept[index] = (image, target) if self.varies else (prepared, target)
        return prepared, target


def soft_dice(logits, targets):
    p = torch.sigmoid(logits)
    return 1 - (2 * (p * targets).sum() + 1) / (p.sum() + targets.sum() + 1)


def cell(parts, task, study, seed, tuned, bfloat16, compiled):
    torch.manual_seed(seed)
    if task["kind"] == "binarySegmentation":
        model, criterion = smp.Unet(study["architecture"], encoder_weights=None, classes=1), soft_dice
        rate = 1e-3
    else:
        model, criterion = getattr(torchvision.models, study["architecture"])(num_classes=len(task["labels"])), torch.nn.functional.binary_cross_entropy_with_logits
        rate = 2e-4
    if tuned:
        model = model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), lr=rate, **({"fused": True} if tuned else {}))
    batch = study["batchSize"]
    workers = 0 if tuned else 2
    loader = {
        part: torch.utils.data.DataLoader(parts[part], batch_size=batch, shuffle=part == "training", num_workers=workers)
        for part in ("training", "validation", "test")
    }
    forward = torch.compile(model) if compiled else model

    def answer(x):
        if tuned:
            x = x.contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
            return forward(x).float()

    best, state = float("inf"), None
    for _ in range(study["epochs"]):
        model.train()
        losses = []
        for x, y in loader["training"]:
            optimizer.zero_grad()
            loss = criterion(answer(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.detach() if tuned else loss.item())
        model.eval()
        with torch.inference_mode() if tuned else torch.no_grad():
            sums = [criterion(answer(x), y).item() * len(x) for x, y in loader["validation"]]
        total = sum(sums) / len(parts["validation"])
        if total < best:
            best, state = total, {name: value.clone() for name, value in model.state_dict().items()}
    model.load_state_dict(state)
    model.eval()
    with torch.inference_mode() if tuned else torch.no_grad():
        answers = torch.cat([torch.sigmoid(answer(x)) for x, _ in loader["test"]])
    return best, answers, state


def main():
    folder, variant = pathlib.Path(sys.argv[1]), sys.argv[2]
    torch.set_num_threads(int(sys.argv[3]))
    study = json.loads((folder / "study.json").read_text())
    tuned = variant != "plain"
    output = folder / f"script-{variant}"
    output.mkdir(exist_ok=True)
    for name, task in study["tasks"].items():
        parts = {part: Rows(folder, task, part, study["inputSize"], tuned) for part in ("training", "validation", "test")}
        for seed in study["seeds"]:
            best, answers, state = cell(parts, task, study, seed, tuned, variant in ("tuned-bfloat16", "tuned-compiled"), variant == "tuned-compiled")
            torch.save(state, output / f"{name}-{seed}.pth")
            torch.save(answers, output / f"{name}-{seed}-answers.pt")
            print(f"{name} seed {seed}: validation loss {best:.4f}", flush=True)


if __name__ == "__main__":
    main()
