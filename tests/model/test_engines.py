"""Both engines give the same bits, whatever the worlds beside a world."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtr

from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.errors import UsageError
from sim.io.config import load_scenario
from sim.model import TalksModel
from sim.model.kernel import ArrayEngine, CompiledEngine, engine_of
from sim.paths import install_hint
from tests.disputes import pie, uniform

numba = pytest.importorskip("numba", reason="the compiled engine needs numba (extra: fast)")

STRUCTURES = tuple(load_scenario("singapore_2018").deals)


@pytest.fixture(scope="module")
def flagship() -> Scenario:
    return load_scenario("singapore_2018")


def play(scenario: Scenario, deal: str, engine: str, **block: int) -> BlockResult:
    return TalksModel(scenario.model_copy(update={"engine": engine}), deal, **block).run()


def assert_same(one: BlockResult, two: BlockResult, rows: slice = slice(None)) -> None:
    for name, values in one.columns.items():
        other = two.columns[name][rows]
        assert values.dtype == other.dtype
        assert values.tobytes() == np.ascontiguousarray(other).tobytes(), name


@pytest.mark.parametrize("deal", STRUCTURES)
def test_compiled_loop_gives_the_bits_of_whole_arrays(flagship: Scenario, deal: str) -> None:
    compiled = play(flagship, deal, "compiled", worlds=96)
    assert_same(play(flagship, deal, "array", worlds=96), compiled)


class _NowAndThen:
    """Loops that are there in some rounds only."""

    def __init__(self) -> None:
        self._coins = np.random.default_rng(7)

    def ready(self, arguments: Callable[[], object]) -> bool:
        return bool(self._coins.random() < 0.5)


@pytest.mark.parametrize("deal", ["two_islands_first", "functional_ladder"])
def test_loops_may_take_over_in_any_round(flagship: Scenario, deal: str) -> None:
    engine = engine_of("auto")
    assert isinstance(engine, CompiledEngine)
    engine._beside = _NowAndThen()  # type: ignore[assignment]  # a coin in its place
    mixed = TalksModel(flagship, deal, worlds=96, engine=engine).run()
    assert_same(play(flagship, deal, "array", worlds=96), mixed)


def test_only_auto_goes_on_without_loops() -> None:
    auto, asked = engine_of("auto"), engine_of("compiled")
    assert isinstance(auto, CompiledEngine)
    assert isinstance(asked, CompiledEngine)
    assert not auto._at_once
    assert asked._at_once


@pytest.mark.parametrize("engine", ["array", "compiled"])
@pytest.mark.parametrize("deal", ["two_islands_first", "functional_ladder"])
def test_a_world_does_not_depend_on_the_worlds_beside_it(
    flagship: Scenario, deal: str, engine: str
) -> None:
    whole = play(flagship, deal, engine, worlds=40)
    assert_same(play(flagship, deal, engine, worlds=7), whole, slice(0, 7))
    assert_same(play(flagship, deal, engine, worlds=1, first=23), whole, slice(23, 24))


@pytest.mark.parametrize("cost", ["gross", "net"])
def test_engines_agree_where_spreads_are_zero_and_sides_fear_their_audience(cost: str) -> None:
    changes = {
        "protocol.audience_cost": cost,
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


@pytest.mark.parametrize("clock", [12.0, "none"])
def test_engines_agree_where_who_proposes_is_drawn(clock: float | str) -> None:
    changes = {
        "protocol.kind": "random_proposer",
        "protocol.proposes": uniform(0.0, 1.0, "probability"),
        "claimant.leader.deadline_rounds": clock,
        "holder.leader.deadline_rounds": 12.0,
        "claimant.leader.discount_factor": uniform(0.5, 0.95),
        "holder.leader.discount_factor": uniform(0.5, 0.95),
        "holder.beliefs.interest_error": uniform(0.0, 0.5),
        "holder.beliefs.other_weights": {"factors": {"territory": uniform(0.2, 1.5, "factor")}},
        "rounds": 20,
    }
    scenario = pie(changes)
    one = play(scenario, "divide", "array", worlds=64)
    assert_same(one, play(scenario, "divide", "compiled", worlds=64))
    assert_same(play(scenario, "divide", "compiled", worlds=5, first=9), one, slice(9, 14))
    assert len(np.unique(one.columns["package"])) > 2
    alternating = play(pie({**changes, "protocol.kind": "alternating_offers"}), "divide", "array")
    assert (alternating.columns["package"][:64] != one.columns["package"]).any()


@pytest.mark.parametrize(
    "case",
    ["norway_russia_2010", "deadline_2000", pytest.param("after_2020", marks=pytest.mark.nightly)],
)
def test_engines_agree_on_other_cases(case: str) -> None:
    scenario = load_scenario(case)
    for deal in scenario.deals:
        compiled = play(scenario, deal, "compiled", worlds=24)
        assert_same(play(scenario, deal, "array", worlds=24), compiled)


def test_rounds_are_compiled_where_the_loops_know_everybody(flagship: Scenario) -> None:
    model = TalksModel(flagship, "four_at_once", worlds=2)
    scene = model.open_round()
    assert model.engine.play(scene, 0, np.arange(2), 0, model.states) is not None
    assert ArrayEngine().play(scene, 0, np.arange(2), 0, model.states) is None


def test_quick_look_is_as_near_as_it_says_and_scipy_is_at_hand() -> None:
    from sim.model.kernel.numba_support import DOUBT, normal, roughly_normal

    exact = numba.njit(lambda score: normal(score))
    for score in np.concatenate([np.linspace(-12, 12, 9001), [-np.inf, np.inf]]):
        assert exact(score) == ndtr(score)
        assert abs(roughly_normal(score) - ndtr(score)) < DOUBT / 12


def test_loops_on_disk_go_stale_with_every_source_they_are_made_of() -> None:
    from sim.model.kernel import loops, numba_support

    stamp = loops.play_rows._cache._cache_file._source_stamp
    assert stamp == numba_support._SOURCES == numba_support._digest_of_sources()


def test_loops_on_disk_that_name_a_class_of_another_version_are_compiled_anew() -> None:
    from numba.core.caching import IndexDataCacheFile

    from sim.model.kernel import loops

    on_disk = loops.play_rows._cache._cache_file
    named = b"csim.model.kernel.layout\nNoLonger\n."  # a pickle of a class that is gone
    index = Path(on_disk._index_path)
    kept = index.read_bytes() if index.exists() else None
    index.parent.mkdir(exist_ok=True)
    try:
        index.write_bytes(pickle.dumps(numba.__version__) + named)
        with pytest.raises(AttributeError, match="NoLonger"):
            IndexDataCacheFile._load_index(on_disk)
        assert on_disk._load_index() == {}
    finally:
        index.unlink() if kept is None else index.write_bytes(kept)


def test_engine_is_chosen_by_name_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert engine_of("array").name == "array"
    assert engine_of("compiled").name == engine_of("auto").name == "compiled"
    monkeypatch.setattr("sim.model.kernel.find_spec", lambda name: None)
    assert isinstance(engine_of("auto"), ArrayEngine)
    with pytest.raises(UsageError, match=re.escape(install_hint("fast"))):
        engine_of("compiled")
