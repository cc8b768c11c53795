"""Holds the arithmetic "keras" of same_padding.py to Keras itself: keras 3.15.1 on torch 2.13.0, torchvision 0.28.0.

    KERAS_BACKEND=torch Scripts/with-python Tools/goldens/keras_arithmetic.py

fills keras.applications.ResNet50 and torchvision's network with the same numbers (biases of convolutions 0) and prints how far their
features of images of even and odd sizes are apart, for Keras's arithmetic and for torchvision's. It writes nothing: networks.py makes
the goldens by the first. Fails where the first is above 1e-6: Keras rounds to float32 on the way (1.8e-7 was seen; 0.28 for torchvision's).
"""

import os
import sys
import types

os.environ.setdefault("KERAS_BACKEND", "torch")
sys.modules["torchvision._meta_registrations"] = types.ModuleType("empty")
import keras
import torch

import same_padding
from formula import fill, uniform

keras.backend.set_floatx("float64")


def layer(unit):
    parts = unit.split(".")
    if len(parts) == 1:
        return "conv1"
    return f"conv{int(parts[0][5:]) + 1}_block{int(parts[1]) + 1}_{0 if parts[2] == 'downsample' else parts[2][-1]}"


def copy(state, network):
    for name, value in state.items():
        path, _, parameter = name.rpartition(".")
        if path == "fc" or parameter == "num_batches_tracked":
            continue
        is_normalization = state.get(f"{path}.running_mean") is not None
        target = network.get_layer(layer(path) + ("_bn" if is_normalization else "_conv"))
        if not is_normalization:
            target.kernel.assign(value.permute(2, 3, 1, 0))
            target.bias.assign(torch.zeros(value.shape[0], dtype=torch.float64))
            continue
        place = {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"}[parameter]
        getattr(target, place).assign(value)


def main():
    network = keras.applications.ResNet50(weights=None, include_top=False, input_shape=(None, None, 3))
    worst = 0
    for arithmetic in ["keras", "torchvision"]:
        model = same_padding.resnet("resnet50", arithmetic).double().eval()
        fill(model)
        copy(model.state_dict(), network)
        model.fc = torch.nn.Identity()
        for size in [(64, 64), (61, 64), (57, 63)]:
            x = uniform("images", [2, 3, *size])
            with torch.no_grad():
                own = model(x)
                other = network(x.permute(0, 2, 3, 1), training=False).mean((1, 2))
            distance = (torch.linalg.vector_norm(own - other) / torch.linalg.vector_norm(other)).item()
            print(arithmetic, size, distance)
            if arithmetic == "keras":
                worst = max(worst, distance)
    assert worst < 1e-6, worst


if __name__ == "__main__":
    main()
