"""Shares under every dependence: on the same first worlds, beside those of the run."""

from pathlib import Path

import numpy as np
import pytest

from sim.domain.resolve import DEPENDENCES
from sim.domain.results import OUTCOMES_TABLE
from sim.domain.scenario import Scenario
from sim.experiments.dependence import WORLDS, kinds
from sim.experiments.ensemble import run
from sim.experiments.result import load_result
from tests.disputes import pie, uniform

SHARES = {
    f"{side}.{key}": {**uniform(low, high), "resolve": sign}
    for side in ("claimant", "holder")
    for key, low, high, sign in (
        ("reservation.dialogue", 0.0, 0.7, "firmer"),
        ("preferences.weights.territory", 0.5, 1.5, "softer"),
    )
}
RESOLVE = {"loading": uniform(0.0, 0.9), "kappa": uniform(-0.3, 0.6)}


def case(dependence: str) -> Scenario:
    few = {"dispute.clauses.administration.grid.steps": 5, "rounds": 4, "worlds": WORLDS + 100}
    return pie({**SHARES, **few, "dependence": dependence, "resolve": RESOLVE})


@pytest.mark.parametrize("own", ["declared", "strong"])
def test_a_run_says_its_shares_under_every_dependence_on_the_same_worlds(own: str) -> None:
    (row,) = run(case(own), workers=1).outcomes.to_dict("records")
    for each in DEPENDENCES:
        alone = run(case(each), worlds=WORLDS, workers=1).worlds
        assert row[f"settled_{each}"] == np.mean(alone["outcome"] == "settled")
        assert row[f"in_force_{each}"] == np.mean(alone["ladder"] != "none")
    assert len({row[f"settled_{each}"] for each in DEPENDENCES}) == 3


def test_independent_numbers_and_a_switch_leave_the_columns_out() -> None:
    off = case("declared").model_copy(update={"dependence_check": False})
    for scenario in (case("independent"), off):
        assert list(run(scenario, worlds=8, workers=1).outcomes) == list(OUTCOMES_TABLE)


def test_a_saved_run_keeps_the_columns(tmp_path: Path) -> None:
    result = run(case("declared"), worlds=8, workers=1)
    back = load_result(result.save(tmp_path / "run"))
    assert list(back.outcomes) == [*OUTCOMES_TABLE, *kinds(result.scenario)]
    assert back.outcomes.equals(result.outcomes)
