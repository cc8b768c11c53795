"""Makes the image fixtures of Tests/ImagingTests and what decoding them must give.

Needs: Python 3.11, Pillow 12.3.0, numpy 2.2.6, tifffile 2025.10.16.
Run:   python3 Tools/goldens/images.py

Files go to Tests/ImagingTests/Goldens/images/, expectations to Tests/ImagingTests/Goldens/images.json. PNG files are
written by this script itself, since no library writes every kind, so their pixels are known by construction; Pillow
reads them back where it can, as a check. The pixels of JPEG files are what Pillow decodes.
"""

import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
import tifffile
from PIL import Image

FOLDER = Path(__file__).resolve().parents[2] / "Tests/ImagingTests/Goldens"
IMAGES = FOLDER / "images"
WIDTH, HEIGHT = 13, 9

expected = {}


def pattern(bits, channels, width=WIDTH, height=HEIGHT):
    """Samples of every size without a visible rule, `[height, width, channels]`."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    value = (x * 40503 + y * 30011 + c * 12347 + x * y * 977) % 65536
    return (value >> (16 - bits)).astype(np.uint16 if bits > 8 else np.uint8)


def smooth(channels, width, height):
    """A gentle picture, as JPEG is made for."""
    y, x = np.meshgrid(np.arange(height), np.arange(width), indexing="ij")
    planes = [
        128 + 90 * np.sin(x / 5 + c) * np.cos(y / 4 - c) + 20 * np.cos(x * y / 40 + c) for c in range(channels)
    ]
    return np.clip(np.stack(planes, axis=-1), 0, 255).astype(np.uint8)


def record(name, pixels, bits, tolerance=0):
    height, width, channels = pixels.shape
    expected[name] = {
        "width": width, "height": height, "channels": channels, "bitDepth": bits, "tolerance": tolerance,
        "samples": [int(v) for v in pixels.reshape(-1)],
    }


def write(name, data):
    assert len(data) < 20_000, (name, len(data))
    (IMAGES / name).write_bytes(data)


# PNG ------------------------------------------------------------------------------------------------------------------


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def filtered(rows, distance):
    """The rows, each with the next of PNG's five filters."""
    previous = bytes(len(rows[0])) if rows else b""
    out = bytearray()
    for index, row in enumerate(rows):
        kind = index % 5
        out.append(kind)
        for i, value in enumerate(row):
            left = row[i - distance] if i >= distance else 0
            up = previous[i]
            corner = previous[i - distance] if i >= distance else 0
            if kind == 0:
                guess = 0
            elif kind == 1:
                guess = left
            elif kind == 2:
                guess = up
            elif kind == 3:
                guess = (left + up) // 2
            else:
                estimate = left + up - corner
                guess = min((left, up, corner), key=lambda v: abs(estimate - v))
            out.append((value - guess) % 256)
        previous = row
    return bytes(out)


def packed(samples, bits):
    """The rows of `[height, width, channels]` as PNG packs them."""
    rows = []
    for row in samples.reshape(samples.shape[0], -1):
        if bits == 16:
            rows.append(row.astype(">u2").tobytes())
        else:
            digits = "".join(format(int(v), f"0{bits}b") for v in row)
            digits += "0" * (-len(digits) % 8)
            rows.append(bytes(int(digits[i : i + 8], 2) for i in range(0, len(digits), 8)))
    return rows


ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def png(samples, bits, color_type, palette=None, interlaced=False, extra=b""):
    height, width, channels = samples.shape
    distance = max(1, channels * bits // 8)
    parts = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7] if interlaced else [samples]
    data = b"".join(filtered(packed(p, bits), distance) for p in parts if p.size)
    body = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, color_type, 0, 0, int(interlaced)))
    if palette is not None:
        body += chunk(b"PLTE", bytes(v for color in palette for v in color))
    body += extra
    half = zlib.compress(data, 9)
    middle = len(half) // 2
    body += chunk(b"IDAT", half[:middle]) + chunk(b"IDAT", half[middle:]) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def colors(count):
    return [((37 * i) % 256, (91 * i + 5) % 256, (200 - 13 * i) % 256) for i in range(count)]


