"""Goldens of single layers: torch 2.13.0, in float64.

    PYTHONPATH=<packages> python3 Tools/goldens/layers.py

writes Tests/NeuralNetworksTests/Goldens/layers.json: of each layer the input, its parameters by their names, the output, and the gradients of
Σ output · probe by the input and by each parameter. Values come from formula.py.
"""

import json
import pathlib

import torch

from formula import uniform

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/NeuralNetworksTests/Goldens"
F = torch.nn.functional


def case(name, shape, parameters, forward):
    """`forward` is given the input and the parameters by name."""
    x = uniform(f"{name}/input", shape).double().requires_grad_() if shape else None
    tensors = {key: (0.7 * uniform(f"{name}/{key}", size)).double().requires_grad_() for key, size in parameters.items()}
    output = forward(x, tensors)
    probe = uniform(f"{name}/probe", list(output.shape)).double()
    (output * probe).sum().backward()
    leaves = dict(tensors) | ({"input": x} if shape else {})
    return {
        "inputShape": shape or [], "input": x.detach().flatten().tolist() if shape else [],
        "parameters": {key: t.detach().flatten().tolist() for key, t in tensors.items()},
        "outputShape": list(output.shape), "output": output.detach().flatten().tolist(), "probe": probe.flatten().tolist(),
        "gradients": {key: t.grad.flatten().tolist() for key, t in leaves.items()},
    }


def attention(x, p, heads=2):
    """As timm's Attention with fused_attn."""
    batch, tokens, features = x.shape
    qkv = F.linear(x, p["qkv.weight"], p["qkv.bias"]).reshape(batch, tokens, 3, heads, features // heads).permute(2, 0, 3, 1, 4)
    q, k, v = qkv.unbind(0)
    y = F.scaled_dot_product_attention(q, k, v)
    return F.linear(y.transpose(1, 2).reshape(batch, tokens, features), p["proj.weight"], p["proj.bias"])


def places(height, width):
    """timm's resample_abs_pos_embed, without its way through float32."""
    def forward(_, p):
        embedding = p["pos_embed"]
        prefix, grid = embedding[:, :1], embedding[:, 1:]
        grid = grid.reshape(1, 4, 4, -1).permute(0, 3, 1, 2)
        if (height, width) != (4, 4):
            grid = F.interpolate(grid, size=(height, width), mode="bicubic", antialias=True)
        return torch.cat([prefix, grid.permute(0, 2, 3, 1).reshape(1, height * width, -1)], dim=1)
    return forward


def main():
    goldens = {
        "selfAttention": case(
            "selfAttention", [2, 5, 6], {"qkv.weight": [18, 6], "qkv.bias": [18], "proj.weight": [6, 6], "proj.bias": [6]}, attention),
        "layerNorm": case(
            "layerNorm", [2, 3, 5], {"weight": [5], "bias": [5]}, lambda x, p: F.layer_norm(x, [5], p["weight"], p["bias"], 1e-6)),
        "patchEmbedding": case(
            "patchEmbedding", [2, 3, 8, 12], {"proj.weight": [5, 3, 4, 4], "proj.bias": [5]},
            lambda x, p: F.conv2d(x, p["proj.weight"], p["proj.bias"], stride=4)),
        "depthWise": case(
            "depthWise", [2, 4, 5, 6], {"weight": [4, 1, 3, 3], "bias": [4]},
            lambda x, p: F.conv2d(x, p["weight"], p["bias"], padding=1, groups=4)),
        "grouped": case(
            "grouped", [2, 4, 6, 5], {"weight": [6, 2, 3, 3]}, lambda x, p: F.conv2d(x, p["weight"], stride=2, padding=1, groups=2)),
        "gelu": case("gelu", [3, 7], {}, lambda x, p: F.gelu(3 * x)),
    }
    for height, width in [(4, 4), (7, 5), (2, 3)]:
        name = f"places {height}x{width}"
        goldens[name] = case(name, None, {"pos_embed": [1, 17, 3]}, places(height, width))
    text = json.dumps(goldens, separators=(",", ":"), sort_keys=True).replace('],"', '],\n"').replace('},"', '},\n"')
    (OUT / "layers.json").write_text(text + "\n")
    print("layers", len(text))


if __name__ == "__main__":
    main()
