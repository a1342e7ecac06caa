"""Laws of who votes on what: whoever does not vote on a text is not there for it."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.disputes import pie, q
from tests.laws.generator import disputes
from tests.laws.play import LAW, SIDES, Changes, mirrored, model, play, same, table
from tests.laws.test_law_10_symmetry import SHARED

SIDE = st.sampled_from(SIDES)
LAGS: Changes = {
    "protocol.ratification_years": {"1": q(0.5, "probability"), "2": q(0.5, "probability")},
    "protocol.effect_years": {"0": q(0.5, "probability"), "0.5": q(0.5, "probability")},
}
"""What is voted on takes longer."""


def on(texts: list[Changes]) -> Changes:
    return {"votes_on": {"texts": texts, "assumption": "test"}}


def voters(dispute: Changes, side: str, texts: list[Changes] | None) -> Changes:
    """Return a dispute in which all ratifiers of a side vote on the same texts."""
    key = f"{side}.ratifiers"
    named = {} if texts is None else on(texts)
    strict = {"kind": "referendum", "label": "passes next to nothing", "quota": q(1), "noise": q(0)}
    items = {**dispute[key], "strict": strict}
    plain = {
        name: {field: value for field, value in item.items() if field != "votes_on"}
        for name, item in items.items()
    }
    return {**dispute, **LAGS, key: {name: {**item, **named} for name, item in plain.items()}}


@LAW
@given(disputes(), SIDE)
def test_a_ratifier_that_votes_on_nothing_is_no_ratifier(dispute: Changes, side: str) -> None:
    key = f"{side}.ratifiers"
    silent, absent = voters(dispute, side, []), {**dispute, **LAGS, key: {}}
    one, two = play(silent), play(absent)
    same(one, two, tuple(name for name in one if name != "rejected_by"))
    np.testing.assert_array_equal(one["rejected_by"] < 0, two["rejected_by"] < 0)


@LAW
@given(disputes(), SIDE)
def test_to_vote_on_every_text_is_what_goes_without_saying(dispute: Changes, side: str) -> None:
    same(play(voters(dispute, side, [{}])), play(voters(dispute, side, None)))


@LAW
@given(disputes(), SIDE, st.sampled_from(({"closed": True}, {"frame": ("treaty",)})))
def test_who_votes_on_fewer_texts_passes_the_others_for_sure(
    dispute: Changes, side: str, condition: Changes
) -> None:
    place = SIDES.index(side)
    wide, narrow = (model(voters(dispute, side, texts)) for texts in ([{}], [condition]))
    votes = wide.nodes[0].table.where((condition,), alone=True)
    before, after = (table(played).win_set(place) for played in (wide, narrow))
    assert after[:, ~votes].all()
    np.testing.assert_array_equal(after[:, votes], before[:, votes])
    for party in narrow.parties:
        believed = table(narrow).believed_win_set(place, party.role.position)
        assert believed[:, ~votes].all()


@LAW
@given(disputes())
def test_worlds_mirror_where_some_texts_take_effect_without_a_vote(dispute: Changes) -> None:
    scenario = pie({**dispute, **LAGS})
    same(play(scenario), play(mirrored(scenario)), SHARED)


@pytest.mark.skipif(find_spec("numba") is None, reason="the compiled engine needs numba")
@LAW
@given(disputes(), SIDE, st.sampled_from(({"closed": True}, {"territorial": True})))
def test_both_engines_agree_on_who_votes_on_what(
    dispute: Changes, side: str, condition: Changes
) -> None:
    case = voters(dispute, side, [condition])
    same(*(play({**case, "engine": engine}) for engine in ("array", "compiled")))
