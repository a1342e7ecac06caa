r"""Random numbers by counter, so that no order of work can change one.

A number is a function of ``(seed, purpose, world, round, slot)`` and of nothing else: not of the
deal structure, the sweep cell, the worker, the order of work or the worlds still active. The
generator is Philox4x64-10 with key ``(seed, hash(purpose))`` and counter
``(world, attempt, round, slot // 4)``; each counter value yields four 64-bit words, the slots. The
attempt is 0 unless a world was drawn again (`sim.model.admissible`).

References
----------
J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw (2011). Parallel random numbers: as easy as
1, 2, 3. SC '11. https://doi.org/10.1145/2063384.2063405
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import ndtri

from sim.quantities import EVERYONE, Floats, Rows

_WORDS = 4
_SHIFT = np.uint64(11)
_UNIT = 2.0**-53
_REMEMBERED = 4096
"""Arrays of numbers that a process remembers: the structures of a block draw the same ones."""


def purpose_key(purpose: str) -> int:
    """Return the 64-bit key of a purpose, stable over versions and platforms.

    Parameters
    ----------
    purpose : str
        The stable name of what the numbers are drawn for.

    Examples
    --------
    >>> purpose_key("claimant/approval") == purpose_key("claimant/approval")
    True
    >>> purpose_key("claimant/approval") == purpose_key("holder/approval")
    False
    """
    return int.from_bytes(hashlib.blake2b(purpose.encode(), digest_size=8).digest(), "little")


@dataclass(frozen=True)
class Streams:
    """Give the random numbers of consecutive worlds.

    Parameters
    ----------
    seed : int
        The one seed of a run, 0 <= seed < 2**64; zero is a seed.
    first_world : int
        Id of the first world.
    worlds : int
        How many consecutive worlds.
    attempts : bytes
        At which attempt each world is drawn, a byte each; empty, all at 0. Only what is drawn once
        per world, in round 0, is drawn again.
    """

    seed: int
    first_world: int
    worlds: int
    attempts: bytes = b""

    def by_attempt(self) -> Iterator[tuple[int, Rows]]:
        """Yield each attempt at which worlds are drawn, and which these are."""
        if not any(self.attempts):
            yield 0, EVERYONE
            return
        attempts = np.frombuffer(self.attempts, dtype=np.uint8)
        for attempt in np.unique(attempts):
            yield int(attempt), np.flatnonzero(attempts == attempt)

    def uniforms(self, purpose: str, *, round_: int = 0, slots: int = 1) -> Floats:
        """Return uniform numbers in the open interval (0, 1).

        Parameters
        ----------
        purpose : str
            Stable name of the purpose.
        round_ : int
            Round of the talks; 0 for what is drawn once per world.
        slots : int
            How many numbers each world gets.

        Returns
        -------
        ndarray, shape (worlds, slots)
            Read-only: others may hold the same numbers.

        Examples
        --------
        >>> whole = Streams(seed=0, first_world=0, worlds=4).uniforms("x")
        >>> part = Streams(seed=0, first_world=2, worlds=2).uniforms("x")
        >>> bool((whole[2:] == part).all())
        True
        """
        if round_ == 0 and any(self.attempts):
            return _drawn_again(self, purpose, slots)
        return _uniforms(self.seed, purpose, (self.first_world, self.worlds), round_, slots)

    def normals(self, purpose: str, *, round_: int = 0, slots: int = 1) -> Floats:
        """Return standard normal numbers, by inversion of `uniforms`.

        Returns
        -------
        ndarray, shape (worlds, slots)
        """
        if round_ == 0 and any(self.attempts):
            return _normals_again(self, purpose, slots)
        return _normals(self.seed, purpose, (self.first_world, self.worlds), round_, slots)


@lru_cache(maxsize=_REMEMBERED)
def _uniforms(seed: int, purpose: str, span: tuple[int, int], round_: int, slots: int) -> Floats:
    return _drawn(seed, purpose, (*span, 0), round_, slots)


def _drawn(seed: int, purpose: str, span: tuple[int, int, int], round_: int, slots: int) -> Floats:
    key = np.array([seed, purpose_key(purpose)], dtype=np.uint64)
    groups = [_words(key, span, round_, group) for group in range(-(-slots // _WORDS))]
    raw = groups[0] if len(groups) == 1 else np.concatenate(groups, axis=1)
    result = (raw[:, :slots] >> _SHIFT).astype(np.float64)
    result += 0.5
    result *= _UNIT
    result.flags.writeable = False
    return result


@lru_cache(maxsize=_REMEMBERED)
def _drawn_again(streams: Streams, purpose: str, slots: int) -> Floats:
    """Return uniform numbers of worlds that are not all drawn at attempt 0."""
    result = np.empty((streams.worlds, slots))
    for attempt, worlds in streams.by_attempt():
        span = (streams.first_world, streams.worlds, attempt)
        result[worlds] = _drawn(streams.seed, purpose, span, 0, slots)[worlds]
    result.flags.writeable = False
    return result


@lru_cache(maxsize=_REMEMBERED)
def _normals_again(streams: Streams, purpose: str, slots: int) -> Floats:
    result = np.asarray(ndtri(_drawn_again(streams, purpose, slots)))
    result.flags.writeable = False
    return result


@lru_cache(maxsize=_REMEMBERED)
def _normals(seed: int, purpose: str, span: tuple[int, int], round_: int, slots: int) -> Floats:
    result = np.asarray(ndtri(_uniforms(seed, purpose, span, round_, slots)))
    result.flags.writeable = False
    return result


def _words(key: np.ndarray, span: tuple[int, int, int], round_: int, group: int) -> np.ndarray:
    first_world, worlds, attempt = span
    counter = np.array([first_world, attempt, round_, group], dtype=np.uint64)
    raw: np.ndarray = np.random.Philox(key=key, counter=counter).random_raw(_WORDS * worlds)
    return raw.reshape(worlds, _WORDS)
