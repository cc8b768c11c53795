"""Makes the fixtures of the picture formats beyond Tools/goldens/images.py, and what decoding them must give.

Needs: Python 3.11, Pillow 12.3.0, numpy 2.2.6, tifffile 2025.10.16, imagecodecs 2025.8.2.
Run:   python3 Tools/goldens/more_pictures.py

Files go to Tests/ImagingTests/Goldens/pictures/, expectations to Tests/ImagingTests/Goldens/pictures.json: what Pillow decodes, turned by
its `exif_transpose`. Of TIFFs of signed and fractional numbers, which Pillow shows in no one way, it is numpy's own: from the least to the
greatest value in 16 bits.
"""

import io
import json
import struct
import zlib
from pathlib import Path

import imagecodecs
import numpy as np
import tifffile
from PIL import Image, ImageOps

from images import pattern, smooth

FOLDER = Path(__file__).resolve().parents[2] / "Tests/ImagingTests/Goldens"
PICTURES = FOLDER / "pictures"
WIDTH, HEIGHT = 13, 9
expected = {}


def record(name, pixels, bits=8, tolerance=0, count=1, orientation=1, stored=None, later=None):
    """`pixels` [height, width, channels]; `stored` the same before it is turned; `later` pictures by their index."""
    height, width, channels = pixels.shape
    row = {"width": width, "height": height, "channels": channels, "bitDepth": bits, "tolerance": tolerance, "count": count,
           "orientation": orientation, "samples": [int(v) for v in pixels.reshape(-1)]}
    if stored is not None:
        row["stored"] = [int(v) for v in stored.reshape(-1)]
    if later:
        row["later"] = {str(i): [int(v) for v in p.reshape(-1)] for i, p in later.items()}
    expected[name] = row


def write(name, data):
    assert len(data) < 20_000, (name, len(data))
    (PICTURES / name).write_bytes(data)


def encoded(image, format, **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def picture(data, mode=None):
    """What Pillow decodes, [height, width, channels]."""
    image = Image.open(io.BytesIO(data))
    array = np.asarray(image.convert(mode) if mode else image)
    return array if array.ndim == 3 else array[..., None]


def exif(orientation):
    data = Image.Exif()
    data[274] = orientation
    return data.tobytes()


# Formats of others ----------------------------------------------------------------------------------------------------


def make_webp():
    color = Image.fromarray(pattern(8, 3))
    data = encoded(color, "WEBP", lossless=True)
    write("webp-lossless.webp", data)
    record("webp-lossless.webp", picture(data))
    data = encoded(Image.fromarray(smooth(3, 40, 30)), "WEBP", quality=80)
    write("webp-lossy.webp", data)
    record("webp-lossy.webp", picture(data), tolerance=1)
    data = encoded(Image.fromarray(pattern(8, 4)), "WEBP", lossless=True, exact=True)
    write("webp-opacity.webp", data)
    record("webp-opacity.webp", picture(data))
    data = encoded(color, "WEBP", lossless=True, exif=exif(6))
    write("webp-orientation6.webp", data)
    turned = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))))
    record("webp-orientation6.webp", turned, orientation=6, stored=picture(data))
    frames = [Image.fromarray(np.roll(pattern(8, 3), i, axis=1)) for i in range(3)]
    data = encoded(frames[0], "WEBP", lossless=True, save_all=True, append_images=frames[1:], duration=100)
    write("webp-animation.webp", data)
    shown = {i: np.asarray(frame) for i, frame in enumerate(frames)}
    record("webp-animation.webp", shown[0], count=3, later={1: shown[1], 2: shown[2]})


