"""Goldens of the self-supervised objectives, parts and optimizers, in float64: torch 2.13.0.

    Scripts/with-python Tools/goldens/self_supervised.py FOLDER [NAME …]

writes Tests/PretrainingTests/Goldens/self-supervised.json and Tests/NeuralNetworksTests/Goldens/layer-rates.json; with names only those entries of the former, the others
staying as they are, so that a new one needs its own reference alone. FOLDER holds git repositories of the references, each as
FOLDER/<owner>+<name> (bare or not, or with the bare one below it as `repo`); nothing of them is committed here. What they say at these commits is run:

    vturrisi/solo-learn          9187ea39   NT-Xent, BYOL, SimSiam, Barlow Twins, SwAV, DeepCluster-v2, MoCo; its MomentumUpdater
    lightly-ai/lightly           e8d317fc   Sinkhorn (a second opinion)
    facebookresearch/vicreg      4e12602f   VICReg.forward
    facebookresearch/dino        7c446df5   DINOLoss, DINOHead, cosine_scheduler, clip_gradients
    facebookresearch/swav        06b1b7cb   distributed_sinkhorn, cluster_memory
    facebookresearch/vissl       09270ed2   NCEAverage, NCECriterion
    facebookresearch/barlowtwins 8e8d284c   LARS
    HobbitLong/PyContrast        84f94eab   RGBMem, RGBMoCo
    salesforce/PCL               964da1fb   the concentrations of run_kmeans
    yukimasano/self-label        3891e376   optimize_L_sk
    NVIDIA/apex                  cb65b8ed^  LARC

SimCLR's LARS (TensorFlow) and PCL's MoCo.forward (it draws its negatives by itself) are derived anew below, and say so.
Inputs are by the closed formula of formula.py under the names given here; the golden holds results only.
"""

import ast
import json
import math
import pathlib
import subprocess
import sys
import textwrap
import types

import numpy as np
import torch

from formula import uniform

TESTS = pathlib.Path(__file__).resolve().parents[2] / "Tests"
F = torch.nn.functional
torch.set_default_dtype(torch.float64)
B, D, K, N = 6, 8, 5, 14


def source(repository, commit, path):
    folder = pathlib.Path(sys.argv[1]) / repository.replace("/", "+")
    folder = folder / "repo" if (folder / "repo").exists() else folder
    return subprocess.run(
        ["git", "-C", str(folder), "show", f"{commit}:{path}"], check=True, capture_output=True, text=True).stdout


def pieces(repository, commit, path, names, **given):
    """Functions and classes of a file, executed without the file's imports."""
    tree = ast.parse(source(repository, commit, path))
    chosen = [node for node in tree.body if getattr(node, "name", None) in names]
    assert {node.name for node in chosen} == set(names), [node.name for node in chosen]
    for node in chosen:
        node.decorator_list = []
    space = {
        "torch": torch, "nn": torch.nn, "F": F, "np": np, "math": math, "optim": torch.optim, "dist": types.SimpleNamespace(
            is_available=lambda: False, is_initialized=lambda: False, all_reduce=lambda x, **_: x, get_world_size=lambda: 1,
            broadcast=lambda *_, **__: None, barrier=lambda: None),
        "List": list, "Union": object, "AttrDict": dict, "ClassyLoss": torch.nn.Module, "Optimizer": torch.optim.Optimizer, "Tensor": torch.Tensor,
        **given}
    exec(compile(ast.Module(body=chosen, type_ignores=[]), path, "exec"), space)
    return types.SimpleNamespace(**{name: space[name] for name in names})


def rows(name, count=B, size=D):
    return uniform(name, [count, size])


def unit(name, count=B, size=D):
    return F.normalize(rows(name, count, size), dim=1)


def graded(loss_of, *inputs):
    """A loss and its gradient by each input."""
    leaves = [x.clone().requires_grad_() for x in inputs]
    loss = loss_of(*leaves)
    loss.backward()
    return {"loss": loss.item(), "gradients": [x.grad.flatten().tolist() for x in leaves]}


def integers(name, shape, below):
    return ((uniform(name, shape) + 1) / 2 * below).long().clamp(0, below - 1)


# MARK: objectives


