"""Goldens of what torch.save wrote before PyTorch 1.6: streams and tars.

    Scripts/with-python Tools/goldens/checkpoints_old_torch.py

writes Tests/ContainersTests/Goldens/{legacy,tar}-*.pt and old-torch.json. What torch 2.13.0 can still write, it writes.
What only older versions wrote (Python 2 texts, CUDA storages, views of storages, `_rebuild_tensor`, tars) is written here
byte by byte after torch/serialization.py's own reader, and loaded with that reader before it is kept. Nothing is downloaded.
"""

import collections
import io
import json
import pickle
import struct
import tarfile

import torch

import checkpoints
from checkpoints import OUT, all_types, describe, network, ramp, under

MAGIC = 0x1950A86A20F9469CFC6C
SYSTEM = {"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}
expected = {}


def keep(name, tensors):
    """Notes what a reader should find, once torch itself has found it."""
    expected[name] = {key: describe(tensor) for key, tensor in tensors.items()}


def torch_writes(name, value, tensors, **options):
    torch.save(value, OUT / name, _use_new_zipfile_serialization=False, **options)
    keep(name, tensors)


class Transient(torch.nn.Module):
    """A module with a buffer that its state_dict leaves out, as whole-module files of real projects have."""

    def __init__(self):
        super().__init__()
        self.fc = torch.nn.Linear(2, 2)
        self.register_buffer("kept", ramp(2))
        self.register_buffer("scratch", ramp(3), persistent=False)
        with torch.no_grad():
            for parameter in self.fc.parameters():
                parameter.copy_(ramp(*parameter.shape))


def streams():
    net = network()
    state = net.state_dict()
    torch_writes("legacy-state-dict.pt", state, state)
    torch_writes("legacy-protocol-4.pt", state, state, pickle_protocol=4)
    torch_writes("legacy-all-types.pt", all_types(), {k: v for k, v in all_types().items()})
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    net(ramp(2, 1, 5, 5)).sum().backward()
    optimizer.step()
    state = net.state_dict()
    slots = {f"optimizer.state.{i}.{k}": v for i, s in optimizer.state_dict()["state"].items() for k, v in s.items()}
    training = {"epoch": 3, "arch": "net", "state_dict": under("module.", state), "optimizer": optimizer.state_dict()}
    torch_writes("legacy-training.pt", training, {**under("state_dict.module.", state), **slots})
    base = ramp(4, 6)
    views = {"whole": base, "transposed": base.t(), "steps": base[::2, 1::2], "last": base[3, 5], "nothing": base[4:]}
    torch_writes("legacy-views.pt", views, views)
    module = Transient()
    # A whole module brings the source text of its classes and the file it stood in: a line of our own in their place, so that the golden
    # holds neither a library's text nor a machine's path.
    torch.serialization.get_source_lines_and_file = lambda thing: (["class Module: pass\n"], 1, "module.py")
    torch_writes("legacy-whole-module.pt", {"model": module, "epoch": 1}, under("model.", module.state_dict()))
    torch.save({"weight": ramp(3), "command": checkpoints.Command()}, OUT / "legacy-runs-a-command.pt",
               _use_new_zipfile_serialization=False)


class Named:
    """Pickles as a global of the given name, which need not exist here."""

    def __init__(self, module, name):
        self.module, self.name = module, name


class Persistent:
    def __init__(self, identifier):
        self.identifier = identifier


class Call:
    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments


class OldPickler(pickle._Pickler):
    """Protocol 2 as Python 2 wrote it: texts are byte strings."""

    dispatch = dict(pickle._Pickler.dispatch)

    def persistent_id(self, value):
        return value.identifier if isinstance(value, Persistent) else None

    def save_text(self, value):
        data = value.encode("latin-1")
        self.write(b"U" + bytes([len(data)]) + data if len(data) < 256 else b"T" + struct.pack("<i", len(data)) + data)
        self.memoize(value)

    def save_named(self, value):
        self.write(b"c" + f"{value.module}\n{value.name}\n".encode())
        self.memoize(value)

    def save_call(self, value):
        self.save(value.function)
        self.save(value.arguments)
        self.write(b"R")
        self.memoize(value)

    dispatch[str] = save_text
    dispatch[Named] = save_named
    dispatch[Call] = save_call


def pickled(value):
    buffer = io.BytesIO()
    OldPickler(buffer, 2).dump(value)
    return buffer.getvalue()


def stream_of_python_2(name):
    """Python 2, CUDA, a parameter, `_rebuild_tensor` with four arguments, storages that are parts of others."""
    root = ramp(12)
    counts = torch.arange(4)
    function = Named("torch._utils", "_rebuild_tensor")
    cuda, longs = Named("torch.cuda", "FloatStorage"), Named("torch", "LongStorage")
    whole = Persistent(("storage", cuda, "20", "cuda:0", 12, None))
    part = Persistent(("storage", cuda, "20", "cuda:0", 12, ("21", 4, 6)))
    state = collections.OrderedDict([
        ("module.conv.weight", Call(Named("torch.nn.parameter", "Parameter"), Call(function, whole, 0, (3, 4), (4, 1)))),
        ("module.part", Call(function, part, 1, (2, 2), (3, 1))),
        ("module.count", Call(function, Persistent(("storage", longs, "100", "cpu", 4, None)), 1, (2,), (2,))),
    ])
    pairs = [list(pair) for pair in state.items()]
    value = {"epoch": 7, "arch": "résnet", "state_dict": Call(Named("collections", "OrderedDict"), pairs)}
    keys = sorted(["20", "100"])
    data = {"20": root, "100": counts}
    file = pickle.dumps(MAGIC, 2) + pickle.dumps(1001, 2) + pickled(SYSTEM) + pickled(value) + pickled(keys)
    for key in keys:
        file += struct.pack("<q", data[key].numel()) + data[key].numpy().tobytes()
    (OUT / name).write_bytes(file)

    tensors = {"module.conv.weight": root.reshape(3, 4), "module.part": root[5:].as_strided((2, 2), (3, 1)), "module.count": counts[1::2]}
    # torch reads the texts as UTF-8 unless told otherwise.
    loaded = torch.load(OUT / name, map_location="cpu", weights_only=False, encoding="latin1")["state_dict"]
    for key, tensor in tensors.items():
        assert torch.equal(loaded[key].data, tensor), key
    keep(name, under("state_dict.", tensors))


def tar(name):
    """A tar as PyTorch 0.1.9 wrote it: tensors by address, storages that are parts of others, an old-style class."""
    roots = {140001: ("torch", "FloatStorage", ramp(12)), 140002: ("torch.cuda", "DoubleStorage", ramp(3, dtype=torch.float64))}
    views = [(140003, 140001, 4, 6)]
    # key → (key of the storage, class, sizes, strides, offset)
    tensors = {
        1: (140001, "FloatTensor", (3, 4), (4, 1), 0), 2: (140001, "FloatTensor", (4, 3), (1, 4), 0),
        3: (140003, "FloatTensor", (2, 2), (3, 1), 1), 4: (140002, "DoubleTensor", (3,), (1,), 0),
    }
    storages = pickle.dumps(len(roots), 2)
    for key, (module, kind, data) in roots.items():
        location = "cuda:0" if "cuda" in module else "cpu"
        storages += pickled((key, location, Named(module, kind))) + struct.pack("<q", data.numel()) + data.numpy().tobytes()
    storages += pickle.dumps(views, 2)
    listed = pickle.dumps(len(tensors), 2)
    for key, (storage, kind, sizes, strides, offset) in tensors.items():
        listed += pickled((key, storage, Named("torch", kind))) + struct.pack("<q", len(sizes))
        listed += struct.pack(f"<{2 * len(sizes) + 1}q", *sizes, *strides, offset)
    value = collections.OrderedDict([
        ("conv.weight", Call(Named("torch.nn.parameter", "Parameter"), Persistent(1))), ("conv.transposed", Persistent(2)),
        ("part", Persistent(3)), ("running_mean", Persistent(4)),
    ])
    members = {
        "sys_info": pickled({**SYSTEM, "protocol_version": 1000}),
        "pickle": pickled(Call(Named("collections", "OrderedDict"), [list(pair) for pair in value.items()])),
        "tensors": listed, "storages": storages,
    }
    with tarfile.open(OUT / name, "w:", format=tarfile.GNU_FORMAT) as archive:
        for member, data in members.items():
            info = tarfile.TarInfo(member)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    # Python pads a tar to 10240 bytes; two empty blocks would do.
    data = (OUT / name).read_bytes()
    (OUT / name).write_bytes(data[: (len(data.rstrip(b"\0")) + 511) // 512 * 512 + 1024])

    root = roots[140001][2]
    found = {
        "conv.weight": root.reshape(3, 4), "conv.transposed": root.reshape(3, 4).t(), "part": root[5:].as_strided((2, 2), (3, 1)),
        "running_mean": roots[140002][2],
    }
    loaded = torch.load(OUT / name, map_location="cpu", weights_only=False)
    for key, tensor in found.items():
        assert torch.equal(loaded[key].data, tensor), key
    keep(name, found)


if __name__ == "__main__":
    torch.manual_seed(0)
    streams()
    stream_of_python_2("legacy-python-2.pt")
    tar("tar.pt")
    (OUT / "old-torch.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")