def make_png():
    for bits in (1, 2, 4, 8, 16):
        for interlaced in (False, True):
            name = f"png-grey{bits}{'-interlaced' if interlaced else ''}.png"
            samples = pattern(bits, 1)
            write(name, png(samples, bits, 0, interlaced=interlaced))
            record(name, samples, bits)
    for bits in (8, 16):
        for channels, color_type, kind in ((3, 2, "rgb"), (2, 4, "grey-alpha"), (4, 6, "rgba")):
            name = f"png-{kind}{bits}.png"
            samples = pattern(bits, channels)
            write(name, png(samples, bits, color_type))
            record(name, samples, bits)
    samples = pattern(8, 3)
    write("png-rgb8-interlaced.png", png(samples, 8, 2, interlaced=True))
    record("png-rgb8-interlaced.png", samples, 8)
    for bits in (1, 2, 4, 8):
        for interlaced in (False, True):
            name = f"png-palette{bits}{'-interlaced' if interlaced else ''}.png"
            palette = colors(1 << bits)
            indices = pattern(bits, 1)
            write(name, png(indices, bits, 3, palette=palette, interlaced=interlaced))
            record(name, np.array(palette, np.uint8)[indices[..., 0]], 8)
    indices = pattern(2, 1)
    # The fourth color is unused by the pixels below, so what remains is grey.
    indices[indices == 3] = 0
    palette = [(0, 0, 0), (90, 90, 90), (255, 255, 255), (255, 0, 0)]
    write("png-palette2-grey.png", png(indices, 2, 3, palette=palette))
    record("png-palette2-grey.png", np.array(palette, np.uint8)[indices[..., 0]][..., :1], 8)
    # Transparency and gamma, which are not applied.
    samples = pattern(8, 1)
    extra = chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"tRNS", struct.pack(">H", int(samples[0, 0, 0])))
    write("png-grey8-gamma.png", png(samples, 8, 0, extra=extra))
    record("png-grey8-gamma.png", samples, 8)
    for name, entry in expected.items():
        image = Image.open(IMAGES / name)
        if image.mode == "P":
            image = image.convert("RGB" if entry["channels"] == 3 else "L")
        if entry["bitDepth"] < 8:
            scale = 255 // (2 ** entry["bitDepth"] - 1)
            assert np.array(image.convert("L")).reshape(-1).tolist() == [v * scale for v in entry["samples"]], name
        if entry["bitDepth"] == 8:
            assert np.array(image).reshape(-1).tolist() == entry["samples"], name
    broken = png(pattern(2, 1), 2, 3, palette=colors(3))
    write("broken-palette-index.png", broken)
    write("broken-checksum.png", flipped(png(pattern(8, 1), 8, 0), 30))
    header = struct.pack(">IIBBBBB", 40000, 30000, 8, 0, 0, 0, 0)
    write("broken-bomb.png", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(9999))))


def flipped(data, position):
    return data[:position] + bytes([data[position] ^ 0x10]) + data[position + 1 :]


# JPEG -----------------------------------------------------------------------------------------------------------------


