"""War of attrition: hazards, the mass at the start and indifference (Abreu & Gul 2000).

Tests `sim.equations.war_of_attrition`.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.equations.war_of_attrition import (
    conceded_by,
    concession_hazard,
    interest_rate,
    known_obstinate_by,
)
from sim.model import TalksModel
from sim.quantities import Floats
from tests.disputes import pie
from tests.rules import rule

WORLDS, ROUND = 1024, 0.25
DEMANDS, DISCOUNTS, OBSTINATE = (0.7, 0.6), (0.9, 0.8), (0.05, 0.2)
"""A pie: shares demanded, discount factors a year, probabilities of never giving in."""


def one(value: float) -> Floats:
    return np.array([value])


def hazards(per: float = 1.0) -> list[Floats]:
    """Return how fast each gives in, by the formula for a pie, per unit of so many years."""
    excess = sum(DEMANDS) - 1
    rates = [-np.log(discount) * per for discount in DISCOUNTS]
    return [one(rates[1 - i] * (1 - DEMANDS[i]) / excess) for i in (0, 1)]


def given_in(i: int, years: float) -> float:
    """Return the probability that a side has given in, worked out by hand."""
    rate, mu = [float(each[0]) for each in hazards()], OBSTINATE
    end = min(-np.log(mu[k]) / rate[k] for k in (0, 1))
    return float(1 - mu[i] * np.exp(rate[i] * end) * np.exp(-rate[i] * min(years, end)))


def test_the_general_hazard_is_that_of_a_pie() -> None:
    for i in (0, 1):
        wins, gives_in = one(DEMANDS[1 - i]), one(1 - DEMANDS[i])
        interest = interest_rate(one(DISCOUNTS[1 - i]))
        found = concession_hazard(interest, wins, gives_in, one(0.0))
        np.testing.assert_allclose(found, hazards()[i])


def test_one_side_gives_in_at_once_with_the_share_that_makes_both_end_together() -> None:
    rates = hazards()
    lasts = [known_obstinate_by(one(OBSTINATE[i]), rates[i])[0] for i in (0, 1)]
    slow = int(np.argmax(lasts))
    at_once = [
        conceded_by(one(0.0), (one(OBSTINATE[i]), one(OBSTINATE[1 - i])), (rates[i], rates[1 - i]))[
            0
        ]
        for i in (0, 1)
    ]
    assert at_once[1 - slow] == pytest.approx(0.0, abs=1e-12)
    mass = 1 - OBSTINATE[slow] * OBSTINATE[1 - slow] ** float(-rates[slow][0] / rates[1 - slow][0])
    assert at_once[slow] == pytest.approx(mass)
    assert mass > 0.1


PAYOFFS = st.tuples(st.floats(0.0, 0.2), st.floats(0.25, 0.5), st.floats(0.6, 1.0))
RATES, CHANCES = st.floats(0.02, 0.5), st.floats(0.01, 0.6)


@given(
    payoffs=st.tuples(PAYOFFS, PAYOFFS),
    rates=st.tuples(RATES, RATES),
    mu=st.tuples(CHANCES, CHANCES),
)
def test_whoever_may_give_in_is_indifferent_when(
    payoffs: tuple[tuple[float, float, float], tuple[float, float, float]],
    rates: tuple[float, float],
    mu: tuple[float, float],
) -> None:
    """Giving in at any time before both are known is worth b + F(0) (a - b) to each."""
    lam = [
        concession_hazard(one(rates[1 - i]), *(one(payoffs[1 - i][k]) for k in (2, 1, 0)))
        for i in (0, 1)
    ]
    end = min(float(known_obstinate_by(one(mu[i]), lam[i])[0]) for i in (0, 1))
    for j in (0, 1):
        i, (s, b, a), r = 1 - j, payoffs[j], rates[j]
        grid = np.linspace(0.0, end, 4001)
        by = conceded_by(grid, (one(mu[i]), one(mu[j])), (lam[i], lam[j]))
        middle = (grid[1:] + grid[:-1]) / 2
        won = np.diff(by) * (s * (1 - np.exp(-r * middle)) + a * np.exp(-r * middle))
        kept = (1 - by) * (s * (1 - np.exp(-r * grid)) + b * np.exp(-r * grid))
        worth = by[0] * a + np.concatenate([[0.0], np.cumsum(won)]) + kept
        np.testing.assert_allclose(worth, b + by[0] * (a - b), rtol=1e-5)


def test_sides_give_in_as_they_should_in_whole_worlds() -> None:
    """Who answers decides for the next round, so its giving in shows a round earlier."""
    sides = dict(zip(("claimant", "holder"), (0, 1), strict=True))
    changes = {
        f"{name}.strategy": rule(
            "reputational",
            demanded_share=DEMANDS[i],
            obstinate=OBSTINATE[i],
            believed_obstinate=OBSTINATE[1 - i],
        )
        for name, i in sides.items()
    } | {f"{name}.leader.discount_factor": DISCOUNTS[i] for name, i in sides.items()}
    scenario = pie({**changes, "protocol.round_years": ROUND, "rounds": 60})
    blocks = [
        TalksModel(scenario, "divide", block=k, worlds=WORLDS).run().columns for k in range(4)
    ]
    signed = np.concatenate([each["round_signed"] for each in blocks])
    value = np.concatenate([each["value_claimant"] for each in blocks])
    for round_ in (0, 1, 5, 12, 30, 59):
        waiting = np.mean((signed < 0) | (signed > round_))
        mover = round_ % 2
        expected = np.prod([1 - given_in(i, (round_ + (i != mover)) * ROUND) for i in (0, 1)])
        error = np.sqrt(expected * (1 - expected) / (4 * WORLDS))
        assert waiting == pytest.approx(expected, abs=4 * error), round_
    got = np.unique(value[signed >= 0].round(6))
    assert set(got.tolist()) == {0.4, 0.7}  # what the other left, and what it demanded itself
