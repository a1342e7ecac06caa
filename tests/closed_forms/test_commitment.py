"""Commitment by the general engine: Powell's power shift, staged compliance, who is paid when.

Both sides have a deadline of 0 rounds, so they sign whatever is worth signing to both: that a
text is signed says that one exists, and nothing about how the gain is divided. Ties: sign.
"""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.domain.outcome import OUTCOMES, Outcome
from sim.domain.results import BlockResult
from sim.equations.commitment import perpetuity
from sim.model import TalksModel
from tests.disputes import pie, q

ENDS, COARSE, FINE = 2, 21, 1001  # levels of a share
SATURATION = 1 - math.exp(-1)  # what a flow of one scale is worth, of the interest's full scale
NOW = {"claimant.leader.deadline_rounds": 0, "holder.leader.deadline_rounds": 0}


def play(changes: dict[str, Any], rounds: int = 12) -> BlockResult:
    scenario = pie({**NOW, **changes, "rounds": rounds})
    return TalksModel(scenario, "staged", worlds=1).run()


def outcome(changes: dict[str, Any]) -> Outcome:
    return OUTCOMES[int(play(changes).columns["outcome"][0])]


# -- power shift (Powell 2006) -----------------------------------------------------------------


def share_of(name: str, steps: int) -> dict[str, Any]:
    grid = {"object": name, "steps": steps}
    return {"label": name, "kind": "administration", "grid": grid}


def powell(
    discount: float,
    now: float,
    following: float,
    cost: float,
    expected: float | None = 1.0,
    steps: tuple[int, int] = (ENDS, FINE),
) -> dict[str, Any]:
    """A unit of pie a round for ever; the holder's power rises from `now` to `following`.

    Per unit of the pie of all rounds: this round's share is 1 - d, all later ones are worth 1 when
    they begin. Fighting destroys the share `cost`. The declining side (claimant) makes all later
    offers, as in Powell, where `expected` is 1. The best text now gives it all of this round, which
    is on the grid; what it expects later falls short by less than one step, which moves the
    threshold down by less than 1 / (steps[1] - 1) / (1 - c).
    """
    side: dict[str, Any] = {}
    for role, power in (("claimant", 1 - now), ("holder", now)):
        side[f"{role}.preferences.weights"] = {"territory": q(2 - discount)}
        side[f"{role}.leader.discount_factor"] = discount
        side[f"{role}.reservation.entrenchment.initial"] = power * (1 - cost)
        side[f"{role}.commitment.leverage"] = q((following - now) * (1 - cost))
        if expected is not None:
            share = expected if role == "claimant" else 1 - expected
            side[f"{role}.beliefs.expected_share"] = q(share, "share")
    part = {
        "label": "a part of the pie",
        "area": q(1, "pies"),
        "controller": "none",
        "divisible": True,
    }
    values = {"this_round": 1 - discount, "later": 1.0}
    objects = {
        name: {**part, "value": {"claimant": q(value), "holder": q(value)}}
        for name, value in values.items()
    }
    power = {
        "before": {"label": "as it was"},
        "after": {
            "label": "shifted",
            "leverage": {"claimant": -1, "holder": 1},
            "assumption": "test",
        },
    }
    title = {"left": "open", "shared": "joint"}
    stages = {
        "now": {
            "label": "this round",
            "fixed": {"power": "after"},
            "negotiable": {"this_round": "all"},
        },
        "ever": {
            "label": "all later ones",
            "fixed": {"title": "shared"},
            "negotiable": {"later": "all"},
        },
    }
    return {
        **side,
        "dispute.objects": objects,
        "dispute.clauses.administration": share_of("this_round", steps[0]),
        "dispute.clauses.this_round": share_of("this_round", steps[0]),
        "dispute.clauses.later": share_of("later", steps[1]),
        "dispute.clauses.power": {"label": "power", "baseline": "before", "levels": power},
        "dispute.clauses.title": {
            "label": "title",
            "kind": "title",
            "baseline": "left",
            "levels": {
                name: {"label": name, "allocation": dict.fromkeys(values, level)}
                for name, level in title.items()
            },
        },
        "protocol.ratification_years": {"1": q(1, "probability")},
        "deals": {
            "staged": {"name": "staged", "label": "staged", "assumption": "test", "stages": stages}
        },
    }


