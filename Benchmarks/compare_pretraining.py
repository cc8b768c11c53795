"""Times self-supervised training steps, and the views that they learn from, in MedTransfer and in lightly on the same torch, side by side.

The machines that run this are noisy, so the two sides take turns in rounds, each in its own process that sleeps while the other works; what is compared are medians of the
processor's seconds (of all threads), and ratios of medians. Prints a table and writes Benchmarks/pretraining-result.json. Exit status 1 where a step is slower than lightly's
or views cost a fifth of a step or more.

    compare_pretraining.py BINARY [rounds] [network:side:batch …]
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile

METHODS = ["moco-v2", "simclr-v1", "byol", "barlow-twins", "swav"]
STANDARD = ["resnet18:96:64", "resnet50:224:8"]
IMAGES = 128  # of a turn that makes views


def start(side, binary, threads, folder, sides):
    here = os.path.dirname(os.path.abspath(__file__))
    command = [binary] if side == "ours" else [sys.executable, os.path.join(here, "pretraining_steps.py")]
    # Waiting threads of OpenMP are not to be counted as work, on neither side.
    environment = dict(os.environ, OMP_WAIT_POLICY="passive", OMP_NUM_THREADS=str(threads))
    process = subprocess.Popen(command + [str(threads), folder, sides], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    return process, json.loads(process.stdout.readline())["ready"]


def ask(process, words):
    process.stdin.write(words + "\n")
    process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise SystemExit(f"A side ended while it was asked for “{words}”.")
    return json.loads(line)


def main():
    binary = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    cases = [tuple(c.split(":")) for c in (sys.argv[3:] or STANDARD)]
    threads = int(os.environ.get("OMP_NUM_THREADS", os.cpu_count()))
    cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "unknown")
    sides = ",".join(sorted({side for _, side, _ in cases}, key=int))
    results = []
    with tempfile.TemporaryDirectory() as folder:
        # Ours draws the images, so it is ready first.
        ours, version = start("ours", binary, threads, folder, sides)
        theirs, other = start("lightly", binary, threads, folder, sides)
        print(f"{cpu}, {threads} threads; torch {version} and {other}; medians over {rounds} rounds, seconds of the processor an image")
        print(f"{'network':24}{'method':14}{'step':>9}{'lightly':>9}{'ratio':>7}{'images/s':>10}{'lightly':>9}{'views':>9}{'lightly':>9}{'share':>7}{'read':>9}{'gray':>9}{'share':>7}")
        for network, side, batch in cases:
            for method in METHODS:
                case = f"{method} {network} {side} {batch}"
                print(f"measuring {case}", file=sys.stderr, flush=True)
                turns = {}
                whats = [("ours", "step"), ("lightly", "step"), ("ours", "views"), ("lightly", "views"), ("ours", "read"), ("ours", "viewsgray"), ("ours", "readgray")]
                for _ in range(rounds):
                    for who, what in whats:
                        process = ours if who == "ours" else theirs
                        # The first turns find cold caches, and are not counted.
                        answer = ask(process, f"{case} {what} {4 if what == 'step' else 2}")
                        for key in ("seconds", "cpu"):
                            turns.setdefault((who, what, key), []).extend(answer[key][1:])
                median = {k: statistics.median(v) for k, v in turns.items()}
                per = {k: v / (int(batch) if k[1] == "step" else IMAGES) for k, v in median.items()}
                step, lightly = per[("ours", "step", "cpu")], per[("lightly", "step", "cpu")]
                # What threads read before is not a view.
                views = per[("ours", "views", "cpu")] - per[("ours", "read", "cpu")]
                gray = per[("ours", "viewsgray", "cpu")] - per[("ours", "readgray", "cpu")]
                share, gray_share = views / (views + step), gray / (gray + step)
                results.append({
                    "network": network, "side": int(side), "batch": int(batch), "method": method, "stepSeconds": step, "lightlyStepSeconds": lightly, "ratio": lightly / step,
                    "imagesPerSecond": 1 / per[("ours", "step", "seconds")], "lightlyImagesPerSecond": 1 / per[("lightly", "step", "seconds")], "viewsSeconds": views,
                    "readSeconds": per[("ours", "read", "cpu")], "lightlyViewsAndReadSeconds": per[("lightly", "views", "cpu")], "viewsShare": share,
                    "grayViewsSeconds": gray, "grayViewsShare": gray_share, "turns": {" ".join(k): v for k, v in turns.items()},
                })
                print(
                    f"{network + ' ' + side + ' px × ' + batch:24}{method:14}{step:9.4f}{lightly:9.4f}{lightly / step:7.2f}{1 / per[('ours', 'step', 'seconds')]:10.1f}"
                    f"{1 / per[('lightly', 'step', 'seconds')]:9.1f}{views:9.5f}{per[('lightly', 'views', 'cpu')]:9.5f}{share:7.1%}{per[('ours', 'read', 'cpu')]:9.5f}{gray:9.5f}{gray_share:7.1%}",
                    flush=True)
        for process in (ours, theirs):
            process.stdin.close()
            process.wait()
    print("ratio: lightly's seconds of a step by ours (wanted: at least 1). views: made of squares that were read, the share of views and step (wanted: below 20 %); lightly's with")
    print("reading its files. gray: the views of radiographs under the gray rule.")
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "pretraining-result.json"), "w") as file:
        json.dump({"cpu": cpu, "threads": threads, "torch": version, "results": results}, file, indent=1)
    sys.exit(0 if all(r["ratio"] >= 1 and r["viewsShare"] < 0.2 for r in results) else 1)


if __name__ == "__main__":
    main()
