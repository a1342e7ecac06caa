"""Law 7: entrenchment never enlarges the ZOPA; a leader's removal hazard acts like impatience.

"All else off" takes in foresight: the first law is held within one stage. Where a later stage is
foreseen, a higher value of never signing *that* stage can move its (lumpy) Nash text towards the
side by more than it raised that value, so that the stage before becomes worth more to it.
"""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.equations.processes import hazard_probability
from tests.disputes import q
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