def powell_threshold(discount: float, now: float, cost: float) -> float:
    return (cost + now * (1 - cost)) / (discount * (1 - cost))


@pytest.mark.parametrize(
    ("discount", "now", "cost", "threshold"),
    [
        (0.9, 0.3, 0.2, 0.611111),
        (0.8, 0.1, 0.3, 0.660714),
        (0.95, 0.45, 0.12, 0.617225),
    ],
)
def test_power_shift_breaks_the_peace_where_powell_says(
    discount: float, now: float, cost: float, threshold: float
) -> None:
    assert powell_threshold(discount, now, cost) == pytest.approx(threshold, abs=5e-7)
    grid_error = 1 / (FINE - 1) / (1 - cost)
    below, above = threshold - grid_error - 1e-5, threshold + 1e-5
    assert outcome(powell(discount, now, below, cost)) is Outcome.settled
    assert outcome(powell(discount, now, above, cost)) is Outcome.no_bargain


def test_a_side_that_will_share_the_gain_later_breaks_earlier() -> None:
    # With Nash's solution later, the declining side gets half of what fighting would destroy:
    # 1 - d + d ((1 - p1)(1 - c) + c / 2) >= (1 - p0)(1 - c), so p1 <= threshold - c / (2 (1 - c)).
    threshold = powell_threshold(0.9, 0.3, 0.2) - 0.2 / (2 * 0.8)
    assert threshold == pytest.approx(0.486111, abs=5e-7)
    assert outcome(powell(0.9, 0.3, threshold - 0.002, 0.2, None)) is Outcome.settled
    assert outcome(powell(0.9, 0.3, threshold + 0.002, 0.2, None)) is Outcome.no_bargain


@settings(max_examples=20)
@given(
    discount=st.floats(0.7, 0.97),
    now=st.floats(0.05, 0.4),
    cost=st.floats(0.05, 0.35),
    share=st.sampled_from([None, 1.0]),
)
def test_law_6_a_large_shift_makes_stage_one_unsignable_though_both_would_gain(
    discount: float, now: float, cost: float, share: float | None
) -> None:
    breaking = powell_threshold(discount, now, cost)
    # The pie is 1 and fighting is worth 1 - cost to both together: both could gain either way.
    steady = outcome(powell(discount, now, now, cost, share, (COARSE, COARSE)))
    shifting = outcome(powell(discount, now, breaking + 0.01, cost, share, (COARSE, COARSE)))
    assert (steady, shifting) == (Outcome.settled, Outcome.no_bargain)


# -- staged compliance (Fearon 1998) -----------------------------------------------------------


def compliance(
    burden: float, second: float, yearly: float, discount: float, sweetener: float = 0.6
) -> dict[str, Any]:
    """The holder is paid a sweetener up front, then is to give what is worth `burden` to it.

    For complying it gets `second`, and `yearly` for ever from the year after entry into force.
    """
    text = {
        "label": "gives, and goes on working together",
        "effects": {"claimant": {"stake": 1}, "holder": {"stake": second - burden}},
        "yearly": {"holder": {"stake": yearly}},
        "assumption": "test",
    }
    return {
        "dispute.interests": {"stake": "what is at stake"},
        "dispute.clauses.text": {
            "label": "text",
            "baseline": "none",
            "levels": {"none": {"label": "none"}, "kept": text},
        },
        "dispute.clauses.money": money("front"),
        "dispute.clauses.when": schedule(3),
        "claimant.preferences.weights": {"stake": q(1)},
        "holder.preferences.weights": {"stake": q(1), "economy": q(sweetener / SATURATION)},
        "holder.leader.discount_factor": discount,
        "deals": one_stage({"text": "kept", "money": "paid", "when": "later", "title": "shared"}),
    }


def money(profile: str, flow: float = 1.0) -> dict[str, Any]:
    amount = {"value": flow, "unit": "thousand million USD a year", "assumption": "test"}
    paid = {"label": "paid", "flow": amount, "payer": "claimant", "profile": profile}
    levels = {"none": {"label": "none"}, "paid": paid}
    return {"label": "money", "kind": "economy", "baseline": "none", "levels": levels}


def schedule(years: int) -> dict[str, Any]:
    later = {"label": "later", "years": q(years, "years")}
    return {"label": "when", "kind": "schedule", "levels": {"later": later}}


