"""Degrees of wording: what levels meet, breach and leave to two readings, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.domain.checks import faults_of
from sim.domain.interest import Role
from sim.domain.package import PackageTable, tabulate
from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario
from sim.domain.wording import (
    blocked_unaided,
    collision_year,
    largest,
    presence,
    readings,
    spoken,
)
from sim.quantities import Floats
from tests.disputes import pie, q

LEVELS = "dispute.clauses.wording.levels"
LINE = {
    "label": "a line",
    "kind": "administration",
    "levels": {
        "none": {"label": "none", "allocation": {"pie": "holder"}},
        "half": {"label": "half", "allocation": {"pie": "joint"}},
        "all": {"label": "all", "allocation": {"pie": "claimant"}},
    },
}


def half(name: str, kind: str, value: float, side: str = "holder") -> dict[str, Any]:
    """Return a level that meets or breaches a position `firm` of a side."""
    return {"label": name, kind: {side: {"firm": q(value, "share")}}, "assumption": "test"}


def tabled(changes: dict[str, Any], levels: tuple[str, ...]) -> tuple[Scenario, PackageTable]:
    """Return the pie with what `wording` says negotiable, all to the claimant."""
    stage = {"label": "x", "fixed": {"administration": "all"}, "negotiable": {"wording": levels}}
    stance = {
        "label": "a stance",
        "blocks": [{"claimant_area": {"at_least": 0.5}}],
        "firmness": q(1, "share"),
        "penalty": q(0),
    }
    base = {
        "dispute.clauses.administration": LINE,
        "holder.preconditions": {"firm": stance},
        "deals.divide.stages": {"pie": stage},
    }
    case = pie(base | changes)
    return case, tabulate(case.dispute, case.deals["divide"].stages["pie"], "divide")


def points(quantity: Quantity) -> Floats:
    return np.array([quantity.point])


def test_the_best_wording_counts_and_the_worst_breach() -> None:
    levels = {
        f"{LEVELS}.some": half("some", "meets", 0.25),
        f"{LEVELS}.more": half("more", "meets", 0.5),
        "dispute.clauses.form.levels.treaty": {
            "frame": "treaty",
            **half("treaty", "meets", 0.375),
        },
    }
    case, table = tabled(levels, ("silent", "some", "more"))
    said = spoken(table, case.dispute)
    assert [level for _, level, _ in said] == ["more", "some"]  # the treaty is in no package
    both = said, presence(table, said)
    found = largest("meets", "firm", Role.HOLDER, both, points)
    assert found.tolist() == [[0.0, 0.25, 0.5]]
    stage = (
        case.deals["divide"]
        .stages["pie"]
        .model_copy(
            update={"negotiable": {"wording": ("silent", "some", "more"), "form": ("treaty",)}}
        )
    )
    table = tabulate(case.dispute, stage, "divide")
    said = spoken(table, case.dispute)
    found = largest("meets", "firm", Role.HOLDER, (said, presence(table, said)), points)
    assert found.tolist() == [[0.375, 0.375, 0.5]]
    assert largest("meets", "firm", Role.CLAIMANT, (said, presence(table, said)), points) == 0


def test_what_is_blocked_without_the_help_of_a_half_breach_is_breached_wholly() -> None:
    """Half of the pie, run together, half breaches what the whole of it breaches wholly."""
    joint = {"label": "run together", "allocation": {"pie": "joint"}}
    alone = {**joint, **half("run together", "breaches", 0.5)}
    lines = {
        "kept": {"label": "kept"},
        "together": alone,
        "all": {"label": "all", "allocation": {"pie": "claimant"}},
    }
    changes = {
        "dispute.clauses.administration": {
            "label": "a line",
            "kind": "administration",
            "levels": lines,
        },
        "deals.divide.stages": {"pie": {"label": "x", "negotiable": {"administration": "all"}}},
    }
    stance = {
        "firm": {
            "label": "x",
            "blocks": [{"claimant_area": {"at_least": 0.5}}],
            "firmness": q(1),
            "penalty": q(0),
        }
    }
    case = pie({**changes, "holder.preconditions": stance})
    table = tabulate(case.dispute, case.deals["divide"].stages["pie"], "divide")
    firm = case.holder.preconditions["firm"]
    assert table.where(firm.blocks).tolist() == [False, True, True]
    found = blocked_unaided(firm, "firm", Role.HOLDER, table, case.dispute)
    assert found.tolist() == [False, False, True]
    # What an earlier text brought half about is no more whole in the next one.
    later = tabulate(
        case.dispute,
        case.deals["divide"]
        .stages["pie"]
        .model_copy(update={"negotiable": {"wording": ("silent", "explicit")}}),
        "divide",
        table.states[1],
    )
    assert later.where(firm.blocks).tolist() == [True, True]
    assert not blocked_unaided(firm, "firm", Role.HOLDER, later, case.dispute).any()


def test_ambiguities_of_a_text_add_up_as_competing_risks() -> None:
    case, table = tabled(
        {
            f"{LEVELS}.open": {"label": "open", "ambiguity": q(0.25), **half("open", "meets", 0)},
            f"{LEVELS}.plain": half("plain", "meets", 0.5),
            "dispute.clauses.form.levels.line": {
                "label": "line",
                "frame": "delimitation",
                "ambiguity": q(0.5),
            },
        },
        ("plain", "open"),
    )
    pattern, _, said = readings(table, case.dispute)
    assert collision_year(said, points)[:, pattern].tolist() == [[0.0, 0.25]]
    stage = (
        case.deals["divide"]
        .stages["pie"]
        .model_copy(update={"negotiable": {"wording": ("plain", "open"), "form": ("line",)}})
    )
    table = tabulate(case.dispute, stage, "divide")
    pattern, _, said = readings(table, case.dispute)
    assert collision_year(said, points)[:, pattern] == pytest.approx(np.array([[0.5, 0.625]]))


# -- what is refused ---------------------------------------------------------------------------


def faults(changes: dict[str, Any], levels: tuple[str, ...] = ("silent", "some")) -> list[str]:
    return [str(fault) for fault in faults_of(tabled(changes, levels)[0])]


@pytest.mark.parametrize("kind", ["meets", "breaches"])
def test_a_degree_of_a_position_that_nobody_holds_is_refused_with_the_nearest_name(
    kind: str,
) -> None:
    level = {f"{LEVELS}.some": {"label": "some", kind: {"holder": {"frim": q(0.5)}}}}
    (fault,) = faults(level)
    assert fault.startswith(f"{LEVELS}.some.{kind}.holder.frim: expected a position of the holder")
    assert "did you mean 'firm'" in fault
    (fault,) = faults({f"{LEVELS}.some": half("some", kind, 0.5, "claimant")})
    assert "a position of the claimant" in fault


def test_a_position_may_be_one_that_sides_take_at_other_times() -> None:
    known = {"dispute.positions": {"claimant": {"firm": "held before"}}}
    assert faults({**known, f"{LEVELS}.some": half("some", "meets", 0.5, "claimant")}) == []


@pytest.mark.parametrize("key", ["meets", "breaches"])
def test_a_degree_lies_between_nothing_and_all(key: str) -> None:
    with pytest.raises(ValueError, match=r"a value in \[0, 1\], got 1.5"):
        tabled({f"{LEVELS}.some": half("some", key, 1.5)}, ("some",))


def test_a_text_that_contradicts_itself_is_refused_unless_the_structure_rules_it_out() -> None:
    some = {**half("some", "meets", 0.5), "contradicts": [{"closed": True}]}
    closing = {"label": "x", "fixed": {"administration": "all"}}
    negotiable = {"title": ("open", "shared"), "wording": ("silent", "some")}
    stage = {**closing, "negotiable": negotiable}
    changes = {f"{LEVELS}.some": some, "deals.divide.stages": {"pie": stage}}
    (fault,) = faults(changes)
    assert fault == (
        "deals.divide.stages.pie.wording: expected packages that do not contradict 'some' "
        "(see 'exclude'), got 'some' in one where closed"
    )
    stage = {**stage, "exclude": [{"wording": "some", "title": "shared"}]}
    assert faults({**changes, "deals.divide.stages": {"pie": stage}}) == []


def test_what_a_level_contradicts_must_exist() -> None:
    some = {**half("some", "meets", 0.5), "contradicts": [{"titel": "shared"}]}
    (fault,) = faults({f"{LEVELS}.some": some})
    assert fault.startswith(f"{LEVELS}.some.contradicts.0.titel: expected a clause or")


def test_what_is_run_together_is_no_line_that_skips_an_object() -> None:
    """Nesting speaks of cuts from one side; joint zones beside each other are none."""
    both = {"label": "both", "allocation": {"pie": "joint", "tart": "joint"}}
    far = {"label": "far", "allocation": {"pie": "joint", "tart": "claimant"}}
    base = pie().model_dump(by_alias=True)["dispute"]["objects"]["pie"]
    changes = {
        "dispute.objects": {"pie": base, "tart": base},
        "dispute.nesting": ("pie", "tart"),
        "dispute.clauses.administration": {
            "label": "a line",
            "kind": "administration",
            "levels": {"both": both},
        },
        "deals.divide.stages": {"pie": {"label": "x", "fixed": {"administration": "both"}}},
    }
    assert not faults_of(pie(changes))
    changes["dispute.clauses.administration"]["levels"] = {"both": both, "far": far}
    assert "nothing beyond the line" in str(faults_of(pie(changes))[0])
