"""Law 7: entrenchment never enlarges the ZOPA; a leader's removal hazard acts like impatience.

"All else off" takes in foresight: the first law is held within one stage. Where a later stage is
foreseen, a higher value of never signing *that* stage can move its (lumpy) Nash text towards the
side by more than it raised that value, so that the stage before becomes worth more to it.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.equations.processes import hazard_probability
from tests.disputes import ENGINES, q
from tests.laws.generator import disputes
from tests.laws.play import LAW, Changes, model, play, same, table
from tests.laws.sides import eighths
from tests.rules import rule

SIDE = st.sampled_from(("claimant", "holder"))


@LAW
@given(disputes(stages=1), SIDE, eighths(0.125, 1), st.sampled_from(("initial", "gain")))
def test_law_7_larger_entrenchment_never_enlarges_the_zopa_in_any_round(
    dispute: Changes, side: str, more: float, term: str
) -> None:
    key = f"{side}.reservation.entrenchment.{term}"
    harder = {**dispute, key: dispute.get(key, 0.0) + more}
    calm, hard = model(dispute), model(harder)
    while calm.running and hard.running:
        assert (table(hard).zopa <= table(calm).zopa).all()
        calm.step()
        hard.step()


FADING = {"environment.fading": {"enabled": True}}
NOTHING_ENDS = {"states": [{"closed": True, "claimant_area": {"below": 0}}], "assumption": "test"}


@LAW
@given(disputes(), SIDE, eighths(0.125, 4))
def test_law_7_an_urgency_that_no_text_on_the_table_ends_changes_nothing(
    dispute: Changes, side: str, growth: float
) -> None:
    urgency = {"initial": q(1), "growth": q(growth), "ended_by": NOTHING_ENDS}
    calm = {"initial": q(0), "growth": q(0)}
    key = f"{side}.reservation.urgency"
    same(play({**dispute, **FADING, key: urgency}), play({**dispute, **FADING, key: calm}))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("fading", [True, False])
def test_law_7_a_text_that_changes_nothing_ends_an_urgency_in_the_first_edition_only(
    engine: str, fading: bool
) -> None:
    asked = [f"{role}.reservation.urgency.initial=50" for role in ("claimant", "holder")]
    asked += ["deals=[status_quo]", "conditioned=false", f"environment.fading.enabled={fading}"]
    asked += ["worlds=16", "rounds=4", f"engine={engine}"]
    worlds = sim.run("second_edition", overrides=asked).worlds
    assert bool((worlds["round_signed"] >= 0).any()) is not fading


def in_office(dispute: Changes, side: str, hazard: float) -> Changes:
    """Return a leader who counts only what is signed in their own term."""
    strategy = {**rule("subgame_perfect"), "office_weight": q(1)}
    removable = {f"{side}.leader.turnover.hazard_year": hazard, f"{side}.strategy": strategy}
    return {**dispute, **removable, "environment.turnover.enabled": True}


@LAW
@given(disputes(perfect=True), SIDE, eighths(0.125, 2))
def test_law_7_a_removal_hazard_acts_like_impatience(
    dispute: Changes, side: str, hazard: float
) -> None:
    key = f"{side}.leader.discount_factor"
    stays = 1 - float(hazard_probability(np.array(hazard), 1.0))
    at_risk = play(in_office(dispute, side, hazard))
    # Which of several packages as near as each other is looked at behind a barrier is left to dust.
    impatient = play({**dispute, key: dispute[key] * stays})
    same(at_risk, impatient, tuple(name for name in at_risk if name != "next_barrier"))
    safe = play(dispute)
    signed = safe["round_signed"] >= 0
    assert (at_risk[f"value_{side}"] <= safe[f"value_{side}"])[signed].all()