def info_nce():
    solo = pieces("vturrisi/solo-learn", "9187ea39", "solo/losses/mocov2plus.py", ["mocov2plus_loss_func"])
    contrast = pieces("HobbitLong/PyContrast", "84f94eab", "pycontrast/memory/mem_moco.py", ["BaseMoCo"])
    k, queue = unit("keys"), unit("queue", 7)
    first = graded(lambda q: solo.mocov2plus_loss_func(q, k, queue.T, 0.2), unit("queries"))
    other = graded(
        lambda q: F.cross_entropy(contrast.BaseMoCo(7, 0.2)._compute_logit(q, k, queue), torch.zeros(B, dtype=torch.long)), unit("queries"))
    assert math.isclose(first["loss"], other["loss"], rel_tol=1e-12)
    return first


def instance_discrimination():
    memory = pieces("HobbitLong/PyContrast", "84f94eab", "pycontrast/memory/mem_bank.py", ["BaseMem"]).BaseMem(K=4, T=0.07, m=0.5)
    bank, y, others = unit("bank", N), torch.tensor([3, 0, 13, 7, 5, 1]), integers("negatives", [B, 4], N)
    w = bank[torch.cat([y[:, None], others], 1)]

    def loss(v):
        return F.cross_entropy(memory._compute_logit(v, w), torch.zeros(B, dtype=torch.long))

    updated = bank.clone()
    memory._update_memory(updated, unit("image"), y)
    return {
        "insdis": graded(loss, unit("image")),
        "pirl": graded(lambda v, j: (1 - 0.3) * loss(v) + 0.3 * loss(j), unit("image"), unit("jigsaw")),
        "updatedBank": updated.flatten().tolist(),
    }


def nt_xent():
    solo = pieces(
        "vturrisi/solo-learn", "9187ea39", "solo/losses/simclr.py", ["simclr_loss_func"], gather=lambda x: x, get_rank=lambda: 0)
    indexes = torch.arange(B).repeat(2)
    first = graded(lambda a, b: solo.simclr_loss_func(torch.cat([a, b]), indexes, 0.1), rows("first"), rows("second"))

    def official(a, b):
        # simclr/objective.py add_contrastive_loss, derived anew: the mean of each half, added.
        a, b = F.normalize(a, dim=1), F.normalize(b, dim=1)
        mask = 1e9 * torch.eye(B)
        labels = torch.arange(B)
        left = torch.cat([a @ b.T, a @ a.T - mask], 1) / 0.1
        right = torch.cat([b @ a.T, b @ b.T - mask], 1) / 0.1
        return F.cross_entropy(left, labels) + F.cross_entropy(right, labels)

    assert math.isclose(2 * first["loss"], official(rows("first"), rows("second")).item(), rel_tol=1e-9)
    return first


def regression():
    byol = pieces("vturrisi/solo-learn", "9187ea39", "solo/losses/byol.py", ["byol_loss_func"]).byol_loss_func
    simsiam = pieces("vturrisi/solo-learn", "9187ea39", "solo/losses/simsiam.py", ["simsiam_loss_func"]).simsiam_loss_func
    z = rows("target")
    return {
        "byol": graded(lambda p: byol(p, z), rows("prediction")), "simsiam": graded(lambda p: simsiam(p, z), rows("prediction")),
        "simsiamWithoutStop": graded(lambda p, z: -F.cosine_similarity(p, z, dim=-1).mean(), rows("prediction"), z)}


def redundancy():
    barlow = pieces("vturrisi/solo-learn", "9187ea39", "solo/losses/barlow.py", ["barlow_loss_func"]).barlow_loss_func
    official = pieces(
        "facebookresearch/vicreg", "4e12602f", "main_vicreg.py", ["VICReg", "off_diagonal"],
        FullGatherLayer=types.SimpleNamespace(apply=lambda x: (x,))).VICReg

    def vicreg(x, y):
        stage = types.SimpleNamespace(
            args=types.SimpleNamespace(batch_size=B, sim_coeff=25.0, std_coeff=25.0, cov_coeff=1.0), num_features=D, backbone=lambda v: v,
            projector=lambda v: v)
        return official.forward(stage, x, y)

    return {
        "barlow": graded(lambda a, b: barlow(a, b, lamb=0.0051, scale_loss=1), rows("first"), rows("second")),
        "vicreg": graded(vicreg, rows("first"), rows("second"))}