def make_jpeg2000():
    for name, array in (("grey8", pattern(8, 1)), ("rgb8", pattern(8, 3)), ("opacity", pattern(8, 4)), ("grey16", pattern(16, 1))):
        image = Image.fromarray(array[..., 0] if array.shape[2] == 1 else array)
        data = encoded(image, "JPEG2000", irreversible=False, no_jp2=name == "grey16")
        file = f"jp2-{name}.{'j2k' if name == 'grey16' else 'jp2'}"
        write(file, data)
        record(file, array, 16 if name == "grey16" else 8)
    twelve = (pattern(16, 1)[..., 0] >> 4).astype("u2")
    data = imagecodecs.jpeg2k_encode(twelve, level=0, codecformat="jp2", bitspersample=12, reversible=True)
    write("jp2-grey12.jp2", data)
    record("jp2-grey12.jp2", twelve[..., None], 12)


def netpbm(kind, width, height, body, maximum=None, comment=b""):
    return b"P%d\n%s%d %d\n" % (kind, comment, width, height) + (b"" if maximum is None else b"%d\n" % maximum) + body


def make_netpbm():
    grey, color = pattern(8, 1), pattern(8, 3)
    bits = (pattern(8, 1) > 127).astype("u1")
    files = {
        "pgm-8.pgm": (netpbm(5, WIDTH, HEIGHT, grey.tobytes(), 255, b"# a comment\n"), grey, 8),
        "pgm-text.pgm": (netpbm(2, WIDTH, HEIGHT, b" # row\n".join(b" ".join(b"%d" % v for v in row) for row in grey[..., 0]), 255), grey, 8),
        "pgm-16.pgm": (netpbm(5, WIDTH, HEIGHT, pattern(16, 1).astype(">u2").tobytes(), 65535), pattern(16, 1), 16),
        "pgm-12.pgm": (netpbm(5, WIDTH, HEIGHT, (pattern(16, 1) >> 4).astype(">u2").tobytes(), 4095), pattern(16, 1) >> 4, 12),
        "ppm-8.ppm": (netpbm(6, WIDTH, HEIGHT, color.tobytes(), 255), color, 8),
        "ppm-text.ppm": (netpbm(3, WIDTH, HEIGHT, b"\n".join(b"%d" % v for v in color.reshape(-1)), 255), color, 8),
        "ppm-16.ppm": (netpbm(6, WIDTH, HEIGHT, pattern(16, 3).astype(">u2").tobytes(), 65535), pattern(16, 3), 16),
        "pbm-bytes.pbm": (netpbm(4, WIDTH, HEIGHT, np.packbits(1 - bits[..., 0], axis=1).tobytes()), bits, 1),
        "pbm-text.pbm": (netpbm(1, WIDTH, HEIGHT, b"".join(b"%d" % (1 - v) for v in bits.reshape(-1))), bits, 1),
    }
    for name, (data, pixels, bits_a_sample) in files.items():
        write(name, data)
        if bits_a_sample == 8:
            assert (picture(data) == pixels).all(), name
        elif bits_a_sample == 1:
            assert (picture(data) == pixels.astype(bool)).all(), name
        record(name, pixels, bits_a_sample)
    # Greatest values that are not 2^n - 1 are brought to the whole range, as Pillow does.
    for name, maximum, kind in (("pgm-100.pgm", 100, "u1"), ("pgm-1000.pgm", 1000, ">u2")):
        data = netpbm(5, WIDTH, HEIGHT, (pattern(16, 1).astype(int) % (maximum + 1)).astype(kind).tobytes(), maximum)
        write(name, data)
        record(name, picture(data), 8 if maximum < 256 else 16)


def bmp(width, height, bits, body, compression=0, palette=b"", colors=0, masks=b"", header=40):
    if header == 12:
        info = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        info = struct.pack("<IiiHHIIiiII", header, width, height, 1, bits, compression, len(body), 2835, 2835, colors, 0)
    start = 14 + len(info) + len(masks) + len(palette)
    return struct.pack("<2sIHHI", b"BM", start + len(body), 0, 0, start) + info + masks + palette + body


