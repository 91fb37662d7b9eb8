"""Where circles lie in a picture of what is alike: like ones near each other, none upon another, all inside."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

ROUNDS = 200

Numbers = npt.NDArray[np.float64]


def placed(
    vectors: Sequence[Sequence[float]],
    sizes: Sequence[float],
    width: float,
    top: float,
    height: float,
) -> tuple[Numbers, Numbers]:
    """A place and a radius for each of `vectors`, between `top` and `height`; areas are as their `sizes`."""
    areas = np.asarray(sizes, dtype=float)
    # All circles together cover a third of the picture.
    radii = np.sqrt(areas * width * (height - top) / 3 / np.pi / areas.sum())
    radii = np.clip(radii, 12, 90)
    return _apart(_projected(vectors, width, top, height), radii, width, top, height), radii


def _projected(
    vectors: Sequence[Sequence[float]], width: float, top: float, height: float
) -> Numbers:
    """Where each vector lies in the picture: its first two principal components, stretched to the edges."""
    spread = np.asarray(vectors, dtype=float)
    spread = spread - spread.mean(axis=0)
    left, weights, _ = np.linalg.svd(spread, full_matrices=False)
    flat = np.zeros((len(vectors), 2))
    flat[:, : min(2, left.shape[1])] = (left * weights)[:, :2]
    # The sign of a component is arbitrary: the largest lies to the left and above.
    flat *= np.where(flat[0] > 0, -1.0, 1.0)
    reach = np.abs(flat).max(axis=0)
    flat /= np.where(reach > 1e-9, reach, 1.0)
    middle = np.array([width / 2, (top + height) / 2])
    return np.asarray(middle + flat * (np.array([width / 2, (height - top) / 2]) * 0.8))


def _apart(places: Numbers, radii: Numbers, width: float, top: float, height: float) -> Numbers:
    """The places, moved so that the circles overlap as little as may be and stay inside the picture."""
    # Two at one place could not be told apart.
    places = places + np.arange(len(places))[:, None] * (0.01, 0)
    low = np.column_stack([radii + 4, radii + top - 20])
    high = np.column_stack([width - radii - 4, height - radii - 4])
    reach = radii[:, None] + radii[None, :] + 3
    np.fill_diagonal(reach, 0)
    for _ in range(ROUNDS):
        between = places[:, None, :] - places[None, :, :]
        distance = np.linalg.norm(between, axis=2)
        overlap = np.clip(reach - distance, 0, None)
        push = between / np.maximum(distance, 1e-3)[:, :, None] * overlap[:, :, None]
        places = np.clip(places + push.sum(axis=1) * 0.3, low, high)
    return places
