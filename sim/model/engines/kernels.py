"""Loop over worlds and packages in compiled code.

Formulas come from `sim.equations`: compiled from there where they are written for single numbers
too, spelled out in the same order where a sum over segments or features is only worked out on
demand. Nothing is reassociated or fused (no fast-math), so that the bits are the array engine's,
and a test holds both together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

from sim.equations.audience_cost import value_after_audience
from sim.equations.offering import NONE
from sim.equations.public_support import FARTHEST
from sim.model.engines.common import BARGAIN, PASSABLE, SIGNABLE
from sim.model.engines.now import Beheld
from sim.quantities import Floats, Ints

_SAFE = 1e-9
"""What a bound of support allows for rounding, so that it never decides a close case."""


def _compiled(function: Callable[..., Any]) -> Any:
    # The loops allocate nothing, so reference counts of the many arrays passed along are left
    # out (`_nrt=False`); with them a round takes ten times as long.
    options: dict[str, Any] = {"cache": True, "error_model": "numpy", "_nrt": False}
    return njit(**options)(function)


_net = _compiled(value_after_audience)


@_compiled
def _agreed(
    side: Beheld, world: int, segment: int, value: float, shift: float, normal: Any
) -> float:
    margin = value + shift - side.threshold[world, segment]
    spread = side.spread[world, segment]
    agreed = 1.0 if margin >= 0 else 0.0
    if spread > 0:
        agreed = normal(min(max(margin / spread, -FARTHEST), FARTHEST))
    share: float = side.shares[world, segment] * agreed
    return share


@_compiled
def _supported(side: Beheld, row: int, world: int, distinct: int, normal: Any) -> float:
    known: float = side.support[row, distinct]
    if known == known:
        return known
    shift = side.push[row] - side.backlash[world] * side.concession[distinct]
    total = 0.0
    for segment in range(side.shares.shape[1]):
        value = side.opinion[world, segment, distinct]
        total += _agreed(side, world, segment, value, shift, normal)
    side.support[row, distinct] = total
    return total


@_compiled
def _extreme(side: Beheld, row: int, world: int, most: bool, normal: Any) -> float:
    """Return a bound of support over all packages: each segment at its own extreme."""
    if not side.segmented:
        return np.inf if most else -np.inf
    conceded = side.mildest if most else side.harshest
    shift = side.push[row] - side.backlash[world] * conceded
    total = 0.0
    for segment in range(side.shares.shape[1]):
        value = side.highest[world, segment] if most else side.lowest[world, segment]
        total += _agreed(side, world, segment, value, shift, normal)
    return total + _SAFE if most else total - _SAFE


@_compiled
def _consented(feature: Floats, least: Floats, row: int, package: int) -> bool:
    agreed = True
    for ally in range(feature.shape[0]):
        agreed = agreed and feature[ally, package] >= least[ally, row]
    return agreed


@_compiled
def _worth(side: Beheld, row: int, world: int, package: int) -> float:
    moved = 0.0
    for place in range(side.moving_features.shape[1]):
        moved += side.moving_weights[row, place] * side.moving_features[package, place]
    worth: float = side.still[world, package] + side.kept[world, package] * moved
    return worth


@_compiled
def _passes(side: Beheld, row: int, world: int, package: int, normal: Any) -> bool:
    if not _consented(side.ally_feature, side.ally_least, row, package):
        return False
    needed: float = side.needed[world, side.slate[package]]
    if needed == -np.inf:
        return True
    support: float = _supported(side, row, world, side.column[package], normal)
    return support >= needed


@_compiled
def _asked(levels: Floats, world: int, most: bool) -> float:
    """Return the most or the least that any slate of ratifiers asks."""
    asked: float = levels[world, 0]
    for slate in range(1, levels.shape[1]):
        level = levels[world, slate]
        asked = max(asked, level) if most else min(asked, level)
    return asked


@_compiled
def survey_rows(
    worlds: Ints,
    claimant: Beheld,
    holder: Beheld,
    level: Ints,
    margin: Floats,
    top: tuple[Floats, Floats],
    normal: Any,
) -> None:
    """Fill values, depth, margin and each side's best hope, row by row.

    Parameters
    ----------
    worlds : ndarray of int, shape (rows,)
    claimant, holder : Beheld
        `value` and `support` are filled.
    level, margin : ndarray, shape (rows,)
        Filled.
    top : pair of ndarray, shape (rows,)
        Filled.
    normal : function
        The normal distribution function.
    """
    for row in range(len(worlds)):
        world = worlds[row]
        deepest, best, top_c, top_h = 0, -np.inf, -np.inf, -np.inf
        for package in range(claimant.value.shape[1]):
            open_c = _worth(claimant, row, world, package)
            open_h = _worth(holder, row, world, package)
            gap_c, gap_h = open_c - claimant.reservation[row], open_h - holder.reservation[row]
            best = max(best, min(gap_c, gap_h))
            value_c = open_c - claimant.penalty[world, package]
            value_h = open_h - holder.penalty[world, package]
            claimant.value[row, package], holder.value[row, package] = value_c, value_h
            seen_h = value_h + claimant.shrinkage[row] * claimant.error[world, package]
            if seen_h >= claimant.believed_reservation[row]:
                top_c = max(top_c, value_c)
            seen_c = value_c + holder.shrinkage[row] * holder.error[world, package]
            if seen_c >= holder.believed_reservation[row]:
                top_h = max(top_h, value_h)
            if open_c < claimant.reservation[row] or open_h < holder.reservation[row]:
                continue
            deepest = max(deepest, BARGAIN)
            if value_c < claimant.reservation[row] or value_h < holder.reservation[row]:
                continue
            if claimant.forbidden[world, package] or holder.forbidden[world, package]:
                continue
            deepest = max(deepest, SIGNABLE)
            if (
                deepest < PASSABLE
                and _passes(claimant, row, world, package, normal)
                and _passes(holder, row, world, package, normal)
            ):
                deepest = PASSABLE
        level[row], margin[row], top[0][row], top[1][row] = deepest, best, top_c, top_h


@_compiled
def offer_rows(
    worlds: Ints,
    own: Beheld,
    other: Beheld,
    aspiration: Floats,
    slips: tuple[Floats, Floats],
    asked: tuple[Floats, Floats],
    choice: Ints,
    normal: Any,
) -> None:
    """Fill each row's offer: the candidate believed best for the other side.

    Parameters
    ----------
    worlds : ndarray of int, shape (rows,)
    own, other : Beheld
        As the survey left them.
    aspiration : ndarray, shape (rows,)
    slips : pair of ndarray, shape (rows,)
        Error about support, for the own and the other second level.
    asked : pair of ndarray, shape (worlds, slates)
        Support wanted for either.
    choice : ndarray of int, shape (rows,)
        Filled; `NONE` where there is no candidate.
    normal : function
        The normal distribution function.
    """
    for row in range(len(worlds)):
        world = worlds[row]
        found, best, best_own = NONE, -np.inf, -np.inf
        least, most = _asked(asked[0], world, False), _asked(asked[0], world, True)
        least_away, most_away = _asked(asked[1], world, False), _asked(asked[1], world, True)
        hopeless = _extreme(own, row, world, True, normal) + slips[0][row] < least
        if hopeless or _extreme(other, row, world, True, normal) + slips[1][row] < least_away:
            choice[row] = NONE
            continue
        ask_home = _extreme(own, row, world, False, normal) + slips[0][row] < most
        ask_away = _extreme(other, row, world, False, normal) + slips[1][row] < most_away
        for package in range(own.value.shape[1]):
            value = own.value[row, package]
            seen = other.value[row, package] + own.shrinkage[row] * own.error[world, package]
            better = found == NONE or seen > best or (seen == best and value > best_own)
            if not better or own.forbidden[world, package]:
                continue
            net = _net(
                value, own.position[world], own.audience_cost[world], own.approval_weight[world]
            )
            if not net >= aspiration[row]:
                continue
            if not _consented(own.ally_feature, own.expects_home, row, package):
                continue
            if not _consented(other.ally_feature, own.expects_away, row, package):
                continue
            least = asked[0][world, own.slate[package]]
            if ask_home and least > -np.inf:
                home = _supported(own, row, world, own.column[package], normal) + slips[0][row]
                if not home >= least:
                    continue
            least_away = asked[1][world, other.slate[package]]
            if ask_away and least_away > -np.inf:
                away = _supported(other, row, world, other.column[package], normal)
                if not away + slips[1][row] >= least_away:
                    continue
            found, best, best_own = package, seen, value
        choice[row] = found
