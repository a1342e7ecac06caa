"""Numba's settings for inner loops, their cache on disk, and the normal distribution for them.

Scipy's function is handed over by its address, under a name that compiled code on disk can keep.
The quick look interpolates a table of it. It is never off by more than `h**2 / 8` times the
largest curvature, 0.242, at a step h: 8e-6. A decision that the quick look leaves in doubt is
taken by scipy's function, so that it never decides a close case.
"""

from __future__ import annotations

import hashlib
import pickle
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from llvmlite import binding  # type: ignore[import-untyped]  # it publishes none
from numba import njit, types
from numba.extending import get_cython_function_address
from scipy.special import cython_special, ndtr

from sim.compilation import compiled_on_disk

DOUBT = 1e-4
"""How far the quick look at a weighted mean may be off, and more: twelve times its bound."""
_STEPS = 64
"""Places of the table per standard deviation."""
_REACH = 9
"""Standard deviations beyond which the quick look takes a share for 0 or 1."""
_TABLE = ndtr(np.arange(-_REACH * _STEPS, _REACH * _STEPS + 1) / _STEPS)
_LAST = len(_TABLE) - 1


_OPTIONS: dict[str, Any] = {
    "error_model": "numpy",
    "_nrt": False,
    "forceinline": True,  # a side is some fifty arrays: too much to hand over at each call
}


def _digest_of_sources() -> str:
    kernel = Path(__file__).parent
    rooms = kernel, kernel.parents[1] / "equations"
    sources = [path for room in rooms for path in sorted(room.glob("*.py"))]
    sources.append(kernel.parent / "round.py")
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()


_SOURCES = _digest_of_sources()


def _stamped(dispatcher: Any) -> Any:
    """Let what is kept on disk go stale with any source of the loops, and where it is unreadable.

    Loops are compiled into each other, and numba asks only whether the file of the outermost one
    has changed. It unpickles the index before it asks, which fails where a class that older loops
    took has another name now.
    """
    with suppress(AttributeError):  # numba has no public names for them
        on_disk = dispatcher._cache._cache_file
        on_disk._source_stamp = _SOURCES
        on_disk._load_index = _readable(on_disk._load_index)
    return dispatcher


_UNREADABLE = (
    pickle.UnpicklingError,
    AttributeError,
    EOFError,
    ImportError,
    IndexError,
    TypeError,
    ValueError,
)
"""What unpickling raises where a file is damaged, or names what is no longer there."""


def _readable(load_index: Callable[[], dict[Any, str]]) -> Callable[[], dict[Any, str]]:
    """Return a reader of an index that takes an unreadable one for an empty one."""

    def load() -> dict[Any, str]:
        try:
            return load_index()
        except _UNREADABLE:
            return {}

    return load


_WITHIN: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""Nobody but other loops calls these: taking fifty arrays from Python is most of a small one."""


def compiled(function: Callable[..., Any]) -> Any:
    """Return a function compiled for inner loops, kept on disk.

    Loops allocate nothing, so reference counts of the many arrays passed along are left out; with
    them a round takes ten times as long.
    """
    return _stamped(compiled_on_disk(function, **_OPTIONS))


def within(function: Callable[..., Any]) -> Any:
    """Return a function compiled into those that call it; Python cannot call it."""
    return njit(**_OPTIONS, **_WITHIN)(function)


def unordered(function: Callable[..., Any]) -> Any:
    """Return a function compiled as `within` does, which picks among numbers in any order."""
    return njit(**_OPTIONS, **_WITHIN, fastmath={"nnan", "nsz"})(function)


def _address_of_ndtr() -> int:
    for name, capsule in cython_special.__pyx_capi__.items():
        if re.fullmatch(r"(__pyx_fuse_\d)?ndtr", name) and '"double (double' in repr(capsule):
            address: int = get_cython_function_address("scipy.special.cython_special", name)
            return address
    raise ImportError("scipy.special.cython_special has no ndtr for real numbers")


binding.add_symbol("four_islands_ndtr", _address_of_ndtr())
normal = types.ExternalFunction("four_islands_ndtr", types.float64(types.float64))
"""`scipy.special.ndtr`, for compiled code."""


@compiled
def roughly_normal(score: float) -> float:
    """Return the normal distribution function within 8e-6."""
    place = (score + _REACH) * _STEPS
    if not place > 0.0:
        return 0.0
    if place >= _LAST:
        return 1.0
    whole = int(place)
    below: float = _TABLE[whole]
    above: float = _TABLE[whole + 1]
    return below + (place - whole) * (above - below)
