"""Goldens of plain pickles: NumPy 2.2.6 arrays in protocols 2 to 5, and BYOL's published layout.

    Scripts/with-python Tools/goldens/checkpoints_pickles.py

writes Tests/ContainersTests/Goldens/{numpy,byol}-*.pkl and pickles.json. BYOL's file was written by dill from classes of a
script and of haiku; modules that stand in for them give the pickle the published names. Nothing is downloaded.
"""

import collections
import json
import pickle
import struct
import sys
import types

import numpy

from checkpoints import OUT, Command

NAMES = {
    "bool": "BOOL", "uint8": "U8", "int8": "I8", "uint16": "U16", "int16": "I16", "uint32": "U32", "int32": "I32", "uint64": "U64",
    "int64": "I64", "float16": "F16", "float32": "F32", "float64": "F64",
}
expected = {}


def ramp(*shape, dtype="float32"):
    return (numpy.arange(int(numpy.prod(shape))) / 4 - 1).reshape(shape).astype(dtype)


def describe(array):
    return {"type": NAMES[array.dtype.name], "shape": list(array.shape), "values": [float(v) for v in array.flatten()]}


def flat(value, path=()):
    """The arrays of nested dictionaries, lists and named tuples by their keys joined with dots."""
    if isinstance(value, numpy.ndarray):
        return {".".join(path): value} if value.dtype.name in NAMES else {}
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, collections.abc.Mapping):
        items = value.items()
    elif isinstance(value, (list, tuple)):
        items = enumerate(value)
    else:
        return {}
    return {name: array for key, part in items for name, array in flat(part, (*path, str(key))).items()}


def keep(name, data, value):
    (OUT / name).write_bytes(data)
    expected[name] = {key: describe(array) for key, array in flat(value).items()}


class Python2Pickler(pickle._Pickler):
    """Bytes and texts as byte strings, as Python 2 wrote arrays and keys."""

    dispatch = dict(pickle._Pickler.dispatch)

    def save_byte_string(self, value):
        data = value.encode("latin-1") if isinstance(value, str) else value
        self.write(b"U" + bytes([len(data)]) + data if len(data) < 256 else b"T" + struct.pack("<i", len(data)) + data)
        self.memoize(value)

    dispatch[str] = save_byte_string
    dispatch[bytes] = save_byte_string


class RawBytesPickler(pickle._Pickler):
    """Protocol 2 with protocol 3's bytes: the other form in which BYOL's arrays may be stored."""

    dispatch = dict(pickle._Pickler.dispatch)

    def save_raw_bytes(self, value):
        self.write((b"C" + bytes([len(value)]) if len(value) < 256 else b"B" + struct.pack("<I", len(value))) + value)
        self.memoize(value)

    dispatch[bytes] = save_raw_bytes


class Buffer:
    def __init__(self):
        self.data = b""

    def write(self, data):
        self.data += bytes(data)


def dumped(pickler, value):
    """The pickle, with NumPy's names of before version 2."""
    buffer = Buffer()
    pickler(buffer, 2).dump(value)
    return buffer.data.replace(b"numpy._core.", b"numpy.core.")


def numpy_files():
    types_ = {name: ramp(2, 3, dtype=name) for name in NAMES if name.startswith("float")}
    types_ |= {name: numpy.arange(1, 7).reshape(3, 2).astype(name) for name in NAMES if "int" in name}
    value = {
        "types": types_, "bool": numpy.array([True, False, True]), "single": numpy.array(2.5), "empty": numpy.zeros((0, 4), "float32"),
        "fortran": numpy.asfortranarray(ramp(2, 3, 4)), "transposed": ramp(3, 2).T, "strided": ramp(4, 6)[::2, 1::2],
        "big_endian": ramp(5).astype(">f4"), "big_endian_fortran": numpy.asfortranarray(ramp(2, 3)).astype(">f8"),
        # More than a name is long, so that it is stepped over; all byte values occur.
        "long": numpy.arange(2000, dtype="uint8").reshape(40, 50), "layers": [{"w": ramp(2, 2)}, {"w": ramp(3)}],
        # What holds no weights must not stand in the way.
        "loss": numpy.float64(0.25), "step": numpy.int64(7), "flag": numpy.bool_(True), "half": numpy.float16(0.5),
        "objects": numpy.array([None, "text"], dtype=object), "texts": numpy.array(["a", "bc"]), "complex": numpy.complex128(1j),
        "records": numpy.zeros(2, dtype=[("a", "f4"), ("b", "i4")]), "dtype": numpy.dtype("float32"), "bytes": b"raw", "large": 2**80,
    }
    for protocol in (2, 3, 4, 5):
        keep(f"numpy-protocol-{protocol}.pkl", pickle.dumps(value, protocol), value)
    old = {"weight": ramp(20, 30), "bias": ramp(3), "names": ["é", "b"]}
    keep("numpy-python-2.pkl", dumped(Python2Pickler, old), old)
    (OUT / "pickle-runs-a-command.pkl").write_bytes(pickle.dumps({"weight": ramp(3), "command": Command()}, 2))


