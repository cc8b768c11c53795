"""Makes the expectations of Tests/ImagingTests for bicubic resizing: what Pillow does.

Needs: Python 3.11, Pillow 11.3.0, numpy 2.2.6.
Run:   Scripts/with-python Tools/goldens/bicubic.py

The input images follow the formula of transforms.py, which the tests compute again, so only outputs are stored.
"""

import json
from pathlib import Path

import numpy as np
from PIL import Image

TARGET = Path(__file__).resolve().parents[2] / "Tests/ImagingTests/Goldens/bicubic.json"


def picture(width, height, channels):
    """The picture of transforms.py."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    wave = (x * x * 3 + y * y * 5 + x * y * 7 + c * 50) // 16 % 256
    board = ((x // 4 + y // 3) % 2) * 40
    return ((wave + board) % 256).astype(np.uint8)


rows = []
for width, height, channels, new_width, new_height in [
    (97, 61, 1, 40, 33), (97, 61, 3, 20, 14), (40, 30, 1, 75, 55), (40, 30, 1, 75, 12), (33, 33, 1, 33, 10),
    (9, 7, 1, 1, 1), (64, 64, 1, 63, 65), (5, 5, 1, 16, 16),
]:
    image = Image.fromarray(picture(width, height, channels).squeeze())
    result = image.resize((new_width, new_height), Image.BICUBIC)
    rows.append(dict(width=width, height=height, channels=channels, newWidth=new_width, newHeight=new_height,
                     filter="bicubicAntialiased", pixels=np.asarray(result).tobytes().hex()))
TARGET.write_text("[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]\n")
print(TARGET.stat().st_size, "bytes")
