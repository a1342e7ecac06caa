"""Nash and Kalai-Smorodinsky points on the engine's own table, of a curve given as a scenario."""

import math

import numpy as np
import pytest

from sim.domain.scenario import Scenario
from sim.equations.offering import NONE
from sim.equations.solutions import SOLUTIONS, relative_gains
from sim.experiments.tabletop import tabletop
from tests.disputes import pie

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


def picked(scenario: Scenario, deal: str, rule: str) -> dict[str, np.ndarray]:
    """Return what a rule picks at the start, of both sides' values, surpluses and relative gains.

    Nothing where preconditions forbid it; before their prices.
    """
    view = tabletop(scenario, deal).talk
    value = np.stack([view.open_value(side)[0] for side in (0, 1)])
    surplus = value - np.stack([view.reservation(side) for side in (0, 1)])
    feasible = view.zopa[0] & ~view.forbidden(0)[0] & ~view.forbidden(1)[0]
    package = int(SOLUTIONS[rule](*surplus, feasible))
    if package == NONE:
        raise LookupError(rule)
    gain = np.stack(relative_gains(*surplus, feasible))
    return {"value": value[:, package], "surplus": surplus[:, package], "gain": gain[:, package]}


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
    grid, scenario = 1 / STEPS, curve(*disagreement)
    assert picked(scenario, "curve", "nash")["value"][0] == pytest.approx(nash, abs=grid)
    found = picked(scenario, "curve", "kalai_smorodinsky")
    assert found["value"][0] == pytest.approx(kalai_smorodinsky, abs=grid)
    assert found["gain"][0] == pytest.approx(found["gain"][1], abs=3 * grid)


def test_the_disagreement_point_is_what_never_signing_is_worth() -> None:
    """Below the worst package, too: 0.25 for either side, although every share is worth more."""
    found = picked(pie({"claimant.reservation.dialogue": 0.5}), "divide", "nash")
    assert found["value"][0] == pytest.approx(0.75)
    assert found["surplus"] == pytest.approx([0.25, 0.25])


@pytest.mark.parametrize("rule", SOLUTIONS)
def test_an_empty_zopa_has_no_points(rule: str) -> None:
    changes = {"claimant.reservation.dialogue": 0.6, "holder.reservation.dialogue": 0.6}
    with pytest.raises(LookupError, match=rule):
        picked(pie(changes), "divide", rule)


def test_a_precondition_takes_packages_out() -> None:
    precondition = {
        "label": "at most a third",
        "blocks": [{"claimant_area": {"at_least": 0.34}}],
        "firmness": {"value": 1, "unit": "probability", "assumption": "test"},
        "penalty": {"value": 0, "unit": "points", "assumption": "test"},
    }
    free, bound = pie(), pie({"holder.preconditions.third": precondition})
    assert picked(free, "divide", "nash")["value"][0] == pytest.approx(0.5)
    assert picked(bound, "divide", "nash")["value"][0] == pytest.approx(0.33)
