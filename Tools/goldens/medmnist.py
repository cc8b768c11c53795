"""A copy of BloodMNIST with the exact arrays and made-up images: numpy 2.2.6.

    Scripts/with-python Tools/goldens/medmnist.py

writes Tests/EndToEndTests/Goldens/bloodmnist.npz, deflated as MedMNIST's own archives. Nothing is downloaded.
"""

import pathlib

import numpy

TESTS = pathlib.Path(__file__).resolve().parents[2] / "Tests"
CLASSES = 8


def part(count, shift):
    """Class k is brighter below row 3 k, in a color of its own; an offset by image tells images apart."""
    labels = (numpy.arange(count) + shift) % CLASSES
    rows = numpy.arange(28)[None, :, None, None]
    bright = rows > 3 * labels[:, None, None, None]
    color = numpy.stack([40 + 20 * labels, 200 - 15 * labels, 90 + 0 * labels], axis=1)[:, None, None, :]
    images = numpy.where(bright, color, 20) + numpy.arange(count)[:, None, None, None] % 7
    return numpy.broadcast_to(images, (count, 28, 28, 3)).astype(numpy.uint8), labels[:, None].astype(numpy.uint8)


if __name__ == "__main__":
    arrays = {}
    for name, count, shift in (("train", 48, 0), ("val", 16, 3), ("test", 24, 5)):
        arrays[f"{name}_images"], arrays[f"{name}_labels"] = part(count, shift)
    numpy.savez_compressed(TESTS / "EndToEndTests/Goldens/bloodmnist.npz", **arrays)
