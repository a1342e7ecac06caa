"""Any dispute of two sides, n objects and clauses of its own is sound, runs and is judged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.domain.checks import faults_of
from sim.domain.outcome import LADDER, OUTCOMES
from sim.io.config import load_scenario
from sim.io.dump import dump_scenario
from sim.model.talks import TalksModel
from tests.disputes import pie, q, uniform
from tests.laws.generator import disputes
from tests.laws.sides import eighths

Changes = dict[str, Any]
HOLDERS = ("claimant", "holder")


@st.composite
def any_dispute(draw: st.DrawFn) -> Changes:
    """Draw objects, and clauses that move interests of the dispute's own, under random sides."""
    changes = draw(disputes())
    names = [f"object{place}" for place in range(draw(st.integers(1, 6)))]
    own = [f"care{place}" for place in range(draw(st.integers(0, 4)))]
    clauses = {**changes["dispute.clauses"], **_allocations(draw, names), **_own(draw, own)}
    stages = changes["deals.divide.stages"]
    first = stages["first"]["negotiable"]
    tabled = {clause: "all" for clause in clauses if clause.startswith("matter")}
    last = stages[list(stages)[-1]]["negotiable"]
    first |= {"line": "all", **tabled}
    first["title"], last["title"] = "all", "all"
    return {
        **changes,
        "dispute.objects": {name: _object(draw) for name in names},
        "dispute.interests": dict.fromkeys(own, "something only they care about"),
        "dispute.clauses": clauses,
        **{
            f"{role}.preferences.weights": {
                **changes[f"{role}.preferences.weights"],
                **{name: uniform(0, draw(eighths(0, 2))) for name in own},
            }
            for role in HOLDERS
        },
    }


def _object(draw: st.DrawFn) -> Changes:
    return {
        "label": "an object",
        "area": q(draw(eighths(0.5, 2))),
        "controller": draw(st.sampled_from((*HOLDERS, "none"))),
        "divisible": True,
        "value": {role: q(draw(st.sampled_from((1, 2, 3)))) for role in HOLDERS},
    }


def _allocations(draw: st.DrawFn, names: list[str]) -> Changes:
    way = st.sampled_from((*HOLDERS, "joint", 0.25))
    lines = {
        f"line{place}": {"label": "a line", "allocation": {name: draw(way) for name in names}}
        for place in range(3)
    }
    titles = {
        title: {"label": title, "allocation": dict.fromkeys(names, given_)}
        for title, given_ in zip(("open", "shared", "mine", "yours"),
                                 ("open", "joint", *HOLDERS), strict=True)
    }  # fmt: skip
    return {
        "line": {"label": "a line", "kind": "administration", "levels": lines},
        "title": {"label": "title", "kind": "title", "baseline": "open", "levels": titles},
    }


def _own(draw: st.DrawFn, interests: list[str]) -> Changes:
    return {
        f"matter{place}": {
            "label": "a matter",
            "baseline": "as_before",
            "levels": {
                "as_before": {"label": "as before"},
                "changed": {
                    "label": "changed",
                    "effects": {role: {name: draw(eighths(-1, 1))} for role in HOLDERS},
                    "assumption": "test",
                    "ladder": draw(st.sampled_from(("functional", "procedural"))),
                },
            },
        }
        for place, name in enumerate(interests)
    }


@settings(max_examples=25)
@given(any_dispute())
def test_it_runs_and_every_world_has_an_end(changes: Changes) -> None:
    scenario = pie(changes)
    # a level may happen to move nothing; that is a fault of the dice, not of the dispute
    assert all("changes nothing" in fault.got for fault in faults_of(scenario))
    columns = TalksModel(scenario, "divide", worlds=8).run().columns
    assert np.isin(columns["outcome"], range(len(OUTCOMES))).all()
    assert np.isin(columns["ladder"], range(len(LADDER))).all()


@settings(max_examples=10)
@given(changes=any_dispute())
def test_it_can_be_written_and_read_again(tmp_path_factory: Any, changes: Changes) -> None:
    scenario = pie(changes)
    if faults_of(scenario):
        return
    folder: Path = tmp_path_factory.mktemp("any")
    (folder / "any.yaml").write_text(dump_scenario(scenario))
    assert load_scenario(folder / "any.yaml") == scenario
