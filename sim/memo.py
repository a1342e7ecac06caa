"""Memory of a process: memoized functions of arrays."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from functools import wraps
from threading import Lock
from typing import Any, Generic, NamedTuple, ParamSpec, TypeVar, cast

import numpy as np

from sim.quantities import Floats

__all__ = ["Memo", "memoize_by_identity", "memoize_by_value", "the_same"]

A = TypeVar("A")
P = ParamSpec("P")
R = TypeVar("R")
Array = TypeVar("Array", bound=np.ndarray)
_MOST = 512
_OBJECT = 2**10
"""Bytes that what is no array is taken for."""
_SMALL = 2**16
"""Bytes up to which an answer and its question are small: large ones must not push them out."""


class _Item(NamedTuple, Generic[A]):
    answer: A
    size: int
    holds: object
    arrays: Sequence[np.ndarray]


class Memo(Generic[A]):
    """Answers by key; those asked for least lately are forgotten when all become too large.

    Threads may share it.

    Parameters
    ----------
    most : int
        Largest sum of sizes, in whatever unit they are given.

    Examples
    --------
    >>> squares = Memo(2)
    >>> [squares.add(n, n**2) for n in (1, 2)], squares.get(1), squares.add(3, 9)
    ([1, 4], 1, 9)
    >>> [squares.get(n) for n in (1, 2, 3)]
    [1, None, 9]
    """

    def __init__(self, most: int) -> None:
        self._most, self._taken, self._lock = most, 0, Lock()
        self._items: OrderedDict[Hashable, _Item[A]] = OrderedDict()
        self._holders: dict[int, int] = {}

    def get(self, key: Hashable) -> A | None:
        """Return the answer under a key, or None."""
        with self._lock:
            item = self._items.get(key)
            if item is None:
                return None
            self._items.move_to_end(key)
            return item.answer

    def add(
        self,
        key: Hashable,
        answer: A,
        size: int = 1,
        holds: object = None,
        arrays: Sequence[np.ndarray] = (),
    ) -> A:
        """Remember an answer, and return it.

        Parameters
        ----------
        key : hashable
        answer : object
            Not None.
        size : int
        holds : object, optional
            What must stay alive with the answer, because the key names it by its identity.
        arrays : sequence of ndarray
            Those of the answer and of what it holds whose bytes add to its size, once for all
            answers that hold them.
        """
        with self._lock:
            if key in self._items:
                self._drop(self._items.pop(key))
            self._items[key] = _Item(answer, size, holds, arrays)
            self._taken += size
            for each in arrays:
                self._holders[id(each)] = self._holders.get(id(each), 0) + 1
                self._taken += each.nbytes if self._holders[id(each)] == 1 else 0
            while self._taken > self._most:
                self._drop(self._items.popitem(last=False)[1])
        return answer

    def _drop(self, item: _Item[A]) -> None:
        self._taken -= item.size
        for each in item.arrays:
            self._holders[id(each)] -= 1
            if not self._holders[id(each)]:
                del self._holders[id(each)]
                self._taken -= each.nbytes


def memoize_by_value(function: Callable[P, Floats]) -> Callable[P, Floats]:
    """Let a pure function of arrays and numbers remember its last few hundred answers.

    The structures of a block, and the cells of a sweep, ask the same questions of the same numbers.

    Parameters
    ----------
    function : callable
        Takes arrays and hashable values, and returns an array.

    Returns
    -------
    callable
        Returns read-only arrays.

    Examples
    --------
    >>> twice = memoize_by_value(lambda x: 2 * x)
    >>> first, again = twice(np.ones(2)), twice(np.ones(2))
    >>> first is again, first.tolist()
    (True, [2.0, 2.0])
    """
    memo: Memo[Floats] = Memo(_MOST)

    @wraps(function)
    def recall(*args: P.args, **kwargs: P.kwargs) -> Floats:
        key = _digest(*args, *sorted(kwargs.items()))
        known = memo.get(key)
        if known is None:
            known = memo.add(key, np.array(function(*args, **kwargs)))
            known.flags.writeable = False
        return known

    return recall


_small: Memo[Any] = Memo(32 * 2**20)
_large: Memo[Any] = Memo(160 * 2**20)
"""Room in bytes for small and for large answers by identity, in each process."""


def memoize_by_identity(function: Callable[P, R]) -> Callable[P, R]:
    """Let a pure function remember its answers to the very same objects.

    Blocks of one structure after another, and the cells of a sweep, hand over the same arrays
    again and again. Neither they nor the answers may be changed in place.

    Parameters
    ----------
    function : callable
        Takes arrays and other objects, known by what they are, and tuples of numbers or words,
        known by what they say, all by position; returns an array, or something small.

    Returns
    -------
    callable

    Examples
    --------
    >>> twice, ones = memoize_by_identity(lambda x: 2 * x), np.ones(2)
    >>> twice(ones) is twice(ones), twice(ones) is twice(np.ones(2))
    (True, False)
    """

    @wraps(function)
    def recall(*args: P.args, **kwargs: P.kwargs) -> R:
        key = (id(function), *[arg if isinstance(arg, tuple) else id(arg) for arg in args])
        known: Any = _small.get(key)
        if known is None:
            known = _large.get(key)
        if known is None:
            known = function(*args, **kwargs)
            parts = known, *args
            arrays = [each for each in parts if isinstance(each, np.ndarray)]
            size = _OBJECT * (len(parts) - len(arrays))
            large = size + sum(each.nbytes for each in arrays) > _SMALL
            (_large if large else _small).add(key, known, size, args, arrays)
        return cast(R, known)

    return recall


_equal: Memo[Any] = Memo(8 * 2**20)
"""Room in bytes for arrays that stand for all that are equal to them."""


def the_same(values: Array) -> Array:
    """Return one array for all that are equal, so that what comes of it is known by identity.

    Parameters
    ----------
    values : ndarray
        Small, as all of it is looked at.

    Returns
    -------
    ndarray
        Read-only.

    Examples
    --------
    >>> the_same(np.ones(2)) is the_same(np.ones(2)), the_same(np.ones(2)) is the_same(np.ones(3))
    (True, False)
    """
    key = _digest(values)
    known: Any = _equal.get(key)
    if known is None:
        known = values.copy()
        known.flags.writeable = False
        _equal.add(key, known, size=0, arrays=(known,))
    return cast(Array, known)


def _digest(*parts: Any) -> bytes:
    """Return what arrays and other values say, in few bytes: the same for what is equal."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        if isinstance(part, np.ndarray):
            digest.update(repr((part.shape, part.dtype.str)).encode())
            digest.update(np.ascontiguousarray(part).tobytes())
        else:
            digest.update(repr(part).encode())
    return digest.digest()
