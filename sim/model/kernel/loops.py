"""Compiled loops that play a round of talks at one node, world by world.

They hold the equations of `sim.model.round` in the same order of arithmetic, so that both give the
same bits, and a test holds them together: formulas come from `sim.equations`, compiled from there;
nothing is reassociated or fused (no fast-math). One pass over a world's packages surveys them;
demand, offer and answer follow while they are at hand. Each side is seen through its `SideArrays`.

What is not needed is left out: the depth of the talks where they were as deep before, what the
other side is believed to want where nobody would ratify anything, the responder's beliefs and
counter-offer where nothing is on the table, and scipy's normal distribution function where a quick
look decides. Support is worked out only as far as a decision needs it.
"""

from __future__ import annotations

import numpy as np

from sim.compilation import CompiledBeside
from sim.equations.alternating_offers import worth_waiting_for
from sim.equations.audience_cost import value_after_audience
from sim.equations.concession import aspiration, stationary_concession
from sim.equations.offering import NONE
from sim.equations.public_support import FARTHEST, STEEPEST
from sim.equations.utility import TIED, no_less
from sim.equations.waiting import reservation_value
from sim.model.kernel.layout import Progress, RoundOutcome, Scratch, SideArrays
from sim.model.kernel.numba_support import (
    DOUBT,
    compiled,
    normal,
    roughly_normal,
    unordered,
    within,
)
from sim.model.round import BARGAIN, PASSABLE, SIGNABLE
from sim.quantities import Bools, Floats, Ints

_net = within(value_after_audience)
_waits_for = within(worth_waiting_for)
_reservation = within(reservation_value)
_stationary = within(stationary_concession)
_aspires = within(aspiration)
_no_less = within(no_less)

_MOVER, _RESPONDER = np.int64(0), np.int64(1)
"""Lines of the scratch. Numba compiles a loop anew for each plain number that is handed to it."""


# -- what ratifiers and allies let pass, and what a side believes of it ---------------------------


@within
def _support(side: SideArrays, world: int, distinct: int, push: float) -> float:
    shift = (
        side.present.advocacy_shift[world]
        - side.present.backlash[world] * side.packages.concession[distinct]
    )
    total = 0.0
    for segment in range(side.lasting.shares.shape[1]):
        spread = side.lasting.spread[world, segment]
        value = side.packages.opinion[world, segment, distinct] + spread * push
        margin = value + shift - side.lasting.threshold[world, segment]
        agreed = 1.0 if margin >= 0 else 0.0
        if spread > 0:
            agreed = normal(min(max(margin / spread, -FARTHEST), FARTHEST))
        total += side.lasting.shares[world, segment] * agreed
    return total


@within
def _roughly_agreed(side: SideArrays, world: int, segment: int, value: float) -> float:
    margin = value - side.lasting.threshold[world, segment]
    spread = side.lasting.spread[world, segment]
    agreed = 1.0 if margin >= 0 else 0.0
    if spread > 0:
        agreed = roughly_normal(margin / spread)
    share: float = side.lasting.shares[world, segment] * agreed
    return share


@within
def _rough_support(side: SideArrays, world: int, distinct: int, push: float, shift: float) -> float:
    total = 0.0
    for segment in range(side.lasting.shares.shape[1]):
        pushed = side.lasting.spread[world, segment] * push
        value = side.packages.opinion[world, segment, distinct] + pushed + shift
        total += _roughly_agreed(side, world, segment, value)
    return total