def rows(array, bits):
    """Bottom up, each row a whole number of 32-bit words."""
    out = b""
    for row in array[::-1]:
        if bits < 8:
            per = 8 // bits
            padded = np.pad(row, (0, -len(row) % per)).reshape(-1, per)
            line = bytes(int(sum(int(v) << (8 - bits * (i + 1)) for i, v in enumerate(group))) for group in padded)
        else:
            line = row.tobytes()
        out += line + b"\0" * (-len(line) % 4)
    return out


def make_bmp():
    index = lambda count: (pattern(16, 1)[..., 0].astype(int) % count).astype("u1")
    table = (np.arange(256 * 4) * 37 % 256).astype("u1").reshape(256, 4)
    table[:, 3] = 0
    colors = lambda array: table[array][..., [2, 1, 0]]
    color = pattern(8, 3)
    grey = np.repeat(np.arange(256, dtype="u1")[:, None], 4, axis=1)
    grey[:, 3] = 0
    files = {
        "bmp-1.bmp": (bmp(WIDTH, HEIGHT, 1, rows(index(2), 1), palette=table[:2].tobytes()), colors(index(2))),
        "bmp-4.bmp": (bmp(WIDTH, HEIGHT, 4, rows(index(16), 4), palette=table[:16].tobytes()), colors(index(16))),
        "bmp-8.bmp": (bmp(WIDTH, HEIGHT, 8, rows(index(200), 8), palette=table[:200].tobytes(), colors=200), colors(index(200))),
        "bmp-8-grey.bmp": (bmp(WIDTH, HEIGHT, 8, rows(index(256), 8), palette=grey.tobytes()), index(256)[..., None]),
        "bmp-24.bmp": (bmp(WIDTH, HEIGHT, 24, rows(color[..., ::-1].reshape(HEIGHT, -1), 8)), color),
        "bmp-24-down.bmp": (bmp(WIDTH, -HEIGHT, 24, rows(color[::-1, :, ::-1].reshape(HEIGHT, -1), 8)), color),
        "bmp-core.bmp": (bmp(WIDTH, HEIGHT, 8, rows(index(256), 8), palette=table[:, :3].tobytes(), header=12), colors(index(256))),
    }
    four = np.dstack([color[..., ::-1], np.full((HEIGHT, WIDTH, 1), 7, "u1")])
    files["bmp-32.bmp"] = (bmp(WIDTH, HEIGHT, 32, rows(four.reshape(HEIGHT, -1), 8)), color)
    deep = pattern(16, 1)[..., 0]
    five = np.dstack([(deep >> 10 & 31).astype(int) * 255 // 31, (deep >> 5 & 31).astype(int) * 255 // 31, (deep & 31).astype(int) * 255 // 31])
    files["bmp-16.bmp"] = (bmp(WIDTH, HEIGHT, 16, rows(deep.astype("<u2"), 16)), five)
    six = np.dstack([(deep >> 11 & 31).astype(int) * 255 // 31, (deep >> 5 & 63).astype(int) * 255 // 63, (deep & 31).astype(int) * 255 // 31])
    masks = struct.pack("<3I", 0xF800, 0x7E0, 0x1F)
    files["bmp-16-masks.bmp"] = (bmp(WIDTH, HEIGHT, 16, rows(deep.astype("<u2"), 16), compression=3, masks=masks), six)
    runs8 = index(5)
    body = b""
    for row in runs8[::-1]:
        body += bytes([3, row[0]]) if (row[:3] == row[0]).all() else b"".join(bytes([1, v]) for v in row[:3])
        body += bytes([0, 5]) + row[3:8].tobytes() + b"\0" + b"".join(bytes([1, v]) for v in row[8:]) + b"\0\0"
    files["bmp-runs8.bmp"] = (bmp(WIDTH, HEIGHT, 8, body + b"\0\1", compression=1, palette=table.tobytes()), colors(runs8))
    runs4 = index(16)
    body = b"".join(
        bytes([0, 13]) + bytes(int(a) << 4 | int(b) for a, b in zip(np.append(row, 0)[::2], np.append(row, 0)[1::2])) + b"\0" + b"\0\0" for row in runs4[::-1])
    files["bmp-runs4.bmp"] = (bmp(WIDTH, HEIGHT, 4, body + b"\0\1", compression=2, palette=table[:16].tobytes()), colors(runs4))
    for name, (data, pixels) in files.items():
        write(name, data)
        if name != "bmp-runs4.bmp":  # Pillow 12.3 mistakes the end of an odd run
            assert (picture(data, "L" if pixels.shape[2] == 1 else "RGB") == pixels).all(), name
        record(name, pixels)


# Kinds of the formats that were read before ---------------------------------------------------------------------------


def make_inks():
    inks = Image.fromarray(smooth(4, 24, 16), "CMYK")
    data = encoded(inks, "JPEG", quality=95)
    write("jpeg-inks.jpg", data)
    record("jpeg-inks.jpg", picture(data, "RGB"), tolerance=2)
    data = encoded(Image.fromarray(pattern(8, 4), "CMYK"), "TIFF")
    write("tiff-inks.tif", data)
    record("tiff-inks.tif", picture(data, "RGB"))


def spread(values):
    values = values.astype(np.float64)
    finite = values[np.isfinite(values)]
    shown = (values - finite.min()) / (finite.max() - finite.min())
    # Brightness is a 32-bit number before it is rounded.
    return np.round(np.where(np.isfinite(values), shown, 0).astype(np.float32) * np.float32(65535)).astype(int)


def make_numbers():
    base = pattern(16, 1).astype(np.int64)
    rows = {
        "tiff-int8.tif": ((base % 251) - 125).astype("i1"), "tiff-int16.tif": (base - 32768).astype("i2"),
        "tiff-int32.tif": (base * 30001 - 10**9).astype("i4"), "tiff-uint32.tif": (base * 60001).astype("u4"),
        "tiff-float32.tif": (base / 7 - 1000).astype("f4"), "tiff-float64.tif": (base / 7 - 1000).astype("f8"),
        "tiff-float-rgb.tif": (pattern(16, 3) / 65535).astype("f4"),
    }
    odd = (base / 7).astype("f4")
    odd[2, 3], odd[4, 5], odd[5, 5] = np.nan, np.inf, -np.inf
    rows["tiff-float-odd.tif"] = odd
    for name, values in rows.items():
        array = values[..., 0] if values.shape[2] == 1 else values
        tifffile.imwrite(PICTURES / name, array, photometric="rgb" if values.shape[2] == 3 else "minisblack", metadata=None)
        record(name, spread(values), 16, tolerance=1)
    values = rows["tiff-float32.tif"][..., 0]
    tifffile.imwrite(PICTURES / "tiff-float-predicted.tif", values, compression="lzw", predictor=3, metadata=None)
    record("tiff-float-predicted.tif", spread(values)[..., None], 16, tolerance=1)


def make_several():
    pages = [pattern(8, 3), pattern(16, 1), pattern(8, 1, 7, 5)]
    with tifffile.TiffWriter(PICTURES / "tiff-pages.tif") as file:
        for page in pages:
            file.write(page[..., 0] if page.shape[2] == 1 else page, photometric="rgb" if page.shape[2] == 3 else "minisblack", metadata=None)
    record("tiff-pages.tif", pages[0], count=3, later={1: pages[1], 2: pages[2]})
    # Frames that cover a part, with transparent pixels, and each way of taking one away.
    frames, shown = [], []
    for i in range(4):
        frame = Image.fromarray((pattern(16, 1)[..., 0] % 7 + i).astype("u1"), "P").crop((0, 0, WIDTH - 2 * i, HEIGHT - i))
        frame.putpalette(bytes(v for k in range(16) for v in (k * 16, 255 - k * 9, k * 5)))
        frames.append(frame)
    disposals, transparent, places = [1, 2, 3, 1], [None, 3, 4, 5], [(0, 0), (2, 1), (1, 2), (3, 1)]
    data = gif(frames, disposals, transparent, places)
    write("gif-frames.gif", data)
    # By the standard (GIF89a section 23), on black; Pillow fills what is taken away with the color of the transparent index.
    screen = np.zeros((HEIGHT, WIDTH, 3), "u1")
    table = np.array(frames[0].getpalette()[:48], "u1").reshape(16, 3)
    for frame, disposal, clear, (left, top) in zip(frames, disposals, transparent, places):
        before, indices = screen.copy(), np.asarray(frame)[: HEIGHT - top, : WIDTH - left]
        area = (slice(top, top + indices.shape[0]), slice(left, left + indices.shape[1]))
        screen[area] = np.where((indices == clear)[..., None], screen[area], table[indices])
        shown.append(screen.copy())
        if disposal == 2:
            screen[area] = 0
        elif disposal == 3:
            screen = before
    image = Image.open(io.BytesIO(data))
    assert image.n_frames == 4 and (np.asarray(image.convert("RGB")) == shown[0]).all()
    image.seek(1)
    assert (np.asarray(image.convert("RGB")) == shown[1]).all()
    record("gif-frames.gif", shown[0], count=4, later={i: shown[i] for i in (1, 2, 3)})


def gif(frames, disposals, transparent, places):
    """Written by hand, since Pillow makes of frames what it likes."""
    palette = bytes(frames[0].getpalette()[:48])
    data = b"GIF89a" + struct.pack("<HHBBB", WIDTH, HEIGHT, 0x80 | 3, 0, 0) + palette
    for frame, disposal, clear, (left, top) in zip(frames, disposals, transparent, places):
        data += b"\x21\xf9\x04" + struct.pack("<BHBB", disposal << 2 | (clear is not None), 10, clear or 0, 0)
        data += b"," + struct.pack("<HHHHB", left, top, *frame.size, 0) + b"\4"
        # Codes of 5 bits that never grow: the table is cleared before it would.
        codes, bits = [], 0
        for i, value in enumerate(np.asarray(frame).reshape(-1)):
            if i % 14 == 0:
                codes.append(16)
            codes.append(int(value))
        codes.append(17)
        stream = sum(code << 5 * i for i, code in enumerate(codes))
        raw = stream.to_bytes((5 * len(codes) + 7) // 8, "little")
        data += b"".join(bytes([len(raw[i : i + 255])]) + raw[i : i + 255] for i in range(0, len(raw), 255)) + b"\0"
    return data + b";"


def make_oriented():
    image = Image.fromarray(smooth(3, 24, 16))
    for orientation in range(1, 9):
        data = encoded(image, "JPEG", quality=95, exif=exif(orientation))
        name = f"jpeg-orientation{orientation}.jpg"
        write(name, data)
        turned = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))))
        record(name, turned, tolerance=1, orientation=orientation, stored=picture(data))
    png = encoded(Image.fromarray(pattern(8, 3)), "PNG")
    chunk = lambda kind, body: struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    block = chunk(b"eXIf", exif(8)[6:])
    for name, place in (("png-orientation-before.png", 33), ("png-orientation-behind.png", len(png) - 12)):
        data = png[:place] + block + png[place:]
        write(name, data)
        turned = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))))
        record(name, turned, orientation=8, stored=pattern(8, 3))


if __name__ == "__main__":
    PICTURES.mkdir(parents=True, exist_ok=True)
    for old in PICTURES.iterdir():
        old.unlink()
    for make in (make_webp, make_jpeg2000, make_netpbm, make_bmp, make_inks, make_numbers, make_several, make_oriented):
        make()
    lines = json.dumps(expected, separators=(",", ":")).replace('},"', '},\n"')
    (FOLDER / "pictures.json").write_text(lines + "\n")
