"""Goldens of the tensor bundle reader: tensorflow-cpu 2.21.0 (numpy 2.4.6, ml-dtypes 0.6.0).

    python3 -m pip install --target <packages> tensorflow-cpu==2.21.0     (not in Scripts/setup-python: it is 1.5 GB)
    PYTHONPATH=<packages> python3 Tools/goldens/tensor_bundles.py

writes Tests/ContainersTests/Goldens/bundle-*: bundles as TensorFlow's own SaveV2 and MergeV2Checkpoints write them, and
bundles.json with the element type, shape and SHA-256 of the little-endian bytes of every tensor, as load_checkpoint reads
them back. Nothing is downloaded.
"""

import hashlib
import json
import os
import pathlib
import shutil

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy
import tensorflow as tf

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/ContainersTests/Goldens"
NAMES = {
    "bool": "BOOL", "uint8": "U8", "int8": "I8", "uint16": "U16", "int16": "I16", "uint32": "U32", "int32": "I32",
    "uint64": "U64", "int64": "I64", "float16": "F16", "bfloat16": "BF16", "float32": "F32", "float64": "F64",
    "complex64": "C64",
}
expected = {}


def describe(array):
    array = numpy.asarray(array)
    return {
        "type": NAMES[array.dtype.name], "shape": list(array.shape), "sha256": hashlib.sha256(array.tobytes()).hexdigest(),
    }


def folder(name):
    path = OUT / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def save(prefix, tensors):
    names = sorted(tensors)
    tf.raw_ops.SaveV2(
        prefix=str(prefix), tensor_names=names, shape_and_slices=[""] * len(names), tensors=[tensors[n] for n in names])


def note(prefix):
    """Reads the bundle back with TensorFlow, so that the golden is what TensorFlow finds in the file."""
    reader = tf.train.load_checkpoint(str(prefix))
    names = [name for name, dtype in reader.get_variable_to_dtype_map().items() if dtype != tf.string]
    key = f"{prefix.parent.name}/{prefix.name}.index"
    expected[key] = {name: describe(reader.get_tensor(name)) for name in sorted(names)}


def simclr(width):
    """The variables of SimCLR v1's ResNet-50 with their published names: the shortcut of a block comes before its convolutions."""
    generator = numpy.random.default_rng(50)
    convolutions = [(7, 3, width)]
    inputs = width
    for group, depth in enumerate([3, 4, 6, 3]):
        inner = width << group
        for block in range(depth):
            if block == 0:
                convolutions.append((1, inputs, 4 * inner))
            convolutions += [(1, inputs, inner), (3, inner, inner), (1, inner, 4 * inner)]
            inputs = 4 * inner
    assert len(convolutions) == 53
    variables = {"global_step": numpy.int64(225206)}
    for index, (size, before, after) in enumerate(convolutions):
        suffix = f"_{index}" if index else ""
        kernel = generator.normal(size=(size, size, before, after)) * numpy.sqrt(2 / (size * size * before))
        variables[f"base_model/conv2d{suffix}/kernel"] = kernel.astype(numpy.float32)
        for part in ["gamma", "beta", "moving_mean", "moving_variance"]:
            values = generator.uniform(0.5, 1.5, after) if part in ("gamma", "moving_variance") else generator.normal(size=after) / 8
            variables[f"base_model/batch_normalization{suffix}/{part}"] = values.astype(numpy.float32)
    variables["head_supervised/linear_layer/dense/kernel"] = generator.normal(size=(inputs, 5)).astype(numpy.float32)
    variables["head_supervised/linear_layer/dense/bias"] = numpy.zeros(5, numpy.float32)
    return variables


def two_shards():
    """What a Saver with sharded=True does: one SaveV2 a shard, then one index for all."""
    path = folder("bundle-simclr")
    prefix = path / "model.ckpt-225206"
    variables = simclr(width=2)
    parts = []
    for shard, belongs in enumerate([lambda n: "batch_normalization" not in n, lambda n: "batch_normalization" in n]):
        part = tf.raw_ops.ShardedFilename(basename=str(prefix) + "_temp/part", shard=shard, num_shards=2)
        save(part.numpy().decode(), {n: v for n, v in variables.items() if belongs(n)})
        parts.append(part)
    tf.raw_ops.MergeV2Checkpoints(checkpoint_prefixes=parts, destination_prefix=str(prefix))
    # As the machine that trained it wrote it: with a path of that machine.
    (path / "checkpoint").write_text(
        f'model_checkpoint_path: "/home/trainer/run/{prefix.name}"\nall_model_checkpoint_paths: "/home/trainer/run/{prefix.name}"\n')
    note(prefix)


def all_types():
    path = folder("bundle-types")
    prefix = path / "types"
    ramp = numpy.arange(6).reshape(2, 3)
    tensors = {name.lower(): tf.cast(tf.constant(ramp - 1), name) for name in NAMES if name != "bool"}
    tensors["unsigned"] = tf.constant([255, 0, 128], tf.uint8)
    tensors["bool"] = tf.constant([True, False, True])
    tensors["scalar"] = tf.constant(2.5)
    tensors["empty"] = tf.zeros([0, 4])
    tensors["text"] = tf.constant(["not", "an array"])
    save(prefix, tensors)
    note(prefix)


def partitioned():
    """One variable in two slices, as TensorFlow 1 saves a partitioned variable: refused."""
    path = folder("bundle-slices")
    tf.raw_ops.SaveV2(
        prefix=str(path / "slices"), tensor_names=["table", "table"], shape_and_slices=["4 3 0,2:-", "4 3 2,2:-"],
        tensors=[tf.ones([2, 3]), tf.zeros([2, 3])])


if __name__ == "__main__":
    two_shards()
    all_types()
    partitioned()
    (OUT / "bundles.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")
