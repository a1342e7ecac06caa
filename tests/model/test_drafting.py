"""Drafting: how long texts take to be written, and who leaves before one is ready.

Tests `sim.model.drafting`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.domain.outcome import Answer, Phase
from sim.io.config import load_scenario
from sim.model import TalksModel
from tests.disputes import ENGINES, pie, q
from tests.laws.play import same

WORLDS = 1024
QUARTER = {"protocol.round_years": 0.25, "claimant.leader.deadline_rounds": 2}


def drafting(territorial: float, spread: float = 0.0, functional: float = 0.0) -> dict[str, Any]:
    years = {"territorial_years": q(territorial), "functional_years": q(functional)}
    return {"protocol.drafting": {"enabled": True, "spread": q(spread), **years}}


def columns(changes: dict[str, Any], **how: Any) -> dict[str, np.ndarray]:
    return TalksModel(pie({**QUARTER, **changes}), "divide", worlds=WORLDS, **how).run().columns


def test_what_takes_no_time_changes_nothing() -> None:
    same(columns(drafting(0.0, spread=0.5)), columns({}))


def test_half_of_the_texts_take_the_median_and_their_logarithms_are_normal() -> None:
    agreed = columns({})["round_signed"]
    assert (agreed >= 0).all()
    median, spread = 2.0, 0.5
    longer = {"rounds": 120, **drafting(median, spread)}
    years = (columns(longer)["round_signed"] - agreed) * 0.25
    assert (years >= 0).all()
    share = np.mean(years < median + 1e-9) - 0.5 * np.mean(years == median)
    assert share == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(WORLDS))
    logs = np.log(np.maximum(years, 0.125))
    assert logs.std() == pytest.approx(spread, rel=4 / np.sqrt(2 * WORLDS))


def test_a_text_without_territory_is_drafted_in_a_time_of_its_own() -> None:
    moved, still = (columns(drafting(*pair))["round_signed"] for pair in ((1.0,), (0.0, 0.0, 5.0)))
    assert (moved - columns({})["round_signed"] == 4).all()
    np.testing.assert_array_equal(still, columns({})["round_signed"])


def test_a_side_leaves_a_draft_that_its_position_has_come_to_forbid() -> None:
    bar = {"label": "no", "blocks": [{"frame": "none"}], "firmness": q(1.0), "penalty": q(0.0)}
    late = {"holder.preconditions": {"late": {**bar, "from_round": 3}}}
    played = TalksModel(pie({**QUARTER, **late, **drafting(1.0)}), "divide", worlds=8, record=True)
    found = played.run().columns
    assert (found["round_signed"] < 0).all()
    left = [line for line in played.record or [] if line["answer"] is Answer.left_draft]
    assert {line["round"] for line in left} == {3}
    assert len(left) == 8


def test_a_draft_is_no_text_yet() -> None:
    played = TalksModel(pie({**QUARTER, **drafting(1.0)}), "divide", worlds=8)
    for _ in range(2):
        played.step()
    assert played.states.in_phase(Phase.DRAFTING).all()
    assert (played.states.round_signed < 0).all()
    for _ in range(4):
        played.step()
    assert (played.states.round_signed == 1 + 4).all()


def test_engines_agree_where_texts_are_drafted() -> None:
    point = "{{value: {}, unit: years, assumption: test}}".format
    values = ", ".join(
        f"{name}: {point(value)}"
        for name, value in (("territorial_years", 1.5), ("functional_years", 0.3), ("spread", 0.6))
    )
    on = [f"protocol.drafting={{enabled: true, {values}}}", "dependence=declared"]
    scenario = load_scenario("singapore_2018", on)
    cases = [scenario.model_copy(update={"engine": engine}) for engine in ENGINES]
    played = [TalksModel(case, "functional_ladder", worlds=96).run().columns for case in cases]
    assert (played[0]["round_signed"] > 0).any()
    for one in played[1:]:
        same(played[0], one)
