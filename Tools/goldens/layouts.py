"""Goldens of the key layouts: torch 2.13.0, numpy 2.2.6, safetensors 0.6.2; with `keras`, tensorflow-cpu 2.21.0 (Keras 3.15.1).

    Scripts/with-python Tools/goldens/layouts.py
    PYTHONPATH=<packages> python3 Tools/goldens/layouts.py keras           (see tensor_bundles.py for the packages)

writes Tests/WeightsTests/Goldens/layouts/: for every layout of the catalog of weights a ResNet-50 of two channels, in the
container and under the keys that its publishers use, with what they save beside it; and expected.safetensors, the same network
under torchvision's names, for all of them. Names come from what publishers wrote, values from a closed formula of
torchvision's name, so that no two tensors are alike. Nothing is downloaded.

    v(name, i) = ((FNV-1a(name) + 2654435761 (i + 1)) mod 2^32) / 2^20, whole part, so 0 ... 4095
    weight, bias, running_mean    v / 4096 - 1/2
    running_var, 1-d weight       v / 4096 + 1/2

Every value is a multiple of 2^-12, so Keras's biases can be added and taken away without rounding.
"""

import collections
import io
import json
import math
import pathlib
import pickle
import re
import struct
import sys
import tarfile
import types
import typing

import numpy

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/WeightsTests/Goldens/layouts"
DEPTHS = [3, 4, 6, 3]
STEM, INNER, OUTER = 2, 2, 3


def seed(name):
    h = 0x811C9DC5
    for byte in name.encode():
        h = ((h ^ byte) * 0x01000193) & 0xFFFFFFFF
    return h


def value(name, shape):
    count = math.prod(shape)
    v = (seed(name) + 2654435761 * numpy.arange(1, count + 1, dtype=numpy.uint64)) % 2**32 // 2**20
    shift = 0.5 if name.endswith(".running_var") or (name.endswith(".weight") and len(shape) == 1) else -0.5
    return (v / 4096 + shift).astype(numpy.float32).reshape(shape)


def units(channels=3):
    """(convolution, normalization, shape of the kernel) of a ResNet-50 in torchvision's order."""
    yield "conv1", "bn1", (STEM, channels, 7, 7)
    before = STEM
    for layer, depth in enumerate(DEPTHS, 1):
        for block in range(depth):
            path = f"layer{layer}.{block}"
            yield f"{path}.conv1", f"{path}.bn1", (INNER, before, 1, 1)
            yield f"{path}.conv2", f"{path}.bn2", (INNER, INNER, 3, 3)
            yield f"{path}.conv3", f"{path}.bn3", (OUTER, INNER, 1, 1)
            if block == 0:
                yield f"{path}.downsample.0", f"{path}.downsample.1", (OUTER, before, 1, 1)
            before = OUTER


def cifar_units():
    """The same of a ResNet-20 for CIFAR-10, in its authors' order."""
    yield "conv1", "bn1", (INNER, 3, 3, 3)
    for layer in (1, 2, 3):
        for block in range(3):
            for k in (1, 2):
                yield f"layer{layer}.{block}.conv{k}", f"layer{layer}.{block}.bn{k}", (INNER, INNER, 3, 3)


DENSE_DEPTHS, DENSE_STEM, DENSE_GROWTH = [2, 2, 2, 2], 2, 1


