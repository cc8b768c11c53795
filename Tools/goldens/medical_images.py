"""Makes the DICOM and NIfTI fixtures of Tests/ImagingTests, and what pydicom and nibabel read from them and from real files.

Needs: Python 3.11, Debian's package dcmtk (its encoders dcmcjpeg and dcmcjpls), and the packages of PINS in a folder of their
own, which is not that of the other goldens because nothing else uses them:

    python3 -m pip install --no-deps --target .deps/medical <the lines of PINS>
    PYTHONPATH=.deps/medical python3 Tools/goldens/medical_images.py [folder with dicom/ and nifti/]

Fixtures go to Tests/ImagingTests/Goldens/medical/, what they hold to medical.json. With a folder of real files, what is in those
goes to real-medical.json: hashes, shapes, types and a few samples of each file, never pictures.
"""

import json
import struct
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

PINS = """
pydicom==3.0.2 pylibjpeg==2.1.0 pylibjpeg-libjpeg==2.5.0 pylibjpeg-openjpeg==2.6.0 pylibjpeg-rle==2.2.0 pyjpegls==1.5.1
nibabel==5.4.2 numpy==2.2.6 packaging==26.3 typing_extensions==4.16.0 importlib_resources==7.1.0 pillow==11.3.0
"""

import nibabel
import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import apply_color_lut, apply_modality_lut, apply_voi_lut
from pydicom.sequence import Sequence
from openjpeg.utils import encode_array
from pydicom.uid import UID, ExplicitVRLittleEndian

from medical_common import FOLDER, GOLDENS, facts, probes
from medical_nifti import make_nifti, nifti_facts

warnings.simplefilter("ignore")

EXPLICIT, IMPLICIT, BIG, DEFLATED = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"
RLE, J2K_LOSSLESS, J2K = "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"
JLS_LOSSLESS, JLS = "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"
JPEG = "1.2.840.10008.1.2.4."
# What a different decoder may compute differently: the DCT's rounding, and how colors are brought to full resolution.
LOSSY = {JPEG + "50", JPEG + "51", JPEG + "53", JPEG + "55", J2K}


# DICOM ----------------------------------------------------------------------------------------------------------------


def brightness(dataset, pixels, window=None):
    """0 ... 1 of a grey frame, as the Swift side shows it, from pydicom's own functions."""
    values = apply_modality_lut(pixels, dataset)
    if "VOILUTSequence" in dataset:
        bits = dataset.VOILUTSequence[0].LUTDescriptor[2]
        shown = apply_voi_lut(values.astype(np.int32), dataset).astype(np.float64) / (2**bits - 1)
    elif "WindowCenter" in dataset:
        # pydicom scales to the range of the modality values; a copy whose range is 0 ... 2^16 - 1 makes it known.
        ruler = Dataset()
        ruler.PhotometricInterpretation, ruler.BitsStored, ruler.PixelRepresentation = "MONOCHROME2", 16, 0
        for key in ("WindowCenter", "WindowWidth", "VOILUTFunction"):
            if key in dataset:
                setattr(ruler, key, dataset[key].value)
        shown = apply_voi_lut(values.astype(np.float64), ruler) / 65535
    elif pixels.dtype == np.uint8 and not {"RescaleSlope", "ModalityLUTSequence"} & set(dir(dataset)):
        shown = pixels / (2.0**dataset.BitsStored - 1)
    else:
        counted = values[~padding(dataset, pixels)]
        low, high = float(counted.min()), float(counted.max())
        shown = np.clip((values - low) / (high - low), 0, 1)
    shown = 1 - shown if dataset.PhotometricInterpretation == "MONOCHROME1" else shown
    return np.where(padding(dataset, pixels), 0, shown)


def padding(dataset, pixels):
    """Which samples stand for no picture: they are background, which is black (PS3.3 section C.7.5.1.1.2)."""
    if "PixelPaddingValue" not in dataset:
        return np.zeros(pixels.shape, bool)
    ends = [np.array(dataset[key].value).astype(np.int64).astype(pixels.dtype) for key in ("PixelPaddingValue", "PixelPaddingRangeLimit") if key in dataset]
    return (pixels >= min(ends)) & (pixels <= max(ends))


def meant(pixels, dataset):
    """Without what lies above the stored bits, and with the sign of the highest of them. pydicom does so after some of its decoders."""
    unused = 8 * pixels.dtype.itemsize - int(dataset.get("BitsStored", 8 * pixels.dtype.itemsize))
    if pixels.dtype.kind not in "iu" or unused <= 0 or int(dataset.BitsAllocated) == 1:
        return pixels
    return (pixels << unused) >> unused