@within
def _reaches(
    side: SideArrays,
    world: int,
    package: int,
    campaigns: bool,
    support_error: float,
    required: float,
) -> bool:
    """Tell whether support, misjudged by `support_error`, is what is required.

    Support as it was when last looked at decides, where it cannot have moved by more than what
    it was over or under; then a quick look; then the normal distribution function itself.
    """
    if required == -np.inf:
        return True
    packages, present, line = side.packages, side.present, int(campaigns)
    distinct, push = packages.column[package], present.push[line, world]
    shift = present.advocacy_shift[world] - present.backlash[world] * packages.concession[distinct]
    moved = side.lasting.steepness[world] * abs(shift - packages.last_shift[line, world, distinct])
    moved += STEEPEST * abs(push - packages.last_push[line, world, distinct])
    over = packages.last_support[line, world, distinct] + support_error - required
    if abs(over) > DOUBT + moved:
        return bool(over > 0)
    rough = _rough_support(side, world, distinct, push, shift)
    packages.last_support[line, world, distinct] = rough
    packages.last_shift[line, world, distinct] = shift
    packages.last_push[line, world, distinct] = push
    over = rough + support_error - required
    if abs(over) > DOUBT:
        return bool(over > 0)
    return bool(_support(side, world, distinct, push) + support_error >= required)


@unordered
def _highest(values: Floats) -> float:
    """Return the highest of some numbers; none is NaN, so their order does not matter."""
    best = -np.inf
    for value in values:
        best = max(best, value)
    return best


@within
def _meet(side: SideArrays, world: int) -> None:
    """Fill what is remembered of a world's packages, where talks come to them first."""
    packages = side.packages
    if packages.met[world]:
        return
    packages.met[world] = True
    for segment in range(packages.opinion.shape[1]):
        packages.highest[world, segment] = _highest(packages.opinion[world, segment])
    for line in range(len(packages.last_support)):
        packages.last_support[line, world, :] = np.nan
        packages.last_shift[line, world, :] = np.nan
        packages.last_push[line, world, :] = np.nan


@within
def hopeless(side: SideArrays, world: int, support_error: float, required: float) -> bool:
    """Tell whether no package can reach what is required, each segment taken at its kindest."""
    shift = (
        side.present.advocacy_shift[world] - side.present.backlash[world] * side.packages.mildest
    )
    total = DOUBT + support_error
    for segment in range(side.lasting.shares.shape[1]):
        pushed = side.lasting.spread[world, segment] * side.present.kindest_push[world]
        value = side.packages.highest[world, segment] + pushed + shift
        total += _roughly_agreed(side, world, segment, value)
    return bool(total < required)


@within
def _consent(ally_value: Floats, least: Floats, world: int, package: int) -> bool:
    agreed = True
    for ally in range(ally_value.shape[0]):
        agreed = agreed and ally_value[ally, package] >= least[ally, world]
    return agreed


@within
def _required(levels: Floats, led: Bools, leaders: Floats, world: int, voter_set: int) -> float:
    """Return what a voter set requires, leaders whose quota falls with approval among it."""
    required = levels[world, voter_set]
    for leader in range(len(leaders)):
        if led[leader, voter_set]:
            required = max(required, leaders[leader, world])
    return float(required)


@within
def _least_required(levels: Floats, led: Bools, leaders: Floats, world: int) -> float:
    """Return the least that any voter set requires."""
    least = np.inf
    for voter_set in range(levels.shape[1]):
        least = min(least, _required(levels, led, leaders, world, voter_set))
    return least


@within
def _campaigns(side: SideArrays, world: int, package: int, scratch: Scratch, line: int) -> bool:
    """Tell whether a side's leader would campaign for a package."""
    surplus = scratch.value[line, package] - scratch.least[line]
    return bool(surplus > side.lasting.campaign_cost[world])


@within
def passes(side: SideArrays, world: int, package: int, scratch: Scratch, line: int) -> bool:
    """Tell whether all of a side who vote on a package would pass it today."""
    packages, present = side.packages, side.present
    if not _consent(packages.ally_value, present.ally_least, world, package):
        return False
    voter_set = packages.voter_set[package]
    required = _required(packages.required, packages.led, present.leaders, world, voter_set)
    campaigns = _campaigns(side, world, package, scratch, line)
    return bool(_reaches(side, world, package, campaigns, 0.0, required))


