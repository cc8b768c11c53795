"""Goldens of the networks: torch 2.13.0, torchvision 0.28.0, segmentation-models-pytorch 0.6.0 (timm 1.0.31, huggingface_hub 0.36.0).

    Scripts/with-python Tools/goldens/networks.py [NAME …]

writes Tests/ModelsTests/Goldens/*.json, or only those of these names. Parameters and images come from formula.py; nothing is
downloaded. `published` runs the CIFAR-10 ResNets' published files, which lie in MEDTRANSFER_DATA (or ../shared/data) and not here.
"""

import json
import os
import pathlib
import sys
import types

sys.modules["torchvision._meta_registrations"] = types.ModuleType("empty")  # its compiled operators do not load with the CPU wheel
import segmentation_models_pytorch as smp
import timm
import timm.models.vision_transformer
import torch
import torchvision
from safetensors.torch import load_file

import cifar_resnet
import same_padding
from formula import fill, summary, uniform

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "Tests/ModelsTests/Goldens"
RESNETS = ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152"]
DENSENETS = ["densenet121"]
CIFAR_DEPTHS = {"resnet20": 3, "resnet32": 5, "resnet44": 7, "resnet56": 9}
# Our ids, timm's names, and the side of the patches. DINOv2's embedding is of 518 pixels.
VITS = {
    "vit-ti16": ("vit_tiny_patch16_224", 16), "vit-s16": ("vit_small_patch16_224", 16), "vit-b16": ("vit_base_patch16_224", 16),
    "vit-s14": ("vit_small_patch14_dinov2", 14), "vit-b14": ("vit_base_patch14_dinov2", 14),
}
DTYPES = {"float64": torch.float64, "float32": torch.float32}


def resampled(embedding, new_size, old_size=None, num_prefix_tokens=1, interpolation="bicubic", antialias=True, verbose=False):
    """timm's resample_abs_pos_embed, without its way through float32."""
    prefix, grid = embedding[:, :num_prefix_tokens], embedding[:, num_prefix_tokens:]
    side = round(grid.shape[1] ** 0.5)
    if tuple(new_size) == (side, side):
        return embedding
    grid = grid.reshape(1, side, side, -1).permute(0, 3, 1, 2)
    grid = torch.nn.functional.interpolate(grid, size=tuple(new_size), mode=interpolation, antialias=antialias)
    return torch.cat([prefix, grid.permute(0, 2, 3, 1).reshape(1, -1, embedding.shape[-1])], dim=1)


timm.models.vision_transformer.resample_abs_pos_embed = resampled


def classifier(name):
    if name in VITS:
        return timm.create_model(VITS[name][0], num_classes=5, dynamic_img_size=True)
    if name in CIFAR_DEPTHS:
        return cifar_resnet.Classifier(CIFAR_DEPTHS[name], classes=5)
    return torchvision.models.get_model(name, weights=None, num_classes=5)


def unet(name):
    if name in CIFAR_DEPTHS:
        return cifar_resnet.UNet(CIFAR_DEPTHS[name])
    return smp.Unet(name, encoder_weights=None, classes=1)


def forward_backward(make, images, loss_of):
    """The first training step's gradients and three steps of Adam in float64; in float32 the forward passes and how far PyTorch's own
    gradients stray from float64's."""
    golden = {}
    gradients = {}
    for key, dtype in DTYPES.items():
        model = make().to(dtype)
        fill(model)
        x = images.to(dtype)
        model.eval()
        with torch.no_grad():
            logits = model(x)
        golden[f"evaluation.{key}"] = values(logits)
        model.train()
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
        losses = []
        for step in range(3):
            optimizer.zero_grad()
            logits = model(x)
            loss = loss_of(logits)
            loss.backward()
            losses.append(loss.item())
            if step == 0:
                golden[f"training.{key}"] = values(logits)
                gradients[key] = torch.cat([p.grad.double().flatten() for p in model.parameters()])
                if key == "float64":
                    golden["gradients"] = {n: summary(n, p.grad) for n, p in model.named_parameters()}
                    golden["runningStatistics"] = {n: summary(n, b) for n, b in model.named_buffers() if "running" in n}
            optimizer.step()
            if key == "float32" and step == 0:
                break
        golden[f"losses.{key}"] = losses
        if key == "float64":
            golden["afterAdam"] = {n: summary(n, t) for n, t in model.state_dict().items()}
    golden["gradientError.float32"] = distance(gradients["float32"], gradients["float64"])
    return golden


def distance(a, b):
    """|a - b| / |b|"""
    return (torch.linalg.vector_norm(a - b) / torch.linalg.vector_norm(b)).item()