def dicom_facts(path):
    dataset = pydicom.dcmread(path, force=True)
    pixels = meant(dataset.pixel_array, dataset)
    result = facts(pixels)
    syntax = str(getattr(dataset.file_meta, "TransferSyntaxUID", ""))
    # An explicit code says whether a JPEG 2000 or JPEG-LS stream lost anything; JPEG of 8 and 12 bits always does.
    result["isLossy"] = syntax in LOSSY
    result["syntax"] = syntax
    return dataset, pixels, result


def pattern(bits, width=11, height=7, samples=1, frames=1, is_signed=False):
    """Samples without a visible rule that use every bit."""
    f, y, x, s = np.meshgrid(*(np.arange(n, dtype=np.int64) for n in (frames, height, width, samples)), indexing="ij")
    value = (x * 2654435761 + y * 40503 * 65537 + s * 12347 * 9973 + f * 977 * 104729 + x * y * 7919 * 31) % 2**32
    value >>= 32 - bits
    if is_signed:
        value -= 2 ** (bits - 1)
    container = 8 if bits <= 8 else 16 if bits <= 16 else 32
    return value.astype(f"{'i' if is_signed else 'u'}{container // 8}")


def smooth(bits, width=24, height=16, samples=1, frames=1, is_signed=False):
    """A gentle picture, as lossy codecs are made for."""
    f, y, x, s = np.meshgrid(*(np.arange(n) for n in (frames, height, width, samples)), indexing="ij")
    wave = 0.5 + 0.35 * np.sin(x / 5 + s + f) * np.cos(y / 4 - s) + 0.1 * np.cos(x * y / 40 + s)
    value = np.clip(wave, 0, 1) * (2**bits - 1)
    if is_signed:
        value -= 2 ** (bits - 1)
    return value.astype(f"{'i' if is_signed else 'u'}{1 if bits <= 8 else 2}")


