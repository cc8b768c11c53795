"""A whole study in MedTransfer beside plain and tuned Python PyTorch on the same images: processor seconds, seconds of the clock, peak memory.

    study.py <binary> <data> [--images 200] [--epochs 2] [--rounds 2] [--size 128] [--architecture resnet18] [--tasks findings,pneumonia,lungs] [--bfloat16]

`data` is the folder of real images (MEDTRANSFER_DATA, else ../shared/data): NIH chest X-rays (five findings), pediatric chest X-rays (pneumonia), and JSRT's
lungs (a U-Net). Both sides read one manifest a task, train as many steps of as many images from random weights, validate after each epoch and answer the
test images; what is random differs. They take turns, each in a process of its own; the table has medians over the rounds, and ratios of medians.
Writes Benchmarks/result-study.json.
"""

import argparse
import collections
import csv
import gzip
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

FINDINGS = ["Infiltration", "Atelectasis", "Edema", "Effusion", "Pneumonia"]
PARTS = [("training", 0.6), ("validation", 0.15), ("test", 0.25)]


def parted(rows, patient):
    """Rows with a part each; all of a patient in one."""
    wanted = [(part, share * len(rows)) for part, share in PARTS]
    groups = collections.defaultdict(list)
    for row in rows:
        groups[patient(row)].append(row)
    made, place, inPlace = [], 0, 0
    for key in sorted(groups):
        if place + 1 < len(wanted) and inPlace >= wanted[place][1]:
            place, inPlace = place + 1, 0
        made += [dict(row, split=wanted[place][0]) for row in groups[key]]
        inPlace += len(groups[key])
    return made


def findings(data, count):
    with gzip.open(data / "chestxray14-1000/Data_Entry_2017_v2020.csv.gz", "rt") as file:
        table = {row["Image Index"]: row for row in csv.DictReader(file)}
    paths = sorted((data / "chestxray14-1000/images-256").glob("*.png"))
    random.Random(1).shuffle(paths)
    rows = []
    for path in paths[:count]:
        row = table[path.name]
        said = row["Finding Labels"].split("|")
        rows.append({"path": str(path), "patient": row["Patient ID"], **{name: int(name in said) for name in FINDINGS}})
    return parted(rows, lambda row: row["patient"])


def pneumonia(data, count):
    paths = sorted((data / "pediatric-pneumonia/train").glob("*/*.jpeg"))
    random.Random(2).shuffle(paths)
    # A file here stands for a patient: what is measured is time, and no verdict follows.
    rows = [{"path": str(path), "patient": path.stem, "Pneumonia": int(path.parent.name == "PNEUMONIA")} for path in paths[:count]]
    return parted(rows, lambda row: row["patient"])


def lungs(data, count):
    paths = sorted((data / "jsrt-lungs/images").glob("*.png"))
    random.Random(3).shuffle(paths)
    rows = [{"path": str(path), "mask": str(data / "jsrt-lungs/masks" / path.name), "patient": path.stem} for path in paths[:count]]
    return parted(rows, lambda row: row["patient"])


TASKS = {
    "findings": ("multiLabelClassification", findings, FINDINGS),
    "pneumonia": ("binaryClassification", pneumonia, ["Pneumonia"]),
    "lungs": ("binarySegmentation", lungs, []),
}


