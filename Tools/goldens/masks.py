"""Makes Tests/ImagingTests/Goldens/masks.json: run lengths and polygons as pycocotools reads and draws them.

    python3 -m pip install --no-deps --target .deps/coco pycocotools==2.0.10 numpy==2.2.6
    PYTHONPATH=.deps/coco python3 Tools/goldens/masks.py

Every mask is kept as COCO's compressed letters, which pycocotools wrote; pairs in the formats of Kaggle and SIIM-ACR are counted here
from the pixels by the sentences of the two competitions' data pages.
"""

import json
import math
from pathlib import Path

import numpy as np
from pycocotools import mask as coco

FILE = Path(__file__).resolve().parents[2] / "Tests/ImagingTests/Goldens/masks.json"
random = np.random.default_rng(20_210_827)


def blobs(width, height, density):
    """Runs of every length: a field of few waves against a level."""
    y, x = np.mgrid[0:height, 0:width]
    field = sum(
        np.sin(x * random.uniform(-0.4, 0.4) + y * random.uniform(-0.4, 0.4) + random.uniform(0, 6)) for _ in range(5)
    )
    return (field > np.quantile(field, 1 - density)).astype(np.uint8)


def counts(mask):
    """Lengths of background and object in turn, down the columns."""
    result, value, length = [], 0, 0
    for pixel in mask.T.reshape(-1):
        if pixel != value:
            result.append(length)
            value, length = pixel, 0
        length += 1
    return result + [length]


def pairs(mask):
    """(start from 0, length) of each run of object, down the columns."""
    start, found = 0, []
    for index, count in enumerate(counts(mask)):
        if index % 2:
            found.append((start, count))
        start += count
    return found


def absolute(mask):
    found = pairs(mask)
    return " ".join(f"{start + 1} {length}" for start, length in found) if found else "-1"


def relative(mask):
    end, words = 0, []
    for start, length in pairs(mask):
        words += [start - end, length]
        end = start + length
    return " ".join(map(str, words)) if words else "-1"


def case(mask):
    mask = np.asfortranarray(mask)
    encoded = coco.encode(mask)
    listed = counts(mask)
    assert coco.frPyObjects({"size": list(mask.shape), "counts": listed}, *mask.shape)["counts"] == encoded["counts"]
    assert (coco.decode(encoded) == mask).all()
    return {
        "width": mask.shape[1], "height": mask.shape[0], "area": int(coco.area(encoded)),
        "compressedCounts": encoded["counts"].decode(), "counts": " ".join(map(str, listed)),
        "absolutePairs": absolute(mask), "relativePairs": relative(mask),
    }


masks = [
    np.zeros((3, 5), np.uint8), np.ones((4, 2), np.uint8), np.eye(7, dtype=np.uint8), 1 - np.eye(6, 9, dtype=np.uint8),
    np.array([[1]], np.uint8), np.array([[0, 1, 1, 0, 1]], np.uint8), np.array([[1, 0, 1]], np.uint8).T,
    (random.random((23, 17)) > 0.5).astype(np.uint8), blobs(61, 47, 0.3), blobs(40, 90, 0.02), blobs(300, 200, 0.6),
]
# Runs longer than 2^20 pixels, whose letters are five.
tall = np.zeros((1500, 1500), np.uint8)
tall[700:, 1200:] = 1
masks.append(tall)


def polygon(width, height, corners, rounding):
    """A star about a point that may lie near the border, so that some leave the image."""
    cx, cy = random.uniform(0, width), random.uniform(0, height)
    angles = np.sort(random.uniform(0, 2 * math.pi, corners))
    radii = random.uniform(1, min(width, height) * 0.6, corners)
    points = np.stack([cx + radii * np.cos(angles), cy + radii * np.sin(angles)], 1).reshape(-1)
    return [round(float(value), rounding) for value in points]


drawings = [
    (10, 10, [[1, 1, 8, 1, 8, 8, 1, 8]]), (10, 10, [[1.5, 1.5, 8.5, 1.5, 8.5, 8.5, 1.5, 8.5]]),
    (10, 8, [[0, 0, 10, 0, 10, 8, 0, 8]]), (9, 9, [[4, 0, 8, 8, 0, 8]]), (9, 9, [[4, 4, 4, 4, 4, 4]]),
    (12, 12, [[-5, -5, 20, -5, 20, 20, -5, 20]]), (12, 12, [[-9, 3, -2, 3, -2, 9, -9, 9]]), (20, 5, [[0.3, 4.9, 19.7, 0.1, 19.9, 0.2]]),
    (16, 16, [[2, 2, 12, 12, 2, 12, 12, 2]]), (16, 16, [[1, 1, 6, 1, 6, 6, 1, 6], [4, 4, 14, 4, 14, 14, 4, 14]]),
    (16, 16, [[0, 0, 8, 0, 8, 16, 0, 16], [8, 0, 16, 0, 16, 16, 8, 16]]),
    # What pycocotools would take for boxes if they stood alone: four numbers are no polygon, so six of a line.
    (7, 7, [[1, 1, 5, 5, 3, 3]]),
]
for index in range(60):
    width, height = int(random.integers(5, 90)), int(random.integers(5, 90))
    shapes = [polygon(width, height, int(random.integers(3, 14)), index % 4) for _ in range(1 + index % 3)]
    drawings.append((width, height, shapes))


def drawn(width, height, polygons):
    whole = coco.merge(coco.frPyObjects([list(map(float, p)) for p in polygons], height, width))
    return {
        "width": width, "height": height, "polygons": polygons, "area": int(coco.area(whole)),
        "compressedCounts": whole["counts"].decode(),
    }


FILE.write_text(
    json.dumps({"masks": [case(mask) for mask in masks], "polygons": [drawn(*drawing) for drawing in drawings]}, indent=1) + "\n")
print(FILE, FILE.stat().st_size, "bytes")
