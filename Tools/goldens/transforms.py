"""Makes the expectations of Tests/ImagingTests for geometry: what Pillow, torchvision, OpenCV and SciPy do.

Needs: Python 3.11, Pillow 12.3.0, numpy 2.2.6, torch 2.13.0, torchvision 0.28.0, opencv-python-headless 4.11.0.86,
       SciPy 1.16.2.
Run:   python3 Tools/goldens/transforms.py

The input images follow a formula that the tests compute again, so only outputs are stored, as hexadecimal bytes.
"""

import json
import math
import sys
import types
from pathlib import Path

import cv2
import numpy as np
import scipy.ndimage
from PIL import Image

sys.modules["torchvision._meta_registrations"] = types.ModuleType("_meta_registrations")
import torchvision.transforms as transforms  # noqa: E402
import torchvision.transforms.functional as functional  # noqa: E402

TARGET = Path(__file__).resolve().parents[2] / "Tests/ImagingTests/Goldens/transforms.json"


class SeededGenerator:
    """xoshiro256** seeded by SplitMix64, as Foundations' SeededGenerator."""

    MASK = (1 << 64) - 1

    def __init__(self, seed):
        self.state = []
        for _ in range(4):
            seed = (seed + 0x9E3779B97F4A7C15) & self.MASK
            z = seed
            z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & self.MASK
            z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & self.MASK
            self.state.append(z ^ (z >> 31))

    def next(self):
        def turned(x, k):
            return ((x << k) | (x >> (64 - k))) & self.MASK

        s = self.state
        result = (turned((s[1] * 5) & self.MASK, 7) * 9) & self.MASK
        shifted = (s[1] << 17) & self.MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= shifted
        s[3] = turned(s[3], 45)
        return result

    def uniform(self, low=0.0, high=1.0):
        return low + (high - low) * (self.next() >> 11) * 2.0**-53

    def integer(self, bound):
        while True:
            product = self.next() * bound
            if (product & self.MASK) >= (-bound) % (1 << 64) % bound:
                return product >> 64


def picture(width, height, channels):
    """Waves and a checkerboard; the same formula stands in GeometryTests.swift."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    wave = (x * x * 3 + y * y * 5 + x * y * 7 + c * 50) // 16 % 256
    board = ((x // 4 + y // 3) % 2) * 40
    return ((wave + board) % 256).astype(np.uint8)


def as_image(array):
    return Image.fromarray(array.squeeze())


def encoded(image):
    return np.asarray(image).astype(np.uint8).tobytes().hex()


def resizes():
    rows = []
    for width, height, channels, new_width, new_height in [
        (97, 61, 1, 40, 33), (97, 61, 3, 20, 14), (40, 30, 1, 75, 55), (40, 30, 1, 75, 12), (33, 33, 1, 33, 10),
        (9, 7, 1, 1, 1), (64, 64, 1, 63, 65), (5, 5, 1, 16, 16),
    ]:
        image = as_image(picture(width, height, channels))
        for name, method in (("bilinearAntialiased", Image.BILINEAR), ("nearest", Image.NEAREST)):
            result = image.resize((new_width, new_height), method)
            rows.append(dict(width=width, height=height, channels=channels, newWidth=new_width, newHeight=new_height,
                             filter=name, pixels=encoded(result)))
        result = cv2.resize(np.asarray(image), (new_width, new_height), interpolation=cv2.INTER_LINEAR)
        rows.append(dict(width=width, height=height, channels=channels, newWidth=new_width, newHeight=new_height,
                         filter="bilinear", pixels=encoded(result)))
    return rows


def rotations():
    rows = []
    for width, height in [(40, 40), (41, 30)]:
        image = as_image(picture(width, height, 1))
        for degrees in [-7, -3.3, -0.01, 0, 0.5, 2.25, 6.99, 45, 90, 180, 181.5, 359.9]:
            rows.append(dict(width=width, height=height, degrees=degrees,
                             pixels=encoded(functional.rotate(image, degrees))))
    return rows


def crops():
    rows = []
    for width, height, size in [(41, 30, (23, 20)), (40, 40, (35, 35)), (12, 11, (11, 12))]:
        image = as_image(picture(width, height, 1))
        row = dict(width=width, height=height, cropWidth=size[1], cropHeight=size[0], ten=[])
        if size[0] <= height and size[1] <= width:
            row["ten"] = [encoded(crop) for crop in transforms.TenCrop(size)(image)]
        row["center"] = encoded(transforms.CenterCrop(size)(image))
        rows.append(row)
    padded = as_image(picture(20, 15, 1))
    rows.append(dict(width=20, height=15, cropWidth=27, cropHeight=12, ten=[],
                     center=encoded(transforms.CenterCrop((12, 27))(padded))))
    return rows


class DrawnNumbers:
    """Stands in for torch inside torchvision's RandomResizedCrop, so that its own code draws from our generator."""

    def __init__(self, generator):
        self.generator = generator

    tensor = staticmethod(lambda values: np.array(values, dtype=np.float64))
    log = staticmethod(np.log)

    @staticmethod
    def exp(drawn):
        return types.SimpleNamespace(item=lambda: math.exp(drawn.item()))

    def empty(self, _):
        generator = self.generator

        class Cell:
            def uniform_(self, low, high):
                value = generator.uniform(float(low), float(high))
                return types.SimpleNamespace(item=lambda: value)

        return Cell()

    def randint(self, low, high, size):
        assert low == 0
        value = self.generator.integer(high)
        return types.SimpleNamespace(item=lambda: value)


