"""Alternating offers over a pie: the engine's play against the formulas.

Tie rule: offers are accepted at indifference, then the proposer's best, then the other's best, then
the lowest index; of the equilibria of a discrete pie both sides play the one best for the first
mover. Grid error: with slices of size h every offer is rounded to the proposer's loss or gain by at
most h, so the first share is within h (1 + d2 / (1 - d1 d2)) of the formula, and after T rounds
of backward induction within T h.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.model import TalksModel
from tests.disputes import pie, q
from tests.rules import both, rule

SLICES = 1000
H = 1 / SLICES
SP = rule("subgame_perfect")


def first_share(changes: dict[str, Any], d1: float = 0.9, d2: float = 0.9) -> float:
    """Return what the first mover gets; the text must be signed in the first round."""
    game = {
        "rounds": 2,
        "dispute.clauses.administration.grid.steps": SLICES + 1,
        "claimant.leader.discount_factor": d1,
        "holder.leader.discount_factor": d2,
    }
    world = TalksModel(pie({**game, **both(SP), **changes}), "divide", worlds=1).run().columns
    assert world["round_signed"][0] == 0
    return float(world["value_claimant"][0])


def grid_error(d1: float = 0.9, d2: float = 0.9) -> float:
    return H * (1 + d2 / (1 - d1 * d2))


@pytest.mark.parametrize(
    ("d1", "d2", "share"),
    [(0.9, 0.8, 0.714286), (0.99, 0.95, 0.840336), (0.8, 0.9, 0.357143), (0.5, 0.97, 0.058252)],
)
def test_rubinstein(d1: float, d2: float, share: float) -> None:
    assert share == pytest.approx((1 - d2) / (1 - d1 * d2), abs=5e-7)
    assert first_share({}, d1, d2) == pytest.approx(share, abs=grid_error(d1, d2))


def test_a_finer_pie_comes_nearer_to_rubinstein() -> None:
    fine = {"dispute.clauses.administration.grid.steps": 5001}
    error = grid_error(0.99, 0.95) / 5
    assert first_share(fine, 0.99, 0.95) == pytest.approx(0.840336, abs=error)


def test_the_second_mover_gets_rubinstein_when_it_moves_first() -> None:
    swapped = {"protocol.first_mover": "holder"}
    got = 1 - first_share(swapped, 0.9, 0.8)
    assert got == pytest.approx((1 - 0.9) / (1 - 0.72), abs=grid_error(0.8, 0.9))


def backward(rounds: int, d1: float, d2: float) -> float:
    """Return the first mover's share by hand: who is last takes all."""
    share = 1.0
    for left in range(2, rounds + 1):
        first_answers = (rounds - left) % 2 == 1
        share = 1 - (d1 if first_answers else d2) * share
    return share


@pytest.mark.parametrize(
    ("rounds", "d1", "d2", "share"),
    [
        (3, 0.9, 0.9, 0.91),
        (10, 0.9, 0.9, 0.342801),
        (1, 0.9, 0.8, 1.0),
        (2, 0.9, 0.8, 0.2),
        (4, 0.7, 0.95, 0.08325),
        (5, 0.7, 0.95, 0.525475),
    ],
)
def test_finite_horizon(rounds: int, d1: float, d2: float, share: float) -> None:
    assert share == pytest.approx(backward(rounds, d1, d2), abs=5e-7)
    horizon = both(rule("subgame_perfect", horizon_rounds=rounds))
    assert first_share(horizon, d1, d2) == pytest.approx(share, abs=rounds * H)


def test_the_earlier_of_two_horizons_counts_and_nothing_is_signed_after_it() -> None:
    early, late = (rule("subgame_perfect", horizon_rounds=n) for n in (3, 8))
    assert first_share(both(early, late)) == pytest.approx(0.91, abs=3 * H)
    missed = {"claimant.reservation.dialogue": 2, **both(early), "rounds": 8}
    model = TalksModel(pie(missed), "divide", worlds=1)
    assert model.run().columns["round_signed"][0] == -1


@pytest.mark.parametrize(
    ("d1", "d2", "outside", "share"),
    [
        (0.9, 0.9, 0.3, 0.526316),
        (0.9, 0.9, 0.6, 0.4),
        (0.8, 0.9, 0.2, 0.357143),
        (0.9, 0.8, 0.5, 0.5),
    ],
)
def test_outside_option_of_the_responder(
    d1: float, d2: float, outside: float, share: float
) -> None:
    x1 = (1 - d2) / (1 - d1 * d2)
    assert share == pytest.approx(min(x1, 1 - outside), abs=5e-7)
    options = both(SP, rule("subgame_perfect", outside_option=outside))
    assert first_share(options, d1, d2) == pytest.approx(share, abs=grid_error(d1, d2))


