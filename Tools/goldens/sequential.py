"""Boundaries of looks at growing information, by SciPy, into Tests/StatisticsTests/Goldens/sequential.json.

Lan and DeMets' spending function of O'Brien and Fleming's kind, each side with its own half of the level. The chance that no boundary was
reached is the mass of a multivariate normal box, integrated by Gauss-Legendre nodes between the boundaries, which is another rule than the
program's; for up to three looks it is held to scipy.stats.multivariate_normal besides. The published table of five equal looks at 0.05 is
checked here too, to a digit less than it is printed with: its second boundary was computed on a coarse grid (3.3570 by both rules here).

Run with: Scripts/with-python Tools/goldens/sequential.py
"""

import json
import math
import pathlib

import numpy as np
import scipy
from scipy import stats
from scipy.optimize import brentq

GOLDENS = pathlib.Path(__file__).resolve().parents[2] / "Tests/StatisticsTests/Goldens"
PUBLISHED = [4.8769, 3.3569, 2.6803, 2.2898, 2.0310]


def spent(fraction, level):
    return level if fraction >= 1 else 4 * stats.norm.sf(stats.norm.isf(level / 4) / math.sqrt(fraction))


class Process:
    """The Brownian motion B(t) = Z·√t that has not left the boundaries."""

    def __init__(self, nodes):
        self.nodes, self.time, self.places, self.mass = nodes, 0.0, np.zeros(1), np.ones(1)

    def outside(self, boundary, time):
        edge, scale = boundary * math.sqrt(time), math.sqrt(time - self.time)
        return float(self.mass @ (stats.norm.sf((edge - self.places) / scale) + stats.norm.sf((edge + self.places) / scale)))

    def move(self, boundary, time):
        edge = min(boundary, 9.0) * math.sqrt(time)
        x, w = np.polynomial.legendre.leggauss(self.nodes)
        places = edge * x
        density = stats.norm.pdf(places[:, None], loc=self.places[None, :], scale=math.sqrt(time - self.time)) @ self.mass
        self.time, self.places, self.mass = time, places, edge * w * density


def boundaries(fractions, level, nodes):
    process, before, found = Process(nodes), 0.0, []
    for fraction in fractions:
        rest = spent(fraction, level) - before
        before = spent(fraction, level)
        found.append(brentq(lambda c: math.log(process.outside(c, fraction) + 1e-300) - math.log(rest), 0, 12, xtol=1e-13))
        process.move(found[-1], fraction)
    return found


def box(fractions, found):
    """The chance to stay inside, by SciPy's own integral."""
    t = np.array(fractions)
    correlation = np.sqrt(np.minimum.outer(t, t) / np.maximum.outer(t, t))
    return stats.multivariate_normal(cov=correlation, maxpts=4_000_000, abseps=1e-9, releps=1e-9).cdf(np.array(found), lower_limit=-np.array(found))


cases = [
    ([0.2, 0.4, 0.6, 0.8, 1.0], 0.05),
    ([0.5, 1.0], 0.05),
    ([0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.75, 1.0], 0.05),
    ([0.9, 0.95, 0.98, 1.0], 0.05),
    ([0.3, 0.55, 0.7, 1.0], 0.05 / 6),
    ([0.25, 0.5, 0.75, 1.0], 0.01),
    ([0.6, 0.61, 0.9], 0.05),
    ([1.0], 0.05),
]
out = []
for fractions, level in cases:
    found, coarse = boundaries(fractions, level, 401), boundaries(fractions, level, 301)
    assert np.allclose(found, coarse, rtol=1e-9), (fractions, found, coarse)
    if 1 < len(fractions) <= 3:
        assert abs(1 - box(fractions, found) - spent(fractions[-1], level)) < 1e-6, fractions
    out.append({"fractions": fractions, "level": level, "boundaries": found, "spent": [spent(f, level) for f in fractions]})
assert np.allclose(out[0]["boundaries"], PUBLISHED, rtol=0, atol=2e-4), out[0]["boundaries"]
text = json.dumps({"scipy": scipy.__version__, "published": PUBLISHED, "cases": out}, indent=1)
(GOLDENS / "sequential.json").write_text(text + "\n")
print(out[0]["boundaries"])
