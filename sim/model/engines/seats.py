"""Lay out what each side brings to the table, for compiled loops.

Arrays of worlds cover the whole block, and are laid out as seldom as they change: `Lasting` once,
`Texts` once a node and whenever dated preconditions turn, `Present` once a round.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

import numpy as np

from sim.quantities import Bools, Floats, Ints


class Texts(NamedTuple):
    """The packages of a node, as one side sees them.

    Attributes
    ----------
    still, kept, penalty, error : ndarray, shape (worlds, packages)
        Lasting value, probability of being kept, price of preconditions, and error about the
        other side's value.
    forbidden : ndarray of bool, shape (worlds, packages)
    moving_features : ndarray, shape (moving features, packages)
    opinion : ndarray, shape (worlds, segments, distinct packages)
    highest : ndarray, shape (worlds, segments)
        Highest `opinion` of any package.
    concession : ndarray, shape (distinct packages,)
    mildest : float
        Smallest `concession`.
    column : ndarray of int, shape (packages,)
        Which distinct package each looks like.
    judged : ndarray, shape (allies, packages)
        What each ally looks at.
    alive : float
        Share of `dialogue` that hangs on these talks.
    asked, asked_home : ndarray, shape (worlds, slates)
        Support that the side's ratifiers ask for: in fact, and as the side expects of them.
    asked_away : ndarray, shape (worlds, slates of the other side)
        As it expects of the other side's.
    least_home, least_away : ndarray, shape (worlds,)
        The least of those.
    slate : ndarray of int, shape (packages,)
        Which ratifiers vote on each package.
    last_support, last_shift : ndarray, shape (worlds, distinct packages)
        Support when last looked at, and what moved it then; loops fill them.
    """

    still: Floats
    kept: Floats
    penalty: Floats
    error: Floats
    forbidden: Bools
    moving_features: Floats
    opinion: Floats
    highest: Floats
    concession: Floats
    mildest: float
    column: Ints
    judged: Floats
    alive: float
    asked: Floats
    asked_home: Floats
    asked_away: Floats
    least_home: Floats
    least_away: Floats
    voter_set: Ints
    last_support: Floats
    last_shift: Floats


class Lasting(NamedTuple):
    """What a side is in every world; memory is the government's own, not a copy.

    Attributes
    ----------
    shares, threshold, spread : ndarray, shape (worlds, segments)
    steepness : ndarray, shape (worlds,)
        The most by which support can change with a point of what moves all segments.
    dialogue, reservation_error : ndarray, shape (worlds,)
    share, reciprocity, discount : ndarray, shape (worlds,)
        Stationary share, what a concession is answered with, and discount factor.
    audience_cost, approval_weight : ndarray, shape (worlds,)
    position, first_heard, last_heard, offers_heard : ndarray, shape (worlds,)
        Public position, offers heard, and their number.
    """

    shares: Floats
    threshold: Floats
    spread: Floats
    steepness: Floats
    dialogue: Floats
    reservation_error: Floats
    share: Floats
    reciprocity: Floats
    discount: Floats
    audience_cost: Floats
    approval_weight: Floats
    position: Floats
    first_heard: Floats
    last_heard: Floats
    offers_heard: Floats


class Present(NamedTuple):
    """What a side meets in a round.

    Attributes
    ----------
    moving_weights : ndarray, shape (moving features, worlds)
    entrenched, urgent, shrinkage : ndarray, shape (worlds,)
        Terms of waiting, and the share of errors left.
    push, backlash, slip_home, slip_away : ndarray, shape (worlds,)
        What moves support; errors about support at home and abroad.
    ally_least, least_home : ndarray, shape (allies, worlds)
        Least value at which each ally agrees: in fact, and as the side expects.
    least_away : ndarray, shape (allies of the other side, worlds)
    clocked : ndarray of bool, shape (worlds,)
        Whether the leader has a deadline.
    by_clock : ndarray, shape (worlds,)
        Concession by the clock where there is one.
    """

    moving_weights: Floats
    entrenched: Floats
    urgent: Floats
    shrinkage: Floats
    advocacy_shift: Floats
    backlash: Floats
    support_error_home: Floats
    support_error_away: Floats
    ally_least: Floats
    least_home: Floats
    least_away: Floats
    clocked: Bools
    by_clock: Floats


class SideArrays(NamedTuple):
    """One side at one node in one round."""

    texts: Texts
    lasting: Lasting
    present: Present


class Progress(NamedTuple):
    """What a round leaves behind in every world, filled in place.

    Attributes
    ----------
    deepest : ndarray of int, shape (worlds,)
    margin : ndarray, shape (worlds,)
    refused : ndarray of bool, shape (worlds,)
    """

    deepest: Ints
    margin: Floats
    refused: Bools


class Scratch(NamedTuple):
    """Space for one world's packages, one line a side; the mover's first.

    Attributes
    ----------
    picked : ndarray of int, shape (packages,)
    spare : ndarray, shape (packages,)
    open, value, seen : ndarray, shape (2, packages)
        Value of signing before and after preconditions, and what the side takes the other's for.
    """

    picked: Ints
    spare: Floats
    open: Floats
    value: Floats
    seen: Floats


Parts = TypeVar("Parts", Texts, Lasting, Present)


def plain(parts: Parts) -> Parts:
    """Return arrays that all have the one layout for which loops are compiled."""
    return type(parts)(*(_plain(part) for part in parts))


def _plain(part: Any) -> Any:
    if not isinstance(part, np.ndarray) or (part.flags.c_contiguous and part.flags.writeable):
        return part
    return np.array(part, order="C")
