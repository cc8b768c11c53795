"""Self-supervised training steps of lightly in Python PyTorch: the side that `make benchmark-pretraining` measures MedTransfer against.

Speaks a line protocol so that one driver can alternate between processes: reads “method network side batch what count”, answers with the seconds of each turn, of the
clock and of the processor. What is asked for: `step` (a step of the optimizer on given views), `views` (the views of 128 images from files, in this process, as a loader's
worker makes them). Losses, heads, momentum updates and transforms are lightly's; optimizers are its examples' (gradient descent with momentum).
"""

import copy
import glob
import json
import os
import sys
import time
import types

sys.modules["torchvision._meta_registrations"] = types.ModuleType("torchvision._meta_registrations")

import torch
import torchvision
from lightly.loss import BarlowTwinsLoss, NegativeCosineSimilarity, NTXentLoss, SwaVLoss
from lightly.models.modules import (
    BarlowTwinsProjectionHead,
    BYOLPredictionHead,
    BYOLProjectionHead,
    MoCoProjectionHead,
    SimCLRProjectionHead,
    SwaVProjectionHead,
    SwaVPrototypes,
)
from lightly.models.utils import deactivate_requires_grad, update_momentum
from lightly.transforms import BYOLTransform, BYOLView1Transform, BYOLView2Transform, MoCoV2Transform, SimCLRTransform, SwaVTransform
from PIL import Image


def backbone(network):
    model = getattr(torchvision.models, network)()
    width = model.fc.in_features
    model.fc = torch.nn.Identity()
    return model.train(), width


def small(side):
    return max(round(side * 96 / 224), 1)


def descent(*modules):
    parameters = [p for m in modules for p in m.parameters() if p.requires_grad]
    return torch.optim.SGD(parameters, lr=0.06, momentum=0.9, weight_decay=1e-4)


def make_step(method, network, side, batch):
    torch.manual_seed(0)
    f, width = backbone(network)
    x = [torch.randn(batch, 3, side, side) for _ in range(2)]
    if method == "simclr-v1":
        g, criterion = SimCLRProjectionHead(width, width, 128), NTXentLoss(temperature=0.1)
        optimizer = descent(f, g)
        loss = lambda: criterion(g(f(x[0])), g(f(x[1])))
    elif method == "moco-v2":
        g = MoCoProjectionHead(width, width, 128)
        fm, gm = copy.deepcopy(f), copy.deepcopy(g)
        deactivate_requires_grad(fm)
        deactivate_requires_grad(gm)
        criterion = NTXentLoss(temperature=0.2, memory_bank_size=(4096, 128))
        optimizer = descent(f, g)

        def loss():
            update_momentum(f, fm, m=0.99)
            update_momentum(g, gm, m=0.99)
            return criterion(g(f(x[0])), gm(fm(x[1])).detach())
    elif method == "byol":
        g, q = BYOLProjectionHead(width, 2 * width, 256), BYOLPredictionHead(256, 2 * width, 256)
        fm, gm = copy.deepcopy(f), copy.deepcopy(g)
        deactivate_requires_grad(fm)
        deactivate_requires_grad(gm)
        criterion = NegativeCosineSimilarity()
        optimizer = descent(f, g, q)

        def loss():
            update_momentum(f, fm, m=0.99)
            update_momentum(g, gm, m=0.99)
            p = [q(g(f(v))) for v in x]
            z = [gm(fm(v)).detach() for v in x]
            return 0.5 * (criterion(p[0], z[1]) + criterion(p[1], z[0]))
    elif method == "barlow-twins":
        g, criterion = BarlowTwinsProjectionHead(width, 2048, 2048), BarlowTwinsLoss()
        optimizer = descent(f, g)
        loss = lambda: criterion(g(f(x[0])), g(f(x[1])))
    elif method == "swav":
        g, c, criterion = SwaVProjectionHead(width, width, 128), SwaVPrototypes(128, 512), SwaVLoss()
        x = x + [torch.randn(batch, 3, small(side), small(side)) for _ in range(6)]
        optimizer = descent(f, g, c)

        def loss():
            c.normalize()
            scores = [c(torch.nn.functional.normalize(g(f(v)), dim=1)) for v in x]
            return criterion(scores[:2], scores[2:])
    else:
        raise SystemExit(f"lightly's side knows no {method}.")

    def step():
        value = loss()
        value.backward()
        optimizer.step()
        optimizer.zero_grad()
        return value.item()

    return step


def make_views(method, side, folder):
    transform = {
        "moco-v2": lambda: MoCoV2Transform(input_size=side),
        "simclr-v1": lambda: SimCLRTransform(input_size=side),
        "byol": lambda: BYOLTransform(view_1_transform=BYOLView1Transform(input_size=side), view_2_transform=BYOLView2Transform(input_size=side)),
        "barlow-twins": lambda: BYOLTransform(view_1_transform=BYOLView1Transform(input_size=side), view_2_transform=BYOLView2Transform(input_size=side)),
        "swav": lambda: SwaVTransform(crop_sizes=(side, small(side))),
    }[method]()
    files = sorted(glob.glob(os.path.join(folder, "**", "*.png"), recursive=True))[:128]

    def turn():
        views = [transform(Image.open(file).convert("RGB")) for file in files]
        # Collated, as a batch is.
        return [torch.stack([v[k] for v in views]) for k in range(len(views[0]))]

    return turn


def main():
    threads, folder = int(sys.argv[1]), sys.argv[2]
    torch.set_num_threads(threads)
    print(json.dumps({"ready": torch.__version__}), flush=True)
    name, turn = None, None
    for line in sys.stdin:
        method, network, side, batch, what, count = line.split()
        if name != (method, network, side, batch, what):
            turn = None
            kind = "findings" if what.endswith("gray") else "objects"
            turn = (
                make_step(method, network, int(side), int(batch)) if what == "step"
                else make_views(method, int(side), os.path.join(folder, f"{kind}-{side}"))
            )
            name = (method, network, side, batch, what)
        seconds, cpu = [], []
        for _ in range(int(count)):
            start, before = time.perf_counter(), time.process_time()
            turn()
            seconds.append(time.perf_counter() - start)
            cpu.append(time.process_time() - before)
        print(json.dumps({"seconds": seconds, "cpu": cpu}), flush=True)


if __name__ == "__main__":
    main()