def dense_units(channels=3):
    """The same of a densely connected network, in torchvision's order; norm5 has no convolution."""
    yield "features.conv0", "features.norm0", (DENSE_STEM, channels, 7, 7)
    width = DENSE_STEM
    for block, depth in enumerate(DENSE_DEPTHS, 1):
        for layer in range(1, depth + 1):
            path = f"features.denseblock{block}.denselayer{layer}"
            yield f"{path}.conv1", f"{path}.norm1", (4 * DENSE_GROWTH, width, 1, 1)
            yield f"{path}.conv2", f"{path}.norm2", (DENSE_GROWTH, 4 * DENSE_GROWTH, 3, 3)
            width += DENSE_GROWTH
        if block < len(DENSE_DEPTHS):
            yield f"features.transition{block}.conv", f"features.transition{block}.norm", (width // 2, width, 1, 1)
            width //= 2
    yield None, "features.norm5", (width,)


def dense_network(counters=True, channels=3):
    """Its state dict: a normalization stands in front of its convolution and has the channels of its input, but for the stem's."""
    state = {}
    for convolution, normalization, shape in dense_units(channels):
        size = shape[:1] if convolution in (None, "features.conv0") else shape[1:2]
        if convolution:
            state[f"{convolution}.weight"] = value(f"{convolution}.weight", shape)
        for part in ("weight", "bias", "running_mean", "running_var"):
            state[f"{normalization}.{part}"] = value(f"{normalization}.{part}", size)
        if counters:
            state[f"{normalization}.num_batches_tracked"] = numpy.array(5005, numpy.int64)
    return state


def dotted(state):
    """torchvision's names from before PyTorch 0.4."""
    return {re.sub(r"(denselayer\d+\.(?:norm|conv))([12])\.", r"\1.\2.", name): array for name, array in state.items()}


def transformer(patch=16, grid=14, scales=False, width=4, depth=2):
    """timm's state dict of a vision transformer, two blocks deep."""
    shapes = {
        "cls_token": (1, 1, width), "pos_embed": (1, 1 + grid * grid, width), "patch_embed.proj.weight": (width, 3, patch, patch),
        "patch_embed.proj.bias": (width,),
    }
    for block in range(depth):
        path = f"blocks.{block}."
        shapes |= {path + f"norm1.{p}": (width,) for p in ("weight", "bias")}
        shapes |= {path + "attn.qkv.weight": (3 * width, width), path + "attn.qkv.bias": (3 * width,)}
        shapes |= {path + "attn.proj.weight": (width, width), path + "attn.proj.bias": (width,)}
        shapes |= {path + "ls1.gamma": (width,)} if scales else {}
        shapes |= {path + f"norm2.{p}": (width,) for p in ("weight", "bias")}
        shapes |= {path + "mlp.fc1.weight": (4 * width, width), path + "mlp.fc1.bias": (4 * width,)}
        shapes |= {path + "mlp.fc2.weight": (width, 4 * width), path + "mlp.fc2.bias": (width,)}
        shapes |= {path + "ls2.gamma": (width,)} if scales else {}
    shapes |= {f"norm.{p}": (width,) for p in ("weight", "bias")}
    return {name: value(name, shape) for name, shape in shapes.items()}


def network(of=units, counters=True, **options):
    """torchvision's state dict, as arrays."""
    state = {}
    for convolution, normalization, shape in of(**options):
        state[f"{convolution}.weight"] = value(f"{convolution}.weight", shape)
        for part in ("weight", "bias", "running_mean", "running_var"):
            state[f"{normalization}.{part}"] = value(f"{normalization}.{part}", shape[:1])
        if counters:
            state[f"{normalization}.num_batches_tracked"] = numpy.array(5005, numpy.int64)
    return state


def hwio(array):
    return numpy.ascontiguousarray(array.transpose(2, 3, 1, 0))


# ---------------------------------------------------------------------------------------------------------------------
# Files of torch


def under(prefix, state):
    return {prefix + name: array for name, array in state.items()}


def extra(**shapes):
    """Tensors that are not of the backbone: `head__0__weight=(2, 3)` is head.0.weight."""
    return {name.replace("__", "."): value("extra." + name, shape) for name, shape in shapes.items()}


def tensors(state, together=True):
    """An ordered state dict. Together, the floats are parts of one storage: a small file."""
    import torch

    result = collections.OrderedDict()
    flat = torch.from_numpy(numpy.concatenate([a.ravel() for a in state.values() if a.dtype == numpy.float32]))
    start = 0
    for name, array in state.items():
        if array.dtype != numpy.float32 or not together:
            result[name] = torch.from_numpy(array.copy())
            continue
        result[name] = flat[start : start + array.size].view(array.shape)
        start += array.size
    return result


def sgd(state):
    """What an optimizer keeps: here of one tensor, so that the file stays small."""
    import torch

    name = next(iter(state))
    return {"state": {0: {"momentum_buffer": torch.zeros(state[name].shape)}}, "param_groups": [{"lr": 0.03, "params": [0]}]}


index = {}


def note(file, entries, rules, network="tiny"):
    """What the test must find: the entries that the file stands for, and the rules that explain the rest of its keys."""
    index[file] = {"entries": entries, "rules": rules, "network": network}


def save(file, value, entries, rules=(), legacy=False, network="tiny"):
    import torch

    torch.save(value, OUT / file, _use_new_zipfile_serialization=not legacy)
    note(file, entries, sorted(rules), network)


def torch_files():
    import torch

    state = network()
    fc = extra(fc__weight=(4, 3), fc__bias=(4,))
    head = ["classifier head"]
    save("supervised-legacy.pth", tensors({**state, **fc}), ["imagenet"], head, legacy=True)
    save("supervised.pth", tensors({**state, **fc}, together=False), ["imagenet-v2"], head)
    save("backbone.pth", tensors(state), ["barlow-twins", "vicreg", "vicregl", "dino"])
    tar("supervised-tar.pth", {**network(counters=False), **fc}, ["imagenet-tar"], head)

    training = {"epoch": 90, "state_dict": tensors({**state, **fc}), "best_acc1": torch.tensor(0.5), "optimizer": sgd(state)}
    save("training.pth.tar", training, ["inat2021", "inat2021-mini"], head + ["outside state_dict"], legacy=True)
    save("extracted.pth", {"state_dict": tensors(state), "author": "x"}, ["densecl"], legacy=True)

    queue = {"module.queue": value("queue", (4, 6)), "module.queue_ptr": numpy.array([0], numpy.int64)}
    query = {**state, **extra(fc__0__weight=(3, 3), fc__0__bias=(3,), fc__2__weight=(4, 3), fc__2__bias=(4,))}
    other = {name: array if array.dtype != numpy.float32 else array + 1 for name, array in query.items()}
    moco = {**under("module.encoder_q.", query), **under("module.encoder_k.", other), **queue}
    save(
        "moco.pth.tar", {"epoch": 800, "arch": "resnet50", "state_dict": tensors(moco), "optimizer": sgd(moco)},
        ["moco-v1", "moco-v2", "pcl-v1", "pcl-v2"], head + ["memory bank", "momentum encoder", "outside state_dict"], legacy=True)

    base = {**state, **extra(fc__0__weight=(3, 3), fc__1__running_mean=(3,))}
    moco3 = {
        **under("module.base_encoder.", base), **under("module.momentum_encoder.", other),
        **under("module.predictor.", extra(p__0__weight=(3, 3))),
    }
    save(
        "moco-v3.pth.tar", {"epoch": 1000, "state_dict": tensors(moco3), "scaler": {"scale": 65536.0}}, ["moco-v3"],
        head + ["momentum encoder", "projection head"])

    heads = extra(head__0__weight=(3, 3), head_jig__fc1__weight=(3, 3))
    contrast = {
        "model": tensors(under("module.", {**under("encoder.", state), **heads})),
        "contrast": {"memory_1": torch.rand(64, 4), "memory_2": torch.rand(64, 4)},
        "model_ema": tensors(under("module.encoder.", other)), "optimizer": sgd(state), "epoch": 200,
    }
    save(
        "pycontrast.pth", contrast, ["insdis", "pirl", "infomin"], head + ["projection head", "outside model"], legacy=True)
    pixels = {
        **under("encoder.", state), **under("encoder_k.", other),
        **extra(projector__linear1__weight=(3, 3), projector_k__linear1__weight=(3, 3), value_transform__weight=(3, 3, 1, 1)),
    }
    save(
        "pixpro.pth", {"opt": "Namespace", "model": tensors(under("module.", pixels)), "epoch": 400}, ["pixpro"],
        ["momentum encoder", "projection head"], legacy=True)

    projection = extra(projection_head__0__weight=(3, 3), projection_head__1__running_mean=(3,), prototypes__weight=(5, 3))
    clusters = {**state, **projection}
    save(
        "swav.pth.tar", tensors(under("module.", clusters)), ["swav", "deepcluster-v2", "sela-v2"],
        ["projection head", "prototypes"], legacy=True)

    siamese = {
        **under("module.encoder.", {**state, **extra(fc__0__weight=(3, 3))}),
        **under("module.predictor.", extra(p__0__weight=(3, 3))),
    }
    save(
        "simsiam.pth.tar", {"epoch": 100, "arch": "resnet50", "state_dict": tensors(siamese)}, ["simsiam"],
        head + ["projection head"])

    # ReduceLROnPlateau keeps what is not finite; the classifier is Linear and Sigmoid in a row.
    plateau = {"best": 0.25, "mode_worse": math.inf, "patience": 5}
    classifier = extra(fc__0__weight=(5, 3), fc__0__bias=(5,))
    for file, prefix, entries in [
        ("chestxray14.pth.tar", "", ["chestxray14", "imagenet-chestxray14"]),
        ("chexpert.pth.tar", "module.", ["chexpert", "imagenet-chexpert"]),
    ]:
        found = {
            "epoch": 3, "lossMIN": 0.25, "state_dict": tensors(under(prefix, {**state, **classifier})), "optimizer": sgd(state),
            "scheduler": plateau,
        }
        save(file, found, entries, head + ["outside state_dict"])

    gray = network(channels=1)
    save("torchxrayvision.pt", tensors({**gray, **fc}), ["torchxrayvision"], head, network="gray")

    # The children of the network in a row: 0 conv1, 1 bn1, 2 ReLU, 3 pooling, 4 ... 7 layers.
    children = {"conv1": "0", "bn1": "1", "layer1": "4", "layer2": "5", "layer3": "6", "layer4": "7"}
    numbered = {
        "backbone." + ".".join([children[name.split(".")[0]], *name.split(".")[1:]]): array for name, array in state.items()
    }
    save("radimagenet.pt", tensors(numbered), ["radimagenet"])

    small = {**network(of=cifar_units, counters=False), **extra(linear__weight=(10, 2), linear__bias=(10,))}
    save(
        "cifar10.th", {"state_dict": tensors(under("module.", small)), "best_prec1": 91.7},
        [f"cifar10-resnet{depth}" for depth in (20, 32, 44, 56)], head, legacy=True, network="cifar")

    dense_files(sgd)
    transformer_files(sgd)

    # Not of one entry: what training programs write, and the entries whose layout admits them too.
    student = under("module.", {**under("backbone.", other), **under("head.", extra(mlp__0__weight=(3, 3)))})
    teacher = {**under("backbone.", state), **under("head.", extra(mlp__0__weight=(3, 3)))}
    save(
        "dino-training.pth",
        {"student": tensors(student), "teacher": tensors(teacher), "optimizer": sgd(state), "epoch": 100}, ["dino"],
        head + ["outside teacher"])
    model = tensors(under("model.", {**state, **fc}))
    save("lightning.ckpt", {"epoch": 1, "pytorch-lightning_version": "2.0", "state_dict": model, "callbacks": {}}, [], head)
    trunk = tensors(under("_feature_blocks.", state))
    vissl = {"classy_state_dict": {"base_model": {"model": {"trunk": trunk, "heads": tensors(extra(x__weight=(3, 3)))}}}}
    save("vissl.torch", vissl, [], ["outside classy_state_dict.base_model.model.trunk"])


def dense_files(sgd):
    """DenseNet-121 as torchvision, timm, CheXNet's reimplementation, JF Healthcare and TorchXRayVision publish it."""
    import safetensors.torch
    import torch

    head = ["classifier head"]
    classifier = extra(classifier__weight=(5, 4), classifier__bias=(5,))
    old = dotted(dense_network(counters=False))
    save("densenet.pth", tensors({**old, **classifier}), ["imagenet-densenet121"], head, legacy=True, network="dense")
    safetensors.torch.save_file(
        {n: t.clone() for n, t in tensors({**dense_network(), **classifier}, together=False).items()}, OUT / "densenet-timm.safetensors")
    note("densenet-timm.safetensors", ["imagenet-densenet121-timm"], head, "dense")
    row = extra(classifier__0__weight=(5, 4), classifier__0__bias=(5,))
    chexnet = {"state_dict": tensors(under("module.densenet121.", {**old, **row})), "best_loss": 0.25, "optimizer": sgd(old)}
    save("chexnet.pth.tar", chexnet, ["chexnet-densenet121"], head + ["outside state_dict"], legacy=True, network="dense")
    finding = extra(fc_0__weight=(1, 4, 1, 1), fc_0__bias=(1,), bn_0__weight=(4,), bn_0__running_mean=(4,), attention_map__conv__weight=(1, 4, 1, 1))
    winner = {**under("backbone.", {**dense_network(), **classifier}), **finding}
    save("jfhealthcare.pth", tensors(winner), ["jfhealthcare-densenet121"], head, legacy=True, network="dense")

    # A whole network, pickled with the names of its classes: one input channel, the thresholds a buffer.
    package = types.ModuleType("torchxrayvision.models")

    class DenseNet(torch.nn.Module):
        pass

    class Part(torch.nn.Module):
        pass

    for kind in (DenseNet, Part):
        kind.__module__, kind.__qualname__ = package.__name__, kind.__name__
        setattr(package, kind.__name__, kind)
    sys.modules.update({"torchxrayvision": types.ModuleType("torchxrayvision"), package.__name__: package})
    whole = DenseNet()
    for name, tensor in tensors({**dense_network(channels=1), **classifier}).items():
        *path, leaf = name.split(".")
        place = whole
        for step in path:
            if step not in place._modules:
                place.add_module(step, Part())
            place = place._modules[step]
        if leaf in ("weight", "bias"):
            place.register_parameter(leaf, torch.nn.Parameter(tensor))
        else:
            place.register_buffer(leaf, tensor)
    whole.register_buffer("op_threshs", torch.full((18,), math.nan))
    ids = ["all", "rsna", "nih", "pc", "chex", "mimic-nb", "mimic-ch"]
    save(
        "torchxrayvision-densenet.pt", whole, [f"torchxrayvision-densenet121-{i}" for i in ids], head + ["operating points"], legacy=True,
        network="dense-gray")


def transformer_files(sgd):
    """Vision transformers as timm, DINO, MAE, MoCo-v3 and DINOv2 publish them."""
    import safetensors.torch

    head = ["classifier head"]
    state = transformer()
    classifier = extra(head__weight=(5, 4), head__bias=(5,))
    safetensors.torch.save_file(
        {n: t.clone() for n, t in tensors({**state, **classifier}, together=False).items()}, OUT / "augreg.safetensors")
    note("augreg.safetensors", ["augreg-vit-ti16", "augreg-vit-s16", "augreg-vit-b16"], head, "vit")
    save("dino-vit.pth", tensors(state), ["dino-vit-s16", "dino-vit-b16"], network="vit")
    hidden = extra(mask_token=(1, 1, 4), decoder_embed__weight=(3, 4), decoder_blocks__0__norm1__weight=(3,), decoder_pred__weight=(3, 3))
    save("mae.pth", {"model": tensors({**state, **hidden})}, ["mae-vit-b16"], ["mask token", "pixel decoder"], network="vit")
    other = {name: array + 1 for name, array in state.items()}
    project = extra(head__0__weight=(3, 4), head__1__running_mean=(3,))
    moco3 = {
        **under("module.base_encoder.", {**state, **project}), **under("module.momentum_encoder.", {**other, **project}),
        **under("module.predictor.", extra(p__0__weight=(3, 3))),
    }
    save(
        "moco-v3-vit.pth.tar", {"epoch": 300, "state_dict": tensors(moco3), "optimizer": sgd(state)}, ["moco-v3-vit-b16"],
        head + ["momentum encoder", "outside state_dict", "projection head"], network="vit")
    second = {**transformer(patch=14, grid=37, scales=True), **extra(mask_token=(1, 4))}
    save("dinov2.pth", tensors(second), ["dinov2-vit-s14", "dinov2-vit-b14"], ["mask token"], network="vit14")


def tar(file, state, entries, rules):
    """The container of PyTorch before 0.1.10, which torch 2.13 reads and no longer writes: it checks the file below."""
    import torch

    def pickled(value):
        return pickle.dumps(value, protocol=2)

    class Pickler(pickle.Pickler):
        def persistent_id(self, value):
            return value.key if isinstance(value, Place) else None

    class Place:
        def __init__(self, key):
            self.key = key

    storages, headers, places = [], [], collections.OrderedDict()
    for number, (name, array) in enumerate(state.items()):
        storage, tensor = 2 * number + 1, 2 * number + 2
        storages.append(pickled((storage, "cpu", torch.FloatStorage)) + struct.pack("<q", array.size) + array.tobytes())
        strides = [step // 4 for step in array.strides]
        headers.append(
            pickled((tensor, storage, torch.FloatTensor)) + struct.pack("<ii", array.ndim, 0)
            + struct.pack(f"<{array.ndim}q", *array.shape) + struct.pack(f"<{array.ndim}q", *strides) + struct.pack("<q", 0))
        places[name] = Place(tensor)
    stream = io.BytesIO()
    Pickler(stream, protocol=2).dump(places)
    sizes = {"short": 2, "int": 4, "long": 8}
    members = [
        ("sys_info", pickled({"protocol_version": 1000, "little_endian": True, "type_sizes": sizes})),
        ("pickle", stream.getvalue()), ("tensors", pickled(len(headers)) + b"".join(headers)),
        ("storages", pickled(len(storages)) + b"".join(storages) + pickled([])),
    ]
    with tarfile.open(OUT / file, "w:", format=tarfile.PAX_FORMAT) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    read = torch.load(OUT / file, weights_only=False)
    assert list(read) == list(state) and all(torch.equal(read[n], torch.from_numpy(a)) for n, a in state.items())
    note(file, entries, rules)


# ---------------------------------------------------------------------------------------------------------------------
# BYOL: dictionaries of haiku


class _ByolExperimentState(typing.NamedTuple):
    online_params: typing.Any
    target_params: typing.Any
    online_state: typing.Any
    target_state: typing.Any
    opt_state: typing.Any


def byol_file():
    """The names of deepmind-research's byol and of haiku's nets/resnet.py."""
    module = types.ModuleType("byol.byol_experiment")
    module._ByolExperimentState = _ByolExperimentState
    _ByolExperimentState.__module__ = "byol.byol_experiment"
    sys.modules.update({"byol": types.ModuleType("byol"), "byol.byol_experiment": module})

    def path(name):
        parts = name.split(".")
        kind = "conv" if "conv" in parts[-1] or parts[-1] == "0" else "batchnorm"
        if len(parts) == 1:
            return f"res_net50/~/initial_{kind}"
        block = f"res_net50/~/block_group_{int(parts[0][5:]) - 1}/~/block_{parts[1]}/~"
        return f"{block}/shortcut_{kind}" if parts[2] == "downsample" else f"{block}/{kind}_{int(parts[2][-1]) - 1}"

    def trees(shift):
        params, states = {}, {}
        tiny = network()
        for convolution, normalization, shape in units():
            channels = (1, 1, 1, shape[0])
            params[path(convolution)] = {"w": hwio(tiny[convolution + ".weight"]) + shift}
            norm = path(normalization)
            params[norm] = {
                "offset": tiny[normalization + ".bias"].reshape(channels) + shift,
                "scale": tiny[normalization + ".weight"].reshape(channels) + shift,
            }
            for ema, part in (("mean_ema", "running_mean"), ("var_ema", "running_var")):
                average = tiny[f"{normalization}.{part}"].reshape(channels) + shift
                counter = numpy.array(300000, numpy.int32)
                states[f"{norm}/~/{ema}"] = {"average": average, "counter": counter, "hidden": average * numpy.float32(0.5)}
        for name in ("projector", "predictor"):
            params[f"{name}/~/linear_0"] = {"b": value(name, (3,)), "w": value(name, (3, 3))}
        params["classifier"] = {"b": value("classifier", (5,)), "w": value("classifier", (3, 5))}
        # Haiku's dictionaries are sorted.
        return dict(sorted(params.items())), dict(sorted(states.items()))

    online, target = trees(numpy.float32(0)), trees(numpy.float32(1))
    momentum = {"mu": {"classifier": {"b": value("mu", (5,))}}}
    experiment = _ByolExperimentState(online[0], target[0], online[1], target[1], momentum)
    checkpoint = {"experiment_state": experiment, "step": 300000, "rng": numpy.array([0, 1], numpy.uint32)}
    (OUT / "byol.pkl").write_bytes(pickle.dumps(checkpoint, protocol=4))
    rules = ["classifier head", "momentum encoder", "moving average's working values", "optimizer", "outside experiment_state"]
    note("byol.pkl", ["byol"], rules + ["projection head"])


# ---------------------------------------------------------------------------------------------------------------------
# SimCLR and Keras, by their own libraries


def simclr_files():
    """The variables in order of creation: a block's shortcut before its convolutions."""
    import tensorflow as tf

    def order(unit):
        parts = unit[0].split(".")
        if len(parts) == 1:
            return (0, 0, 0)
        return (int(parts[0][5:]), int(parts[1]), 0 if parts[2] == "downsample" else int(parts[2][-1]))

    tiny = network()
    names = {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"}
    variables = {"global_step": numpy.int64(250228)}
    for number, (convolution, normalization, _) in enumerate(sorted(units(), key=order)):
        suffix = f"_{number}" if number else ""
        kernel = f"base_model/conv2d{suffix}/kernel"
        variables[kernel] = hwio(tiny[convolution + ".weight"])
        variables[kernel + "/Momentum"] = variables[kernel] * 0
        for part, name in names.items():
            variables[f"base_model/batch_normalization{suffix}/{name}"] = tiny[f"{normalization}.{part}"]
    variables["head_supervised/linear_layer/dense/kernel"] = value("dense", (3, 5))
    variables["head_contrastive/nl_0/dense/kernel"] = value("nl_0", (3, 3))
    variables["ema_model/conv2d/kernel"] = variables["base_model/conv2d/kernel"] + 1
    keys = sorted(variables)
    tf.raw_ops.SaveV2(
        prefix=str(OUT / "simclr.ckpt"), tensor_names=keys, shape_and_slices=[""] * len(keys),
        tensors=[variables[k] for k in keys])
    rules = ["classifier head", "momentum encoder", "optimizer", "projection head", "training counter"]
    note("simclr.ckpt.index", ["simclr-v1", "simclr-v2"], rules)


def keras_file():
    """Layers named and connected in number as keras.applications.ResNet50's, with biases, in Keras's HDF5 of weights alone."""
    import h5py
    import keras
    from keras.src.legacy.saving import legacy_h5_format

    def layer(unit):
        parts = unit.split(".")
        if len(parts) == 1:
            return "conv1"
        return f"conv{int(parts[0][5:]) + 1}_block{int(parts[1]) + 1}_{0 if parts[2] == 'downsample' else parts[2][-1]}"

    published = {l.name for l in keras.applications.ResNet50(weights=None, include_top=False).layers if l.weights}
    assert published == {layer(c) + kind for c, _, _ in units() for kind in ("_conv", "_bn")}, "not Keras's names"
    tiny = network()
    layers = []
    for convolution, normalization, shape in units():
        name = layer(convolution)
        bias = value(name + ".bias", shape[:1])
        conv = keras.layers.Conv2D(shape[0], shape[2:], name=name + "_conv")
        conv.build((None, 8, 8, shape[1]))
        conv.set_weights([hwio(tiny[convolution + ".weight"]), bias])
        norm = keras.layers.BatchNormalization(axis=3, epsilon=1.001e-5, name=name + "_bn")
        norm.build((None, 8, 8, shape[0]))
        # What the next layer sees is the convolution with its bias, so the mean has it too.
        parts = [tiny[f"{normalization}.{p}"] for p in ("weight", "bias", "running_mean", "running_var")]
        norm.set_weights([parts[0], parts[1], parts[2] + bias, parts[3]])
        layers += [conv, norm]
    model = types.SimpleNamespace(layers=layers, _trainable_variables=[], _non_trainable_variables=[])
    with h5py.File(OUT / "keras.h5", "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)
    note("keras.h5", ["radimagenet-keras"], [])


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    place = OUT / "index.json"
    if place.exists():
        index.update(json.loads(place.read_text()))
    if sys.argv[1:] == ["keras"]:
        simclr_files()
        keras_file()
    else:
        import safetensors.numpy
        import torch

        torch.manual_seed(0)
        torch_files()
        byol_file()
        # Counters are the same in all of them.
        everything = {
            **under("tiny/", network(counters=False)), **under("gray/", network(counters=False, channels=1)),
            **under("cifar/", network(of=cifar_units, counters=False)),
            **under("dense/", dense_network(counters=False)), **under("dense-gray/", dense_network(counters=False, channels=1)),
            **under("vit/", transformer()), **under("vit14/", transformer(patch=14, grid=37, scales=True)),
        }
        safetensors.numpy.save_file(everything, OUT / "expected.safetensors")
    place.write_text(json.dumps(index, indent=1, sort_keys=True) + "\n")
