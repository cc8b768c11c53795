"""Goldens of outlines and center lines of masks: numpy 2.4.6, scipy 1.17.1, scikit-image 0.26.0, surface-distance 0.1, pandas 3.1.1,
MetricsReloaded at commit cb38dfc0a5ed4fa3bdc559e4960b6e2b93c3b967 (it is on no registry: PYTHONPATH names a copy of its repository).

    PYTHONPATH=<MetricsReloaded> Scripts/with-python Tools/goldens/masks.py

writes Tests/MetricsTests/Goldens/masks.json. Nothing is downloaded. Masks are lists of their runs' lengths, background first, row by row.
"""

import json
import pathlib
import sys
import warnings

# Next to this file lies one called like a module of the standard library that scipy imports.
sys.path = [p for p in sys.path if pathlib.Path(p or ".").resolve() != pathlib.Path(__file__).resolve().parent]

import numpy

# surface-distance 0.1 names infinity as numpy 1 did.
numpy.Inf = numpy.inf
import scipy.ndimage
import skimage.morphology
import surface_distance
from MetricsReloaded.metrics.pairwise_measures import BinaryPairwiseMeasures

TESTS = pathlib.Path(__file__).resolve().parents[2] / "Tests"
random = numpy.random.default_rng(2026)
TOLERANCES = [0.0, 1.0, 2.0, 3.5]


def runs(mask):
    flat = mask.flatten().astype(int)
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate([[0], flat]))).tolist() + [flat.size]
    return numpy.diff([0] + edges).tolist()


def blob(width, height, share=0.3):
    field = scipy.ndimage.gaussian_filter(random.normal(size=(height, width)), 3)
    return field > numpy.quantile(field, 1 - share)


def vessels(width, height, branches=9):
    """Walks that turn slowly, each as thick as it begins."""
    mask = numpy.zeros((height, width), bool)
    for _ in range(branches):
        line = numpy.zeros_like(mask)
        (y, x), angle = random.random(2) * [height, width], random.random() * 2 * numpy.pi
        for _ in range(60):
            angle += random.normal() * 0.2
            y, x = y + numpy.sin(angle), x + numpy.cos(angle)
            if not (0 <= y < height and 0 <= x < width):
                break
            line[int(y), int(x)] = True
        mask |= scipy.ndimage.binary_dilation(line, iterations=int(random.integers(1, 4)))
    return mask


def shaken(mask):
    """Another reader's: moved by a pixel here and there, with pieces lost and found."""
    field = scipy.ndimage.gaussian_filter(random.normal(size=mask.shape), 2)
    return numpy.where(numpy.abs(field) > numpy.quantile(numpy.abs(field), 0.8), numpy.roll(mask, 2, axis=int(random.integers(2))), mask)


def case(predicted, target, spacing):
    height, width = target.shape
    sampling = [spacing[1], spacing[0]]
    measures = BinaryPairwiseMeasures(predicted.astype(int), target.astype(int), pixdim=sampling, dict_args={"hd_perc": 95})
    surfaces = []
    for tolerance in TOLERANCES:
        own = BinaryPairwiseMeasures(predicted.astype(int), target.astype(int), pixdim=sampling, dict_args={"nsd": tolerance})
        surfaces.append(float(own.normalised_surface_distance()))
    distances = surface_distance.compute_surface_distances(target, predicted, sampling)
    return {
        "width": width, "height": height, "spacing": spacing, "predicted": runs(predicted), "target": runs(target),
        "tolerances": TOLERANCES, "normalizedSurfaceDistances": surfaces, "hausdorff95": float(measures.measured_hausdorff_distance_perc()),
        "clDice": float(measures.centreline_dsc()), "precision": float(measures.topology_precision()),
        "sensitivity": float(measures.topology_sensitivity()), "skeleton": runs(skimage.morphology.skeletonize(predicted)),
        # By the lengths of the lines between pixels, not by pixels: not the same quantity.
        "deepMind": {
            "hausdorff95": float(surface_distance.compute_robust_hausdorff(distances, 95)),
            "normalizedSurfaceDistances": [float(surface_distance.compute_surface_dice_at_tolerance(distances, t)) for t in TOLERANCES],
        },
    }


def skeletons():
    cases = []
    for number in range(60):
        width, height = (int(n) for n in random.integers(1, 40, 2))
        mask = random.random((height, width)) < random.random() if number % 2 else blob(width, height, random.random())
        cases.append({"width": width, "height": height, "mask": runs(mask), "skeleton": runs(skimage.morphology.skeletonize(mask))})
    return cases


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    cases = []
    for make, width, height, spacing in (
        (blob, 64, 48, [1.0, 1.0]), (blob, 40, 56, [0.5, 1.25]), (blob, 60, 60, [0.7, 0.7]), (vessels, 96, 80, [1.0, 1.0]),
        (vessels, 80, 96, [0.3, 0.4]), (vessels, 120, 60, [0.175, 0.175]),
    ):
        target = make(width, height)
        cases.append(case(shaken(target), target, spacing))
    path = TESTS / "MetricsTests/Goldens/masks.json"
    path.write_text(json.dumps({"cases": cases, "skeletons": skeletons()}, sort_keys=True) + "\n")
