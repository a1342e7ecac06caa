"""Hold what is told of a round, and find what could have been signed instead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from sim.domain.narration import differing
from sim.domain.outcome import Answer, Outcome
from sim.equations.offering import NONE
from sim.experiments.explanation.sight import Sight

__all__ = ["Exchange", "barrier", "nearest", "told"]


@dataclass(frozen=True)
class Exchange:
    """A round, and how long it was repeated in turn.

    Parameters
    ----------
    first, last : int
        Rounds.
    answer : Answer
    package : str, optional
        Id of the text that was offered.
    blockers : tuple of str
        Ratifiers that would have stopped what was offered, as ``side.name``, in voting order.
    nearest : str, optional
        Id of the nearest text that could have been signed and would have passed.
    barrier : Outcome, optional
        What stood in the way of all texts, where none could have passed.
    sentences : tuple of str
    """

    first: int
    last: int
    answer: Answer
    package: str | None = None
    blockers: tuple[str, ...] = ()
    nearest: str | None = None
    barrier: Outcome | None = None
    sentences: tuple[str, ...] = ()

    def repeats(self, other: Exchange) -> bool:
        """Tell whether two exchanges differ in nothing but rounds and numbers that drift."""
        parts = ("answer", "package", "blockers", "nearest", "barrier")
        same = all(getattr(self, name) == getattr(other, name) for name in parts)
        return same and self.sentences[:1] == other.sentences[:1]


def told(exchanges: Iterator[Exchange]) -> list[Exchange]:
    """Return exchanges with repetitions in turn told once."""
    result: list[Exchange] = []
    for new in exchanges:
        for place in range(max(len(result) - 2, 0), len(result)):
            if new.repeats(result[place]):
                result[place] = replace(result[place], last=new.last)
                break
        else:
            result.append(new)
    return result


def nearest(sight: Sight, package: int) -> int:
    """Return the passable text nearest to a text, or `NONE`.

    Nearest by the number of clauses that differ; then by the larger smaller surplus; then by
    index. Where nothing was offered: the one with the largest smaller surplus.

    Parameters
    ----------
    sight : Sight
    package : int
        What was offered; `NONE` for nothing.
    """
    passable = np.flatnonzero(sight.passable)
    if not len(passable):
        return NONE
    states = sight.node.table.states
    smaller = np.minimum(*sight.surplus)
    apart = np.zeros(len(passable), dtype=np.int64)
    if package != NONE:
        apart += [len(differing(states[int(k)], states[package])) for k in passable]
    return int(passable[np.lexsort((passable, -smaller[passable], apart))[0]])


def barrier(sight: Sight) -> Outcome | None:
    """Return what stood in the way of all texts in a round; None where one could have passed."""
    levels = (sight.bargain, sight.bargain & sight.signable, sight.bargain & sight.passable)
    names = (Outcome.no_bargain, Outcome.preconditions, Outcome.publics)
    return next((name for name, able in zip(names, levels, strict=True) if not able.any()), None)
