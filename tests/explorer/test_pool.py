"""Partial results are those of a run; processes survive a death and end with the pool."""

import os
from concurrent.futures import BrokenExecutor, Future
from threading import Event
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.explorer.pool import SIZES, PartialResult, Piece, WorkerPool, grow, play
from sim.explorer.settings import Setting
from sim.report.contest import winners
from sim.report.verdict import verdict
from tests.explorer.conftest import SerialPool


def test_numbers_are_those_of_a_run(partial_result: PartialResult, other: PartialResult) -> None:
    for part in (partial_result, other):
        run = sim.run(part.setting.scenario(), worlds=256, workers=1).outcomes
        for row in run.drop(columns=["reversal"]).to_dict("records"):
            mine = part.rows[row.pop("deal")]
            assert {name: pytest.approx(mine[name], nan_ok=True) for name in row} == row
    assert partial_result.rows != other.rows


@pytest.mark.parametrize("agenda", ["open", "tabled"])
def test_an_agenda_is_told_in_brief_as_in_full(setting: Setting, agenda: str) -> None:
    there = setting.choosing("agenda", agenda, {}.__getitem__).choosing("rounds", "6", {}.get)
    part = next(grow(there, SerialPool(), Event()))
    full, brief = sim.run(part.setting.scenario(part.worlds), workers=1), part.in_brief
    pd.testing.assert_frame_equal(brief.contest, full.contest)
    assert [*winners(brief)] == [*winners(full)]
    assert verdict(brief)


def test_worlds_grow_in_steps_and_are_played_once(setting: Setting, serial_pool: Any) -> None:
    tasks: list[Any] = []

    def submit(function: Any, task: Any) -> Future[Any]:
        tasks.append(task)
        return type(serial_pool)().submit(function, task)

    serial_pool.submit = submit
    seen = [part.worlds for part in grow(setting.playing(("status_quo",)), serial_pool, Event())]
    assert tuple(seen) == SIZES
    assert sum(task.worlds for task in tasks) == SIZES[-1]
    assert max(task.worlds for task in tasks) <= 256
    places = [(task.block * 1024 + task.first, task.worlds) for task in tasks]
    assert [start for start, _ in places[1:]] == [start + size for start, size in places[:-1]]


def test_nobody_wants_it_any_more(setting: Setting, serial_pool: Any) -> None:
    stop = Event()
    results = grow(setting, serial_pool, stop)
    assert next(results).worlds == SIZES[0]
    stop.set()
    assert list(results) == []


def test_what_fails_in_a_process_is_raised_here(setting: Setting, serial_pool: Any) -> None:
    def fail(function: Any, task: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(MemoryError("no room"))
        return future

    serial_pool.submit = fail
    with pytest.raises(MemoryError, match="no room"):
        list(grow(setting, serial_pool, Event()))


def test_the_margin_is_the_median_over_worlds(partial_result: PartialResult) -> None:
    run = sim.run(partial_result.setting.scenario(), worlds=256, workers=1).worlds
    medians = run.groupby("deal", observed=True)["zopa_margin"].median()
    for deal, row in partial_result.rows.items():
        assert row["margin"] == pytest.approx(medians[deal], nan_ok=True)


def _die(_: object) -> None:
    os._exit(3)


def test_a_pool_goes_on_after_a_death_and_leaves_nothing_behind(setting: Setting) -> None:
    pool = WorkerPool(1)
    try:
        with pytest.raises(BrokenExecutor):
            pool.submit(_die, None).result(timeout=120)
        piece = Piece(setting.packed, setting.values, "status_quo", 1, 5, 3)
        done = pool.submit(play, piece).result(timeout=120)
    finally:
        started = list(pool._pool._context.started)
        pool.close()
    np.testing.assert_array_equal(done.columns["world"], [1029, 1030, 1031])
    assert started
    assert not any(process.is_alive() for process in started)
