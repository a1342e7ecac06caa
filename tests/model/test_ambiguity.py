"""Ambiguity has its price: readings of a text in force collide, and both sides foresee it.

Tests `sim.domain.wording`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.domain.outcome import OUTCOMES, Answer, Outcome
from sim.model import TalksModel
from tests.disputes import ENGINES, pie, q

WORLDS = 1024
YEARS = 4


def texts(ambiguity: Any, years: float = YEARS, **more: Any) -> dict[str, Any]:
    """Return the pie in halves, by wordings plain and open to two readings, over some years."""
    stage = {
        "label": "x",
        "fixed": {"administration": "half", "when": "later", "wording": "open", "title": "shared"},
    }
    return {
        "dispute.clauses.administration": {
            "label": "a line",
            "kind": "administration",
            "levels": {"half": {"label": "half", "allocation": {"pie": "joint"}}},
        },
        "dispute.clauses.wording.levels.open": {
            "label": "open",
            "relief": 0.1,
            "assumption": "test",
            **({} if ambiguity is None else {"ambiguity": ambiguity}),
        },
        "dispute.clauses.when": {
            "label": "when",
            "kind": "schedule",
            "levels": {"later": {"label": "later", "years": q(years, "years")}},
        },
        "deals.divide.stages": {"pie": stage},
        "dispute.objects.pie.controller": "holder",
        "holder.preferences.weights": {"closure": q(1), "territory": q(0.5)},
        "protocol.round_years": 0.25,
        "rounds": 40,
        **more,
    }


def reneged(changes: dict[str, Any], **how: Any) -> np.ndarray:
    columns = TalksModel(pie(changes), "divide", worlds=WORLDS, **how).run().columns
    assert (columns["round_signed"] >= 0).all()
    return np.asarray(columns["outcome"] == OUTCOMES.index(Outcome.reneged))


@pytest.mark.parametrize("a", [0.02, 0.1, 0.3])
def test_texts_are_lost_as_often_as_the_hazard_says(a: float) -> None:
    """A text is lost, before talks resume, with 1 - (1 - a)^years."""
    found = reneged(texts(q(a), **{"rounds": 1 + 1 + 4 * YEARS, "protocol.resume_rounds": 40}))
    expected = 1 - (1 - a) ** YEARS
    assert abs(found.mean() - expected) <= 4 * np.sqrt(expected * (1 - expected) / WORLDS)


def test_what_is_plain_or_done_at_once_is_never_lost() -> None:
    assert not reneged(texts(None)).any()
    assert not reneged(texts(q(0))).any()
    assert not reneged(texts(q(0.5), years=0)).any()


def test_who_is_more_ambiguous_loses_more_of_the_same_worlds() -> None:
    one = {"rounds": 18, "protocol.resume_rounds": 40}
    less, more = reneged(texts(q(0.05), **one)), reneged(texts(q(0.2), **one))
    assert (less <= more).all()
    assert less.sum() < more.sum()


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize(("walk", "a"), [(0.0, 0.1), (0.1, 0.0), (0.1, 0.2)])
def test_both_sides_foresee_it_as_they_do_a_walk_back(side: int, walk: float, a: float) -> None:
    r"""V = U (1 - h)^T (1 - a)^T where nothing stays done: both must not happen."""
    role = ("claimant", "holder")[side]
    plain = TalksModel(pie(texts(None)), "divide", worlds=1)
    model = TalksModel(
        pie(texts(q(a), **{f"{role}.beliefs.walk_back_year": q(walk)})), "divide", worlds=1
    )
    value, sure = (each.parties[side].government.package_values[0] for each in (model, plain))
    assert value.keep_probability == pytest.approx(((1 - walk) * (1 - a)) ** YEARS)
    assert value.static_value == pytest.approx(sure.static_value * ((1 - walk) * (1 - a)) ** YEARS)


def test_nobody_is_named_as_the_one_who_walked_back() -> None:
    changes = texts(q(0.9), **{"rounds": 18, "protocol.resume_rounds": 40})
    model = TalksModel(pie(changes), "divide", worlds=1, record=True)
    columns = model.run().columns
    assert columns["walked_back_by"][0] == -1
    (line,) = [line for line in model.record or [] if line["answer"] is Answer.walked_back]
    assert "side" not in line


@pytest.mark.parametrize("engine", ENGINES)
def test_engines_agree_on_ambiguous_texts(engine: str) -> None:
    changes = {**texts(q(0.2)), "engine": "array"}
    one = TalksModel(pie(changes), "divide", worlds=64).run().columns
    two = TalksModel(pie({**changes, "engine": engine}), "divide", worlds=64).run().columns
    for name, column in one.items():
        np.testing.assert_array_equal(column, two[name], err_msg=name)
