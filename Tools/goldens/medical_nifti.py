"""The NIfTI part of Tools/goldens/medical_images.py, which runs it."""

import gzip
import hashlib
import struct

import nibabel
import numpy as np

from medical_common import FOLDER, probes


def nifti_facts(image):
    """Stored values in the file's order, and the volume turned to right, anterior, superior."""
    stored = np.asanyarray(image.dataobj.get_unscaled() if hasattr(image.dataobj, "get_unscaled") else image.dataobj)
    if stored.dtype.names:
        stored = np.stack([stored[name] for name in stored.dtype.names], axis=0)
    kind = np.dtype(stored.dtype).newbyteorder("=").name
    result = {"type": kind, "shape": list(image.shape), "sha256": hashlib.sha256(
        stored.astype(stored.dtype.newbyteorder("<")).tobytes(order="F")).hexdigest()}
    scaled = np.asanyarray(image.dataobj)
    if not scaled.dtype.names:
        result["scaled"] = [None if np.isnan(v) else v for v in probes(scaled.flatten(order="F").astype(np.float64))]
    if len(image.shape) >= 3 and not scaled.dtype.names:
        turned = nibabel.as_closest_canonical(image)
        values = np.asanyarray(turned.dataobj)
        values = values.reshape(values.shape[:3] + (-1,), order="F")[..., 0].astype(np.float64)
        result["canonicalShape"] = list(values.shape)
        result["canonical"] = [None if np.isnan(v) else v for v in probes(values.flatten(order="F"))]
        result["zooms"] = [float(z) for z in turned.header.get_zooms()[:3]]
    return result


def volume(kind, shape=(5, 4, 3)):
    index = np.arange(np.prod(shape), dtype=np.int64).reshape(shape, order="F")
    if np.dtype(kind).kind == "f":
        return (np.sin(index * 1.7) * 1000).astype(kind)
    if np.dtype(kind).kind == "u":
        return (index * 7919 % 251).astype(kind)
    return (index * 7919 % 241 - 120).astype(kind)


def make_nifti():
    affines = {
        "ras": np.diag([2.0, 3.0, 4.0, 1.0]),
        "lps": np.diag([-2.0, -3.0, 4.0, 1.0]),
        # Stored slice by slice from the front: the axes change places.
        "coronal": np.array([[-2.0, 0, 0, 9], [0, 0, 3.0, 8], [0, -4.0, 0, 7], [0, 0, 0, 1]]),
        # Turned by 20 degrees, so that the nearest axes have to be found.
        "oblique": np.array([[0, 1.9, 0.6, 1], [-2.8, 0.3, 0.4, 2], [0.5, -0.7, 3.7, 3], [0, 0, 0, 1]]),
    }
    for kind in ("u1", "i1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"):
        nibabel.Nifti1Image(volume(kind), affines["ras"], dtype=kind).to_filename(FOLDER / f"type-{kind}.nii")
    for name, affine in affines.items():
        nibabel.Nifti1Image(volume("i2"), affine).to_filename(FOLDER / f"axes-{name}.nii")
    oblique = nibabel.Nifti1Image(volume("i2"), affines["oblique"])
    turned = np.array([[0, -2, 0, 5], [0, 0, 3, 6], [-4, 0, 0, 7], [0, 0, 0, 1.0]])
    oblique.set_sform(None, code=0)
    oblique.set_qform(turned, code=1)
    oblique.to_filename(FOLDER / "axes-quaternion.nii")
    none = nibabel.Nifti1Image(volume("i2"), None)
    none.header.set_zooms((1.5, 2.5, 3.5))
    none.to_filename(FOLDER / "axes-none.nii")
    swapped = nibabel.Nifti1Image(volume(">i2"), affines["lps"], nibabel.Nifti1Header(endianness=">"))
    swapped.to_filename(FOLDER / "big-endian.nii")
    nibabel.Nifti2Image(volume("i2"), affines["lps"]).to_filename(FOLDER / "nifti2.nii")
    nibabel.Nifti2Image(volume(">f4"), affines["lps"], nibabel.Nifti2Header(endianness=">")).to_filename(FOLDER / "nifti2-big.nii")
    scaled = nibabel.Nifti1Image(volume("i2"), affines["ras"])
    scaled.header.set_slope_inter(0.5, -10)
    scaled.to_filename(FOLDER / "scaled.nii")
    nibabel.Nifti1Image(volume("i2", (5, 4, 3, 2)), affines["ras"]).to_filename(FOLDER / "four-dimensions.nii")
    flat = nibabel.Nifti1Image(volume("u1", (6, 4)), np.eye(4))
    flat.to_filename(FOLDER / "flat.nii")
    nibabel.Nifti1Image(volume("u2", (6, 4, 1)) * 257, np.eye(4)).to_filename(FOLDER / "flat-16.nii")
    colors = np.zeros((6, 4, 1), [("R", "u1"), ("G", "u1"), ("B", "u1")])
    for place, name in enumerate("RGB"):
        colors[name] = volume("u1", (6, 4, 1)) * (place + 1)
    nibabel.Nifti1Image(colors, np.eye(4)).to_filename(FOLDER / "colors.nii")
    nibabel.Nifti1Pair(volume("i2"), affines["lps"]).to_filename(FOLDER / "pair.hdr")
    # gzip by hand: nibabel's would carry the time.
    (FOLDER / "zipped.nii.gz").write_bytes(gzip.compress((FOLDER / "axes-oblique.nii").read_bytes(), mtime=0))
    result = {}
    for path in sorted(FOLDER.glob("*.nii")) + [FOLDER / "pair.hdr", FOLDER / "zipped.nii.gz"]:
        result[path.name] = nifti_facts(nibabel.load(path))
    whole = (FOLDER / "type-i2.nii").read_bytes()
    (FOLDER / "broken-cut.nii").write_bytes(whole[:-1])
    (FOLDER / "broken-dimensions.nii").write_bytes(whole[:40] + struct.pack("<8h", 3, 30000, 30000, 30000, 1, 1, 1, 1) + whole[56:])
    (FOLDER / "broken-type.nii").write_bytes(whole[:70] + struct.pack("<hh", 1536, 128) + whole[74:])
    (FOLDER / "broken-negative.nii").write_bytes(whole[:40] + struct.pack("<8h", 3, 5, -4, 3, 1, 1, 1, 1) + whole[56:])
    return result
