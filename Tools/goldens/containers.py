"""Goldens of the readers of .npy, .npz, sharded safetensors and HDF5: numpy 2.2.6, safetensors 0.6.2, h5py 3.16.0.

    Scripts/with-python Tools/goldens/containers.py

writes files into Tests/ContainersTests/Goldens/ as those libraries write them, and containers.json with the element type,
shape and SHA-256 of the little-endian bytes of every array in them. The names in keras-resnet50.h5 are those that Keras 2
gives keras.applications.ResNet50, its widths are not. Nothing is downloaded.
"""

import hashlib
import io
import json
import pathlib
import shutil

import h5py
import numpy
import safetensors.numpy

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/ContainersTests/Goldens"
NAMES = {
    "bool": "BOOL", "uint8": "U8", "int8": "I8", "uint16": "U16", "int16": "I16", "uint32": "U32", "int32": "I32",
    "uint64": "U64", "int64": "I64", "float16": "F16", "float32": "F32", "float64": "F64", "complex64": "C64",
}
expected = {}


def describe(array):
    array = numpy.asarray(array)
    little = array.astype(array.dtype.newbyteorder("<"), order="C")
    return {
        "type": NAMES[array.dtype.name], "shape": list(array.shape), "sha256": hashlib.sha256(little.tobytes()).hexdigest(),
    }


def ramp(dtype, *shape):
    count = int(numpy.prod(shape))
    return (numpy.arange(count) % 2 if dtype == "bool" else numpy.arange(count) - (0 if dtype.startswith("u") else 3)).reshape(
        shape).astype(dtype)


def numpy_files():
    arrays = {name.lower(): ramp(name, 2, 3) for name in NAMES}
    arrays |= {
        "fortran": numpy.asfortranarray(ramp("float32", 3, 4, 5)), "big-endian": ramp("float32", 2, 3).astype(">f4"),
        "big-complex": ramp("complex64", 4).astype(">c8"), "fortran-big": numpy.asfortranarray(ramp("int16", 2, 3)).astype(">i2"),
        "scalar": numpy.float64(2.5), "empty": numpy.zeros((0, 4), numpy.float32), "layer/kernel": ramp("float32", 1, 2, 1),
    }
    numpy.savez(OUT / "stored.npz", **arrays, text=numpy.array(["not", "numbers"]))
    expected["stored.npz"] = {name: describe(array) for name, array in arrays.items()}
    # Long enough that its bytes go through a temporary file, and hardly compressible.
    arrays["long"] = numpy.random.default_rng(3).integers(0, 4, 90_000).astype("float32")
    numpy.savez_compressed(OUT / "deflated.npz", **arrays)
    expected["deflated.npz"] = {name: describe(array) for name, array in arrays.items()}
    for version in [(1, 0), (2, 0), (3, 0)]:
        file = io.BytesIO()
        array = numpy.asfortranarray(ramp("float64", 2, 5)) if version == (2, 0) else ramp("float64", 2, 5)
        numpy.lib.format.write_array(file, array, version=version)
        name = f"version-{version[0]}.npy"
        (OUT / name).write_bytes(file.getvalue())
        expected[name] = {"array": describe(array)}
    numpy.save(OUT / "objects.npy", numpy.array([{"a": 1}, print], dtype=object), allow_pickle=True)


def sharded_safetensors():
    folder = OUT / "bundle-shards"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    arrays = {f"layer{index}.weight": ramp("float32", 2, index + 1) for index in range(5)}
    shards = {"model-00001-of-00002.safetensors": list(arrays)[:3], "model-00002-of-00002.safetensors": list(arrays)[3:]}
    for shard, names in shards.items():
        safetensors.numpy.save_file({name: arrays[name] for name in names}, folder / shard, metadata={"format": "pt"})
    index = {
        "metadata": {"total_size": sum(array.nbytes for array in arrays.values()), "notes": [1.5, None, {"deep": "yes"}]},
        "weight_map": {name: shard for shard, names in shards.items() for name in names},
    }
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n")
    expected["bundle-shards/model.safetensors.index.json"] = {name: describe(array) for name, array in arrays.items()}


def collect(path):
    """What h5py reads back: the golden is what is in the file."""
    found = {}

    def visit(name, item):
        if isinstance(item, h5py.Dataset) and item.dtype.name in NAMES:
            found[name.replace("/", ".")] = describe(item[()])

    with h5py.File(path) as file:
        file.visititems(visit)
    expected[path.name] = found


def keras_layers(width):
    """The layers of keras.applications.ResNet50 that have weights: (name, kernel's shape or the channels of a batch norm)."""
    layers = [("conv1_conv", (7, 7, 3, width)), ("conv1_bn", width)]
    inputs = width
    for stack, depth in zip(range(2, 6), [3, 4, 6, 3]):
        inner = width << (stack - 2)
        for block in range(1, depth + 1):
            convolutions = [(1, (1, 1, inputs, inner)), (2, (3, 3, inner, inner)), (3, (1, 1, inner, 4 * inner))]
            if block == 1:
                convolutions.append((0, (1, 1, inputs, 4 * inner)))
            for index, shape in convolutions:
                name = f"conv{stack}_block{block}_{index}"
                layers += [(f"{name}_conv", shape), (f"{name}_bn", shape[-1])]
            inputs = 4 * inner
    return layers


