"""Nash and Kalai-Smorodinsky points by the engine, on a curve given as a scenario."""

import math

import numpy as np
import pytest

from sim.domain.scenario import Scenario
from sim.experiments.solutions import signed_texts, solution_points
from tests.disputes import pie

DEADLINES = {f"{role}.leader.deadline_rounds": 5 for role in ("claimant", "holder")}
VOTE = {
    "quota": {"value": 0.5, "unit": "share", "assumption": "test"},
    "noise": {"value": 0, "unit": "share", "assumption": "test"},
}
STEPS = 3_000
GOLDEN = (math.sqrt(5) - 1) / 2


def curve(one: float = 0.0, two: float = 0.0) -> Scenario:
    """A clause whose levels are worth x to one side and sqrt(1 - x) to the other."""
    points = [step / STEPS for step in range(STEPS + 1)]
    levels = {
        f"x{place:04d}": {
            "label": f"{x:.4f} for one",
            "effects": {"claimant": {"territory": x}, "holder": {"territory": math.sqrt(1 - x)}},
            "assumption": "test",
        }
        for place, x in enumerate(points)
    }
    stage = {"label": "the curve", "fixed": {"title": "shared"}, "negotiable": {"point": "all"}}
    return pie(
        {
            "dispute.clauses.point": {"label": "a point of the curve", "levels": levels},
            "deals.curve": {
                "name": "curve", "label": "curve", "assumption": "test", "stages": {"one": stage}
            },
            "claimant.reservation.dialogue": one,
            "holder.reservation.dialogue": two,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("disagreement", "nash", "kalai_smorodinsky"),
    [
        ((0.0, 0.0), 2 / 3, GOLDEN),
        # With u = sqrt(1 - x): Nash 3u² - 2bu - (1 - a) = 0. Kalai-Smorodinsky:
        # (x - a)/(1 - b² - a) = (u - b)/(sqrt(1 - a) - b); the last: u² + 1.3u - 1.39 = 0.
        ((0.2, 0.0), 1 - 0.8 / 3, 0.2 + 0.8 * GOLDEN),
        (
            (0.0, 0.3),
            1 - ((0.6 + math.sqrt(12.36)) / 6) ** 2,
            1 - ((math.sqrt(7.25) - 1.3) / 2) ** 2,
        ),
    ],
)
def test_the_engine_finds_the_textbook_points(
    disagreement: tuple[float, float], nash: float, kalai_smorodinsky: float
) -> None:
    found = solution_points(curve(*disagreement), "curve", worlds=1).set_index("point")
    grid = 1 / STEPS
    assert found.loc["nash", "value_claimant"] == pytest.approx(nash, abs=grid)
    got = found.loc["kalai_smorodinsky", "value_claimant"]
    assert got == pytest.approx(kalai_smorodinsky, abs=grid)
    gains = found.loc["kalai_smorodinsky", ["gain_claimant", "gain_holder"]].to_numpy(float)
    assert gains[0] == pytest.approx(gains[1], abs=3 * grid)


def test_the_disagreement_point_is_what_never_signing_is_worth() -> None:
    """Below the worst package, too: 0.25 for either side, although every share is worth more."""
    found = solution_points(pie({"claimant.reservation.dialogue": 0.5}), "divide", worlds=1)
    nash = found.set_index("point").loc["nash"]
    assert nash["value_claimant"] == pytest.approx(0.75)
    assert nash["surplus_claimant"] == pytest.approx(0.25)
    assert nash["split"] == pytest.approx(0.5)


def test_an_empty_zopa_has_no_points() -> None:
    changes = {"claimant.reservation.dialogue": 0.6, "holder.reservation.dialogue": 0.6}
    found = solution_points(pie(changes), "divide", worlds=3)
    assert found["package"].isna().all()
    assert found["split"].isna().all()


def test_a_precondition_takes_packages_out() -> None:
    stance = {
        "label": "at most a third",
        "blocks": [{"claimant_area": {"at_least": 0.34}}],
        "firmness": {"value": 1, "unit": "probability", "assumption": "test"},
        "penalty": {"value": 0, "unit": "points", "assumption": "test"},
    }
    scenario = pie({"holder.preconditions.third": stance})
    free = solution_points(scenario, "divide", worlds=1).set_index("point")
    bound = solution_points(scenario, "divide", worlds=1, among="signable").set_index("point")
    assert free.loc["nash", "value_claimant"] == pytest.approx(0.5)
    assert bound.loc["nash", "value_claimant"] == pytest.approx(0.33)
    with pytest.raises(ValueError, match="among must be one of"):
        solution_points(scenario, "divide", among="all")


def test_what_is_signed_on_a_pie_is_efficient() -> None:
    found = signed_texts(pie(DEADLINES), "divide", worlds=8)
    assert len(found) == 8
    assert (found["dominated"] == 0).all()
    np.testing.assert_allclose(found["distance"], 0.0)
    np.testing.assert_allclose(found["gain_claimant"] + found["gain_holder"], 1.0)


def test_what_is_signed_may_waste_something() -> None:
    """A treaty is good for both governments; it stays out where a public would stop it."""
    weight = {"value": 0.5, "unit": "points", "assumption": "test"}
    stage = {"title": "shared", "administration": "0.5000"}
    scenario = pie(
        {
            **DEADLINES,
            "claimant.preferences.weights.peace": weight,
            "holder.preferences.weights.peace": weight,
            "claimant.public.segments.all.weights": {"peace": weight},
            "claimant.ratifiers": {"vote": {"kind": "referendum", "label": "a vote"} | VOTE},
            "claimant.public.segments.all.threshold": 0.0,
            "deals.divide.stages.pie.fixed": stage,
            "deals.divide.stages.pie.negotiable": {"form": ["no_form", "treaty"]},
        }
    )
    for public, dominated in ((0.5, 0), (-0.5, 1)):
        key = "claimant.public.segments.all.weights.peace"
        changed = scenario.with_values({key: dict(scenario.quantities())[key].at(public)})
        [row] = signed_texts(changed, "divide", worlds=1).itertuples()
        assert row.dominated == dominated
        assert (row.distance > 0) == (dominated > 0)