@within
def likely(
    own: SideArrays, other: SideArrays, world: int, package: int, scratch: Scratch, line: int
) -> bool:
    """Tell whether a side believes that a package passes at home and abroad."""
    if not _consent(own.packages.ally_value, own.present.least_home, world, package):
        return False
    if not _consent(other.packages.ally_value, own.present.least_away, world, package):
        return False
    packages, present, voter_set = own.packages, own.present, own.packages.voter_set[package]
    home = _required(packages.required_home, packages.led, present.leaders_home, world, voter_set)
    campaigns = _campaigns(own, world, package, scratch, line)
    if not _reaches(own, world, package, campaigns, present.support_error_home[world], home):
        return False
    voter_set, support_error = other.packages.voter_set[package], present.support_error_away[world]
    away = _required(
        packages.required_away, packages.led_away, present.leaders_away, world, voter_set
    )
    campaigns = _campaigns(other, world, package, scratch, 1 - line)
    return bool(_reaches(other, world, package, campaigns, support_error, away))


# -- what every package is worth, and how deep talks reach ----------------------------------------


@within
def _look(side: SideArrays, world: int, scratch: Scratch, line: int) -> None:
    """Fill a side's line of values of a world's packages, and what the other takes them for."""
    packages, weights = side.packages, side.present.moving_weights
    open_, value = scratch.open[line], scratch.value[line]
    static, penalty = packages.static_value[world], packages.penalty[world]
    keep, look = packages.keep_probability[world], packages.moving_look
    kept = scratch.spare[: len(keep)]
    kept[:] = 0.0
    for place in range(len(weights)):
        weight, features = weights[place, world], packages.moving_features[place]
        for each in range(len(kept)):
            kept[each] += weight * features[each]
    for each in range(len(kept)):
        kept[each] = keep[each] * kept[each]
    for package in range(len(open_)):
        open_[package] = static[package] + kept[look[package]]
    look = packages.precondition_look
    for package in range(len(value)):
        value[package] = open_[package] - penalty[look[package]]


@within
def _believe(
    side: SideArrays, world: int, scratch: Scratch, line: int, reservation: float
) -> float:
    """Fill what a side takes the other's values for; return its own best acceptable value."""
    error, shrinkage = side.packages.error[world], side.present.shrinkage[world]
    least = reservation + shrinkage * side.lasting.reservation_error[world]
    own, value, believed = scratch.value[line], scratch.value[1 - line], scratch.believed[line]
    for package in range(len(believed)):
        believed[package] = value[package] + shrinkage * error[package]
    acceptable = scratch.spare
    for package in range(len(believed)):
        acceptable[package] = own[package] if _no_less(believed[package], least) else -np.inf
    if side.packages.learns:
        barred = side.packages.barred[world]
        for package in range(len(believed)):
            acceptable[package] = -np.inf if barred[package] else acceptable[package]
    return float(_highest(acceptable))


@within
def _forbids(side: SideArrays, world: int, package: int) -> bool:
    """Tell whether an absolute precondition of a side forbids a package."""
    packages = side.packages
    return bool(packages.forbidden[world, packages.precondition_look[package]])


@within
def _worth(value: Floats, package: int, r: tuple[float, float]) -> bool:
    """Tell whether a package is worth signing to both sides."""
    return bool(_no_less(value[0, package], r[0]) and _no_less(value[1, package], r[1]))


@within
def _depth(
    one: SideArrays,
    two: SideArrays,
    world: int,
    r: tuple[float, float],
    depth: int,
    scratch: Scratch,
) -> int:
    """Return how deep talks reach, no less than they did before."""
    for package in range(scratch.value.shape[1]):
        if not _worth(scratch.open, package, r):
            continue
        depth = max(depth, BARGAIN)
        if not _worth(scratch.value, package, r):
            continue
        if _forbids(one, world, package) or _forbids(two, world, package):
            continue
        depth = max(depth, SIGNABLE)
        passable = passes(one, world, package, scratch, _MOVER)
        if passable and passes(two, world, package, scratch, _RESPONDER):
            return PASSABLE
    return depth