@pytest.mark.parametrize(
    ("risk", "b1", "b2", "share"),
    [
        (0.1, 0.2, 0.1, 0.568421),
        (0.2, 0.1, 0.3, 0.433333),
        (0.05, 0.0, 0.25, 0.384615),
    ],
)
@pytest.mark.parametrize("as_discount", [False, True])
def test_breakdown_risk(risk: float, b1: float, b2: float, share: float, as_discount: bool) -> None:
    """Breakdown points are values of never signing; a risk is like a discount of the surplus."""
    assert share == pytest.approx(b1 + (1 - b1 - b2) / (2 - risk), abs=5e-7)
    patience = 1 - risk if as_discount else 1.0
    points = {"claimant.reservation.dialogue": b1, "holder.reservation.dialogue": b2}
    risky = both(rule("subgame_perfect", breakdown=0 if as_discount else risk))
    got = first_share({**points, **risky}, patience, patience)
    assert got == pytest.approx(share, abs=grid_error(1 - risk, 1 - risk))


def drawn(p: float, changes: dict[str, Any], d1: float, d2: float) -> tuple[float, float]:
    """Return what the first side gets where it is drawn, and where the other is; signed at once."""
    game = {
        "rounds": 2,
        "dispute.clauses.administration.grid.steps": SLICES + 1,
        "claimant.leader.discount_factor": d1,
        "holder.leader.discount_factor": d2,
        "protocol.kind": "random_proposer",
        "protocol.proposes": q(p, "share"),
    }
    model = TalksModel(pie({**game, **both(SP), **changes}), "divide", worlds=16)
    mover, world = model.protocol.movers(0), model.run().columns
    assert (world["round_signed"] == 0).all()
    got = [np.unique(world["value_claimant"][mover == side]) for side in (0, 1)]
    assert all(len(values) <= 1 for values in got)
    return tuple(float(values[0]) if len(values) else np.nan for values in got)


def solved_by_hand(p: float, d1: float, d2: float) -> tuple[float, float]:
    """Solve v1 = p (1 - d2 v2) + (1 - p) d1 v1 and the same of the other; stationary shares."""
    system = [[1 - (1 - p) * d1, p * d2], [(1 - p) * d1, 1 - p * d2]]
    v1, v2 = np.linalg.solve(system, [p, 1 - p])
    return 1 - d2 * v2, d1 * v1


@pytest.mark.parametrize(
    ("p", "d1", "d2", "shares"),
    [
        (0.5, 0.9, 0.9, (0.55, 0.45)),  # 1 - d/2 and d/2
        (0.5, 0.9, 0.8, (0.733333, 0.6)),
        (0.25, 0.9, 0.8, (0.52, 0.36)),
        (0.7, 0.8, 0.95, (0.4, 0.294737)),
    ],
)
def test_random_proposer(p: float, d1: float, d2: float, shares: tuple[float, float]) -> None:
    assert shares == pytest.approx(solved_by_hand(p, d1, d2), abs=5e-7)
    error = H * (1 + 1 / (1 - d1 * d2))
    assert drawn(p, {}, d1, d2) == pytest.approx(shares, abs=error)


def test_a_proposer_who_is_sure_to_propose_again_takes_all() -> None:
    """The limit of turns whose responder has no patience: every offer is an ultimatum."""
    first, _ = drawn(1.0, {}, 0.9, 0.8)
    impatient = first_share({}, 0.9, 0.0)
    assert first == impatient == pytest.approx(1.0, abs=H)
    _, other = drawn(0.0, {}, 0.9, 0.8)
    assert other == pytest.approx(0.0, abs=H)


@pytest.mark.parametrize(("p", "rounds"), [(0.5, 1), (0.5, 2), (0.3, 3), (0.75, 4)])
def test_random_proposer_with_a_horizon(p: float, rounds: int) -> None:
    d1, d2 = 0.9, 0.8
    waiting = (0.0, 0.0)
    for _ in range(rounds):
        first, second = 1 - waiting[1], 1 - waiting[0]
        before = (p * first + (1 - p) * waiting[0], (1 - p) * second + p * waiting[1])
        waiting = (d1 * before[0], d2 * before[1])
    horizon = both(rule("subgame_perfect", horizon_rounds=rounds))
    assert drawn(p, horizon, d1, d2) == pytest.approx((first, 1 - second), abs=2 * rounds * H)


@pytest.mark.parametrize(("outside", "share"), [(0.3, 0.55), (0.6, 0.4)])
def test_outside_option_of_a_drawn_responder(outside: float, share: float) -> None:
    """It binds where it is more than waiting is worth, d/2."""
    options = both(SP, rule("subgame_perfect", outside_option=outside))
    assert drawn(0.5, options, 0.9, 0.9)[0] == pytest.approx(share, abs=grid_error())
