"""Lumpy land, and issues linked: which bargains exist at all (no grid error: exact tables)."""

from __future__ import annotations

from typing import Any

import pytest

from sim.domain.outcome import OUTCOMES, Outcome
from sim.model import TalksModel
from tests.disputes import pie, q

CUTS = {"none": 0.0, "near": 0.069, "middle": 0.367, "far": 1.0}
"""Share of the area on the claimant's side of a line drawn beyond each island."""


def island(area: float, controller: str = "none", **value: float) -> dict[str, Any]:
    worth = value or {"claimant": area, "holder": area}
    sides = {side: q(points) for side, points in worth.items()}
    return {"label": "an island", "area": q(area), "controller": controller, "value": sides}


def lines() -> dict[str, Any]:
    """Return a dispute over three islands, to be cut from one side."""
    names = list(CUTS)[1:]
    sizes = [CUTS["near"], CUTS["middle"] - CUTS["near"], CUTS["far"] - CUTS["middle"]]
    levels = {
        cut: {
            "label": cut,
            "allocation": {
                name: "claimant" if place < reached else "holder"
                for place, name in enumerate(names)
            },
        }
        for reached, cut in enumerate(CUTS)
    }
    title = {"open": {"label": "open", "allocation": {"near": "open"}}}
    shared = dict.fromkeys(names, "joint")
    return {
        "dispute.objects": {n: island(size) for n, size in zip(names, sizes, strict=True)},
        "dispute.nesting": names,
        "dispute.clauses.administration": {
            "label": "a line",
            "kind": "administration",
            "levels": levels,
        },
        "dispute.clauses.title.levels": {
            **title,
            "shared": {"label": "shared", "allocation": shared},
        },
    }


@pytest.mark.parametrize(
    ("low", "high", "cut"),
    [
        (0.10, 0.30, None),
        (0.30, 0.40, "middle"),
        (0.05, 0.07, "near"),
        (0.37, 0.99, None),
        (0.37, 1.00, "far"),
    ],
)
def test_lumpy_land(low: float, high: float, cut: str | None) -> None:
    points = {
        "claimant.reservation.dialogue": low,
        "holder.reservation.dialogue": 1 - high,
        "claimant.leader.deadline_rounds": 2,
        "holder.leader.deadline_rounds": 2,
        "rounds": 6,
    }
    model = TalksModel(pie({**lines(), **points}), "divide", worlds=1)
    world = model.run().columns
    if cut is None:
        assert OUTCOMES[world["outcome"][0]] is Outcome.no_bargain
        return
    assert OUTCOMES[world["outcome"][0]] is Outcome.settled
    assert world["value_claimant"][0] == pytest.approx(CUTS[cut])


def two_issues(
    asks: tuple[float, float], values: tuple[float, float], tied: tuple[str, ...]
) -> dict[str, Any]:
    """Return a dispute over land (given by the holder) and a purse (given by the claimant)."""
    land = island(1, "holder", claimant=values[0], holder=asks[0]) | {"divisible": True}
    purse = island(1, "claimant", claimant=values[1], holder=asks[1]) | {"divisible": True}
    clauses = {
        name: {"label": name, "kind": "administration", "grid": {"object": name, "steps": 41}}
        for name in ("land", "purse")
    }
    title = {
        "open": {"label": "open", "allocation": {"land": "open"}},
        "shared": {"label": "shared", "allocation": {"land": "joint"}},
    }
    return {
        "dispute.objects": {"land": land, "purse": purse},
        "dispute.clauses": clauses
        | {"title": {"label": "title", "kind": "title", "baseline": "open", "levels": title}},
        "claimant.preferences.weights.territory": sum(values),
        "holder.preferences.weights.territory": sum(asks),
        "deals.divide.stages.pie.negotiable": dict.fromkeys(tied, "all"),
        "rounds": 1,
    }


@pytest.mark.parametrize(
    ("asks", "values", "widens"),
    [
        ((0.9, 1.0), (0.6, 0.5), True),
        ((0.9, 1.0), (0.6, 0.8), False),
        ((0.5, 0.6), (0.7, 0.8), True),
        ((0.7, 0.6), (0.8, 0.9), False),
    ],
)
def test_linkage(asks: tuple[float, float], values: tuple[float, float], widens: bool) -> None:
    assert widens == (asks[0] / asks[1] < values[0] / values[1])
    margins = {}
    for tied in (("land",), ("purse",), ("land", "purse")):
        model = TalksModel(pie(two_issues(asks, values, tied)), "divide", worlds=1)
        margins[tied] = float(model.run().columns["zopa_margin"][0])
    assert margins["land",] == margins["purse",] == 0
    assert (margins["land", "purse"] > 1e-12) == widens