@within
def _margin(r: tuple[float, float], scratch: Scratch) -> float:
    """Return the best smaller surplus."""
    one, two, least = scratch.open[0], scratch.open[1], scratch.spare
    for package in range(len(least)):
        least[package] = min(one[package] - r[0], two[package] - r[1])
    best = _highest(least)
    return 0.0 if abs(best) <= TIED else best


@within
def survey(
    one: SideArrays,
    two: SideArrays,
    world: int,
    r: tuple[float, float],
    progress: Progress,
    scratch: Scratch,
) -> None:
    """Look at a world's packages, as both sides value them, and note how deep talks reach."""
    scratch.least[0], scratch.least[1] = r
    _look(one, world, scratch, _MOVER)
    _look(two, world, scratch, _RESPONDER)
    margin = _margin(r, scratch)
    progress.margin[world] = max(progress.margin[world], margin)
    if _no_less(margin, 0.0) and progress.deepest[world] < PASSABLE:
        progress.deepest[world] = _depth(one, two, world, r, progress.deepest[world], scratch)


# -- demand, offer and answer ----------------------------------------------------------------------


@within
def _demand(side: SideArrays, world: int, reservation: float, best: float) -> float:
    best = max(best, reservation)
    if side.present.clocked[world]:
        concession = side.present.by_clock[world]
    else:
        span = best - reservation if best > reservation else 1.0
        heard = (side.lasting.last_heard[world] - side.lasting.first_heard[world]) / span
        heard = min(max(heard, 0.0), 1.0) if heard == heard else 0.0
        concession = _stationary(side.lasting.share[world], side.lasting.reciprocity[world], heard)
    demanded: float = _aspires(reservation, best, concession)
    return demanded


@within
def _candidates(own: SideArrays, world: int, demanded: float, scratch: Scratch, line: int) -> int:
    """Pick what is worth enough and not forbidden, without a branch; return how many."""
    lasting, value, forbidden = own.lasting, scratch.value[line], own.packages.forbidden[world]
    look = own.packages.precondition_look
    position, cost = lasting.position[world], lasting.audience_cost[world]
    weight, count = lasting.approval_weight[world], 0
    for package in range(len(value)):
        scratch.picked[count] = package
        enough = _no_less(_net(value[package], position, cost, weight), demanded)
        count += enough & (not forbidden[look[package]])
    return count


@within
def _sees_hope(own: SideArrays, other: SideArrays, world: int) -> bool:
    """Tell whether a side believes that any package may pass at home, and any abroad."""
    packages, present = own.packages, own.present
    least = _least_required(packages.required_home, packages.led, present.leaders_home, world)
    if hopeless(own, world, present.support_error_home[world], least):
        return False
    least = _least_required(packages.required_away, packages.led_away, present.leaders_away, world)
    return not hopeless(other, world, present.support_error_away[world], least)


@within
def _offer(
    own: SideArrays, other: SideArrays, world: int, demanded: float, scratch: Scratch, line: int
) -> int:
    """Return the candidate believed best for the other side, or `NONE`.

    A side that sees no hope has none, and need not be asked.
    """
    value, believed = scratch.value[line], scratch.believed[line]
    found, best, best_own = NONE, -np.inf, -np.inf
    for place in range(_candidates(own, world, demanded, scratch, line)):
        package = scratch.picked[place]
        if own.packages.learns and own.packages.barred[world, package]:
            continue
        better = believed[package] > best or (
            believed[package] == best and value[package] > best_own
        )
        if (better or found == NONE) and likely(own, other, world, package, scratch, line):
            found, best, best_own = package, believed[package], value[package]
    return found


