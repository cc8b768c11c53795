"""Times the making of training batches from chest X-rays of 1024 x 1024 in MedTransfer and in a torchvision + Pillow DataLoader.

    make benchmark-input

Both sides decode PNG files, take a random resized crop of 224 x 224, mirror it, rotate it by up to 7 degrees and normalize it in
three channels, in batches of 16, on one and the same core, and take turns; the first pass of a turn is not counted. Files are in the page
cache. What is compared are medians and ratios of medians. Writes Benchmarks/result-input.json.

Images: those of MEDTRANSFER_DATA (originals of ChestX-ray14) where it is set and has them, else made by formula.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SETTINGS = [("python", "rgb"), ("python", "grey"), ("swift", "files"), ("swift", "full"), ("swift", "512"), ("swift", "256")]
WORDS = {
    "rgb": "Pillow, opened in RGB as the 2021 code does", "grey": "Pillow, kept grey until it is a tensor",
    "files": "decoded from files", "full": "cache of originals", "512": "cache, reducedSize 512", "256": "cache, reducedSize 256",
}


def images(scratch):
    root = os.environ.get("MEDTRANSFER_DATA", "")
    real = pathlib.Path(root) / "chestxray14-1000/originals-1024"
    if root and len(list(real.glob("*.png"))) >= 16:
        return real, "originals of ChestX-ray14"
    import numpy
    from PIL import Image

    y, x = numpy.mgrid[0:1024, 0:1024]
    for number in range(16):
        noise = numpy.random.default_rng(number).normal(0, 2.5, (1024, 1024))
        smooth = 110 + 60 * numpy.sin(x / (90 + 7 * number)) * numpy.cos(y / (110 + 5 * number)) + 30 * numpy.sin((x + y) / 37)
        Image.fromarray(numpy.clip(smooth + noise, 0, 255).astype("uint8")).save(f"{scratch}/{number:02}.png")
    return pathlib.Path(scratch), "made by formula"


def main():
    binary = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    core = max(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as scratch:
        folder, origin = images(scratch)
        seconds, count = {s: [] for s in SETTINGS}, 0
        commands = {
            "python": [sys.executable, str(HERE / "input_pipeline.py"), str(folder)], "swift": [binary, str(folder)],
        }
        processes = {
            side: subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                preexec_fn=lambda: os.sched_setaffinity(0, {core}))
            for side, command in commands.items()
        }

        def ask(key, passes):
            processes[key[0]].stdin.write(f"{key[1]} {passes}\n")
            processes[key[0]].stdin.flush()
            return json.loads(processes[key[0]].stdout.readline())

        for key in SETTINGS:
            count = ask(key, 1)["images"]
        for number in range(rounds):
            print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
            for key in SETTINGS:
                seconds[key] += ask(key, 3 if key[1] in ("rgb", "grey", "files") else 9)["seconds"][1:]
        for process in processes.values():
            process.stdin.close()
            process.wait()
    speed = {key: count / statistics.median(seconds[key]) for key in SETTINGS}
    load = os.getloadavg()[0]
    print(f"{count} grey images of 1024 x 1024 ({origin}) to batches of 16 x 3 x 224 x 224; one core, load {load:.1f}")
    print(f"{'':52}{'images/s':>10}{'min':>8}{'max':>8}{'x RGB':>8}{'x grey':>8}")
    for key in SETTINGS:
        low, high = count / max(seconds[key]), count / min(seconds[key])
        name = ("Python: " if key[0] == "python" else "MedTransfer: ") + WORDS[key[1]]
        print(f"{name:54}{speed[key]:8.1f}{low:8.1f}{high:8.1f}{speed[key] / speed[SETTINGS[0]]:8.2f}{speed[key] / speed[SETTINGS[1]]:8.2f}")
    files, cached = speed[("swift", "files")] / speed[SETTINGS[0]], speed[("swift", "256")] / speed[SETTINGS[0]]
    print(f"from files / Pillow in RGB = {files:.2f} (wanted: at least 1.3)")
    print(f"from the cache at 256 / Pillow in RGB = {cached:.1f} (wanted: at least 20)")
    (HERE / "result-input.json").write_text(json.dumps(
        {"images": origin, "count": count, "load": load, "imagesPerSecond": {" ".join(k): v for k, v in speed.items()},
         "seconds": {" ".join(k): v for k, v in seconds.items()}}, indent=1))
    sys.exit(0 if files >= 1.3 and cached >= 20 else 1)


if __name__ == "__main__":
    main()
