"""How transformers 4.57.1 names a ResNet's tensors: torch 2.13.0, torchvision 0.28.0.

    Scripts/with-python Tools/goldens/transformers_names.py

writes Tests/WeightsTests/Goldens/transformers.json: for ResNet-18 and ResNet-50 the names of ResNetForImageClassification, in its order,
and torchvision's name of the same tensor. Which is the same is shown by numbers: a network filled through the names must give
torchvision's features in float64.
"""

import json
import pathlib
import sys
import types

sys.modules["torchvision._meta_registrations"] = types.ModuleType("empty")
import torch
import torchvision
from transformers import ResNetConfig, ResNetForImageClassification

from formula import fill, uniform

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/WeightsTests/Goldens/transformers.json"
SHAPES = {
    "resnet18": dict(depths=[2, 2, 2, 2], hidden_sizes=[64, 128, 256, 512], layer_type="basic"),
    "resnet50": dict(depths=[3, 4, 6, 3], hidden_sizes=[256, 512, 1024, 2048], layer_type="bottleneck"),
}


def pairs(state, other):
    """Both write a block's tensors in a row: transformers the shortcut first, torchvision last."""
    def key(name):
        parts = name.split(".")
        if parts[0] in ("conv1", "bn1"):
            return (0, 0, 0, parts[0] == "bn1", parts[-1])
        if parts[0].startswith("layer"):
            shortcut = parts[2] == "downsample"
            is_norm = parts[3] == "1" if shortcut else parts[2].startswith("bn")
            return (int(parts[0][5:]), int(parts[1]), 0 if shortcut else int(parts[2][-1]), is_norm, parts[-1])
        return None

    def other_key(name):
        parts = name.split(".")
        if "embedder" in parts:
            return (0, 0, 0, "normalization" in parts, parts[-1])
        if "stages" in parts:
            stage, block = int(parts[3]) + 1, int(parts[5])
            position = 0 if "shortcut" in parts else int(parts[7]) + 1
            return (stage, block, position, "normalization" in parts, parts[-1])
        return None

    known = {key(name): name for name in state if key(name)}
    return {name: known[other_key(name)] for name in other if other_key(name)}


def main():
    golden = {}
    for name, shape in SHAPES.items():
        model = torchvision.models.get_model(name, weights=None).double().eval()
        fill(model)
        other = ResNetForImageClassification(ResNetConfig(embedding_size=64, **shape)).double().eval()
        mapping = pairs(model.state_dict(), other.state_dict())
        assert len(set(mapping.values())) == len(mapping) == len(model.state_dict()) - 2
        state = model.state_dict()
        lacking = other.load_state_dict({theirs: state[own] for theirs, own in mapping.items()}, strict=False)
        assert all(key.startswith("classifier") for key in lacking.missing_keys) and not lacking.unexpected_keys
        model.fc = torch.nn.Identity()
        x = uniform("images", [2, 3, 61, 64])
        with torch.no_grad():
            own, theirs = model(x), other.resnet(x).pooler_output.flatten(1)
        distance = (torch.linalg.vector_norm(own - theirs) / torch.linalg.vector_norm(own)).item()
        print(name, len(mapping), distance)
        assert distance < 1e-12
        golden[name] = {**mapping, **{key: "" for key in other.state_dict() if key.startswith("classifier")}}
    OUT.write_text(json.dumps(golden, separators=(",", ":")).replace('","', '",\n"') + "\n")


if __name__ == "__main__":
    main()
