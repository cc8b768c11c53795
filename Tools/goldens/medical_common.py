"""What Tools/goldens/medical_images.py and its parts share: where fixtures go, and what is kept of an array."""

import hashlib
from pathlib import Path

import numpy as np

GOLDENS = Path(__file__).resolve().parents[2] / "Tests/ImagingTests/Goldens"
FOLDER = GOLDENS / "medical"
PROBES = 97


def probes(values):
    """Samples at places that follow no row or column: index i of PROBES is 7919 * i mod count."""
    flat = np.asarray(values).reshape(-1)
    return [v.item() for v in flat[(7919 * np.arange(PROBES)) % flat.size]]


def digest(array):
    """Of the little-endian bytes, row by row."""
    array = np.ascontiguousarray(array)
    return hashlib.sha256(array.astype(array.dtype.newbyteorder("<")).tobytes()).hexdigest()


def facts(array):
    kind = np.dtype(array.dtype).newbyteorder("=").name
    return {"type": kind, "shape": list(array.shape), "sha256": digest(array), "probes": probes(array.astype(np.float64))}