def made(pixels, bits, syntax=EXPLICIT, photometric=None, **elements):
    """A data set with these pixels, `[frames, rows, columns, samples]`."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    meta.MediaStorageSOPInstanceUID = "1.2.826.0.1.3680043.8.498.1"
    meta.TransferSyntaxUID = UID(syntax)
    dataset = FileDataset(
        "", {}, file_meta=meta, preamble=b"\0" * 128, is_implicit_VR=syntax == IMPLICIT, is_little_endian=syntax != BIG)
    dataset.SOPClassUID = meta.MediaStorageSOPClassUID
    dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "1.2.826.0.1.3680043.8.498.2", "1.2.826.0.1.3680043.8.498.3"
    dataset.PatientID, dataset.Modality = "formula-1", "OT"
    frames, rows, columns, samples = pixels.shape
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = rows, columns, samples
    if frames > 1:
        dataset.NumberOfFrames = frames
    dataset.PhotometricInterpretation = photometric or ("MONOCHROME2" if samples == 1 else "RGB")
    dataset.BitsAllocated = 8 * pixels.dtype.itemsize
    dataset.BitsStored, dataset.HighBit = bits, bits - 1
    dataset.PixelRepresentation = int(pixels.dtype.kind == "i")
    if samples == 3:
        dataset.PlanarConfiguration = 0
    order = ">" if syntax == BIG else "<"
    data = pixels.astype(pixels.dtype.newbyteorder(order)).tobytes()
    dataset.PixelData = data + b"\0" * (len(data) % 2)
    dataset["PixelData"].VR = "OB" if dataset.BitsAllocated == 8 and syntax != IMPLICIT else "OW"
    for key, value in elements.items():
        setattr(dataset, key, value)
    return dataset


def table(first, entries, bits, signed=False):
    item = Dataset()
    item.add_new("LUTDescriptor", "SS" if signed else "US", [len(entries) % 65536, first, bits])
    item.add_new("LUTData", "OW", np.array(entries, "<u2").tobytes())
    item.ModalityLUTType = "US"
    return Sequence([item])


def save(name, dataset):
    path = FOLDER / name
    dataset.save_as(path, enforce_file_format=True)
    assert path.stat().st_size < 20_000, name


def compressed(name, dataset, syntax, **options):
    dataset.compress(UID(syntax), generate_instance_uid=False, **options)
    save(name, dataset)


def by_dcmtk(name, dataset, tool, *options):
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.dcm"
        dataset.save_as(plain, enforce_file_format=True)
        # Its SOP instance identifier stays, or the file would differ from run to run.
        subprocess.run([tool, *options, "--uid-never", plain, FOLDER / name], check=True)


def with_frames(dataset, frames, syntax, fragments_per_frame=1, has_table=True):
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    dataset.PixelData = encapsulate(frames, fragments_per_frame=fragments_per_frame, has_bot=has_table)
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    return dataset


def run_lengths(pixels):
    """One frame of RLE (PS3.5 annex G): a segment for each byte of a sample, highest first; literal runs alone."""
    flat = pixels.reshape(-1).astype(pixels.dtype.newbyteorder(">")).view("u1").reshape(pixels.size, -1)
    segments = []
    for column in flat.T:
        data = column.tobytes()
        runs = b"".join(bytes([len(data[i : i + 128]) - 1]) + data[i : i + 128] for i in range(0, len(data), 128))
        segments.append(runs + b"\0" * (len(runs) % 2))
    offsets = [64 + sum(map(len, segments[:i])) for i in range(len(segments))]
    header = struct.pack("<16I", len(segments), *offsets, *[0] * (15 - len(segments)))
    return header + b"".join(segments)


def streams(dataset, syntax, **options):
    """The compressed frames of a data set."""
    dataset.compress(UID(syntax), generate_instance_uid=False, **options)
    return list(pydicom.encaps.generate_frames(dataset.PixelData, number_of_frames=int(dataset.get("NumberOfFrames", 1))))


def make_plain():
    save("explicit-little-16.dcm", made(pattern(16), 16))
    save("implicit-little-12.dcm", made(pattern(12), 12, IMPLICIT))
    save("explicit-big-16.dcm", made(pattern(16, is_signed=True), 16, BIG))
    big = made(pattern(8), 8, BIG)
    big["PixelData"].VR = "OW"
    big.PixelData = np.frombuffer(big.PixelData, "<u2").byteswap().tobytes()
    save("explicit-big-8-words.dcm", big)
    save("deflated-16.dcm", made(pattern(16), 16, DEFLATED))
    save("rgb-8.dcm", made(pattern(8, samples=3), 8))
    planar = made(pattern(8, samples=3), 8)
    planar.PlanarConfiguration = 1
    planes = np.frombuffer(planar.PixelData[: 7 * 11 * 3], "u1").reshape(7, 11, 3).transpose(2, 0, 1).tobytes()
    planar.PixelData = planes + b"\0"
    save("rgb-8-planar.dcm", planar)
    save("rgb-16.dcm", made(pattern(16, samples=3), 16))
    save("ybr-full.dcm", made(pattern(8, samples=3), 8, photometric="YBR_FULL"))
    half = made(pattern(8, width=12, samples=3), 8, photometric="YBR_FULL_422")
    half.PixelData = pattern(8, width=24, height=7).tobytes()
    save("ybr-full-422.dcm", half)
    save("grey-32.dcm", made(pattern(32), 32))
    frames = made(pattern(8, frames=3), 8)
    save("frames-8.dcm", frames)
    bits = made(pattern(8, frames=3) % 2, 8)
    bits.BitsAllocated = bits.BitsStored = 1
    bits.HighBit = 0
    packed = np.packbits((pattern(8, frames=3) % 2).reshape(-1), bitorder="little").tobytes()
    bits.PixelData = packed + b"\0" * (len(packed) % 2)
    save("bits-frames.dcm", bits)
    unused = made(pattern(16), 10)
    save("unused-high-bits.dcm", unused)
    unused = made(pattern(16, is_signed=True), 12)
    save("unused-high-bits-signed.dcm", unused)
    for name, kind, keyword in (("float-32.dcm", "f4", "FloatPixelData"), ("float-64.dcm", "f8", "DoubleFloatPixelData")):
        real = made(pattern(16), 16)
        del real.PixelData, real.BitsStored, real.HighBit, real.PixelRepresentation
        real.BitsAllocated = 8 * np.dtype(kind).itemsize
        setattr(real, keyword, (pattern(16).astype(kind) / 7 - 1000).astype(kind).tobytes())
        save(name, real)
    headless = FOLDER / "no-preamble.dcm"
    headless.write_bytes((FOLDER / "implicit-little-12.dcm").read_bytes()[132:])
    # A file that names the implicit syntax and is written explicitly, and a data set without any head.
    plain = (FOLDER / "explicit-little-16.dcm").read_bytes()
    start = plain.index(b"\x08\x00\x16\x00UI")
    (FOLDER / "no-meta.dcm").write_bytes(plain[start:])
    # The name without its last part and the length of what is left, padded with a zero to an even number.
    wrong = bytearray(plain)
    place = wrong.index(b"1.2.840.10008.1.2.1\0")
    wrong[place : place + 20] = b"1.2.840.10008.1.2\0\0\0"
    (FOLDER / "wrong-syntax.dcm").write_bytes(bytes(wrong))


def make_shown():
    """Files for the way from samples to brightness."""
    save("monochrome1-8.dcm", made(pattern(8), 8, photometric="MONOCHROME1"))
    save("window.dcm", made(pattern(12), 12, WindowCenter="2000", WindowWidth="1500.5"))
    save("window-two.dcm", made(pattern(12), 12, WindowCenter=["1000", "3000"], WindowWidth=["800", "100"]))
    save("window-monochrome1.dcm", made(pattern(12), 12, photometric="MONOCHROME1", WindowCenter="2000", WindowWidth="1500"))
    save("window-exact.dcm", made(pattern(12), 12, WindowCenter="2000", WindowWidth="1500", VOILUTFunction="LINEAR_EXACT"))
    save("window-sigmoid.dcm", made(pattern(12), 12, WindowCenter="2000", WindowWidth="1500", VOILUTFunction="SIGMOID"))
    ct = made(pattern(12, is_signed=True), 12, RescaleSlope="1.5", RescaleIntercept="-1024", WindowCenter="-600", WindowWidth="1500")
    ct.Modality, ct.PixelSpacing = "CT", [0.5, 0.75]
    save("rescale-window.dcm", ct)
    save("rescale-only.dcm", made(pattern(16, is_signed=True), 16, RescaleSlope="0.25", RescaleIntercept="10"))
    padded = made(pattern(12, is_signed=True), 12)
    padded.add_new("PixelPaddingValue", "SS", int(pattern(12, is_signed=True).min()))
    save("padding.dcm", padded)
    entries = [round(4095 * (i / 999) ** 0.5) for i in range(1000)]
    save("voi-lut.dcm", made(pattern(12), 12, VOILUTSequence=table(500, entries, 12)))
    signed = made(pattern(12, is_signed=True), 12, VOILUTSequence=table(-500, entries, 12, signed=True))
    save("voi-lut-signed.dcm", signed)
    modality = made(pattern(10), 10, ModalityLUTSequence=table(20, [(i * i) // 16 for i in range(900)], 16))
    modality.WindowCenter, modality.WindowWidth = "20000", "30000"
    save("modality-lut.dcm", modality)
    for name, bits in (("palette-8.dcm", 8), ("palette-16.dcm", 16)):
        palette = made(pattern(8), 8, photometric="PALETTE COLOR")
        for place, color in enumerate(("Red", "Green", "Blue")):
            entries = (np.arange(200) * (3 + 2 * place) * 257 + 11 * place) % 2**bits
            data = entries.astype("<u2").tobytes() if bits == 16 else entries.astype("u1").tobytes()
            palette.add_new(f"{color}PaletteColorLookupTableDescriptor", "US", [200, 10, bits])
            palette.add_new(f"{color}PaletteColorLookupTableData", "OW", data)
        save(name, palette)
    groups = made(pattern(12, frames=2), 12)
    shared, own = Dataset(), []
    scale = Dataset()
    scale.RescaleSlope, scale.RescaleIntercept, scale.RescaleType = "2", "-100", "US"
    measures = Dataset()
    measures.PixelSpacing = [0.25, 0.5]
    shared.PixelValueTransformationSequence, shared.PixelMeasuresSequence = Sequence([scale]), Sequence([measures])
    for center in ("1000", "5000"):
        window, frame = Dataset(), Dataset()
        window.WindowCenter, window.WindowWidth = center, "3000"
        frame.FrameVOILUTSequence = Sequence([window])
        own.append(frame)
    groups.SharedFunctionalGroupsSequence, groups.PerFrameFunctionalGroupsSequence = Sequence([shared]), Sequence(own)
    save("functional-groups.dcm", groups)


# What a file is shown as, where it asks for something that cannot be done: the same without it.
SHOWN_AS = {}


def shown_as(name, asked, meant):
    save(name, asked)
    SHOWN_AS[name] = meant


def texts(dataset, **elements):
    """Elements with texts that pydicom would refuse to write."""
    for key, value in elements.items():
        element = pydicom.DataElement(pydicom.datadict.tag_for_keyword(key), "LO", value)
        element.VR = "LO"
        dataset.add(element)
    return dataset


def make_odd():
    """Files as scanners and archives write them, against the standard or at its edge."""
    # Twelve bits of picture and four of overlay, all coded.
    both, picture = pattern(16), made(pattern(16), 12)
    save("high-bits.dcm", made(both, 12))
    for name, syntax in (("j2k", J2K_LOSSLESS), ("jls", JLS_LOSSLESS)):
        large = pattern(16, 40, 36)
        save(f"high-bits-{name}.dcm", with_frames(made(large, 12), streams(made(large, 16), syntax), syntax))
    save("high-bits-rle.dcm", with_frames(picture, [run_lengths(both)], RLE))
    by_dcmtk("high-bits-jpeg-lossless.dcm", made(both, 16), "dcmcjpeg", "+e1")
    lossless = pydicom.dcmread(FOLDER / "high-bits-jpeg-lossless.dcm")
    lossless.BitsStored, lossless.HighBit = 12, 11
    save("high-bits-jpeg-lossless.dcm", lossless)
    # Signed samples of twelve bits, coded as unsigned ones of sixteen, without the sign's copies above.
    signed = pattern(12, 40, 36, is_signed=True)
    for name, syntax in (("j2k", J2K_LOSSLESS), ("jls", JLS_LOSSLESS)):
        frames = streams(made((signed & 0xFFF).astype("u2"), 16), syntax)
        save(f"signed-as-unsigned-{name}.dcm", with_frames(made(signed, 12), frames, syntax))
    for bits in (2, 5, 7):
        compressed(f"jls-{bits}.dcm", made(smooth(bits), bits), JLS_LOSSLESS)
    one = made(pattern(8, 40, 36) % 2, 1)
    stream = encode_array((pattern(8, 40, 36) % 2)[0, :, :, 0], bits_stored=1, photometric_interpretation=2, codec_format=0, use_mct=False)
    one.BitsAllocated = 1
    save("j2k-1.dcm", with_frames(one, [stream], J2K_LOSSLESS))
    make_palettes()
    make_strays()
    make_wishes()


def make_palettes():
    for bits in (8, 16):
        palette = made(pattern(8), 8, photometric="PALETTE COLOR")
        top, kind = 2**bits - 1, "<u2" if bits == 16 else "u1"
        for place, color in enumerate(("Red", "Green", "Blue")):
            # A list, a line up and one down; in bytes also both lines once more.
            numbers = [0, 3, 5 + place, top // 3, 17, 1, 90, top - place, 1, 40, 3]
            count = 3 + 90 + 40
            if bits == 8:
                numbers += [2, 2, 5, 0, 0, 0, 0, 1, 9]
                count += 90 + 40 + 1
            palette.add_new(f"{color}PaletteColorLookupTableDescriptor", "US", [count, 10, bits])
            data = np.array(numbers, kind).tobytes()
            palette.add_new(f"Segmented{color}PaletteColorLookupTableData", "OW", data + b"\0" * (len(data) % 2))
        save(f"palette-segmented-{bits}.dcm", palette)


def make_strays():
    """Items behind a sequence that says it is empty."""
    plain = (FOLDER / "explicit-little-16.dcm").read_bytes()
    place = plain.index(b"\x10\x00\x20\x00LO")
    empty = b"\x08\x00\x15\x11SQ\0\0\0\0\0\0"
    inside = b"\x08\x00\x50\x11UI\x04\x001.2\0"
    item = b"\xfe\xff\x00\xe0" + struct.pack("<I", len(inside)) + inside
    opened = b"\xfe\xff\x00\xe0\xff\xff\xff\xff" + inside + b"\xfe\xff\x0d\xe0\0\0\0\0"
    for name, stray in (("stray-item.dcm", item + item), ("stray-item-open.dcm", opened + b"\xfe\xff\xdd\xe0\0\0\0\0")):
        (FOLDER / name).write_bytes(plain[:place] + empty + stray + plain[place:])


def make_wishes():
    """Display elements that cannot be used, each beside what is used instead."""
    own = {"WindowCenter": "2000", "WindowWidth": "1500"}
    ramp = [round(4095 * (i / 99) ** 0.5) for i in range(100)]
    short, none, item = table(500, ramp, 12), table(500, ramp, 0), Sequence([Dataset()])
    short[0].LUTData = short[0].LUTData[:-2]
    plain, windowed = made(pattern(12), 12), made(pattern(12), 12, **own)
    shown_as("wish-lut-short.dcm", made(pattern(12), 12, VOILUTSequence=short, **own), windowed)
    shown_as("wish-lut-bits-0.dcm", made(pattern(12), 12, VOILUTSequence=none, **own), windowed)
    shown_as("wish-lut-short-alone.dcm", made(pattern(12), 12, VOILUTSequence=short), plain)
    shown_as("wish-lut-empty-item.dcm", made(pattern(12), 12, VOILUTSequence=item, **own), windowed)
    shown_as("wish-lut-second.dcm", made(pattern(12), 12, VOILUTSequence=Sequence([short[0], table(500, ramp, 12)[0]]), **own), made(pattern(12), 12, VOILUTSequence=table(500, ramp, 12)))
    shown_as("wish-modality-empty-item.dcm", made(pattern(12), 12, ModalityLUTSequence=item, **own), windowed)
    shown_as("wish-sequences-empty.dcm", made(pattern(12), 12, ModalityLUTSequence=Sequence(), VOILUTSequence=Sequence(), **own), windowed)
    for name, center in (("text", "UNKNOWN"), ("comma", "2048,5"), ("nan", "NaN")):
        shown_as(f"wish-window-{name}.dcm", texts(made(pattern(12), 12, WindowWidth="1500"), WindowCenter=center), plain)
    shown_as("wish-window-second.dcm", texts(made(pattern(12), 12), WindowCenter=["UNKNOWN", "2000"], WindowWidth=["1", "1500"]), windowed)
    shown_as("wish-window-width-0.dcm", made(pattern(12), 12, WindowCenter="2000", WindowWidth="0"), plain)
    scaled = {"RescaleIntercept": "-1000", "WindowCenter": "1000", "WindowWidth": "1500"}
    shown_as("wish-slope-0.dcm", made(pattern(12), 12, RescaleSlope="0", **scaled), made(pattern(12), 12, RescaleSlope="1", **scaled))
    spaced = texts(made(pattern(12), 12, **own), PixelSpacing=["x", "y"])
    shown_as("wish-spacing-text.dcm", spaced, windowed)
    # Padding is background, whatever is made of the other samples, and however its number is typed.
    inverted = made(pattern(12), 12, photometric="MONOCHROME1")
    inverted.add_new("PixelPaddingValue", "US", int(pattern(12).min()))
    inverted.add_new("PixelPaddingRangeLimit", "US", int(np.sort(pattern(12), axis=None)[9]))
    save("padding-inverted.dcm", inverted)
    windowed = made(pattern(12, is_signed=True), 16, WindowCenter="-100", WindowWidth="900")
    windowed.add_new("PixelPaddingValue", "US", int(pattern(12, is_signed=True).min()) + 65536)
    windowed.add_new("PixelPaddingRangeLimit", "SS", 2047)
    windowed.PixelPaddingRangeLimit = int(np.sort(pattern(12, is_signed=True), axis=None)[5])
    save("padding-window.dcm", windowed)
    bright = made(pattern(8), 8)
    bright.add_new("PixelPaddingValue", "US", int(pattern(8).max()))
    save("padding-8.dcm", bright)


def make_compressed():
    compressed("rle-8.dcm", made(pattern(8), 8), RLE, encoding_plugin="pydicom")
    compressed("rle-16-signed.dcm", made(pattern(16, is_signed=True), 16), RLE, encoding_plugin="pydicom")
    compressed("rle-rgb.dcm", made(pattern(8, samples=3), 8), RLE, encoding_plugin="pydicom")
    save("rle-32.dcm", with_frames(made(pattern(32), 32), [run_lengths(pattern(32))], RLE))
    compressed("rle-frames-16.dcm", made(pattern(16, frames=3), 16), RLE, encoding_plugin="pydicom")
    compressed("jls-8.dcm", made(pattern(8), 8), JLS_LOSSLESS)
    compressed("jls-12.dcm", made(smooth(12), 12), JLS_LOSSLESS)
    compressed("jls-16-signed.dcm", made(pattern(16, is_signed=True), 16), JLS_LOSSLESS)
    compressed("jls-rgb.dcm", made(smooth(8, samples=3), 8), JLS_LOSSLESS)
    compressed("jls-near.dcm", made(smooth(12), 12), JLS, jls_error=3)
    compressed("j2k-8.dcm", made(pattern(8, 40, 36), 8), J2K_LOSSLESS)
    compressed("j2k-16-signed.dcm", made(smooth(16, 40, 36, is_signed=True), 16), J2K_LOSSLESS)
    compressed("j2k-12.dcm", made(smooth(12, 40, 36), 12), J2K_LOSSLESS)
    compressed("j2k-rgb.dcm", made(smooth(8, 40, 36, samples=3), 8, photometric="RGB"), J2K_LOSSLESS)
    compressed("j2k-lossy.dcm", made(smooth(12, 40, 36), 12), J2K, j2k_cr=[4])
    compressed("j2k-frames.dcm", made(smooth(12, 40, 36, frames=2), 12), J2K_LOSSLESS)
    frames = streams(made(smooth(12, 40, 36, frames=3), 12), J2K_LOSSLESS)
    for name, has_table in (("j2k-fragments.dcm", False), ("j2k-fragments-table.dcm", True)):
        save(name, with_frames(made(smooth(12, 40, 36, frames=3), 12), frames, J2K_LOSSLESS, 2, has_table))
    # Signed samples whose code stream says unsigned.
    frames = streams(made((smooth(12, 40, 36, is_signed=True) & 0xFFF).astype("u2"), 12), J2K_LOSSLESS)
    save("j2k-sign-mismatch.dcm", with_frames(made(smooth(12, 40, 36, is_signed=True), 12), frames, J2K_LOSSLESS))
    by_dcmtk("jpeg-baseline-grey.dcm", made(smooth(8), 8), "dcmcjpeg", "+eb", "+q", "90")
    by_dcmtk("jpeg-baseline-ybr.dcm", made(smooth(8, samples=3), 8), "dcmcjpeg", "+eb", "+q", "90", "+s4")
    by_dcmtk("jpeg-baseline-422.dcm", made(smooth(8, samples=3), 8), "dcmcjpeg", "+eb", "+q", "90", "+s2")
    by_dcmtk("jpeg-baseline-rgb.dcm", made(smooth(8, samples=3), 8), "dcmcjpeg", "+eb", "+q", "90", "+cr")
    by_dcmtk("jpeg-extended-8.dcm", made(smooth(8), 8), "dcmcjpeg", "+ee", "+q", "90")
    by_dcmtk("jpeg-extended-12.dcm", made(smooth(12), 12), "dcmcjpeg", "+ee", "+q", "95")
    by_dcmtk("jpeg-lossless-8.dcm", made(pattern(8), 8), "dcmcjpeg", "+el")
    by_dcmtk("jpeg-lossless-16-signed.dcm", made(smooth(16, is_signed=True), 16), "dcmcjpeg", "+e1")
    by_dcmtk("jpeg-lossless-12.dcm", made(pattern(12), 12), "dcmcjpeg", "+e1")
    by_dcmtk("jpeg-lossless-rgb.dcm", made(smooth(8, samples=3), 8), "dcmcjpeg", "+e1")
    by_dcmtk("jpeg-lossless-frames.dcm", made(smooth(16, frames=3), 16), "dcmcjpeg", "+e1")
    by_dcmtk("jpeg-progressive-12.dcm", made(smooth(12), 12), "dcmcjpeg", "+ep", "+q", "95")
    by_dcmtk("jpeg-progressive-8.dcm", made(smooth(8), 8), "dcmcjpeg", "+ep", "+q", "90")
    by_dcmtk("jpeg-spectral-12.dcm", made(smooth(12), 12), "dcmcjpeg", "+es", "+q", "95")


def make_broken():
    """Files that are refused; their sentences stand in the tests."""
    nothing = made(pattern(8), 8)
    del nothing.PixelData
    save("broken-no-image.dcm", nothing)
    video = made(pattern(8), 8)
    save("broken-video.dcm", with_frames(video, [b"\0\0\1\xb3" + bytes(60)], "1.2.840.10008.1.2.4.100"))
    whole = (FOLDER / "explicit-little-16.dcm").read_bytes()
    (FOLDER / "broken-cut.dcm").write_bytes(whole[:-10])
    (FOLDER / "broken-header-only.dcm").write_bytes(whole[:300])
    whole = (FOLDER / "jpeg-baseline-grey.dcm").read_bytes()
    (FOLDER / "broken-cut-jpeg.dcm").write_bytes(whole[:-60])
    huge = made(pattern(16), 16)
    huge.Rows = huge.Columns = 60000
    save("broken-huge.dcm", huge)
    tall = with_frames(made(smooth(8), 8), streams(made(smooth(12, 40, 36), 12), J2K_LOSSLESS), J2K_LOSSLESS)
    save("broken-size-mismatch.dcm", tall)
    frames = made(pattern(8), 8)
    frames.NumberOfFrames = 40
    save("broken-frames.dcm", frames)
    promised = with_frames(made(smooth(12, 40, 36), 12), streams(made(smooth(12, 40, 36), 12), J2K_LOSSLESS), J2K_LOSSLESS)
    promised.NumberOfFrames = 5
    save("broken-frames-compressed.dcm", promised)
    save("broken-slope-text.dcm", texts(made(pattern(12), 12, RescaleIntercept="0"), RescaleSlope="NONE"))
    # A JPEG stream under a syntax that says there is none.
    jpeg = pydicom.dcmread(FOLDER / "jpeg-baseline-grey.dcm")
    named = made(smooth(8), 8)
    named.PixelData = next(pydicom.encaps.generate_frames(jpeg.PixelData, number_of_frames=1))[:200]
    save("broken-jpeg-as-plain.dcm", named)
    save("broken-photometric.dcm", made(pattern(8, samples=3), 8, photometric="HSV"))
    # A depth of nesting that a recursive reader does not survive; the test repeats these bytes as often as it likes.
    nest = made(pattern(8), 8)
    del nest.PixelData
    save("nest-head.dcm", nest)


def make_dicom():
    make_plain()
    make_shown()
    make_compressed()
    make_odd()
    make_broken()
    result = {}
    for path in sorted(FOLDER.glob("*.dcm")):
        if path.name.startswith(("broken-", "nest-")):
            continue
        if path.name in ("jpeg-progressive-12.dcm", "jpeg-progressive-8.dcm", "jpeg-spectral-12.dcm"):
            # pydicom has no decoder for these; DCMTK's own tool does.
            plain = FOLDER / "plain.tmp"
            subprocess.run(["dcmdjpeg", "--uid-default", path, plain], check=True)
            dataset, pixels, line = dicom_facts(plain)
            plain.unlink()
            line["isLossy"] = True
            line["syntax"] = str(pydicom.dcmread(path).file_meta.TransferSyntaxUID)
        elif path.name == "no-meta.dcm":
            dataset = pydicom.dcmread(path, force=True)
            dataset.file_meta = FileMetaDataset()
            dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
            pixels = dataset.pixel_array
            line = {**facts(pixels), "isLossy": False, "syntax": str(ExplicitVRLittleEndian)}
        else:
            dataset, pixels, line = dicom_facts(path)
        dataset = SHOWN_AS.get(path.name, dataset)
        first = pixels[0] if int(dataset.get("NumberOfFrames", 1) or 1) > 1 else pixels
        if dataset.SamplesPerPixel == 1 and dataset.PhotometricInterpretation != "PALETTE COLOR":
            source = dataset
            if path.name == "functional-groups.dcm":
                # pydicom's functions look in the data set itself.
                shared, own = dataset.SharedFunctionalGroupsSequence[0], dataset.PerFrameFunctionalGroupsSequence[0]
                source = Dataset()
                source.PhotometricInterpretation, source.BitsStored, source.PixelRepresentation = "MONOCHROME2", 12, 0
                for item in (shared.PixelValueTransformationSequence[0], own.FrameVOILUTSequence[0]):
                    source.update(item)
            line["rescaled"] = probes(apply_modality_lut(first, source).astype(np.float64))
            line["displayed"] = probes(brightness(source, first).astype(np.float64))
        elif dataset.PhotometricInterpretation == "PALETTE COLOR":
            bits = dataset.RedPaletteColorLookupTableDescriptor[2]
            line["displayed"] = probes(apply_color_lut(first, dataset).astype(np.float64) / (2**bits - 1))
        else:
            line["displayed"] = probes(first.astype(np.float64) / (2.0**dataset.BitsStored - 1))
        result[path.name] = line
    return result


# Real files -----------------------------------------------------------------------------------------------------------


def real(root):
    dicom, nifti = {}, {}
    for path in sorted(p for p in (root / "dicom").rglob("*") if p.is_file()):
        name = str(path.relative_to(root))
        try:
            dataset = pydicom.dcmread(path, force=True)
        except Exception:
            continue
        if not {"PixelData", "FloatPixelData", "DoubleFloatPixelData"} & set(dataset.dir()):
            continue
        try:
            _, _, line = dicom_facts(path)
        except Exception as error:
            line = {"refused": type(error).__name__}
        dicom[name] = line
    for path in sorted(p for p in (root / "nifti").rglob("*") if p.is_file() and ".img" not in p.name):
        name = str(path.relative_to(root))
        try:
            nifti[name] = nifti_facts(nibabel.load(path))
        except Exception as error:
            nifti[name] = {"refused": type(error).__name__}
    return {"dicom": dicom, "nifti": nifti}


def write(name, value):
    lines = json.dumps(value, indent=None, separators=(",", ":")).replace('},"', '},\n"')
    (GOLDENS / name).write_text(lines + "\n")


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    write("medical.json", {"dicom": make_dicom(), "nifti": make_nifti()})
    if len(sys.argv) > 1:
        write("real-medical.json", real(Path(sys.argv[1])))
