"""Flow of worlds: the fates of a stage add to the worlds that reach it."""

import pytest

from sim.experiments.result import EnsembleResult
from sim.plotting import flow
from sim.plotting.flow import stops


def test_the_fates_of_a_stage_add_to_the_worlds_that_reach_it(stepped: EnsembleResult) -> None:
    worlds = stepped.worlds[stepped.worlds["deal"] == "steps"]
    parts = list(stops(worlds, 2))
    first = sum(part.share for part in parts if part.stage == 0)
    onward = sum(part.share for part in parts if part.stage == 0 and part.why == "on")
    assert first == pytest.approx(1.0)
    assert sum(part.share for part in parts if part.stage == 1) == pytest.approx(onward)
    assert "in steps" in flow(stepped).get_title(loc="left") + flow(stepped).get_title()
