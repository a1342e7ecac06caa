"""Tell in compiled code what ratifiers and allies let pass, and what a side believes of it.

Support is worked out only as far as a decision needs it. Nothing is reassociated or fused (no
fast-math): where it is close, the decision is taken by the array engine's own arithmetic.
"""

from __future__ import annotations

import numpy as np

from sim.equations.public_support import FARTHEST
from sim.model.engines.loops import DOUBT, compiled, normal, roughly_normal
from sim.model.engines.seats import SideArrays
from sim.quantities import Floats


@compiled
def _support(side: SideArrays, world: int, distinct: int) -> float:
    shift = (
        side.present.advocacy_shift[world]
        - side.present.backlash[world] * side.texts.concession[distinct]
    )
    total = 0.0
    for segment in range(side.lasting.shares.shape[1]):
        margin = (
            side.texts.opinion[world, segment, distinct]
            + shift
            - side.lasting.threshold[world, segment]
        )
        spread = side.lasting.spread[world, segment]
        agreed = 1.0 if margin >= 0 else 0.0
        if spread > 0:
            agreed = normal(min(max(margin / spread, -FARTHEST), FARTHEST))
        total += side.lasting.shares[world, segment] * agreed
    return total


@compiled
def _roughly_agreed(side: SideArrays, world: int, segment: int, value: float) -> float:
    margin = value - side.lasting.threshold[world, segment]
    spread = side.lasting.spread[world, segment]
    agreed = 1.0 if margin >= 0 else 0.0
    if spread > 0:
        agreed = roughly_normal(margin / spread)
    share: float = side.lasting.shares[world, segment] * agreed
    return share


@compiled
def _rough_support(side: SideArrays, world: int, distinct: int, shift: float) -> float:
    total = 0.0
    for segment in range(side.lasting.shares.shape[1]):
        value = side.texts.opinion[world, segment, distinct] + shift
        total += _roughly_agreed(side, world, segment, value)
    return total


@compiled
def _reaches(
    side: SideArrays, world: int, distinct: int, support_error: float, asked: float
) -> bool:
    """Tell whether support, misjudged by `support_error`, is what is asked for.

    Support as it was when last looked at decides, where it cannot have moved by more than what
    it was over or under; then a quick look; then the normal distribution function itself.
    """
    if asked == -np.inf:
        return True
    texts, present = side.texts, side.present
    shift = present.advocacy_shift[world] - present.backlash[world] * texts.concession[distinct]
    moved = side.lasting.steepness[world] * abs(shift - texts.last_shift[world, distinct])
    over = texts.last_support[world, distinct] + support_error - asked
    if abs(over) > DOUBT + moved:
        return bool(over > 0)
    rough = _rough_support(side, world, distinct, shift)
    texts.last_support[world, distinct], texts.last_shift[world, distinct] = rough, shift
    over = rough + support_error - asked
    if abs(over) > DOUBT:
        return bool(over > 0)
    return bool(_support(side, world, distinct) + support_error >= asked)


@compiled
def hopeless(side: SideArrays, world: int, support_error: float, asked: float) -> bool:
    """Tell whether no package can reach what is asked, each segment taken at its kindest."""
    shift = side.present.advocacy_shift[world] - side.present.backlash[world] * side.texts.mildest
    total = DOUBT + support_error
    for segment in range(side.lasting.shares.shape[1]):
        total += _roughly_agreed(side, world, segment, side.texts.highest[world, segment] + shift)
    return bool(total < asked)


@compiled
def _consented(judged: Floats, least: Floats, world: int, package: int) -> bool:
    agreed = True
    for ally in range(judged.shape[0]):
        agreed = agreed and judged[ally, package] >= least[ally, world]
    return agreed


@compiled
def passes(side: SideArrays, world: int, package: int) -> bool:
    """Tell whether all of a side who vote on a package would pass it today."""
    if not _consented(side.texts.judged, side.present.ally_least, world, package):
        return False
    asked = side.texts.asked[world, side.texts.voter_set[package]]
    return bool(_reaches(side, world, side.texts.column[package], 0.0, asked))


@compiled
def likely(own: SideArrays, other: SideArrays, world: int, package: int) -> bool:
    """Tell whether a side believes that a package passes at home and abroad."""
    if not _consented(own.texts.judged, own.present.least_home, world, package):
        return False
    if not _consented(other.texts.judged, own.present.least_away, world, package):
        return False
    home = own.texts.asked_home[world, own.texts.voter_set[package]]
    if not _reaches(
        own, world, own.texts.column[package], own.present.support_error_home[world], home
    ):
        return False
    away, support_error = (
        own.texts.asked_away[world, other.texts.voter_set[package]],
        own.present.support_error_away[world],
    )
    return bool(_reaches(other, world, other.texts.column[package], support_error, away))
