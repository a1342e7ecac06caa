"""Memory of a process: memoized functions of arrays."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

import numpy as np

from sim.quantities import Floats

P = ParamSpec("P")
Q = ParamSpec("Q")
R = TypeVar("R", bound=np.ndarray)
_MOST = 512
_SMALL = 2**16
"""Bytes up to which an answer and its question are small: large ones must not push them out."""


def memoize_by_value(function: Callable[P, Floats]) -> Callable[P, Floats]:
    """Let a pure function of arrays and numbers remember its last few hundred answers.

    The structures of a block, and the cells of a sweep, ask the same questions of the same numbers.

    Parameters
    ----------
    function : callable
        Takes arrays and hashable values by position, and returns an array.

    Returns
    -------
    callable
        Returns read-only arrays.

    Examples
    --------
    >>> twice = remembered(lambda x: 2 * x)
    >>> first, again = twice(np.ones(2)), twice(np.ones(2))
    >>> first is again, first.tolist()
    (True, [2.0, 2.0])
    """
    known: OrderedDict[bytes, Floats] = OrderedDict()

    @wraps(function)
    def recall(*args: P.args, **kwargs: P.kwargs) -> Floats:
        key = _digest((*args, *sorted(kwargs.items())))
        if key in known:
            known.move_to_end(key)
            return known[key]
        answer = np.array(function(*args, **kwargs))
        answer.flags.writeable = False
        known[key] = answer
        if len(known) > _MOST:
            known.popitem(last=False)
        return answer

    return recall


def memoize_by_identity(function: Callable[Q, R]) -> Callable[Q, R]:
    """Let a pure function remember its answers to the very same objects.

    Blocks of one structure after another, and the cells of a sweep, hand over the same arrays
    again and again. Neither they nor the answers may be changed in place. What was asked least
    lately is forgotten when all answers of its size together take up too much room.

    Parameters
    ----------
    function : callable
        Takes arrays and other objects, known by what they are, and tuples of numbers or words,
        known by what they say, all by position; returns an array.

    Returns
    -------
    callable

    Examples
    --------
    >>> twice, ones = kept(lambda x: 2 * x), np.ones(2)
    >>> twice(ones) is twice(ones), twice(ones) is twice(np.ones(2))
    (True, False)
    """

    @wraps(function)
    def recall(*args: Q.args, **kwargs: Q.kwargs) -> R:
        key = (id(function), *(arg if isinstance(arg, tuple) else id(arg) for arg in args))
        for shelf in _shelves:
            if key in shelf.items:
                shelf.items.move_to_end(key)
                return cast(R, shelf.items[key][2])
        answer = function(*args, **kwargs)
        size = answer.nbytes + sum(arg.nbytes for arg in args if isinstance(arg, np.ndarray))
        _shelves[size > _SMALL].add(key, (size, args, answer))
        return answer

    return recall


@dataclass
class _Shelf:
    """Answers with what they answer, which stays alive with them: it is known by its identity."""

    most: int
    taken: int = 0
    items: OrderedDict[tuple[Any, ...], tuple[int, Any, Any]] = field(default_factory=OrderedDict)

    def add(self, key: tuple[Any, ...], item: tuple[int, Any, Any]) -> None:
        """Put away a size in bytes, what was asked, and the answer."""
        self.items[key] = item
        self.taken += item[0]
        while self.taken > self.most:
            self.taken -= self.items.popitem(last=False)[1][0]


_shelves = _Shelf(32 * 2**20), _Shelf(96 * 2**20)
"""Room for small and for large answers, in each process."""


def _digest(parts: tuple[Any, ...]) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        if isinstance(part, np.ndarray):
            digest.update(repr((part.shape, part.dtype.str)).encode())
            digest.update(np.ascontiguousarray(part).tobytes())
        else:
            digest.update(repr(part).encode())
    return digest.digest()