def random_crops():
    module = sys.modules["torchvision.transforms.transforms"]
    true_torch = module.torch
    rows = []
    cases = [(1024, 1024, (0.08, 1.0)), (565, 584, (0.08, 1.0)), (300, 90, (0.5, 1.0)), (50, 400, (0.9, 1.0)),
             (2000, 100, (1.0, 1.0)), (7, 5, (0.08, 1.0))]
    for width, height, scale in cases:
        for seed in range(12):
            module.torch = DrawnNumbers(SeededGenerator(seed))
            image = types.SimpleNamespace()
            module.F.get_dimensions, kept = (lambda _: (1, height, width)), module.F.get_dimensions
            top, left, crop_height, crop_width = transforms.RandomResizedCrop.get_params(image, scale, (3 / 4, 4 / 3))
            module.F.get_dimensions = kept
            rows.append(dict(width=width, height=height, low=scale[0], high=scale[1], seed=seed,
                             region=[left, top, crop_width, crop_height]))
    module.torch = true_torch
    return rows


def rounded(array):
    return [round(float(v), 4) for v in np.asarray(array).reshape(-1)]


def lenses():
    rows = []
    for width, height, k, dx, dy in [(24, 24, 1.7, 0, 0), (30, 20, -1.2, 0, 0), (17, 23, 0.4, 1, -2)]:
        camera = np.array([[width, 0, width * 0.5 + dx], [0, width, height * 0.5 + dy], [0, 0, 1]], np.float32)
        distortion = np.array([k, k, 0, 0, 0], np.float32)
        x, y = cv2.initUndistortRectifyMap(camera, distortion, None, None, (width, height), cv2.CV_32FC1)
        rows.append(dict(width=width, height=height, k=k, shiftX=dx, shiftY=dy, x=rounded(x), y=rounded(y)))
    return rows


def warps():
    """OpenCV's remap of a picture seen through a wild map that leaves the picture on every side."""
    width, height = 31, 22
    image = picture(width, height, 1)[..., 0].astype(np.float32)
    y, x = np.meshgrid(np.arange(height), np.arange(width), indexing="ij")
    map_x = (x + 9 * np.sin(y / 3.0) - 2.3).astype(np.float32)
    map_y = (y + 7 * np.cos(x / 4.0) + 1.1).astype(np.float32)
    flags = dict(borderMode=cv2.BORDER_REFLECT_101)
    bilinear = cv2.remap(image, map_x, map_y, cv2.INTER_LINEAR, **flags)
    nearest = cv2.remap((image > 100).astype(np.uint8), map_x, map_y, cv2.INTER_NEAREST, **flags)
    return dict(width=width, height=height, x=rounded(map_x), y=rounded(map_y), bilinear=rounded(bilinear),
                nearest=encoded(nearest))


def elastic():
    """The maps of one elastic deformation: OpenCV's affine algebra and SciPy's Gaussian filter on our generator's numbers."""
    width, height, alpha, sigma, affine = 36, 30, 120.0, 2.5, 3.6
    generator = SeededGenerator(7)
    center = np.array([width // 2, height // 2], np.float32)
    side = min(width, height) // 3
    points = np.array([center + side, [center[0] + side, center[1] - side], center - side], np.float32)
    moved = np.array([[p[0] + generator.uniform(-affine, affine), p[1] + generator.uniform(-affine, affine)] for p in points])
    matrix = cv2.invertAffineTransform(cv2.getAffineTransform(points, moved.astype(np.float32)))
    fields = []
    for _ in range(2):
        noise = np.array([2 * generator.uniform() - 1 for _ in range(width * height)]).reshape(height, width)
        fields.append(scipy.ndimage.gaussian_filter(noise, sigma) * alpha)
    y, x = np.meshgrid(np.arange(height), np.arange(width), indexing="ij")
    affinely = np.einsum("ij,jhw->ihw", matrix, np.stack([x, y, np.ones((height, width))]))
    maps = [dict(x=rounded(affinely[0]), y=rounded(affinely[1])), dict(x=rounded(x + fields[0]), y=rounded(y + fields[1]))]
    return dict(width=width, height=height, alpha=alpha, sigma=sigma, alphaAffine=affine, seed=7, maps=maps)


if __name__ == "__main__":
    document = dict(resizes=resizes(), rotations=rotations(), crops=crops(), randomCrops=random_crops(), lenses=lenses(),
                    warp=warps(), elastic=elastic())
    text = ",\n".join(f'"{key}": {json.dumps(value, separators=(",", ":"))}' for key, value in document.items())
    TARGET.write_text("{\n" + text + "\n}\n")
    print(TARGET.stat().st_size, "bytes")