def byol_files():
    """The layout of `pretrain_res50x1.pkl`, two blocks and tiny widths."""
    haiku, dill = types.ModuleType("haiku._src.data_structures"), types.ModuleType("dill._dill")

    class FlatMapping(dict):
        def __reduce__(self):
            return FlatMapping, (dict(self),)

    class frozendict(dict):
        def __reduce__(self):
            return frozendict, (dict(self),)

    for kind in (FlatMapping, frozendict):
        kind.__module__, kind.__qualname__ = haiku.__name__, kind.__name__
        setattr(haiku, kind.__name__, kind)

    def _create_namedtuple(name, fields, module, defaults=None):
        return collections.namedtuple(name, fields, module=module)

    _create_namedtuple.__module__, _create_namedtuple.__qualname__ = dill.__name__, "_create_namedtuple"
    dill._create_namedtuple = _create_namedtuple
    parents = {name: types.ModuleType(name) for name in ("haiku", "haiku._src", "dill")}
    sys.modules |= {haiku.__name__: haiku, dill.__name__: dill, **parents}

    fields = ("online_params", "target_params", "online_state", "target_state", "opt_state")

    def network(mapping, seed):
        def conv(*shape):
            return mapping({"w": ramp(*shape) + seed})

        def norm(width):
            return mapping({"offset": ramp(1, 1, 1, width) - seed, "scale": ramp(1, 1, 1, width) + 2 * seed})

        block = "res_net50/~/block_group_0/~/block_0/~/"
        params = {
            block + "batchnorm_0": norm(2), block + "conv_0": conv(1, 1, 3, 2), block + "shortcut_conv": conv(1, 1, 3, 4),
            "res_net50/~/initial_batchnorm": norm(3), "res_net50/~/initial_conv": conv(7, 7, 3, 3),
            "classifier": mapping({"b": ramp(5), "w": ramp(4, 5)}),
        }
        average = {"average": ramp(1, 1, 1, 3) + seed, "counter": numpy.array(9, "int32"), "hidden": ramp(1, 1, 1, 3)}
        state = {f"res_net50/~/initial_batchnorm/~/{name}": mapping(average) for name in ("mean_ema", "var_ema")}
        return mapping(params), mapping(state)

    def checkpoint(mapping, state_class):
        online, online_state = network(mapping, 0)
        target, target_state = network(mapping, 1)
        state = state_class(online, target, online_state, target_state, (numpy.array(3, "int32"), {"mu": online}))
        return {"experiment_state": state, "step": numpy.array(300000, "int32"), "rng": numpy.array([0, 42], "uint32")}

    # A class by name, as `__main__ BYOLState`.
    script = sys.modules["__main__"]
    by_name = collections.namedtuple("BYOLState", fields, module="__main__")
    script.BYOLState = by_name
    for name, pickler, mapping in (("latin1", pickle._Pickler, haiku.frozendict), ("bytes", RawBytesPickler, haiku.FlatMapping)):
        value = checkpoint(mapping, by_name)
        keep(f"byol-{name}.pkl", dumped(pickler, value), value)

    # A class by its fields, as dill stores it.
    class DillPickler(pickle._Pickler):
        def save_global(self, value, name=None):
            if value is by_name:
                return self.save_reduce(_create_namedtuple, ("BYOLState", fields, "__main__"), obj=value)
            return super().save_global(value, name)

        dispatch = dict(pickle._Pickler.dispatch)
        dispatch[type] = lambda self, value: self.save_global(value)

    value = checkpoint(haiku.FlatMapping, by_name)
    data = dumped(DillPickler, value)
    assert b"_create_namedtuple" in data
    keep("byol-dill.pkl", data, value)
    for name in ("latin1", "bytes", "dill"):
        loaded = pickle.loads((OUT / f"byol-{name}.pkl").read_bytes())
        assert {k: v.tolist() for k, v in flat(loaded).items()} == {k: v.tolist() for k, v in flat(value).items()}, name


if __name__ == "__main__":
    numpy_files()
    byol_files()
    (OUT / "pickles.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")
