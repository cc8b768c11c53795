"""Goldens of the checkpoint readers: torch 2.13.0, numpy 2.2.6, safetensors 0.6.2.

    Scripts/with-python Tools/goldens/checkpoints.py

writes Tests/ContainersTests/Goldens/: small files as torch.save and safetensors write them, and expected.json with the
element type, shape and elements of every tensor in them. Nothing is downloaded.
"""

import argparse
import collections
import json
import pathlib
import posix

import numpy
import safetensors.torch
import torch

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/ContainersTests/Goldens"
NAMES = {
    torch.bool: "BOOL", torch.uint8: "U8", torch.int8: "I8", torch.uint16: "U16", torch.int16: "I16", torch.uint32: "U32",
    torch.int32: "I32", torch.uint64: "U64", torch.int64: "I64", torch.float16: "F16", torch.bfloat16: "BF16",
    torch.float32: "F32", torch.float64: "F64",
}
expected = {}


def ramp(*shape, dtype=torch.float32):
    count = int(numpy.prod(shape))
    return (torch.arange(count, dtype=torch.float64) / 4 - 1).reshape(shape).to(dtype)


def describe(tensor):
    values = [float(v) for v in tensor.detach().to(torch.float64).flatten()]
    return {"type": NAMES[tensor.dtype], "shape": list(tensor.shape), "values": values}


def torch_file(name, value, tensors, **options):
    """Saves a value and notes the tensors that a reader should find in it."""
    torch.save(value, OUT / name, **options)
    expected[name] = {key: describe(tensor) for key, tensor in tensors.items()}


class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(1, 2, 3, bias=False)
        self.bn = torch.nn.BatchNorm2d(2)

    def forward(self, x):
        return self.bn(self.conv(x))


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = Block()
        self.register_buffer("scale", ramp(2))
        self.fc = torch.nn.Linear(2, 3)

    def forward(self, x):
        return self.fc(self.stem(x).mean((2, 3))) * self.scale.sum()


def network():
    net = Net()
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.copy_(ramp(*parameter.shape))
    net.stem.bn.num_batches_tracked.fill_(7)
    return net


def under(prefix, tensors):
    return {prefix + name: tensor for name, tensor in tensors.items()}


def all_types():
    floats = {NAMES[t].lower(): ramp(2, 3, dtype=t) for t in (torch.float16, torch.bfloat16, torch.float32, torch.float64)}
    signed = {NAMES[t].lower(): torch.arange(-3, 3).to(t) for t in (torch.int8, torch.int16, torch.int32, torch.int64)}
    unsigned = {NAMES[t].lower(): torch.arange(250, 256).to(t) for t in (torch.uint8, torch.uint16, torch.uint32, torch.uint64)}
    other = {"bool": torch.tensor([True, False, True]), "single": torch.tensor(2.5), "empty": torch.zeros(0, 4)}
    subnormal = {"small": torch.tensor([6e-8, -6e-8, 65504.0, 1e-5], dtype=torch.float16)}
    return {**floats, **signed, **unsigned, **other, **subnormal}


def torch_files():
    net = network()
    state = net.state_dict()
    torch_file("state-dict.pt", state, state)
    torch_file("plain-dictionary.pt", dict(state), state)
    torch_file("protocol-4.pt", state, state, pickle_protocol=4)
    torch_file("parameters.pt", dict(net.named_parameters()), dict(net.named_parameters()))
    torch_file("whole-module.pt", net, {"scale": net.scale, **state})
    torch_file("all-types.pt", all_types(), all_types())

    optimizer = torch.optim.Adam(net.parameters(), lr=2e-4)
    net(ramp(2, 1, 5, 5)).sum().backward()
    optimizer.step()
    state = net.state_dict()
    training = {"epoch": 3, "best": 0.5, "arch": "net", "state_dict": under("module.", state), "optimizer": optimizer.state_dict()}
    moments = {
        f"optimizer.state.{index}.{key}": value
        for index, slots in optimizer.state_dict()["state"].items() for key, value in slots.items()
    }
    torch_file("training.pt", training, {**under("state_dict.module.", state), **moments})

    base = ramp(4, 6)
    views = {
        "whole": base, "transposed": base.t(), "column": base[:, 2], "steps": base[::2, 1::2], "last": base[3, 5],
        "repeated": ramp(3).expand(2, 3), "channels-last": ramp(2, 3, 2, 2).contiguous(memory_format=torch.channels_last),
        "nothing": base[4:],
    }
    torch_file("views.pt", views, views)

    extras = {
        "args": argparse.Namespace(lr=0.1, name="run"), "loss": numpy.float64(0.25), "history": numpy.arange(3.0),
        "sizes": torch.Size([1, 2]), "device": torch.device("cpu"), "dtype": torch.float32, "tags": {"a", "b"},
        "default": collections.defaultdict(list, {"weight": ramp(2)}), "large": 2**80, "model": {"weight": ramp(3)},
    }
    history = torch.arange(3.0, dtype=torch.float64)
    torch_file("extras.pt", extras, {"default.weight": ramp(2), "model.weight": ramp(3), "history": history})

    torch.serialization.set_crc32_options(False)
    torch_file("no-checksums.pt", {"weight": ramp(5)}, {"weight": ramp(5)})
    torch.serialization.set_crc32_options(True)


def script_files():
    """TorchScript: arrays under their attributes' names, which for a module are those of its state_dict."""
    net = network().eval()
    state = net.state_dict()
    for name, module in (("script.pt", torch.jit.script(net)), ("trace.pt", torch.jit.trace(net, ramp(2, 1, 5, 5)))):
        torch.jit.save(module, OUT / name)
        expected[name] = {key: describe(tensor) for key, tensor in state.items()}


class Command:
    """Runs a shell command when Python unpickles it."""

    def __reduce__(self):
        return (posix.system, ("touch medtransfer-was-here",))


def refused_files():
    torch.save({"weight": ramp(3), "command": Command()}, OUT / "runs-a-command.pt")
    numpy.savez(OUT / "arrays.npz", weight=numpy.arange(3.0))


def safetensors_files():
    state = network().state_dict()
    safetensors.torch.save_file(state, OUT / "state-dict.safetensors", metadata={"format": "pt", "note": "naïve “quotes” \\ \t 🫀"})
    expected["state-dict.safetensors"] = {key: describe(tensor) for key, tensor in state.items()}
    safetensors.torch.save_file(all_types(), OUT / "all-types.safetensors")
    expected["all-types.safetensors"] = {key: describe(tensor) for key, tensor in all_types().items()}


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    torch_files()
    script_files()
    refused_files()
    safetensors_files()
    (OUT / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")
