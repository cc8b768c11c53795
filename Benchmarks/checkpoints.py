"""Opens full ResNet-50 checkpoints with MedTransfer and with torch.load, side by side, and checks the features they give.

    make benchmark-checkpoints

Files: what torch.save writes now (zip), before 1.6 (stream) and before 0.1.10 (tar, which torch only reads), and the zip and
the stream of an encoder that lies beside a memory bank of 1281167 x 128 float32 (656 MB), of which MedTransfer takes the encoder
and torch.load, which cannot choose, everything. Both sides end with tensors of libtorch. Files are in the page cache. The
sides take turns; medians are compared. Memory is the growth of the peak of a process of its own.

Then each of these and a BYOL pickle gives 2048 pooled features of a fixed input through `medtransfer features`, which must equal
torchvision's to 1e-5. Weights are drawn by torchvision with a fixed seed, running statistics besides.
"""

import collections
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import types

sys.modules["torchvision._meta_registrations"] = types.ModuleType("torchvision._meta_registrations")
HERE = pathlib.Path(__file__).resolve().parent
ROUNDS = 7

# The other side, in a process of its own: `torch.load` of a path, with the seconds and the peak memory before and after.
LOADER = """
import json, sys, time, torch
def peak():
    return next(int(l.split()[1]) * 1024 for l in open("/proc/self/status") if l.startswith("VmHWM"))
for line in sys.stdin:
    before, start = peak(), time.perf_counter()
    value = torch.load(line.strip(), map_location="cpu", weights_only=False)
    print(json.dumps({"seconds": time.perf_counter() - start, "before": before, "peak": peak()}), flush=True)
    del value
"""


def network():
    import torch
    import torchvision

    torch.manual_seed(0)
    net = torchvision.models.resnet50()
    generator = torch.Generator().manual_seed(1)
    for name, buffer in net.named_buffers():
        if name.endswith("running_mean"):
            buffer.copy_(0.1 * torch.randn(buffer.shape, generator=generator))
        if name.endswith("running_var"):
            buffer.copy_(0.5 + torch.rand(buffer.shape, generator=generator))
    return net.eval()


def write(folder, net):
    """name -> (path, prefix of the arrays that are wanted, catalog entry)"""
    import torch

    state = net.state_dict()
    encoder = collections.OrderedDict((k, v) for k, v in state.items() if not k.startswith("fc."))
    bank = {
        "model": collections.OrderedDict(("module.encoder." + k, v) for k, v in encoder.items()),
        "contrast": {"memory": torch.zeros(1281167, 128).normal_()}, "epoch": 200,
    }
    files = {}
    for kind, legacy in (("zip", False), ("stream", True)):
        files[kind] = folder / f"plain-{kind}.pth", "-", "imagenet"
        torch.save(state, files[kind][0], _use_new_zipfile_serialization=not legacy)
        files[f"{kind}, with a 656 MB bank"] = folder / f"bank-{kind}.pth", "model.module.encoder.", "insdis"
        torch.save(bank, files[f"{kind}, with a 656 MB bank"][0], _use_new_zipfile_serialization=not legacy)

    # The writers of the fixtures, at full size.
    sys.path.insert(0, str(HERE.parent / "Tools/goldens"))
    import layouts

    arrays = {k: v.numpy() for k, v in state.items()}
    units = [
        (k.removesuffix(".weight"), k.removesuffix(".weight").replace("conv", "bn").replace("downsample.0", "downsample.1"), v.shape)
        for k, v in arrays.items() if v.ndim == 4
    ]
    layouts.OUT, layouts.network, layouts.units = folder, lambda: arrays, lambda: units
    layouts.tar("tar.pth", {k: v for k, v in arrays.items() if not k.endswith("num_batches_tracked")}, [], [])
    layouts.byol_file()
    files["tar"] = folder / "tar.pth", "-", "imagenet-tar"
    files["BYOL pickle"] = folder / "byol.pkl", None, "byol"
    return files