def clusters():
    swav = pieces("vturrisi/solo-learn", "9187ea39", "solo/losses/swav.py", ["swav_loss_func"]).swav_loss_func
    deep = pieces("vturrisi/solo-learn", "9187ea39", "solo/losses/deepclusterv2.py", ["deepclusterv2_loss_func"]).deepclusterv2_loss_func
    codes = [torch.softmax(3 * rows(f"code{i}", B, K), 1) for i in range(2)]
    scores = [rows(f"score{i}", B, K) for i in range(3)]
    own = [torch.tensor([0, 3, 1, 4, 2, 2]), torch.tensor([1, 1, 0, 3, 3, 4])]
    # An image without a cluster: solo-learn ignores -1, the official code and ours -100.
    own[1][2] = -1

    def deepcluster(*outputs):
        return deep(torch.stack([o.reshape(2, B, K) for o in outputs]), torch.stack(own), 0.1)

    return {
        "swav": graded(lambda *s: swav(list(s), codes, 0.1), *scores),
        "deepcluster": graded(deepcluster, rows("scores0", 2 * B, K), rows("scores1", 2 * B, K))}


def proto_nce():
    """PCL's MoCo.forward, its prototype part, derived anew: there the negatives are drawn inside."""
    prototypes, phi = unit("prototypes", 9), 0.1 + (uniform("phi", [9]) + 1) / 10
    own, negatives = torch.tensor([4, 0, 4, 7, 1, 0]), torch.tensor([2, 8, 3])

    def loss(q):
        chosen = torch.cat([own, negatives])
        return F.cross_entropy(q @ prototypes[chosen].T / phi[chosen], torch.arange(B))

    return graded(loss, unit("queries"))


def dino():
    module = pieces("facebookresearch/dino", "7c446df5", "main_dino.py", ["DINOLoss"]).DINOLoss(K, 4, 0.04, 0.07, 3, 10)
    module.center = 0.3 * rows("center", 1, K)
    teacher = [rows(f"teacher{i}", B, K) for i in range(2)]
    students = [rows(f"student{i}", B, K) for i in range(4)]

    def loss(*s):
        return module(torch.cat(s), torch.cat(teacher), 1)

    result = graded(loss, *students)
    return {**result, "center": module.center.flatten().tolist(), "temperatures": module.teacher_temp_schedule.tolist()}


# MARK: heads


def filled(module):
    """Every parameter by its name in the Sequential that it is in."""
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            parameter.copy_(uniform(name.removeprefix("mlp."), list(parameter.shape)))
    return module


def heads():
    nn = torch.nn
    plain = filled(nn.Sequential(
        nn.Linear(D, 7, bias=False), nn.BatchNorm1d(7), nn.ReLU(), nn.Linear(7, K), nn.BatchNorm1d(K, affine=False)))
    probe = rows("probe", B, K)
    result = graded(lambda x: (plain(x) * probe).sum(), rows("first"))
    result["runningMeans"] = plain[1].running_mean.tolist()
    result["runningVariances"] = plain[1].running_var.tolist()
    official = pieces(
        "facebookresearch/dino", "7c446df5", "vision_transformer.py", ["DINOHead"], trunc_normal_=lambda *_, **__: None).DINOHead
    head = filled(official(D, K, hidden_dim=7, bottleneck_dim=4))
    with torch.no_grad():
        head.last_layer.weight_v.copy_(uniform("weight_v", [K, 4]))
        head.last_layer.weight_g.fill_(1)
    return {"plain": result, "dino": graded(lambda x: (head(x) * probe).sum(), rows("first"))}


# MARK: parts


def sinkhorn():
    official = pieces(
        "facebookresearch/swav", "06b1b7cb", "main_swav.py", ["distributed_sinkhorn"],
        args=types.SimpleNamespace(epsilon=0.05, world_size=1, sinkhorn_iterations=3)).distributed_sinkhorn
    second = pieces("lightly-ai/lightly", "e8d317fc", "lightly/loss/swav_loss.py", ["sinkhorn"]).sinkhorn
    scores = rows("score0", B, K)
    codes = official(scores)
    assert torch.allclose(codes, second(scores, iterations=3, epsilon=0.05), rtol=1e-12, atol=0)
    return codes.flatten().tolist()


