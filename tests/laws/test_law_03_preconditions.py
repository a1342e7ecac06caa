"""Law 3: a firmer precondition never enlarges what can be signed."""

from __future__ import annotations

import copy

from hypothesis import assume, given
from hypothesis import strategies as st

from sim.domain.outcome import OUTCOMES, Outcome
from tests.laws.generator import disputes
from tests.laws.play import LAW, Changes, model, play, table
from tests.laws.sides import eighths

SIDE = st.sampled_from(("claimant", "holder"))


def firmer(dispute: Changes, side: str, more: float) -> Changes:
    """Return the dispute with a side's first precondition firmer by some share of what is left."""
    result = copy.deepcopy(dispute)
    stances = result[f"{side}.preconditions"]
    assume(stances)
    firmness = stances["stance0"]["firmness"]
    firmness["value"] += more * (1 - firmness["value"])
    return result


@LAW
@given(disputes(), SIDE, eighths(0.125, 1))
def test_law_3_a_firmer_precondition_never_enlarges_the_signable_set(
    dispute: Changes, side: str, more: float
) -> None:
    soft, firm = model(dispute), model(firmer(dispute, side, more))
    assert (table(firm).signable <= table(soft).signable).all()


@LAW
@given(disputes(perfect=True), SIDE, eighths(0.125, 1))
def test_law_3_a_firmer_precondition_never_raises_settlement_in_equilibrium(
    dispute: Changes, side: str, more: float
) -> None:
    soft, firm = play(dispute), play(firmer(dispute, side, more))
    settled = OUTCOMES.index(Outcome.settled)
    assert ((firm["outcome"] == settled) <= (soft["outcome"] == settled)).all()
