"""A ResNet-50 training step in Python PyTorch: the side that `medtransfer benchmark-step` is measured against.

Speaks a line protocol so that one driver can alternate between processes: reads the name of a setting and a number of
steps, answers with the seconds of each step as JSON. Settings: eager-float32, eager-bfloat16-channels-last,
compiled-bfloat16-channels-last.
"""

import json
import sys
import time
import types

sys.modules["torchvision._meta_registrations"] = types.ModuleType("torchvision._meta_registrations")

import torch
import torchvision

BATCH, SIDE, CLASSES = 16, 224, 14


def make_step(setting):
    torch.manual_seed(0)
    model = torchvision.models.resnet50(num_classes=CLASSES).train()
    images = torch.rand(BATCH, 3, SIDE, SIDE)
    targets = torch.randint(0, 2, (BATCH, CLASSES)).float()
    bfloat16 = "bfloat16" in setting
    if "channels-last" in setting:
        model = model.to(memory_format=torch.channels_last)
        images = images.contiguous(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-4, fused=True)
    forward = torch.compile(model) if setting.startswith("compiled") else model

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
            logits = forward(images)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits.float(), targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def main():
    threads = int(sys.argv[1])
    torch.set_num_threads(threads)
    steps = {}
    for line in sys.stdin:
        setting, count = line.split()
        if setting not in steps:
            steps.clear()
            steps[setting] = make_step(setting)
        seconds = []
        for _ in range(int(count)):
            start = time.perf_counter()
            steps[setting]()
            seconds.append(time.perf_counter() - start)
        print(json.dumps({"setting": setting, "seconds": seconds, "torch": torch.__version__}), flush=True)


if __name__ == "__main__":
    main()
