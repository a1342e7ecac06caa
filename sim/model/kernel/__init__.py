"""Engines of a round: the compiled twin of `sim.model.round`, and who chooses it.

Whole arrays are the reference, and all that numpy needs; compiled loops give the same bits, and a
test holds them together. The scenario's `engine` chooses.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import Protocol

from sim.model.kernel.layout import ArrayPacker, RoundArguments, RoundOutcome, blank_outcome
from sim.model.view import RoundContext
from sim.model.worlds import WorldStates
from sim.paths import needs_extra
from sim.quantities import Ints

__all__ = [
    "ArrayEngine",
    "CompiledEngine",
    "Engine",
    "RoundOutcome",
    "blank_outcome",
    "engine_of",
]


class Engine(Protocol):
    """Who may play a round in one go."""

    @property
    def name(self) -> str:
        """Return the engine's name."""
        ...

    def play(
        self, context: RoundContext, node: int, worlds: Ints, mover: int, states: WorldStates
    ) -> RoundOutcome | None:
        """Play a whole round at a node, or return None and leave it to arrays.

        What talks reached, and what both governments remember, is brought up to date.

        Parameters
        ----------
        context : RoundContext
        node : int
        worlds : ndarray of int, shape (rows,)
        mover : int
            Place of the side whose turn it is.
        states : WorldStates
        """
        ...


class ArrayEngine:
    """The engine that leaves every round to whole arrays."""

    name = "array"

    def play(
        self, context: RoundContext, node: int, worlds: Ints, mover: int, states: WorldStates
    ) -> RoundOutcome | None:
        """Leave the round to arrays."""
        return None


class CompiledEngine:
    """The engine in numba, for one block.

    Its loops know publics of segments and sides that concede by the clock; rounds of others are
    left to arrays.

    Parameters
    ----------
    at_once : bool
        Whether to compile loops that are not yet on disk before anything is played; otherwise
        another process does, and rounds are left to arrays until they are there.
    """

    name = "compiled"

    def __init__(self, at_once: bool = True) -> None:
        from sim.model.kernel.loops import play_rows, play_rows_beside

        self._play_rows, self._beside = play_rows, play_rows_beside
        self._at_once = at_once
        self._packer: ArrayPacker | None = None
        self._ready = False

    def play(
        self, context: RoundContext, node: int, worlds: Ints, mover: int, states: WorldStates
    ) -> RoundOutcome | None:
        """Play a whole round at a node in one go, where loops can; see `Engine`."""
        if self._packer is None:
            self._packer = ArrayPacker(context.parties)
        if not self._packer.possible:
            return None
        packed = partial(self._packer.pack, context, node, worlds, mover, states)
        if not self._ready and not self._make_ready(packed):
            return None
        arguments = packed()
        self._play_rows(*arguments)
        return arguments.outcome

    def _make_ready(self, packed: Callable[[], RoundArguments]) -> bool:
        if self._at_once:
            self._beside.make_ready(packed)
        self._ready = self._at_once or self._beside.ready(packed)
        return self._ready


def engine_of(name: str) -> Engine:
    """Return an engine by name.

    Parameters
    ----------
    name : {"auto", "array", "compiled"}
        `auto` is compiled where numba is installed, for any size of job, and plays by arrays
        while loops are compiled for the first time; the bits are the same.

    Raises
    ------
    UsageError
        If `compiled` is asked for and numba is not installed.
    """
    compiled = find_spec("numba") is not None
    if name == "compiled" and not compiled:
        raise needs_extra("engine=compiled", "numba", "fast")
    if name == "array" or not compiled:
        return ArrayEngine()
    return CompiledEngine(at_once=name == "compiled")