def talk(command):
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def ask(process, line):
    process.stdin.write(line + "\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def once(command, line):
    process = talk(command)
    answer = ask(process, line)
    process.stdin.close()
    process.wait()
    return answer["peak"] - answer["before"]


def measure(ours, theirs, path, prefix):
    sides = {"ours": (ours, f"{prefix} {path}"), "theirs": (theirs, str(path))}
    processes = {side: talk(command) for side, (command, _) in sides.items()}
    seconds, first = {side: [] for side in sides}, {side: [] for side in sides}
    for round in range(ROUNDS + 1):
        for side, (_, line) in sides.items():
            answer = ask(processes[side], line)
            # The first of a process finds cold memory and libraries: it is told apart.
            (seconds if round else first)[side].append(answer["seconds"])
    for process in processes.values():
        process.stdin.close()
        process.wait()
    memory = {side: once(command, line) for side, (command, line) in sides.items()}
    return {side: (statistics.median(seconds[side]), memory[side], first[side][0]) for side in sides}


def features(binary, folder, net, files):
    """The largest difference from torchvision's pooled features, by file."""
    import safetensors.torch
    import torch

    x = torch.randn(2, 3, 224, 224, generator=torch.Generator().manual_seed(2))
    safetensors.torch.save_file({"input": x}, folder / "input.safetensors")
    net.fc = torch.nn.Identity()
    with torch.no_grad():
        wanted = net(x)
    found = {}
    for name, (path, _, entry) in files.items():
        subprocess.run(
            [binary, "features", "--weights", path, "--as", entry, "--tensors", folder / "input.safetensors", "--output",
             folder / "features.safetensors", "--force"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        got = safetensors.torch.load_file(folder / "features.safetensors")["features"]
        assert got.shape == (2, 2048)
        found[name] = (got - wanted).abs().max().item()
    return found


def main():
    ours, binary = [sys.argv[1]], sys.argv[2]
    theirs = [sys.executable, "-c", LOADER]
    cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "unknown")
    good, results = True, {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        net = network()
        print("writing files of full size", file=sys.stderr, flush=True)
        files = write(folder, net)
        print(f"Opening a ResNet-50 checkpoint; {cpu}, medians of {ROUNDS} turns, files in the page cache")
        print(f"{'file':28}{'torch.load ms':>15}{'ours ms':>10}{'ratio':>8}{'torch.load MB':>15}{'ours MB':>9}{'ratio':>8}{'first ms':>16}  wanted")
        for kind, (path, prefix, _) in files.items():
            if prefix is None:
                continue
            r = results[kind] = measure(ours, theirs, path, prefix)
            time, memory = r["ours"][0] / r["theirs"][0], r["ours"][1] / r["theirs"][1]
            limit = 0.2 if "bank" in kind else 1
            fits = time <= limit and (limit == 1 or memory <= limit)
            good &= fits
            print(
                f"{kind:28}{r['theirs'][0] * 1e3:15.1f}{r['ours'][0] * 1e3:10.1f}{time:8.3f}{r['theirs'][1] / 1e6:15.0f}"
                f"{r['ours'][1] / 1e6:9.0f}{memory:8.3f}{r['theirs'][2] * 1e3:8.0f} /{r['ours'][2] * 1e3:6.0f}  at most {limit} {'' if fits else '<- NOT REACHED'}", flush=True)
        differences = features(binary, folder, net, files)
    print("\nLargest difference of 2048 pooled features of two images at 224 px from torchvision's (wanted: at most 1e-5)")
    for kind, difference in differences.items():
        good &= difference <= 1e-5
        print(f"{kind:28}{difference:15.2e}")
    with open(HERE / "checkpoints-result.json", "w") as file:
        json.dump({"cpu": cpu, "secondsAndBytes": results, "featureDifferences": differences}, file, indent=1)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