def make_jpeg():
    width, height = 29, 21
    variants = {
        "jpeg-grey.jpg": (1, {}),
        "jpeg-color.jpg": (3, {"subsampling": "4:2:0"}),
        "jpeg-color-444.jpg": (3, {"subsampling": "4:4:4"}),
        "jpeg-progressive.jpg": (3, {"progressive": True}),
        "jpeg-restart.jpg": (3, {"restart_marker_blocks": 1}),
    }
    for name, (channels, options) in variants.items():
        image = Image.fromarray(smooth(channels, width, height).squeeze())
        image.save(IMAGES / name, quality=90, **options)
        pixels = np.array(Image.open(IMAGES / name)).reshape(height, width, channels)
        record(name, pixels, 8, tolerance=1)
    data = (IMAGES / "jpeg-grey.jpg").read_bytes()
    write("broken-no-end.jpg", data[:-2])
    write("broken-half.jpg", data[: len(data) * 3 // 4])


# TIFF -----------------------------------------------------------------------------------------------------------------


def make_tiff():
    def save(name, samples, bits, value=None, **options):
        tifffile.imwrite(IMAGES / name, samples.squeeze() if samples.shape[-1] == 1 else samples, metadata=None, **options)
        record(name, samples if value is None else value, bits)

    grey, deep, rgb, rgb16 = pattern(8, 1), pattern(16, 1), pattern(8, 3), pattern(16, 3)
    black = {"photometric": "minisblack"}
    color = {"photometric": "rgb"}
    save("tiff-grey8.tif", grey, 8, **black)
    save("tiff-grey16-little.tif", deep, 16, byteorder="<", **black)
    save("tiff-grey16-big.tif", deep, 16, byteorder=">", **black)
    save("tiff-rgb8.tif", rgb, 8, **color)
    save("tiff-rgb16-big.tif", rgb16, 16, byteorder=">", **color)
    save("tiff-rgba8.tif", pattern(8, 4), 8, extrasamples=["unassalpha"], **color)
    save("tiff-strips.tif", rgb, 8, rowsperstrip=4, **color)
    save("tiff-deflate.tif", rgb, 8, compression="zlib", rowsperstrip=4, **color)
    save("tiff-big.tif", grey, 8, bigtiff=True, **black)
    wide = pattern(8, 3, 37, 21)
    save("tiff-tiles.tif", wide, 8, tile=(16, 16), **color)
    save("tiff-tiles16-deflate.tif", pattern(16, 1, 37, 21), 16, tile=(16, 32), compression="zlib", **black)
    save("tiff-white.tif", grey, 8, value=255 - grey, photometric="miniswhite")
    planes = np.moveaxis(rgb, -1, 0)
    tifffile.imwrite(IMAGES / "tiff-planes.tif", planes, photometric="rgb", planarconfig="separate", metadata=None)
    record("tiff-planes.tif", rgb, 8)
    palette = np.array(colors(256), np.uint8)
    table = palette.T.astype(np.uint16) * 257
    save("tiff-palette.tif", grey, 8, value=palette[grey[..., 0]], photometric="palette", colormap=table)
    turns = {
        1: lambda a: a, 2: np.fliplr, 3: lambda a: np.rot90(a, 2), 4: np.flipud, 5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, -1), 7: lambda a: np.rot90(a, 2).transpose(1, 0, 2), 8: np.rot90,
    }
    for orientation, turn in turns.items():
        name = f"tiff-orientation{orientation}.tif"
        save(name, rgb, 8, value=turn(rgb), extratags=[(274, "H", 1, orientation, True)], **color)
        assert np.array_equal(np.array(Image.open(IMAGES / name)), turn(rgb)), name
    for compression, label in (("tiff_lzw", "lzw"), ("packbits", "packbits"), ("tiff_adobe_deflate", "adobe-deflate")):
        Image.fromarray(rgb).save(IMAGES / f"tiff-{label}.tif", compression=compression)
        record(f"tiff-{label}.tif", rgb, 8)
    bits = pattern(1, 1)
    for compression, label in (("raw", "raw"), ("group4", "group4"), ("group3", "group3")):
        Image.fromarray(bits[..., 0] > 0).save(IMAGES / f"tiff-bilevel-{label}.tif", compression=compression)
        record(f"tiff-bilevel-{label}.tif", bits, 1)
    picture = Image.fromarray(smooth(3, 29, 21))
    picture.save(IMAGES / "tiff-jpeg.tif", compression="jpeg", quality=90)
    record("tiff-jpeg.tif", np.array(Image.open(IMAGES / "tiff-jpeg.tif")), 8, tolerance=1)
    Image.fromarray(pattern(8, 3), mode="LAB").save(IMAGES / "unsupported-lab.tif")
    data = (IMAGES / "tiff-grey8.tif").read_bytes()
    write("broken-cut.tif", data[:-20])


# GIF ------------------------------------------------------------------------------------------------------------------


def gif_of(indices, palette, **options):
    image = Image.fromarray(indices[..., 0], mode="P")
    image.putpalette([v for color in palette for v in color])
    stream = io.BytesIO()
    image.save(stream, "GIF", optimize=False, **options)
    return stream.getvalue()


def make_gif():
    indices = pattern(4, 1)
    palette = colors(16)
    for interlaced in (0, 1):
        name = f"gif-color{'-interlaced' if interlaced else ''}.gif"
        write(name, gif_of(indices, palette, interlace=interlaced))
        record(name, np.array(palette, np.uint8)[indices[..., 0]], 8)
    bits = pattern(1, 1)
    grey = [(i, i, i) for i in range(256)]
    write("gif-mask255.gif", gif_of(bits * 255, grey))
    record("gif-mask255.gif", bits * 255, 8)
    write("gif-mask1.gif", gif_of(bits, grey))
    record("gif-mask1.gif", bits, 8)
    # As DRIVE's second observer: nearly black and nearly white, neither of them grey.
    second = [(4, 2, 4), (252, 254, 252)] + colors(254)
    write("gif-mask-colored.gif", gif_of(bits, second))
    record("gif-mask-colored.gif", np.array(second, np.uint8)[bits[..., 0]], 8)
    write("gif-offset.gif", offset_frame(indices, palette))
    canvas = np.full((HEIGHT + 5, WIDTH + 4, 1), 2, np.uint8)
    canvas[3 : 3 + HEIGHT, 2 : 2 + WIDTH] = indices
    record("gif-offset.gif", np.array(palette, np.uint8)[canvas[..., 0]], 8)
    data = gif_of(indices, palette)
    write("broken-no-end.gif", data[:-1])
    write("broken-cut.gif", data[: len(data) - 30])


def offset_frame(indices, palette):
    """A frame that fills only part of the screen, whose background is color 2."""
    data = bytearray(gif_of(indices, palette))
    struct.pack_into("<HH", data, 6, WIDTH + 4, HEIGHT + 5)
    data[11] = 2
    frame = data.index(b"\x2c\x00\x00\x00\x00")
    struct.pack_into("<HH", data, frame + 1, 2, 3)
    return bytes(data)


# Broken files that belong to no format --------------------------------------------------------------------------------


def make_others():
    write("broken-empty.png", b"")
    write("broken-random.png", bytes((i * 73 + 41) % 256 for i in range(300)))
    write("broken-header-only.png", (IMAGES / "png-grey8.png").read_bytes()[:20])
    data = (IMAGES / "png-grey16.png").read_bytes()
    write("broken-cut.png", data[: len(data) // 2])
    write("broken-no-end.png", data[:-12])
    write("jpeg-named.png", (IMAGES / "jpeg-grey.jpg").read_bytes())
    expected["jpeg-named.png"] = expected["jpeg-grey.jpg"]


if __name__ == "__main__":
    IMAGES.mkdir(parents=True, exist_ok=True)
    make_png()
    make_jpeg()
    make_tiff()
    make_gif()
    make_others()
    text = ",\n".join(f'"{name}": {json.dumps(entry, separators=(",", ":"))}' for name, entry in sorted(expected.items()))
    (FOLDER / "images.json").write_text("{\n" + text + "\n}\n")
    print(len(expected), "images,", (FOLDER / "images.json").stat().st_size, "bytes of expectations")
