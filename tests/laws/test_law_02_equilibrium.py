"""Law 2, under subgame-perfect play with ratification known: patience, ratifiers, quotas."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.disputes import q
from tests.laws.generator import disputes
from tests.laws.play import LAW, Changes, agreed, play, same
from tests.laws.sides import PATIENCE, eighths
from tests.rules import both, rule

SIDE = st.sampled_from(("claimant", "holder"))


def vote(quota: float) -> Changes:
    return {"kind": "referendum", "label": "a vote", "quota": q(quota), "noise": q(0)}


@LAW
@given(disputes(perfect=True), SIDE, st.sampled_from(PATIENCE))
def test_law_2_more_patience_never_lowers_ones_own_share(
    dispute: Changes, side: str, other: float
) -> None:
    key = f"{side}.leader.discount_factor"
    less, more = sorted((dispute[key], other))
    values = [play({**dispute, key: patience})[f"value_{side}"] for patience in (less, more)]
    assert (np.isnan(values[0]) == np.isnan(values[1])).all()
    assert (values[1] >= values[0])[~np.isnan(values[0])].all()


@LAW
@given(disputes(perfect=True), SIDE)
def test_law_2_a_slack_ratifier_changes_nothing(dispute: Changes, side: str) -> None:
    key = f"{side}.ratifiers"
    more = {**dispute[key], "slack": {**vote(0), "label": "a rubber stamp"}}
    same(play(dispute), play({**dispute, key: more}))


@LAW
@given(disputes(perfect=True))
def test_law_2_an_outside_option_that_does_not_bind_changes_nothing(dispute: Changes) -> None:
    """What the responder gets anyway is the best option that does not bind."""
    world = play(dispute, worlds=1)
    assume(agreed(world)[0])
    side = "holder" if dispute["protocol.first_mover"] == "claimant" else "claimant"
    option = {**rule("subgame_perfect"), "outside_option": q(float(world[f"value_{side}"][0]))}
    same(world, play({**dispute, f"{side}.strategy": option}, worlds=1))


def aligned(dispute: Changes, side: str, thresholds: list[float], quota: float) -> Changes:
    """Return a public that values texts as its government does, and votes."""
    weights = dispute[f"{side}.preferences.weights"]
    share: list[Any] = [q(1 / len(thresholds), "share") for _ in thresholds[1:]] + ["rest"]
    segments = {
        str(place): {
            "label": "a part",
            "share": share[place],
            "weights": weights,
            "threshold": q(least + 0.013),
            "spread": q(0),
        }
        for place, least in enumerate(thresholds)
    }
    return {
        f"{side}.public.segments": segments,
        f"{side}.ratifiers": {"vote": vote(quota)},
        f"{side}.preconditions": {},
    }


def certain(dispute: Changes, side: str) -> Changes:
    """Return a side's weights without uncertainty, so that a public can share them."""
    weights = dispute[f"{side}.preferences.weights"]
    points = {name: q(item.get("value", item.get("low"))) for name, item in weights.items()}
    return {f"{side}.preferences.weights": points}


@LAW
@given(disputes(perfect=True), SIDE, eighths(-1, 3), eighths(0, 2))
def test_law_2_a_binding_ratifier_raises_its_sides_share_and_lowers_the_chance(
    dispute: Changes, side: str, low: float, more: float
) -> None:
    dispute = {**dispute, **certain(dispute, side)}
    mild, stern = (
        play({**dispute, **aligned(dispute, side, [least], 0.5)}) for least in (low, low + more)
    )
    both_sign = agreed(mild) & agreed(stern)
    assert (agreed(stern) <= agreed(mild)).all()
    assert (stern[f"value_{side}"] >= mild[f"value_{side}"])[both_sign].all()


@LAW
@given(disputes(perfect=True), SIDE, st.lists(eighths(-1, 3), min_size=4, max_size=4), st.data())
def test_law_2_a_higher_quota_raises_the_offer(
    dispute: Changes, side: str, thresholds: list[float], data: st.DataObject
) -> None:
    dispute = {**dispute, **certain(dispute, side)}
    quotas = sorted(data.draw(st.lists(st.sampled_from((0.1, 0.3, 0.6, 0.9)), min_size=2)))
    low, high = (
        play({**dispute, **aligned(dispute, side, thresholds, quota)})
        for quota in (quotas[0], quotas[-1])
    )
    both_sign = agreed(low) & agreed(high)
    assert (agreed(high) <= agreed(low)).all()
    assert (high[f"value_{side}"] >= low[f"value_{side}"])[both_sign].all()


@LAW
@given(st.integers(0, 20), st.integers(0, 20), st.sampled_from(PATIENCE))
def test_law_2_two_ratifiers_sum_to_impasse(first: int, second: int, patience: float) -> None:
    """A pie in twentieths: an agreement exists exactly where both vetoes leave a slice."""
    least = {"claimant": first / 20, "holder": second / 20}
    game = {"rounds": 3, "dispute.clauses.administration.grid.steps": 21}
    for side, wanted in least.items():
        game[f"{side}.leader.discount_factor"] = patience
        land = {"label": "all", "share": "rest", "weights": {"territory": q(1)}, "spread": q(0)}
        game[f"{side}.public.segments"] = {"all": {**land, "threshold": q(wanted - 1e-9)}}
        game[f"{side}.ratifiers"] = {"vote": vote(0.5)}
    world = play({**game, **both(rule("subgame_perfect"))}, worlds=1)
    assert agreed(world)[0] == (first + second <= 20)
