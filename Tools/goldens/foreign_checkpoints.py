"""Files that are no checkpoint this program reads, as the formats' own programs write them, to be tried by hand.

    KERAS_BACKEND=torch Scripts/with-python Tools/goldens/foreign_checkpoints.py FOLDER

with torch 2.13.0, onnx 1.23.2, msgpack 1.2.4 (what flax.serialization.to_bytes calls), keras 3.15.1. Writes into FOLDER and prints each
file's first bytes or members: ForeignCheckpointTests has them. Nothing of it is in the repository.
"""

import os
import pathlib
import sys
import zipfile

os.environ.setdefault("KERAS_BACKEND", "torch")
import keras
import msgpack
import numpy
import onnx
import torch

OUT = pathlib.Path(sys.argv[1])


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    graph = onnx.helper.make_graph([], "g", [], [], [onnx.numpy_helper.from_array(numpy.ones(3, numpy.float32), "conv1.weight")])
    onnx.save(onnx.helper.make_model(graph, producer_name="pytorch"), OUT / "a.onnx")
    onnx.save(onnx.helper.make_model(graph), OUT / "b.onnx")
    (OUT / "flax.msgpack").write_bytes(msgpack.packb({"params": {"conv1": b"x"}}))
    (OUT / "many.msgpack").write_bytes(msgpack.packb({f"layer{i}": 1 for i in range(16)}))
    model = torch.nn.Sequential(torch.nn.Conv2d(3, 2, 3), torch.nn.BatchNorm2d(2)).eval()
    torch.export.save(torch.export.export(model, (torch.zeros(1, 3, 8, 8),)), OUT / "program.pt2")
    inputs = keras.Input((8, 8, 3))
    small = keras.Model(inputs, keras.layers.Conv2D(2, 3, name="conv1_conv")(inputs))
    small.save(OUT / "model.keras")
    small.save_weights(OUT / "model.weights.h5")
    keras.models.load_model(OUT / "model.keras").save(OUT / "whole.h5")
    torch.save({"w": torch.ones(2)}, OUT / "weights.pth")
    with zipfile.ZipFile(OUT / "around.zip", "w") as archive:
        archive.write(OUT / "weights.pth", "weights.pth")
    with zipfile.ZipFile(OUT / "weights.pth") as stored, zipfile.ZipFile(OUT / "deflated.pth", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in stored.namelist():
            archive.writestr(name, stored.read(name))
    for path in sorted(OUT.iterdir()):
        is_zip = zipfile.is_zipfile(path)
        print(path.name, zipfile.ZipFile(path).namelist()[:8] if is_zip else path.read_bytes()[:24].hex(" "))


if __name__ == "__main__":
    main()
