"""Law 1: nothing is signed below a reservation value; empty and disjoint sets never settle."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.outcome import OUTCOMES, Outcome
from tests.disputes import ENGINES, q
from tests.laws.generator import disputes
from tests.laws.play import LAW, Changes, agreed, model, play, table
from tests.laws.sides import eighths


@LAW
@given(disputes())
def test_law_1_no_signed_package_is_worth_less_than_never_signing(dispute: Changes) -> None:
    world = play(dispute)
    signed = agreed(world)
    for side in ("claimant", "holder"):
        assert (world[f"value_{side}"] >= world[f"reservation_{side}"])[signed].all()


@LAW
@given(disputes(stages=1), st.sampled_from(("claimant", "holder")), eighths(0.125, 2))
def test_law_1_an_empty_zopa_never_settles(dispute: Changes, side: str, beyond: float) -> None:
    """The best package for a side is made worth less to it than never signing."""
    before = model(dispute)
    own = 0 if side == "claimant" else 1
    best = max(float(table(before).open_value(own).max()), 0) + beyond
    high = {f"{side}.reservation.dialogue": best + 4}
    world = play({**dispute, **high})
    assert {OUTCOMES[code] for code in world["outcome"]} == {Outcome.no_bargain}
    assert not agreed(world).any()


def _demanding(side: str, least: float) -> Changes:
    everybody = {"label": "all", "share": "rest", "weights": {"territory": q(1)}}
    segment = {**everybody, "threshold": q(least), "spread": q(0)}
    vote = {"kind": "referendum", "label": "a vote", "quota": q(0.5), "noise": q(0)}
    return {
        f"{side}.public.segments": {"all": segment},
        f"{side}.ratifiers": {"vote": vote},
        f"{side}.beliefs.caution": 0.5,
    }


@LAW
@given(st.data(), eighths(0, 1), eighths(0.125, 1))
def test_law_1_disjoint_win_sets_never_settle(
    data: st.DataObject, first: float, more: float
) -> None:
    """Each public wants so much of one unowned object that together they want more than all."""
    dispute = data.draw(disputes(stages=1))
    names = dispute["dispute.objects"]
    for item in names.values():
        item |= {"controller": "none", "value": {"claimant": q(1), "holder": q(1)}}
    demands = _demanding("claimant", first) | _demanding("holder", 1 - first + more)
    world = play({**dispute, **demands})
    settled = {OUTCOMES[code] for code in world["outcome"]}
    assert not settled & {Outcome.settled, Outcome.interim, Outcome.reneged}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("terms", [(0.1, 0.2), (0.7, -0.4), (0.15, 0.15)])
def test_law_1_a_text_worth_as_much_as_never_signing_in_decimals_is_signed(
    engine: str, terms: tuple[float, float]
) -> None:
    dialogue, entrenched = terms
    columns = play(
        {
            "engine": engine,
            "claimant.reservation.dialogue": dialogue,
            "claimant.reservation.entrenchment.initial": entrenched,
            "holder.reservation.dialogue": 0.7,
        }
    )
    assert agreed(columns).all()
    np.testing.assert_array_equal(columns["zopa_margin"], 0.0)