def prepare(folder, data, options):
    tasks, blocks = {}, []
    for name in options.tasks.split(","):
        kind, rows, labels = TASKS[name]
        rows = rows(data, options.images)
        with open(folder / f"{name}.csv", "w", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        tasks[name] = {"kind": kind, "manifest": f"{name}.csv", "labels": labels}
        columns = "maskColumn: mask, threshold: 127" if kind == "binarySegmentation" else f"labelColumns: [{', '.join(labels)}]"
        blocks.append(
            f"  {name}:\n    kind: {kind}\n    data: {{manifest: {{file: {name}.csv, {columns}, patientColumn: patient, splitColumn: split}}}}\n"
            + ("    recipe: {augmentation: none, normalization: none, schedule: constant}\n" if kind == "binarySegmentation" else "")
        )
        print(f"  {name}: " + ", ".join(f"{sum(row['split'] == part for row in rows)} {part}" for part, _ in PARTS), file=sys.stderr)
    study = {"architecture": options.architecture, "inputSize": options.size, "batchSize": options.batch, "epochs": options.epochs, "seeds": [1, 2], "tasks": tasks}
    (folder / "study.json").write_text(json.dumps(study))
    (folder / "study.yaml").write_text(
        f"name: benchmark\nseeds: [1, 2]\ndevice: cpu\nthreads: {options.threads}\nexamples: false\n"
        f"recipe: {{architecture: {options.architecture}, inputSize: {options.size}, batchSize: {options.batch}, evaluationBatchSize: {options.batch}, epochs: {options.epochs}, "
        f"earlyStoppingPatience: null, testTimeAugmentation: none}}\ninitializations: {{random: random}}\ntasks:\n" + "".join(blocks)
    )


def timed(command, environment, folder, log):
    """Runs a command alone, and says its seconds, processor seconds (of all its processes) and peak memory in MB (of its largest process)."""
    # A process between, so that RUSAGE_CHILDREN is of this command alone.
    pipe = subprocess.run(
        [sys.executable, "-c", "import json,resource,subprocess,sys,time;b=time.time();p=subprocess.run(sys.argv[1:],stdout=sys.stderr);"
         "u=resource.getrusage(resource.RUSAGE_CHILDREN);print(json.dumps([p.returncode,time.time()-b,u.ru_utime+u.ru_stime,u.ru_maxrss/1024]))", *map(str, command)],
        cwd=folder, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=open(log, "w"), text=True, check=True)
    status, wall, processor, memory = json.loads(pipe.stdout)
    if status != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {status}:\n" + pathlib.Path(log).read_text()[-2000:])
    return {"wall": wall, "processor": processor, "memory": memory}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--images", type=int, default=200)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--architecture", default="resnet18")
    parser.add_argument("--tasks", default=",".join(TASKS))
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--bfloat16", action="store_true", help="also the arms in bfloat16: worth it where the processor has it")
    options = parser.parse_args()
    if not options.data.is_dir():
        sys.exit(f"There is no folder {options.data} of real images: set MEDTRANSFER_DATA to one that has chestxray14-1000, pediatric-pneumonia and jsrt-lungs.")
    binary, script = options.binary.resolve(), pathlib.Path(__file__).resolve().parent / "study_script.py"
    kept = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "17179869184", "MALLOC_TOP_PAD_": "67108864", "OMP_WAIT_POLICY": "passive"}
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        prepare(folder, options.data.resolve(), options)

        def python(variant):
            return lambda number: ([sys.executable, script, folder, variant, options.threads], {} if variant == "plain" else kept)

        def ours(name, more):
            return lambda number: ([binary, "run", folder / "study.yaml", "--quiet", f"output=runs-{name}-{number}", *more(number)], {})

        arms = {
            "PyTorch, plain": python("plain"),
            "PyTorch, tuned": python("tuned"),
            "MedTransfer": ours("plain", lambda number: []),
            "MedTransfer, cold cache": ours("cold", lambda number: [f"cache=cache-{number}"]),
            "MedTransfer, warm cache": ours("warm", lambda number: [f"cache=cache-{number}"]),
        }
        if options.bfloat16:
            arms["PyTorch, tuned, bfloat16"] = python("tuned-bfloat16")
            arms["PyTorch, tuned, compiled bfloat16"] = python("tuned-compiled")
            arms["MedTransfer, fastest"] = ours("fastest", lambda number: ["recipe.precision=fastest"])
        taken = {name: [] for name in arms}
        for number in range(options.rounds):
            for name, make in arms.items():
                print(f"round {number + 1} of {options.rounds}: {name}", file=sys.stderr, flush=True)
                command, environment = make(number)
                taken[name].append(timed(command, environment, folder, folder / "log"))
    cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "unknown")
    median = {name: {key: statistics.median(run[key] for run in runs) for key in runs[0]} for name, runs in taken.items()}
    cells = 2 * len(options.tasks.split(","))
    print(f"{cells} cells of {options.architecture} at {options.size} px, {options.images} images a task, {options.epochs} epochs, batch {options.batch}; {cpu}, {options.threads} threads; medians of {options.rounds}")
    plain, tuned = median["PyTorch, plain"], median["PyTorch, tuned"]
    print(f"{'':36}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}{'plain / it':>12}{'tuned / it':>12}  (CPU; wall)")
    for name, of in median.items():
        ratios = [f"{base[key] / of[key]:.2f}" for base in (plain, tuned) for key in ("processor", "wall")]
        print(f"{name:36}{of['processor']:9.1f}{of['wall']:9.1f}{of['memory']:9.0f}{ratios[0] + '; ' + ratios[1]:>14}{ratios[2] + '; ' + ratios[3]:>14}")
    (pathlib.Path(__file__).parent / "result-study.json").write_text(json.dumps({"cpu": cpu, "threads": options.threads, "options": {k: str(v) for k, v in vars(options).items() if k not in ("binary", "data")}, "runs": taken}, indent=1))


if __name__ == "__main__":
    main()