def one_stage(fixed: dict[str, str]) -> dict[str, Any]:
    stages = {"only": {"label": "all of it", "fixed": fixed}}
    return {"staged": {"name": "staged", "label": "staged", "assumption": "test", "stages": stages}}


@pytest.mark.parametrize(
    ("burden", "yearly", "discount", "least"),
    [
        (0.5, 0.02, 0.8, 0.42),
        (0.5, 0.02, 0.9, 0.32),
        (0.5, 0.02, 0.95, 0.12),
        (0.7, 0.05, 0.85, 0.416667),
        (0.35, 0.01, 0.93, 0.217143),
    ],
)
def test_a_side_complies_while_what_is_left_outweighs_what_it_would_keep(
    burden: float, yearly: float, discount: float, least: float
) -> None:
    assert burden - perpetuity(discount) * yearly == pytest.approx(least, abs=5e-7)
    assert outcome(compliance(burden, least + 1e-5, yearly, discount)) is Outcome.settled
    assert outcome(compliance(burden, least - 1e-5, yearly, discount)) is Outcome.reneged


def test_what_was_paid_up_front_binds_nobody() -> None:
    short = compliance(0.5, 0.30, 0.02, 0.9, sweetener=0.6)
    rich = compliance(0.5, 0.30, 0.02, 0.9, sweetener=6.0)
    assert outcome(short) is Outcome.reneged
    assert outcome(rich) is Outcome.reneged
    kept = {**short, "holder.commitment.reputation": 0.02 + 1e-5}
    assert outcome(kept) is Outcome.settled


# -- law 6: who is paid when -------------------------------------------------------------------


def paid_in_turn(profile: str, side: str, stake: float, growth: float) -> dict[str, Any]:
    """The claimant pays 1 for a stake worth 2 to it; the public of `side` grows angry meanwhile."""
    angry = {
        f"{side}.leader.approval_weight": 1,
        f"{side}.public.backlash.growth": growth,
        f"{side}.public.backlash.half_life_years": 100,
    }
    effects = {
        "claimant": {"stake": 2, "recognition": -1},
        "holder": {"stake": -stake, "recognition": -1},
    }
    text = {"label": "gives", "effects": effects, "assumption": "test"}
    levels = {"none": {"label": "none"}, "kept": text}
    return {
        **angry,
        "dispute.interests": {"stake": "what is at stake"},
        "dispute.clauses.text": {"label": "text", "baseline": "none", "levels": levels},
        "dispute.clauses.money": money(profile),
        "dispute.clauses.when": schedule(4),
        "claimant.preferences.weights": {"stake": q(1), "payment": q(1)},
        "holder.preferences.weights": {"stake": q(1), "economy": q(1 / SATURATION)},
        "claimant.leader.discount_factor": 1,
        "holder.leader.discount_factor": 1,
        "deals": one_stage({"text": "kept", "money": "paid", "when": "later", "title": "shared"}),
    }


def complies(profile: str, side: str, stake: float, growth: float) -> bool:
    result = play(paid_in_turn(profile, side, stake, growth))
    assert result.columns["walked_back_by"][0] in (-1, 0 if side == "claimant" else 1)
    return OUTCOMES[int(result.columns["outcome"][0])] is Outcome.settled


@settings(max_examples=40)
@given(stake=st.floats(0, 0.95), growth=st.floats(0, 1))
def test_law_6_back_loading_raises_the_payees_compliance(stake: float, growth: float) -> None:
    front, even, back = (complies(p, "holder", stake, growth) for p in ("front", "even", "back"))
    assert front <= even <= back


@settings(max_examples=40)
@given(growth=st.floats(0, 1.5))
def test_law_6_back_loading_lowers_the_payers_compliance(growth: float) -> None:
    front, even, back = (complies(p, "claimant", 0.0, growth) for p in ("front", "even", "back"))
    assert front >= even >= back


@pytest.mark.parametrize(
    ("side", "stake", "growth", "kept"),
    [("holder", 0.5, 0.0, (False, True, True)), ("claimant", 0.0, 0.4, (True, True, False))],
)
def test_when_money_flows_decides(
    side: str, stake: float, growth: float, kept: tuple[bool, bool, bool]
) -> None:
    assert tuple(complies(p, side, stake, growth) for p in ("front", "even", "back")) == kept