def weights(layer, shape, generator):
    if isinstance(shape, tuple):
        scale = numpy.sqrt(2 / numpy.prod(shape[:3]))
        parts = {"kernel": generator.normal(size=shape) * scale, "bias": generator.normal(size=shape[-1]) / 16}
    else:
        parts = {
            "gamma": generator.uniform(0.5, 1.5, shape), "beta": generator.normal(size=shape) / 8,
            "moving_mean": generator.normal(size=shape) / 8, "moving_variance": generator.uniform(0.5, 1.5, shape),
        }
    return {f"{layer}/{part}:0": values.astype("float32") for part, values in parts.items()}


def write_layers(group, layers, generator, **options):
    """As Keras 2's save_weights_to_hdf5_group does."""
    group.attrs["layer_names"] = [name.encode() for name, _ in layers]
    group.attrs["backend"] = b"tensorflow"
    group.attrs["keras_version"] = b"2.4.0"
    for name, shape in layers:
        layer = group.create_group(name)
        parts = weights(name, shape, generator)
        layer.attrs["weight_names"] = [part.encode() for part in parts]
        for part, values in parts.items():
            layer.create_dataset(part, data=values, **options)


def hdf5_files():
    generator = numpy.random.default_rng(5)
    with h5py.File(OUT / "keras-resnet50.h5", "w") as file:
        write_layers(file, keras_layers(width=2), generator)
    collect(OUT / "keras-resnet50.h5")

    # A whole model, compressed as h5repack does, beside its optimizer.
    with h5py.File(OUT / "keras-model.h5", "w") as file:
        file.attrs["model_config"] = json.dumps({"class_name": "Functional"})
        compressed = {"chunks": True, "compression": "gzip", "shuffle": True, "fletcher32": True}
        write_layers(file.create_group("model_weights"), keras_layers(width=4)[:4], generator, **compressed)
        file.create_dataset("optimizer_weights/Adam/iter:0", data=numpy.int64(7))
    collect(OUT / "keras-model.h5")

    with h5py.File(OUT / "types.h5", "w") as file:
        for name in NAMES:
            if name != "complex64":
                file.create_dataset(name.lower(), data=ramp(name, 2, 3))
        file.create_dataset("big/contiguous", data=ramp("float32", 2, 3).astype(">f4"))
        file.create_dataset("big/chunked", data=ramp("int16", 4, 6).astype(">i2"), chunks=(2, 4))
        file.create_dataset("chunked", data=ramp("float32", 5, 7), chunks=(2, 3), compression="gzip")
        file.create_dataset("resizable", data=ramp("float32", 5, 7), maxshape=(None, 7))
        file.create_dataset("scalar", data=numpy.float64(2.5))
        file.create_dataset("empty", data=numpy.zeros((0, 4), "float32"))
        file.create_dataset("unwritten", shape=(3, 2), dtype="float32", fillvalue=1.25)
        compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        compact.set_layout(h5py.h5d.COMPACT)
        compact.set_obj_track_times(False)
        space = h5py.h5s.create_simple((4,))
        h5py.h5d.create(file.id, b"compact", h5py.h5t.IEEE_F32LE, space, dcpl=compact).write(
            h5py.h5s.ALL, h5py.h5s.ALL, ramp("float32", 4))
        file.create_dataset("text", data="not an array")
        file.create_dataset("record", data=numpy.zeros(2, dtype=[("a", "f4"), ("b", "i4")]))
    collect(OUT / "types.h5")

    # A dataset with two names, a group in itself, and names that lead nowhere.
    with h5py.File(OUT / "linked.h5", "w") as file:
        file["group/weights"] = ramp("float32", 3)
        file["again"] = file["group/weights"]
        file["group/itself"] = file["group"]
        file["soft"] = h5py.SoftLink("/group/weights")
        file["nothing"] = h5py.SoftLink("/nowhere")
    expected["linked.h5"] = {name: describe(ramp("float32", 3)) for name in ("again", "group.weights")}


def refused_hdf5_files():
    with h5py.File(OUT / "external-link.h5", "w") as file:
        file["weights"] = ramp("float32", 3)
        file["elsewhere"] = h5py.ExternalLink("/etc/passwd", "/")
    with h5py.File(OUT / "external-storage.h5", "w") as file:
        file.create_dataset("weights", shape=(16,), dtype="uint8", external=[("/etc/passwd", 0, 16)])
    with h5py.File(OUT / "virtual.h5", "w") as file:
        layout = h5py.VirtualLayout(shape=(3,), dtype="float32")
        layout[:] = h5py.VirtualSource("/etc/passwd", "x", shape=(3,))
        file.create_virtual_dataset("weights", layout)
    with h5py.File(OUT / "claims-much.h5", "w") as file:
        file.create_dataset("weights", shape=(1 << 40,), dtype="float32", chunks=(1 << 16,), compression="gzip")
    with h5py.File(OUT / "lzf-filter.h5", "w") as file:
        file.create_dataset("weights", data=ramp("float32", 64), chunks=(64,), compression="lzf")


if __name__ == "__main__":
    numpy_files()
    sharded_safetensors()
    hdf5_files()
    refused_hdf5_files()
    (OUT / "containers.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")
