"""Law 5: within a stage more levels never shrink the ZOPA; lumps lie inside what is divisible."""

from __future__ import annotations

import copy

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.model import TalksModel
from tests.disputes import q
from tests.laws.generator import disputes
from tests.laws.play import LAW, Changes, model, table
from tests.laws.sides import eighths


def bargains(played: TalksModel) -> list[set[tuple[tuple[str, str], ...]]]:
    """Return for each world what is in the ZOPA of the first stage, as levels of clauses."""
    states = [tuple(sorted(state.levels.items())) for state in played.nodes[0].table.states]
    return [{states[k] for k in np.flatnonzero(row)} for row in table(played).zopa]


def signable(played: TalksModel) -> list[set[tuple[tuple[str, str], ...]]]:
    """Return for each world what both could sign of the first stage, as levels of clauses."""
    states = [tuple(sorted(state.levels.items())) for state in played.nodes[0].table.states]
    return [{states[k] for k in np.flatnonzero(row)} for row in table(played).signable]


@LAW
@given(disputes(stages=1), st.data())
def test_law_5_an_added_level_never_shrinks_the_zopa(dispute: Changes, data: st.DataObject) -> None:
    lines = list(dispute["dispute.clauses"]["line"]["levels"])
    fewer = data.draw(st.lists(st.sampled_from(lines), min_size=1, unique=True))
    assume(len(fewer) < len(lines))
    poorer = copy.deepcopy(dispute)
    poorer["deals.divide.stages"]["first"]["negotiable"]["line"] = fewer
    for few, many in zip(bargains(model(poorer)), bargains(model(dispute)), strict=True):
        assert few <= many


@LAW
@given(disputes(stages=1))
def test_law_5_an_added_wording_takes_nothing_away(dispute: Changes) -> None:
    """What a wording meets or breaches concerns the texts that contain it, and no others."""
    stage = dispute["deals.divide.stages"]["first"]
    richer, poorer = copy.deepcopy(dispute), copy.deepcopy(dispute)
    for each, levels in ((richer, ("plain", "bold")), (poorer, ("plain",))):
        text = copy.deepcopy(stage)
        text["fixed"].pop("word", None)
        text["negotiable"]["word"] = levels
        each["deals.divide.stages"]["first"] = text
    for kept in (bargains, signable):
        for few, many in zip(kept(model(poorer)), kept(model(richer)), strict=True):
            assert few == {text for text in many if ("word", "plain") in text}


@LAW
@given(
    st.lists(st.integers(0, 16), min_size=1, max_size=4, unique=True),
    eighths(0, 1),
    eighths(0, 1),
    eighths(0.125, 2),
)
def test_law_5_a_lumpy_agreement_set_lies_inside_the_divisible_one(
    cuts: list[int], first: float, second: float, taste: float
) -> None:
    """Of a pie in sixteenths, only some cuts: shares in the ZOPA remain shares in the ZOPA."""
    sets = []
    for steps in (sorted(cuts), range(17)):
        levels = {f"{step}": {"label": "a cut", "allocation": {"pie": step / 16}} for step in steps}
        clause = {"label": "a line", "kind": "administration", "levels": levels}
        points = {"claimant.reservation.dialogue": first, "holder.reservation.dialogue": second}
        game = {"dispute.clauses.administration": clause, **points}
        game["claimant.preferences.weights.territory"] = q(taste)
        sets.append(bargains(model(game, worlds=1))[0])
    assert sets[0] <= sets[1]