def values(logits):
    """Small logits whole, maps as their summary per pixel and a few values."""
    flat = logits.detach().double().contiguous().flatten()
    if flat.numel() <= 32:
        return flat.tolist()
    return [v / flat.numel() for v in summary("logits", logits)] + flat[:: flat.numel() // 16].tolist()


def write(name, value):
    text = json.dumps(value, separators=(",", ":"), sort_keys=True)
    text = text.replace('],"', '],\n"').replace('},"', '},\n"')
    (OUT / f"{name}.json").write_text(text + "\n")
    print(name, len(text))


def images():
    return uniform("images", [4, 3, 64, 64])


def classification_loss(logits):
    labels = (uniform("labels", [4, 5]) > 0).to(logits.dtype)
    return torch.nn.functional.binary_cross_entropy_with_logits(logits, labels)


def dice_loss(logits):
    masks = (uniform("masks", [2, 1, 64, 64]) > 0.5).to(logits.dtype)
    p, t = torch.sigmoid(logits).flatten(), masks.flatten()
    return 1 - (2 * (p * t).sum() + 1) / (p.sum() + t.sum() + 1)


def trained_classifier(name):
    return forward_backward(lambda: classifier(name), images(), classification_loss)


def trained_unet(name):
    return forward_backward(lambda: unet(name), images()[:2], dice_loss)


def evaluated(model, x):
    model = model.double()
    fill(model)
    with torch.no_grad():
        return values(model.eval()(x))


def forward_only():
    classifiers = ["resnet34", "resnet101", "resnet152", "resnet32", "resnet44", "resnet56", "vit-s16", "vit-b16", "vit-s14", "vit-b14"]
    models = {n: lambda n=n: classifier(n) for n in classifiers} | {f"unet-{n}": lambda n=n: unet(n) for n in ["resnet34", "resnet56"]}

    def side(key):  # of whole patches
        patch = VITS[key][1] if key in VITS else 1
        return 32 // patch * patch

    return {key: evaluated(make(), images()[:2, :, : side(key), : side(key)]) for key, make in models.items()}


def one_channel():
    """The 1-channel stem of torchvision's networks, as TorchXRayVision's ResNet-50 has it, and of the CIFAR ones."""
    golden = {}
    for name in ["resnet18", "resnet50", "resnet20", "densenet121", "vit-ti16"]:
        model = classifier(name)
        path = "features.conv0" if name in DENSENETS else "patch_embed.proj" if name in VITS else "conv1"
        stem = model.get_submodule(path)
        model.set_submodule(
            path, torch.nn.Conv2d(1, stem.out_channels, stem.kernel_size, stem.stride, stem.padding, bias=stem.bias is not None))
        golden[name] = evaluated(model, images()[:2, :1])
    return golden


def grad_cam():
    """Selvaraju et al. 2017, equations 1 and 2, by hooks on the last stage: one class's map and the logits, in float64."""
    golden = {}
    for name, stage in [("resnet18", "layer4"), ("resnet50", "layer4"), ("resnet20", "layer3"), ("densenet121", "features.norm5")]:
        model = classifier(name).double()
        fill(model)
        model.eval()
        kept = {}

        def keep(module, inputs, output):
            kept["map"] = output
            output.register_hook(lambda gradient: kept.update(gradient=gradient))
            return output.clone()  # torchvision's DenseNet applies ReLU to it in place

        model.get_submodule(stage).register_forward_hook(keep)
        for index in range(5):  # the first class for which there is evidence in both images
            logits = model(images()[:2].double())
            logits[:, index].sum().backward()
            alpha = kept["gradient"].mean(dim=(2, 3), keepdim=True)
            map = torch.relu((alpha * kept["map"]).sum(dim=1))
            if (map.amax(dim=(1, 2)) > 0).all():
                break
        golden[name] = {"class": index, "map": values(map), "logits": values(logits)}
    return golden


def same():
    """Logits of each arithmetic on images of even and of odd sizes, and gradients through the padding."""
    golden = {}
    for name in ["resnet18", "resnet50"]:
        # Keras publishes no networks of basic blocks.
        for arithmetic in ["torchvision", "samePooling", "same"] + (["keras"] if name == "resnet50" else []):
            for height, width in [(64, 64), (61, 64), (57, 63), (35, 49)]:
                model = same_padding.resnet(name, arithmetic, num_classes=5)
                golden[f"{name} {arithmetic} {height}x{width}"] = evaluated(model, images()[:2, :, :height, :width])
    model = same_padding.resnet("resnet18", "same", num_classes=5).double()
    fill(model)
    model.eval()(images()[:, :, :62, :61]).square().mean().backward()
    golden["resnet18 same gradients"] = {n: summary(n, p.grad) for n, p in model.named_parameters()}
    return golden


def fingerprints():
    """Per stage of the filled network: shape, mean, standard deviation, L2 norm and eight values on the fingerprint's image."""
    golden = {}
    cases = ["resnet18 torchvision", "resnet50 torchvision", "resnet50 same", "resnet50 keras", "resnet20 torchvision"]
    for case in cases + ["vit-ti16 torchvision", "vit-s14 torchvision"]:
        name, arithmetic = case.split()
        if name in VITS:
            golden[case] = described(vit_stages(name))
            continue
        is_cifar = name in CIFAR_DEPTHS
        model = classifier(name) if is_cifar else same_padding.resnet(name, arithmetic, num_classes=5)
        model = model.double().eval()
        fill(model)
        i = torch.arange(3 * 64 * 64, dtype=torch.int64)
        image = ((i * i * 2654435769 % 2**32) // 2**8 / 2**23 - 1).double().reshape(1, 3, 64, 64)
        stages = {}

        def keep(stage):
            return lambda module, inputs, output: stages.__setitem__(stage, output.clone())

        model.bn1.register_forward_hook(lambda module, inputs, output: stages.__setitem__("stem", output.relu()))
        for layer in ["layer1", "layer2", "layer3"] + ([] if is_cifar else ["layer4"]):
            getattr(model, layer).register_forward_hook(keep(layer))
        with torch.no_grad():
            model(image)
        stages["pooled"] = list(stages.values())[-1].mean((2, 3))
        golden[case] = described(stages)
    return golden


def described(stages):
    return [
        {"name": key, "shape": list(t.shape), "mean": t.mean().item(), "standardDeviation": t.std(correction=0).item(),
         "norm": torch.linalg.vector_norm(t).item(), "first": t.flatten()[:8].tolist()}
        for key, t in stages.items()
    ]


def vit_stages(name):
    """The maps of a vision transformer by timm's forward_intermediates, on the fingerprint's image, cut to whole patches."""
    model = classifier(name).double().eval()
    fill(model)
    side = 64 // VITS[name][1] * VITS[name][1]
    i = torch.arange(3 * side * side, dtype=torch.int64)
    image = ((i * i * 2654435769 % 2**32) // 2**8 / 2**23 - 1).double().reshape(1, 3, side, side)
    return transformer_stages(model, image)


def transformer_stages(model, image):
    with torch.no_grad():
        patches = model.patch_embed(image)  # [batch, height, width, features]
        final, maps = model.forward_intermediates(image)
    stages = {"patch_embed": patches.permute(0, 3, 1, 2)}
    stages |= {f"blocks.{i}": map for i, map in enumerate(maps)}
    return stages | {"pooled": final[:, 0]}


def layouts():
    """Features of the tiny networks that layouts.py writes in every container and layout: a summary of each stage's map, and
    the pooled vectors; by torchvision's own forward over layers of other widths."""
    state = load_file(ROOT / "Tests/WeightsTests/Goldens/layouts/expected.safetensors")
    golden = {}
    cases = ["tiny torchvision", "tiny samePooling", "tiny same", "tiny keras", "gray torchvision", "cifar torchvision"]
    cases += ["dense torchvision", "dense-gray torchvision", "vit torchvision", "vit14 torchvision"]
    for network, arithmetic in (case.split() for case in cases):
        if network in ["dense", "dense-gray", "vit", "vit14"]:
            golden[f"{network} {arithmetic}"] = small_stages(network, state)
            continue
        own = {name.removeprefix(network + "/"): value for name, value in state.items() if name.startswith(network + "/")}
        model = cifar_resnet.Classifier(3, classes=5) if network == "cifar" else same_padding.resnet("resnet50", arithmetic)
        for path, module in list(model.named_modules()):
            if f"{path}.weight" not in own:
                continue
            shape = own[f"{path}.weight"].shape
            if isinstance(module, torch.nn.Conv2d):
                other = type(module)(shape[1], shape[0], module.kernel_size, module.stride, module.padding, bias=False)
            else:
                other = torch.nn.BatchNorm2d(shape[0], eps=module.eps)
            parent, _, key = path.rpartition(".")
            model.get_submodule(parent).register_module(key, other)
        head = "linear" if network == "cifar" else "fc"
        model.register_module(head, torch.nn.Identity())
        lacking = model.load_state_dict(own, strict=False)
        assert not lacking.unexpected_keys and all(k.endswith("num_batches_tracked") for k in lacking.missing_keys)
        x = uniform("layouts", [2, own["conv1.weight"].shape[1], 65, 64]).float()
        stages = {}
        model.bn1.register_forward_hook(lambda module, inputs, output: stages.__setitem__("stem", output.relu()))
        for stage in ["layer1", "layer2", "layer3", "layer4"][: 3 if network == "cifar" else 4]:
            model.get_submodule(stage).register_forward_hook(
                lambda module, inputs, output, stage=stage: stages.__setitem__(stage, output.clone()))
        with torch.no_grad():
            stages["pooled"] = model.eval()(x)
        golden[f"{network} {arithmetic}"] = {
            name: t.flatten().tolist() if name == "pooled" else summary(name, t)
            for name, t in stages.items()
        }
    return golden


def small_stages(network, state):
    """The same of the densely connected networks and the vision transformers in those files."""
    own = {name.removeprefix(network + "/"): value for name, value in state.items() if name.startswith(network + "/")}
    if network.startswith("vit"):
        patch, grid, scale = (14, 37, 1.0) if network == "vit14" else (16, 14, None)
        model = timm.models.vision_transformer.VisionTransformer(
            img_size=patch * grid, patch_size=patch, embed_dim=4, depth=2, num_heads=2, num_classes=0, init_values=scale, dynamic_img_size=True)
        model.load_state_dict(own)
        x = uniform("layouts", [2, 3, 64, 64])[:, :, : 64 // patch * patch, : 64 // patch * patch].float()
        stages = transformer_stages(model.eval(), x)
    else:
        model = torchvision.models.DenseNet(growth_rate=1, block_config=(2, 2, 2, 2), num_init_features=2, num_classes=5)
        channels = own["features.conv0.weight"].shape[1]
        model.features.conv0 = torch.nn.Conv2d(channels, 2, 7, 2, 3, bias=False)
        lacking = model.load_state_dict(own, strict=False)
        assert not lacking.unexpected_keys and all("num_batches" in k or k.startswith("classifier") for k in lacking.missing_keys)
        x, stages = uniform("layouts", [2, channels, 65, 64]).float(), {}
        model.features.relu0.register_forward_hook(lambda m, i, output: stages.__setitem__("stem", output.clone()))
        for index in (1, 2, 3):
            model.get_submodule(f"features.transition{index}.relu").register_forward_hook(
                lambda m, i, output, index=index: stages.__setitem__(f"denseblock{index}", output.clone()))
        model.features.norm5.register_forward_hook(lambda m, i, output: stages.__setitem__("denseblock4", output.clone()))
        with torch.no_grad():
            model.eval()(x)
        stages["pooled"] = stages["denseblock4"].relu().mean((2, 3))
    return {name: t.flatten().tolist() if name == "pooled" else summary(name, t) for name, t in stages.items()}


def published():
    """Logits of the published CIFAR-10 weights, in float32 as they were trained."""
    folder = pathlib.Path(os.environ.get("MEDTRANSFER_DATA", ROOT.parent / "shared/data")) / "checkpoints/cifar10-resnet"
    x = uniform("published", [2, 3, 32, 32]).float()
    golden = {}
    for name, depth in CIFAR_DEPTHS.items():
        (file,) = folder.glob(f"{name}-*.th")
        model = cifar_resnet.Classifier(depth, classes=10)
        state = torch.load(file, map_location="cpu", weights_only=True)["state_dict"]
        model.load_state_dict({key.removeprefix("module."): value for key, value in state.items()})
        with torch.no_grad():
            golden[file.name] = values(model.eval()(x))
    return golden


def write_states():
    shapes = {}
    for name in RESNETS + list(CIFAR_DEPTHS) + DENSENETS + list(VITS):
        model = classifier(name)
        head = "linear." if name in CIFAR_DEPTHS else "classifier." if name in DENSENETS else "fc."
        shapes[name] = [f"{n} {list(t.shape)}" for n, t in model.state_dict().items()]
        if name in VITS:  # no U-Net is made over them
            continue
        encoder = [f"encoder.{line}" for line in shapes[name] if not line.startswith(head)]
        lines = [f"{n} {list(t.shape)}" for n, t in unet(name).state_dict().items()]
        assert lines[: len(encoder)] == encoder, name
        shapes[f"unet-{name}"] = lines[len(encoder) :]  # what comes after the encoder
    text = json.dumps(shapes, separators=(",", ":")).replace('","', '",\n"')
    (OUT / "states.json").write_text(text + "\n")
    print("states", len(text))


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    goldens = {}
    goldens["vit-ti16"] = lambda: trained_classifier("vit-ti16")
    for name in ["resnet18", "resnet50", "resnet20", "densenet121"]:
        goldens[name] = lambda name=name: trained_classifier(name)
        goldens[f"unet-{name}"] = lambda name=name: trained_unet(name)
    goldens |= {"forward-only": forward_only, "one-channel": one_channel, "same": same, "fingerprints": fingerprints,
                "layouts": layouts, "published": published, "grad-cam": grad_cam}
    chosen = sys.argv[1:] or [*goldens, "states"]
    for name in chosen:
        if name == "states":
            write_states()
        else:
            write(name, goldens[name]())


if __name__ == "__main__":
    main()
