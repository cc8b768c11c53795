"""Makes the expectations of Tests/ImagingTests/AugmentationGoldenTests.swift: what torchvision and albumentations do to one image.

albumentations 0.4.3 is the version that the 2021 benchmark pins. Two packages that it imports and that are not needed here, imgaug
and scikit-image, are left out: empty modules stand in for them.

    echo "setuptools<70" > old-setuptools.txt        # its setup imports pkg_resources
    PIP_CONSTRAINT=old-setuptools.txt python3 -m pip install --no-deps --target FOLDER albumentations==0.4.3
    python3 -m pip install --no-deps --target FOLDER opencv-python-headless==4.11.0.86
    GOLDENS=FOLDER Scripts/with-python Tools/goldens/augmentation.py

Also Pillow 11.3.0, numpy 2.2.6, SciPy 1.16.2, torch 2.13.0, torchvision 0.28.0, as Scripts/setup-python installs them.

The inputs follow a formula that the tests compute again, and of each output every STRIDE-th pixel is stored.
"""

import json
import math
import os
import sys
import types
from pathlib import Path

here = Path(__file__).resolve().parent
sys.path = [p for p in sys.path if Path(p or ".").resolve() != here] + [os.environ["GOLDENS"]]
for name in ("imgaug", "imgaug.augmenters", "skimage", "skimage.measure", "torchvision._meta_registrations"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["imgaug"].augmenters = sys.modules["imgaug.augmenters"]
sys.modules["skimage.measure"].label = None

import cv2  # noqa: E402
import numpy as np  # noqa: E402
import albumentations  # noqa: E402
import albumentations.augmentations.functional as library  # noqa: E402
from PIL import Image  # noqa: E402
import torchvision.transforms as transforms  # noqa: E402
import torchvision.transforms.functional as functional  # noqa: E402

sys.path.append(str(here))
from transforms import SeededGenerator  # noqa: E402

TARGET = here.parents[1] / "Tests/ImagingTests/Goldens/augmentation.json"
SIZE, STRIDE = 224, 7
assert albumentations.__version__ == "0.4.3" and cv2.__version__ == "4.11.0"


def smooth(width, height):
    """Folded parabolas, up to 10 gray levels a pixel; the same formula stands in AugmentationGoldenTests.swift."""
    y, x = np.meshgrid(np.arange(height), np.arange(width), indexing="ij")
    return (255 - np.abs((x * x + 2 * y * y + x * y) // 64 % 510 - 255)).astype(np.uint8)


def sampled(image):
    return np.ascontiguousarray(np.asarray(image)[::STRIDE, ::STRIDE]).astype(np.uint8).tobytes().hex()


# Classification: torchvision on Pillow images.

def evaluation():
    image = Image.fromarray(smooth(300, 260))
    resized = transforms.Resize((256, 256))(image)
    return dict(width=300, height=260, center=sampled(transforms.CenterCrop(SIZE)(resized)),
                ten=[sampled(crop) for crop in transforms.TenCrop(SIZE)(resized)])


def training():
    rows = []
    for left, top, width, height, flip, degrees in [
        (0, 0, 300, 260, False, 0), (13, 40, 200, 150, True, 0), (100, 7, 90, 120, False, 5.5), (31, 3, 260, 250, True, -7),
    ]:
        image = functional.resized_crop(Image.fromarray(smooth(300, 260)), top, left, height, width, [SIZE, SIZE])
        if flip:
            image = functional.hflip(image)
        turn = transforms.RandomRotation([degrees, degrees])
        rows.append(dict(region=[left, top, width, height], flip=flip, degrees=degrees, pixels=sampled(turn(image))))
    return rows


# Segmentation: albumentations on 8-bit arrays. Every function gives (image, mask).

IMAGE = smooth(SIZE, SIZE)
MASK = (IMAGE > 127).astype(np.uint8)


class GivenNoise:
    """Stands in for numpy's RandomState, with the numbers of our generator."""

    def __init__(self, generator):
        self.generator = generator

    def uniform(self, low, high, size):
        return np.array([self.generator.uniform(low, high) for _ in range(math.prod(size))]).reshape(size)

    def rand(self, height, width):
        return np.array([self.generator.uniform() for _ in range(height * width)]).reshape(height, width)


def copied(generator):
    other = SeededGenerator(0)
    other.state = list(generator.state)
    return other


def elastic(image, mask, generator):
    again = copied(generator)
    warped = library.elastic_transform(image, 120, 6, 3.6, cv2.INTER_LINEAR, random_state=GivenNoise(generator))
    return warped, library.elastic_transform(mask, 120, 6, 3.6, cv2.INTER_NEAREST, random_state=GivenNoise(again))


def grid(image, mask, columns, rows):
    # The last factor of six would stretch a sixth step, which an image of 224 has no room for.
    arguments = (5, columns + [1], rows + [1])
    return (library.grid_distortion(image, *arguments, cv2.INTER_LINEAR),
            library.grid_distortion(mask, *arguments, cv2.INTER_NEAREST))


def optical(image, mask, k, dx, dy):
    return (library.optical_distortion(image, k, dx, dy, cv2.INTER_LINEAR),
            library.optical_distortion(mask, k, dx, dy, cv2.INTER_NEAREST))


def sized_crop(image, mask, height, row, column, nearest=cv2.INTER_NEAREST_EXACT):
    parts = [library.random_crop(plane, height, height, row, column) for plane in (image, mask)]
    return library.resize(parts[0], SIZE, SIZE, cv2.INTER_LINEAR), library.resize(parts[1], SIZE, SIZE, nearest)


def masks(pair):
    return dict(image=sampled(pair[0]), mask=sampled(pair[1]))


def photometry():
    rows = []
    for contrast, brightness in [(1.2, 0.2), (0.8, -0.2), (1.07, -0.13), (1.0, 0.05), (0.93, 0.0)]:
        result = library.brightness_contrast_adjust(IMAGE, contrast, brightness, True)
        rows.append(dict(contrast=contrast, brightness=brightness, image=sampled(result)))
    for percent in [80, 93, 100, 107, 120]:
        rows.append(dict(gamma=percent / 100, image=sampled(library.gamma_transform(IMAGE, percent / 100))))
    return rows


def distortions():
    factors = [[1.3, 0.7, 1.1, 0.95, 1.2], [0.71, 1.29, 1.0, 0.8, 0.9]]
    return dict(
        elastic=[dict(seed=seed, **masks(elastic(IMAGE, MASK, SeededGenerator(seed)))) for seed in (3, 4)],
        grid=[dict(columns=c, rows=r, **masks(grid(IMAGE, MASK, c, r))) for c, r in (factors, factors[::-1])],
        optical=[dict(k=k, dx=dx, dy=dy, **masks(optical(IMAGE, MASK, k, dx, dy)))
                 for k, dx, dy in [(2.0, 0, 0), (-2.0, 0, 0), (0.6, 1, -1)]],
        sizedCrop=[dict(height=h, row=row, column=column, **masks(sized_crop(IMAGE, MASK, h, row, column)),
                        cornerMask=sampled(sized_crop(IMAGE, MASK, h, row, column, cv2.INTER_NEAREST)[1]))
                   for h, row, column in [(156, 0.0, 0.99), (190, 0.5, 0.25), (224, 0.3, 0.3)]],
        float=sampled(np.round(albumentations.ToFloat(max_value=1)(image=IMAGE)["image"] / 255 * 255)))


def whole(seed):
    """The stages of the benchmark's augmentation with the choices that our generator draws."""
    generator, image, mask, stages = SeededGenerator(seed), IMAGE, MASK, []
    if generator.uniform() < 0.3:
        if generator.integer(2) == 0:
            contrast = 1 + generator.uniform(-0.2, 0.2)
            image = library.brightness_contrast_adjust(image, contrast, generator.uniform(-0.2, 0.2), True)
            stages.append("brightness")
        else:
            image = library.gamma_transform(image, (80 + generator.integer(41)) / 100)
            stages.append("gamma")
    if generator.uniform() < 0.3:
        choice = generator.integer(3)
        stages.append(["elastic", "grid", "optical"][choice])
        if choice == 0:
            image, mask = elastic(image, mask, generator)
        elif choice == 1:
            columns, rows = ([1 + generator.uniform(-0.3, 0.3) for _ in range(5)] for _ in range(2))
            columns, rows = list(columns), list(rows)
            image, mask = grid(image, mask, columns, rows)
        else:
            image, mask = optical(image, mask, generator.uniform(-2, 2), 0, 0)
    if generator.uniform() < 0.25:
        height = 156 + generator.integer(69)
        row = generator.uniform()
        image, mask = sized_crop(image, mask, height, row, generator.uniform())
        stages.append("crop")
    return dict(seed=seed, stages=stages, **masks((image, mask)))


def wholes():
    """The first seeds that show each set of stages."""
    rows, seen = [], set()
    for seed in range(400):
        row = whole(seed)
        if tuple(row["stages"]) not in seen and len(row["stages"]) != 2:
            seen.add(tuple(row["stages"]))
            rows.append(row)
    return rows


if __name__ == "__main__":
    document = dict(stride=STRIDE, evaluation=evaluation(), training=training(), photometry=photometry(), **distortions(),
                    wholes=wholes())
    text = ",\n".join(f'"{key}": {json.dumps(value, separators=(",", ":"))}' for key, value in document.items())
    TARGET.write_text("{\n" + text + "\n}\n")
    print(TARGET.stat().st_size, "bytes;", [row["stages"] for row in document["wholes"]])
