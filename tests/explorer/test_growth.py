"""Worlds grow, and are those of a run."""

from concurrent.futures import Future
from threading import Event
from typing import Any

import pytest

import sim
from sim.explorer.growth import SIZES, PartialResult, grow
from sim.explorer.settings import Setting


def test_numbers_are_those_of_a_run(grown: PartialResult, other: PartialResult) -> None:
    for part in (grown, other):
        run = sim.run(part.setting.scenario(), worlds=256, workers=1).outcomes
        for row in run.drop(columns=["reversal"]).to_dict("records"):
            mine = part.rows[row.pop("deal")]
            assert {name: pytest.approx(mine[name], nan_ok=True) for name in row} == row
    assert grown.rows != other.rows


def test_worlds_grow_in_steps_and_are_played_once(setting: Setting, here: Any) -> None:
    asked: list[Any] = []

    def submit(function: Any, task: Any) -> Future[Any]:
        asked.append(task)
        return type(here)().submit(function, task)

    here.submit = submit
    seen = [part.worlds for part in grow(setting.playing(("status_quo",)), here, Event())]
    assert tuple(seen) == SIZES
    assert sum(task.worlds for task in asked) == SIZES[-1]
    assert max(task.worlds for task in asked) <= 256
    places = [(task.block * 1024 + task.first, task.worlds) for task in asked]
    assert [start for start, _ in places[1:]] == [start + size for start, size in places[:-1]]


def test_nobody_wants_it_any_more(setting: Setting, here: Any) -> None:
    stop = Event()
    growth = grow(setting, here, stop)
    assert next(growth).worlds == SIZES[0]
    stop.set()
    assert list(growth) == []


def test_what_fails_in_a_process_is_raised_here(setting: Setting, here: Any) -> None:
    def fail(function: Any, task: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(MemoryError("no room"))
        return future

    here.submit = fail
    with pytest.raises(MemoryError, match="no room"):
        list(grow(setting, here, Event()))


def test_the_margin_is_the_median_over_worlds(grown: PartialResult) -> None:
    run = sim.run(grown.setting.scenario(), worlds=256, workers=1).worlds
    medians = run.groupby("deal", observed=True)["zopa_margin"].median()
    for deal, row in grown.rows.items():
        assert row["margin"] == pytest.approx(medians[deal], nan_ok=True)
