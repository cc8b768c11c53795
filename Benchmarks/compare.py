"""Times a ResNet-50 training step (224 px, batch 16, 14 classes, Adam) in MedTransfer and in Python PyTorch, side by side.

The machines that run this are noisy, so the two sides take turns in rounds, each in its own process that sleeps while the
other works; what is compared are medians, and ratios of medians. Prints a table and writes Benchmarks/result.json.
"""

import json
import os
import statistics
import subprocess
import sys

SETTINGS = [
    ("python", "eager-float32"),
    ("python", "eager-bfloat16-channels-last"),
    ("python", "compiled-bfloat16-channels-last"),
    ("swift", "float32"),
    ("swift", "bfloat16"),
]
BATCH = 16


def start(side, binary, threads):
    here = os.path.dirname(os.path.abspath(__file__))
    command = [binary, str(threads)] if side == "swift" else [sys.executable, os.path.join(here, "training_step.py"), str(threads)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def ask(process, setting, count):
    process.stdin.write(f"{setting} {count}\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def main():
    binary = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    threads = int(os.environ.get("OMP_NUM_THREADS", os.cpu_count()))
    cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "unknown")
    flags = next((l for l in open("/proc/cpuinfo") if l.startswith("flags")), "")
    processes, seconds, versions = {}, {s: [] for s in SETTINGS}, {}
    for key in SETTINGS:
        processes[key] = start(key[0], binary, threads)
        print(f"warming up {key[0]} {key[1]}", file=sys.stderr, flush=True)
        versions[key] = ask(processes[key], key[1], 4)["torch"]
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
        for key in SETTINGS:
            # The first step of a turn finds cold caches and is not counted.
            seconds[key] += ask(processes[key], key[1], 5)["seconds"][1:]
    for process in processes.values():
        process.stdin.close()
        process.wait()

    median = {key: statistics.median(seconds[key]) for key in SETTINGS}
    best_python = min((k for k in SETTINGS if k[0] == "python"), key=median.get)
    best_swift = min((k for k in SETTINGS if k[0] == "swift"), key=median.get)
    eager = median[("python", "eager-float32")]
    bf16 = "with AVX512-BF16" if "avx512_bf16" in flags else "without AVX512-BF16"
    print(f"ResNet-50 training step, 224 px, batch {BATCH}; {cpu} {bf16}, {threads} threads; torch {' / '.join(sorted(set(versions.values())))}")
    print(f"{'side':8}{'setting':34}{'images/s':>10}{'min':>8}{'max':>8}{'× eager float32':>18}")
    for key in SETTINGS:
        low, high = BATCH / max(seconds[key]), BATCH / min(seconds[key])
        print(f"{key[0]:8}{key[1]:34}{BATCH / median[key]:10.2f}{low:8.2f}{high:8.2f}{eager / median[key]:18.2f}")
    ratio, over_eager = median[best_python] / median[best_swift], eager / median[best_swift]
    print(f"best of MedTransfer / best of Python = {ratio:.3f} (wanted: at least 0.95)")
    print(f"best of MedTransfer / eager float32  = {over_eager:.3f} (wanted: at least 2)")
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "result.json"), "w") as file:
        json.dump({"cpu": cpu, "threads": threads, "medians": {" ".join(k): v for k, v in median.items()},
                   "seconds": {" ".join(k): v for k, v in seconds.items()}, "ratioToBestPython": ratio,
                   "ratioToEagerFloat32": over_eager}, file, indent=1)
    sys.exit(0 if ratio >= 0.95 and over_eager >= 2 else 1)


if __name__ == "__main__":
    main()