def self_label():
    solver = pieces("yukimasano/self-label", "3891e376", "sinkhornknopp.py", ["optimize_L_sk"], time=__import__("time")).optimize_L_sk
    scores = 4 * rows("self label", 40, K)
    class Labels(dict):
        def size(self):
            return (40,)

    holder = types.SimpleNamespace(L=Labels(), PS=torch.softmax(scores, 1).numpy(), outs=[K], dtype=np.float64, lamb=3, dev="cpu")
    solver(holder)
    return holder.L[0].tolist()


def k_means():
    """DeepCluster-v2's cluster_memory, with its first centroids told."""
    stored = {}
    data = unit("k-means", 40)
    first = [3, 17, 30, 9]
    torch_space = types.SimpleNamespace(**{n: getattr(torch, n) for n in dir(torch) if not n.startswith("__")})
    torch_space.randperm = lambda n: torch.tensor(first + [i for i in range(n) if i not in first])

    torch.Tensor.cuda = lambda self, *_, **__: self
    weight = types.SimpleNamespace(copy_=lambda c: stored.setdefault("centroids", c.clone()))
    model = types.SimpleNamespace(module=types.SimpleNamespace(prototypes=types.SimpleNamespace(
        prototypes0=types.SimpleNamespace(weight=weight))))
    from scipy.sparse import csr_matrix
    world = types.SimpleNamespace(
        broadcast=lambda *_, **__: None, all_reduce=lambda *_: None,
        all_gather=lambda into, x, **_: (into[0].copy_(x), types.SimpleNamespace(wait=lambda: None))[1])
    cluster = pieces(
        "facebookresearch/swav", "06b1b7cb", "main_deepclusterv2.py", ["cluster_memory", "get_indices_sparse"],
        args=types.SimpleNamespace(nmb_prototypes=[4], crops_for_assign=[0], feat_dim=D, rank=0, world_size=1), csr_matrix=csr_matrix,
        torch=torch_space, dist=world).cluster_memory
    assignments = cluster(model, torch.arange(40), data[None], 40, nmb_kmeans_iters=3)
    return {"first": first, "centroids": stored["centroids"].flatten().tolist(), "assignments": assignments[0].tolist()}


def concentrations():
    """The lines of PCL's run_kmeans after the search, cut out of the function and run."""
    text = source("salesforce/PCL", "964da1fb", "main_pcl.py")
    lines = text.splitlines()
    start = next(i for i, line in enumerate(lines) if "sample-to-centroid distances" in line)
    end = next(i for i, line in enumerate(lines) if "density = args.temperature" in line)
    body = textwrap.dedent("\n".join(lines[start:end + 1]))
    squares = ((uniform("squares", [30]) + 1) / 2).tolist()
    clusters = integers("clusters", [30], 7).tolist()
    # One cluster of one image, and one of none.
    clusters = [0 if c == 6 else c for c in clusters]
    clusters = [0 if c == 5 else c for c in clusters]
    clusters[4] = 5
    space = {
        "np": np, "k": 7, "D": [[d] for d in squares], "im2cluster": clusters, "args": types.SimpleNamespace(temperature=0.2)}
    exec(body, space)
    return {"squares": squares, "clusters": clusters, "values": space["density"].tolist()}


def momentum():
    solo = pieces("vturrisi/solo-learn", "9187ea39", "solo/utils/momentum.py", ["MomentumUpdater"]).MomentumUpdater
    updater = solo(0.99, 1.0)
    taus = []
    for step in range(5):
        updater.update_tau(step, 10)
        taus.append(updater.cur_tau)
    dino_scheduler = pieces("facebookresearch/dino", "7c446df5", "utils.py", ["cosine_scheduler"]).cosine_scheduler
    return {"taus": taus, "rates": dino_scheduler(0.3, 0.01, 5, 4, warmup_epochs=2, start_warmup_value=0.05).tolist()}


# MARK: optimizers


