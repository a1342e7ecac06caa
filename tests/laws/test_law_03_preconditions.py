"""Law 3: a firmer precondition never enlarges what can be signed."""

from __future__ import annotations

import copy

from hypothesis import assume, given
from hypothesis import strategies as st

from sim.domain.outcome import OUTCOMES, Outcome
from tests.disputes import q
from tests.laws.generator import STANCES, disputes
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


def spoken(dispute: Changes, kind: str, side: str, degree: float) -> Changes:
    """Return the dispute with one wording that meets or breaches a side's preconditions so far."""
    result = copy.deepcopy(dispute)
    for level in result["dispute.clauses"]["word"]["levels"].values():
        level.pop(kind, None)
    bold = result["dispute.clauses"]["word"]["levels"]["bold"]
    bold[kind] = {side: dict.fromkeys(STANCES, q(degree, "share"))}
    stage = result["deals.divide.stages"]["first"]
    stage["fixed"].pop("word", None)
    stage["negotiable"]["word"] = ("plain", "bold")
    return result


@LAW
@given(disputes(stages=1), SIDE, eighths(0, 1), eighths(0, 1))
def test_law_3_what_is_met_further_enlarges_the_signable_set_and_what_is_breached_shrinks_it(
    dispute: Changes, side: str, one: float, two: float
) -> None:
    less, more = sorted((one, two))
    met = [table(model(spoken(dispute, "meets", side, each))).signable for each in (less, more)]
    assert (met[0] <= met[1]).all()
    hurt = [table(model(spoken(dispute, "breaches", side, each))).signable for each in (less, more)]
    assert (hurt[1] <= hurt[0]).all()
