"""Nested Monte Carlo: groups of worlds that share one draw of everything declared uncertain.

The outer draws say *which* case it might be (how much a side wants what, how
opposed a public is), the worlds of a group what could happen in that case (shocks, misjudgement,
luck). One block holds many groups, so asking the outer question costs little more than the worlds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from sim.domain.draws import Draws, draw_by_world
from sim.domain.quantity import Quantity
from sim.model.talks import DrawsOf
from sim.quantities import BLOCK_WORLDS, Floats
from sim.randomness import Streams

_REMEMBERED = 2048
"""Draws that a process remembers; nobody may change them in place."""


@dataclass(frozen=True)
class NestedDesign:
    """How worlds are grouped.

    Parameters
    ----------
    draws : int
        How many draws of everything uncertain.
    each : int
        How many consecutive worlds share a draw; divides the size of a block.
    """

    draws: int
    each: int

    def __post_init__(self) -> None:
        """Refuse groups that would straddle blocks."""
        if self.draws < 1 or self.each < 1 or BLOCK_WORLDS % self.each:
            raise ValueError(f"expected draws >= 1 and each to divide {BLOCK_WORLDS}, got {self}")

    @property
    def worlds(self) -> int:
        """Return how many worlds there are in all."""
        return self.draws * self.each


def hypercube(seed: int, purpose: str, draws: int, attempt: int = 0) -> Floats:
    """Return one Latin-hypercube sample of a uniform quantity, by counter.

    Each of the `draws` equal slices of (0, 1) holds exactly one number. The order is shuffled
    independently for every purpose, by ranking numbers drawn by counter.

    Parameters
    ----------
    seed : int
    purpose : str
        Stable name of the quantity.
    draws : int
    attempt : int
        Each attempt has a sample of its own.

    Returns
    -------
    ndarray, shape (draws,)

    References
    ----------
    M. D. McKay, R. J. Beckman, W. J. Conover (1979). https://doi.org/10.2307/1268522

    Examples
    --------
    >>> sorted((hypercube(1, "x", 4) * 4).astype(int).tolist())
    [0, 1, 2, 3]
    """
    attempts = bytes([attempt]) * draws if attempt else b""
    luck = Streams(seed, 0, draws, attempts).uniforms(f"vector/{purpose}", slots=2)
    place = luck[:, 0].argsort(kind="stable").argsort(kind="stable")
    return np.asarray((place + luck[:, 1]) / draws)


def shared_draws(design: NestedDesign) -> DrawsOf:
    """Return how to draw a scenario's quantities where groups of worlds share a draw.

    Parameters
    ----------
    design : NestedDesign
    """
    return partial(
        Draws,
        draw=partial(_draw_by_group, design=design),
        uniforms=partial(_uniforms_by_group, design=design),
        groups=(design.draws, design.each),
    )


@lru_cache(maxsize=_REMEMBERED)
def _uniforms_by_group(purpose: str, streams: Streams, design: NestedDesign) -> Floats:
    """Return a uniform number of each world, the same in all worlds of a group."""
    return _of_groups(purpose, streams, design, np.asarray)[:, None]


def _of_groups(
    purpose: str, streams: Streams, design: NestedDesign, values: Callable[[Floats], Floats]
) -> Floats:
    """Return the value at each world's group's number in the sample, at the group's attempt."""
    group = (streams.first_world + np.arange(streams.worlds)) // design.each
    result = np.empty(streams.worlds)
    for attempt, worlds in streams.by_attempt():
        sample = hypercube(streams.seed, purpose, design.draws, attempt)
        result[worlds] = values(sample)[group[worlds]]
    return result


@lru_cache(maxsize=_REMEMBERED)
def _draw_by_group(
    quantity: Quantity, purpose: str, streams: Streams, design: NestedDesign
) -> Floats:
    """Return a quantity's values; a block has the same ones in all structures."""
    if not quantity.is_uncertain:
        return draw_by_world(quantity, purpose, streams)
    return _of_groups(purpose, streams, design, quantity.quantile)