def trajectory(make, steps=6, clip=None):
    """Two matrices and a vector down a bent valley, with a change of rate after the third step."""
    a = uniform("a", [5]).requires_grad_()
    b = uniform("b", [2, 3]).requires_grad_()
    c = torch.zeros(2, 2, requires_grad=True)
    scale = 1 + uniform("scale", [5])
    optimizer = make([a, b, c])
    found = []
    for step in range(steps):
        if step == 3:
            for group in optimizer.param_groups:
                group["lr"] *= 0.1
        optimizer.zero_grad()
        # c starts at 0, where trust ratios are 1, and begins to move at once.
        loss = (scale * a**2).sum() + (b**4).sum() + a.sum() * b.sum() + (c * uniform("c", [2, 2])).sum() + (c**2).sum()
        loss.backward()
        if clip:
            clip([a, b, c])
        optimizer.step()
        found.append(torch.cat([a.detach(), b.detach().flatten(), c.detach().flatten()]).tolist())
    return found


class ClassicLARS(torch.optim.Optimizer):
    """simclr/lars_optimizer.py with classic momentum, derived anew: the rate and the trust ratio act on the gradient, before the momentum."""

    def __init__(self, params, lr, momentum=0.9, decay=0.0, eta=0.001):
        super().__init__(params, dict(lr=lr))
        self.momentum, self.decay, self.eta = momentum, decay, eta

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                g, trust = p.grad, 1.0
                if p.ndim > 1:
                    g = g + self.decay * p
                    if p.norm() > 0 and g.norm() > 0:
                        trust = self.eta * p.norm() / g.norm()
                v = self.state[p].setdefault("v", torch.zeros_like(p))
                v.mul_(self.momentum).add_(group["lr"] * trust * g)
                p.sub_(v)


def optimizers():
    lars = pieces("facebookresearch/barlowtwins", "8e8d284c", "main.py", ["LARS"]).LARS
    larc = pieces("NVIDIA/apex", "cb65b8ed^", "apex/parallel/LARC.py", ["LARC"]).LARC

    def wrapped(p):
        made = larc(torch.optim.SGD(p, lr=0.5, momentum=0.9, weight_decay=0.1), trust_coefficient=0.02, clip=False)
        return made

    utils = pieces("facebookresearch/dino", "7c446df5", "utils.py", ["clip_gradients"])

    def clip(tensors):
        utils.clip_gradients(types.SimpleNamespace(named_parameters=lambda: [(str(i), t) for i, t in enumerate(tensors)]), 1.5)

    return {
        "pull": uniform("c", [2, 2]).flatten().tolist(),
        "lars": trajectory(lambda p: lars(p, lr=0.5, weight_decay=0.1, eta=0.02, weight_decay_filter=True, lars_adaptation_filter=True)),
        "larsOfAll": trajectory(lambda p: lars(p, lr=0.5, weight_decay=0.1, eta=0.02)),
        "classicLARS": trajectory(lambda p: ClassicLARS(p, lr=0.5, decay=0.1, eta=0.02)),
        "larc": trajectory(wrapped),
        "eachClipped": trajectory(lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9), clip=clip),
    }


def write(name, golden):
    path = TESTS / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(golden, separators=(",", ":"), sort_keys=True).replace('],"', '],\n"').replace('},"', '},\n"')
    path.write_text(text + "\n")
    print(name, len(text))


def main():
    name, wanted = "PretrainingTests/Goldens/self-supervised.json", sys.argv[2:]
    entries = {
        "infoNCE": info_nce, "instance": instance_discrimination, "ntXent": nt_xent, "regression": regression, "redundancy": redundancy,
        "clusters": clusters, "protoNCE": proto_nce, "dino": dino, "heads": heads, "sinkhorn": sinkhorn, "selfLabel": self_label, "kMeans": k_means,
        "concentrations": concentrations, "momentum": momentum,
    }
    unknown = [entry for entry in wanted if entry not in entries]
    if unknown:
        sys.exit(f"There is no entry {', '.join(unknown)}. Give some of {', '.join(entries)}, or none for all.")
    kept = json.loads((TESTS / name).read_text()) if wanted else {}
    write(name, kept | {entry: entries[entry]() for entry in wanted or entries})
    if not wanted:
        write("NeuralNetworksTests/Goldens/layer-rates.json", optimizers())


if __name__ == "__main__":
    main()
