"""Both engines give the same bits, whatever the worlds beside a world."""

from __future__ import annotations

import numpy as np
import pytest

from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.errors import RunError
from sim.io.config import load_scenario
from sim.model import TalksModel
from sim.model.engines import ArrayEngine, engine_of
from tests.disputes import pie, uniform

numba = pytest.importorskip("numba", reason="the compiled engine needs numba (extra: fast)")

STRUCTURES = tuple(load_scenario("singapore_2018").deals)


@pytest.fixture(scope="module")
def flagship() -> Scenario:
    return load_scenario("singapore_2018")


def play(scenario: Scenario, deal: str, engine: str, **block: int) -> BlockResult:
    model = TalksModel(scenario.model_copy(update={"engine": engine}), deal, **block)
    result = model.run()
    model.release()
    return result


def assert_same(one: BlockResult, two: BlockResult, rows: slice = slice(None)) -> None:
    for name, values in one.columns.items():
        other = two.columns[name][rows]
        assert values.dtype == other.dtype
        assert values.tobytes() == np.ascontiguousarray(other).tobytes(), name


@pytest.mark.parametrize("deal", STRUCTURES)
def test_compiled_loop_gives_the_bits_of_whole_arrays(flagship: Scenario, deal: str) -> None:
    compiled = play(flagship, deal, "compiled", worlds=96)
    assert_same(play(flagship, deal, "array", worlds=96), compiled)


@pytest.mark.parametrize("engine", ["array", "compiled"])
@pytest.mark.parametrize("deal", ["two_islands_first", "functional_ladder"])
def test_a_world_does_not_depend_on_the_worlds_beside_it(
    flagship: Scenario, deal: str, engine: str
) -> None:
    whole = play(flagship, deal, engine, worlds=40)
    assert_same(play(flagship, deal, engine, worlds=7), whole, slice(0, 7))
    assert_same(play(flagship, deal, engine, worlds=1, first=23), whole, slice(23, 24))


def test_engines_agree_where_spreads_are_zero_and_sides_fear_their_audience() -> None:
    changes = {
        "claimant.leader.audience_cost": uniform(0.0, 2.0),
        "claimant.leader.approval_weight": uniform(0.0, 0.2),
        "claimant.leader.deadline_rounds": 12.0,
        "holder.leader.discount_factor": uniform(0.5, 0.95),
        "holder.beliefs.interest_error": uniform(0.0, 0.5),
        "rounds": 20,
    }
    scenario = pie(changes)
    one = play(scenario, "divide", "array", worlds=64)
    assert_same(one, play(scenario, "divide", "compiled", worlds=64))
    assert len(np.unique(one.columns["package"])) > 2


def test_engine_is_chosen_by_name_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert engine_of("array").name == "array"
    assert engine_of("compiled").name == engine_of("auto").name == "compiled"
    monkeypatch.setattr("sim.model.engines.find_spec", lambda name: None)
    assert isinstance(engine_of("auto"), ArrayEngine)
    with pytest.raises(RunError, match="four-islands\\[fast\\]"):
        engine_of("compiled")
