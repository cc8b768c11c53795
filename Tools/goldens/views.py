"""Makes the expectations of Tests/PretrainingTests/ViewGoldenTests.swift: what torchvision's functional operators make of images, given the parameters.

torch 2.13.0, torchvision 0.28.0, as Scripts/setup-python installs them:

    Scripts/with-python Tools/goldens/views.py

All is computed in float64, but `equalize` and `posterize`, which torchvision does on the 256 levels only, and `adjust_hue`, which it does in
float32. Each of two images has its own parameters; they follow a formula that the test computes again. The law of crops is counted over many draws.
"""

import json
import math
import sys
import types
from pathlib import Path

here = Path(__file__).resolve().parent
sys.path = [p for p in sys.path if Path(p or ".").resolve() != here]
sys.modules["torchvision._meta_registrations"] = types.ModuleType("torchvision._meta_registrations")

import torch  # noqa: E402
import torchvision  # noqa: E402
import torchvision.transforms.functional as functional  # noqa: E402
from torchvision.transforms import InterpolationMode  # noqa: E402

TARGET = here.parents[1] / "Tests/PretrainingTests/Goldens/views.json"
assert torch.__version__.startswith("2.13.0") and torchvision.__version__.startswith("0.28.0")


def levels(height, width, batch=2):
    """Folded waves of 256 levels, another for each image and channel; the same formula stands in ViewGoldenTests.swift."""
    def level(b, c, y, x):
        return 255 - abs((x * x * (c + 3) + 5 * y * y + 7 * x * y * (b + 1) + 41 * c + 90 * b) % 510 - 255)

    return torch.tensor(
        [[[[level(b, c, y, x) for x in range(width)] for y in range(height)] for c in range(3)] for b in range(batch)], dtype=torch.uint8)


def rows(values):
    return [round(v, 11) for v in values.flatten().tolist()]


def crops():
    images = levels(20, 24).double() / 255
    # top, left, height, width, mirrored: smaller, larger, much larger, the whole.
    boxes = [[3, 5, 14, 12, False], [10, 2, 4, 5, True], [19, 23, 1, 1, False], [0, 0, 20, 24, True]]
    found = []
    for mode in (InterpolationMode.BILINEAR, InterpolationMode.BICUBIC):
        for top, left, height, width, mirrored in boxes:
            # One channel each, which is enough: channels are cut alike.
            made = functional.resized_crop(images[:, 1:2], top, left, height, width, [7, 7], interpolation=mode, antialias=True)
            found.append(dict(
                interpolation=mode.value, box=[top, left, height, width], mirrored=mirrored,
                values=rows(functional.hflip(made) if mirrored else made)))
    return found


FILL = [0.25, 0.5, 0.125]


def affine(image, **what):
    settings = dict(angle=0.0, translate=[0, 0], scale=1.0, shear=[0.0, 0.0], interpolation=InterpolationMode.BILINEAR, fill=FILL)
    return functional.affine(image, **(settings | what))


def shear(image, x=0.0, y=0.0):
    return affine(image, shear=[math.degrees(math.atan(x)), math.degrees(math.atan(y))], center=[0, 0])


def on_levels(operator):
    return lambda image, *number: operator((image * 255).round().to(torch.uint8), *number).double() / 255


OPERATIONS = {
    "mirror": (lambda image: functional.hflip(image), [None, None]),
    "brightness": (functional.adjust_brightness, [0.6, 1.4]),
    "contrast": (functional.adjust_contrast, [0.3, 1.7]),
    "saturation": (functional.adjust_saturation, [0.2, 1.8]),
    "hue": (functional.adjust_hue, [-0.37, 0.2]),
    "gray": (lambda image: functional.rgb_to_grayscale(image, 3), [None, None]),
    "blur": (lambda image, sigma: functional.gaussian_blur(image, [5, 5], [sigma, sigma]), [0.1, 1.7]),
    "solarize": (functional.solarize, [0.5, 0.8]),
    "invert": (functional.invert, [None, None]),
    "autoContrast": (functional.autocontrast, [None, None]),
    "equalize": (on_levels(functional.equalize), [None, None]),
    "posterize": (on_levels(lambda image, bits: functional.posterize(image, int(bits))), [4, 2]),
    "sharpness": (functional.adjust_sharpness, [0.3, 1.9]),
    "rotate": (lambda image, angle: functional.rotate(image, angle, InterpolationMode.BILINEAR, fill=FILL), [25, -11]),
    "shearX": (lambda image, factor: shear(image, x=factor), [0.3, -0.2]),
    "shearY": (lambda image, factor: shear(image, y=factor), [0.3, -0.2]),
    # Read further to the right: the picture moves to the left. Whole pixels, as torchvision wants them.
    "translateX": (lambda image, part: affine(image, translate=[-round(part * 9), 0]), [2 / 9, -3 / 9]),
    "translateY": (lambda image, part: affine(image, translate=[0, -round(part * 8)]), [2 / 8, -3 / 8]),
}


def operations():
    images = levels(8, 9).double() / 255
    found = []
    for name, (operator, numbers) in OPERATIONS.items():
        made = [operator(image.unsqueeze(0), *([] if number is None else [number])) for image, number in zip(images, numbers)]
        found.append(dict(name=name, numbers=[0 if n is None else n for n in numbers], values=rows(torch.cat(made))))
    return found


def one_channel():
    """Contrast of gray images is of their own mean."""
    images = levels(8, 9)[:, :1].double() / 255
    return rows(torch.cat([functional.adjust_contrast(image.unsqueeze(0), f) for image, f in zip(images, [0.3, 1.7])]))


def crop_law(scale, count=100_000):
    """What RandomResizedCrop draws of an image of 640 × 480 pixels."""
    from torchvision.transforms import RandomResizedCrop

    torch.manual_seed(0)
    image = torch.zeros(1, 480, 640)
    boxes = [RandomResizedCrop.get_params(image, scale, (3 / 4, 4 / 3)) for _ in range(count)]
    areas = [h * w / (480 * 640) for _, _, h, w in boxes]
    mean = lambda values: sum(values) / count  # noqa: E731
    return dict(
        scale=scale, area=mean(areas), below=mean([a < 0.4 for a in areas]), logRatio=mean([math.log(w / h) for _, _, h, w in boxes]),
        top=mean([t / 480 for t, _, _, _ in boxes]), left=mean([l / 640 for _, l, _, _ in boxes]))


TARGET.parent.mkdir(parents=True, exist_ok=True)
TARGET.write_text(json.dumps(dict(crops=crops(), operations=operations(), grayContrast=one_channel(), laws=[crop_law((0.2, 1.0)), crop_law((0.08, 1.0))]), separators=(",", ":")) + "\n")
print(TARGET, TARGET.stat().st_size)
