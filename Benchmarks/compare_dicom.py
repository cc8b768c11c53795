"""Times the decoding of DICOM files in MedTransfer and in pydicom with its pylibjpeg plug-ins, file by file, by transfer syntax.

    make benchmark-dicom DICOM=<folder>

Both sides open the file and decode its first frame to stored samples, on one and the same core, in processes that live all along, and
take turns; files are in the page cache. A file counts where both decode it. For each file the ratio of medians of five; for each
transfer syntax the median and the least of its files' ratios, and the ratio of sums, in which large images weigh more. Writes
Benchmarks/result-dicom.json.
"""

import collections
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time
import warnings

import pydicom
from pydicom.pixels import pixel_array
from pydicom.uid import UID

warnings.simplefilter("ignore")
HERE = pathlib.Path(__file__).resolve().parent
PASSES, ROUNDS = 3, 3


def python_seconds(path, passes):
    seconds = []
    for _ in range(passes):
        start = time.perf_counter()
        # As MedTransfer gives it: color components turned into RGB.
        dataset = pydicom.dcmread(path, force=True)
        pixel_array(dataset, index=0)
        seconds.append(time.perf_counter() - start)
    return seconds, str(dataset.file_meta.get("TransferSyntaxUID", "1.2.840.10008.1.2"))


def main():
    binary, folder = sys.argv[1:3]
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    side = subprocess.Popen([binary], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def swift_seconds(path, passes):
        side.stdin.write(f"{passes}\t{path}\n")
        side.stdin.flush()
        return json.loads(side.stdout.readline())

    files, only_python, only_swift = collections.defaultdict(list), [], []
    paths = [p for p in sorted(pathlib.Path(folder).rglob("*")) if p.is_file() and p.suffix not in (".json", ".gz", ".md", ".txt")]
    for path in paths:
        try:
            python_seconds(path, 1)
            python_ok = True
        except Exception:
            python_ok = False
        swift_ok = "sha256" in swift_seconds(path, 1)
        if python_ok != swift_ok:
            (only_python if python_ok else only_swift).append(path.name)
        if not (python_ok and swift_ok):
            continue
        ours, theirs, syntax = [], [], ""
        for _ in range(ROUNDS):
            ours += swift_seconds(path, PASSES)["seconds"]
            seconds, syntax = python_seconds(path, PASSES)
            theirs += seconds
        files[syntax].append((path.name, statistics.median(ours), statistics.median(theirs)))
    side.stdin.close()
    side.wait()
    print(f"first frame of {sum(map(len, files.values()))} files; pydicom {pydicom.__version__} with pylibjpeg; one core, load {os.getloadavg()[0]:.1f}")
    print(f"{'transfer syntax':58}{'files':>6}{'ms':>9}{'pydicom ms':>12}{'median x':>10}{'least x':>9}{'sum x':>8}")
    everything = []
    for syntax, rows in sorted(files.items()):
        ratios = [theirs / ours for _, ours, theirs in rows]
        ours, theirs = sum(r[1] for r in rows), sum(r[2] for r in rows)
        everything += ratios
        print(f"{UID(syntax).name[:57]:58}{len(rows):6}{1000 * ours:9.2f}{1000 * theirs:12.2f}{statistics.median(ratios):10.2f}{min(ratios):9.2f}{theirs / ours:8.2f}")
    ours, theirs = (sum(r[i] for rows in files.values() for r in rows) for i in (1, 2))
    print(f"{'all':58}{len(everything):6}{1000 * ours:9.2f}{1000 * theirs:12.2f}{statistics.median(everything):10.2f}{min(everything):9.2f}{theirs / ours:8.2f}")
    print(f"decoded by pydicom alone: {', '.join(only_python) or 'none'}; by MedTransfer alone: {', '.join(only_swift) or 'none'}")
    (HERE / "result-dicom.json").write_text(json.dumps({k: v for k, v in files.items()}, indent=1))
    sys.exit(0 if theirs >= ours and not only_python else 1)


if __name__ == "__main__":
    main()
