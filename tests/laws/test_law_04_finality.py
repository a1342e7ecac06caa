"""Law 4: finality on a half pleases who gains from closure, and displeases who wants more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.disputes import q
from tests.laws.generator import disputes
from tests.laws.play import LAW, Changes, model, table
from tests.laws.sides import eighths


def part_for_the_claimant(dispute: Changes, wish: float, spread: float) -> Changes:
    """Return a text that gives a half, its titles open (package 0) or fixed (package 1)."""
    names = list(dispute["dispute.objects"])
    line = {"label": "half", "allocation": dict.fromkeys(names, "joint")}
    clause = {"label": "a line", "kind": "administration", "levels": {"half": line}}
    unhappy = {
        "label": "all",
        "share": "rest",
        "weights": {"closure": q(-wish), "territory": q(1)},
        "threshold": q(0.25),
        "spread": q(spread),
    }
    # Whoever votes on one of the two texts alone may pass the other and not this one.
    voters = {
        name: {field: value for field, value in item.items() if field != "votes_on"}
        for name, item in dispute["claimant.ratifiers"].items()
    }
    return {
        **dispute,
        "claimant.ratifiers": voters,
        "dispute.clauses": {**dispute["dispute.clauses"], "line": clause},
        "deals.divide.stages": {
            "only": {"label": "only", "fixed": {"line": "half"}, "negotiable": {"title": _TITLES}}
        },
        "claimant.public.segments": {"all": unhappy},
        "claimant.preconditions": {},
        "holder.preconditions": {},
    }


_TITLES = ("open", "shared")


@LAW
@given(disputes(), st.sampled_from((0, 1)), eighths(0.125, 2), eighths(0.125, 2), eighths(0.25, 1))
def test_law_4_finality_raises_acceptance_by_who_gains_and_lowers_that_of_who_wants_more(
    dispute: Changes, side: int, gain: float, wish: float, spread: float
) -> None:
    role = ("claimant", "holder")[side]
    gaining = {f"{role}.preferences.weights.closure": q(gain)}
    # What else titles move (standing, precedent, closure-bound preconditions) is switched off.
    for feature in ("standing", "precedent"):
        gaining[f"{role}.preferences.weights.{feature}"] = q(0)
    played = model(part_for_the_claimant({**dispute, **gaining}, wish, spread))
    talk = table(played)
    ambiguous, final = talk.open_value(side).T
    assert (final > ambiguous).all()
    # Worth signing stays worth signing when closed; the reverse, ambiguity, can lose it.
    least = talk.reservation(side)
    assert ((ambiguous >= least) <= (final >= least)).all()
    before, after = talk.support(0).T
    assert (after < before).all()
    assert (talk.win_set(0)[:, 1] <= talk.win_set(0)[:, 0]).all()
