"""The second level: vetoes, an uncertain ratifier, and a parliament of legislators.

Tie rule: a public whose value equals its threshold is in favour. Grid error: the pie comes in
hundredths or thousandths (h), an uncertain ratifier's threshold in hundredths of its range.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb
from typing import Any

import pytest

from sim.model import TalksModel
from tests.disputes import pie, q
from tests.rules import both, rule

SP = both(rule("subgame_perfect"))
STEPS = "dispute.clauses.administration.grid.steps"


def segment(share: Any, threshold: float) -> dict[str, Any]:
    territory = {"weights": {"territory": q(1)}, "spread": q(0)}
    return {"label": "some", "share": share, "threshold": q(threshold), **territory}


def veto(side: str, least: float) -> dict[str, Any]:
    """Return a referendum that a side's public, all of one mind, decides."""
    vote = {"kind": "referendum", "label": "a vote", "quota": q(0.5), "noise": q(0)}
    return {
        f"{side}.public.segments": {"all": segment("rest", least)},
        f"{side}.ratifiers": {"vote": vote},
    }


@pytest.mark.parametrize(
    ("d1", "d2", "c1", "c2", "share"),
    [
        (0.9, 0.9, 0.3, 0.0, 0.526316),
        (0.9, 0.9, 0.6, 0.0, 0.64),
        (0.9, 0.9, 0.6, 0.4, 0.6),
        (0.9, 0.9, 0.6, 0.41, None),
        (0.8, 0.9, 0.1, 0.7, 0.3),
        (0.9, 0.8, 0.8, 0.1, 0.84),
    ],
)
def test_two_sided_ratification(
    d1: float, d2: float, c1: float, c2: float, share: float | None
) -> None:
    game = {
        "rounds": 3,
        STEPS: 1001,
        "claimant.leader.discount_factor": d1,
        "holder.leader.discount_factor": d2,
        **SP,
        **veto("claimant", c1),
        **veto("holder", c2),
    }
    world = TalksModel(pie(game), "divide", worlds=1).run().columns
    if share is None:
        assert world["round_signed"][0] == -1
        return
    x2 = 1 - max(c1, d1 * share)
    assert share == pytest.approx(1 - max(c2, d2 * x2), abs=5e-7)
    assert world["round_signed"][0] == 0
    error = 1 / 1000 * (1 + d2 / (1 - d1 * d2))
    assert world["value_claimant"][0] == pytest.approx(share, abs=error)


def mixed_public(low: float, high: float, parts: int = 100) -> dict[str, Any]:
    """Return segments whose thresholds are spread evenly: support rises in a line."""
    return {
        str(k): segment(q(1 / parts), low + (high - low) * k / parts) for k in range(1, parts + 1)
    }


def parliament(seats: int, votes: int) -> dict[str, Any]:
    free = {"governing_share": q(0), "discipline": q(0)}
    return {"kind": "parliament", "label": "a house", "seats": seats, "votes_needed": votes, **free}


def voted(low: float, high: float, house: dict[str, Any], caution: float) -> dict[str, Any]:
    """Return a single offer to a side whose house votes as a mixed public would."""
    return {
        "rounds": 2,
        STEPS: 201,
        **both(rule("subgame_perfect", horizon_rounds=1)),
        "holder.public.segments": mixed_public(low, high),
        "holder.ratifiers": {"house": house},
        "claimant.beliefs.caution": caution,
        "holder.beliefs.caution": 0,
    }


@pytest.mark.parametrize(
    ("low", "high", "offer", "chance"),
    [
        (0.2, 1.2, 0.6, 0.4),
        pytest.param(0.1, 0.4, 0.4, 1.0, marks=pytest.mark.nightly),
        pytest.param(0.3, 0.9, 0.65, 0.583333, marks=pytest.mark.nightly),
    ],
)
def test_one_offer_to_an_uncertain_ratifier(
    low: float, high: float, offer: float, chance: float
) -> None:
    """One member, drawn from a public whose thresholds are uniform; caution is chosen to pay."""
    assert offer == pytest.approx(min((1 + low) / 2, high))
    assert chance == pytest.approx((offer - low) / (high - low), abs=5e-7)
    outcomes = []
    for percent in range(2, 101, 2):
        game = voted(low, high, parliament(1, 1), percent / 100 - 1e-9)
        world = TalksModel(pie(game), "divide", worlds=1).run().columns
        passing, gain = float(world["support_holder"][0]), float(world["value_claimant"][0])
        outcomes.append((gain * passing, 1 - gain, passing))
    _, offered, passing = max(outcome for outcome in outcomes if outcome[2] >= 0)
    assert offered == pytest.approx(offer, abs=0.02 * (high - low) + 0.005)
    assert passing == pytest.approx(chance, abs=0.03)


def tail(seats: int, votes: int, yes: Fraction) -> float:
    """Return the chance of enough votes, in exact arithmetic."""
    terms = (comb(seats, k) * yes**k * (1 - yes) ** (seats - k) for k in range(votes, seats + 1))
    return float(sum(terms))


@pytest.mark.parametrize(
    ("seats", "votes", "offer", "chance"),
    [
        (100, 51, "0.6", 0.972901),
        (100, 60, "0.6", 0.543294),
        (100, 67, "0.6", 0.091254),
        (9, 4, "0.3", 0.270341),
        (35, 30, "0.9", 0.868364),
    ],
)
def test_legislators_vote_yes_with_a_chance_equal_to_the_offer(
    seats: int, votes: int, offer: str, chance: float
) -> None:
    """The cheapest offer believed to pass with probability p is that whose tail is p: to 1e-6."""
    assert tail(seats, votes, Fraction(offer)) == pytest.approx(chance, abs=5e-7)
    offers = []
    for caution in (chance - 1e-6, chance + 1e-6):
        game = voted(0, 1, parliament(seats, votes), caution)
        model = TalksModel(pie(game), "divide", worlds=1)
        offers.append(float(model.run().columns["value_holder"][0]))
    assert offers[0] == pytest.approx(float(offer))
    assert offers[1] == pytest.approx(float(offer) + 0.01)


def test_a_house_passes_as_often_as_its_tail_says() -> None:
    """1,024 worlds: three standard errors."""
    game = voted(0, 1, parliament(100, 60), 0.543294 - 1e-6)
    world = TalksModel(pie({**game, "rounds": 3}), "divide", worlds=1024).run().columns
    passed = float((world["rejected_by"] == -1).mean())
    assert passed == pytest.approx(0.543294, abs=3 * (0.543294 * 0.456706 / 1024) ** 0.5)


@pytest.mark.parametrize(("quota", "offer"), [(0.25, 0.25), (0.5, 0.5), (0.51, 0.75)])
def test_support_equal_to_the_quota_is_enough_at_the_table_and_at_the_vote(
    quota: float, offer: float
) -> None:
    """A pie in quarters and four quarters of a public: the cheapest offer meets the quota."""
    vote = {"kind": "referendum", "label": "a vote", "quota": q(quota), "noise": q(0)}
    game = {**voted(0, 1, vote, 0.5), STEPS: 5, "rounds": 3}
    game["holder.public.segments"] = mixed_public(0, 1, parts=4)
    game["holder.ratifiers"] = {"vote": vote}
    world = TalksModel(pie(game), "divide", worlds=1).run().columns
    assert world["value_holder"][0] == offer
    assert world["rejected_by"][0] == -1
    assert world["round_end"][0] > world["round_signed"][0]