@within
def _accepts(
    own: SideArrays,
    other: SideArrays,
    world: int,
    package: int,
    r: tuple[float, float],
    scratch: Scratch,
) -> bool:
    """Answer the mover's offer as the responder, line 1 of the scratch and of `r`."""
    reservation, value = r[1], scratch.value[1, package]
    if not _no_less(value, reservation) or _forbids(own, world, package):
        return False
    best = _believe(own, world, scratch, _RESPONDER, r[0])
    demanded, counter = _demand(own, world, reservation, best), NONE
    if _sees_hope(own, other, world):
        counter = _offer(own, other, world, demanded, scratch, _RESPONDER)
    future = demanded if counter == NONE else scratch.value[1, counter]
    position, weight = own.lasting.position[world], own.lasting.approval_weight[world]
    cost = own.lasting.audience_cost[world]
    net = _net(value, position, cost, weight)
    if own.lasting.foresees_audience and counter != NONE:
        future = _net(future, position, cost, weight)
    if not _no_less(net, _waits_for(reservation, future, own.lasting.discount[world])):
        return False
    return bool(likely(own, other, world, package, scratch, _RESPONDER))


@within
def _remember(
    mover: SideArrays, responder: SideArrays, world: int, value: tuple[float, float]
) -> None:
    mover.lasting.position[world] = max(mover.lasting.position[world], value[0])
    if responder.lasting.first_heard[world] != responder.lasting.first_heard[world]:
        responder.lasting.first_heard[world] = value[1]
    responder.lasting.last_heard[world] = value[1]
    responder.lasting.offers_heard[world] += 1.0


@compiled
def play_rows(
    worlds: Ints,
    mover: SideArrays,
    responder: SideArrays,
    progress: Progress,
    outcome: RoundOutcome,
    scratch: Scratch,
) -> None:
    """Play a round at a node in some worlds.

    Parameters
    ----------
    worlds : ndarray of int, shape (rows,)
    mover, responder : SideArrays
        Their memory is brought up to date.
    progress : Progress
        Brought up to date.
    outcome : RoundOutcome
        Filled.
    scratch : Scratch
        Overwritten.
    """
    for row in range(len(worlds)):
        world = worlds[row]
        _meet(mover, world)
        _meet(responder, world)
        r = (
            _reservation(
                mover.lasting.dialogue[world],
                mover.present.entrenched[world],
                mover.present.urgent[world],
                mover.packages.unframed,
            ),
            _reservation(
                responder.lasting.dialogue[world],
                responder.present.entrenched[world],
                responder.present.urgent[world],
                responder.packages.unframed,
            ),
        )
        survey(mover, responder, world, r, progress, scratch)
        outcome.package[row], outcome.accepted[row], outcome.lawful[row] = NONE, False, False
        if not _sees_hope(mover, responder, world):
            continue
        best = _believe(mover, world, scratch, _MOVER, r[1])
        demanded = _demand(mover, world, r[0], best)
        package = _offer(mover, responder, world, demanded, scratch, _MOVER)
        if package == NONE:
            continue
        outcome.package[row] = package
        value = (scratch.value[0, package], scratch.value[1, package])
        barred = _forbids(mover, world, package) or _forbids(responder, world, package)
        lawful = _no_less(value[0], r[0]) and _no_less(value[1], r[1]) and not barred
        accepted = _accepts(responder, mover, world, package, r, scratch)
        if lawful and not accepted and not progress.refused[world]:
            progress.refused[world] = passes(mover, world, package, scratch, _MOVER) and passes(
                responder, world, package, scratch, _RESPONDER
            )
        _remember(mover, responder, world, value)
        outcome.accepted[row], outcome.lawful[row] = accepted, lawful
        outcome.value[0, row], outcome.value[1, row] = value
        outcome.reservation[0, row], outcome.reservation[1, row] = r


play_rows_beside = CompiledBeside(play_rows)
"""`play_rows` for those who can do without while another process compiles it."""
