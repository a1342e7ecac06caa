"""Small scenario, its setting, and a pool that does each task at once in this process."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Event
from typing import Any

import pytest

import sim
from sim.domain.scenario import Scenario
from sim.experiments.executors import Serial
from sim.explorer.pool import PartialResult, grow
from sim.explorer.settings import Setting, setting_of


class SerialPool:
    """A pool that does each task at once in this process."""

    workers = 2

    def submit(self, function: Callable[[Any], Any], task: Any) -> Future[Any]:
        return Serial().submit(function, task)


@pytest.fixture(scope="package")
def scenario() -> Scenario:
    return sim.load_scenario("canada_denmark_2018")


@pytest.fixture(scope="package")
def setting(scenario: Scenario) -> Setting:
    return setting_of(scenario)


@pytest.fixture
def serial_pool() -> SerialPool:
    return SerialPool()


def partial_result_of(setting: Setting, steps: int) -> PartialResult:
    results = grow(setting, SerialPool(), Event())
    return [next(results) for _ in range(steps)][-1]


MOVED = ("claimant.preconditions.about_half.firmness", 0.8)


@pytest.fixture(scope="package")
def partial_result(setting: Setting) -> PartialResult:
    """Return what has come of the setting in 256 worlds."""
    return partial_result_of(setting, 2)


@pytest.fixture(scope="package")
def other(setting: Setting) -> PartialResult:
    """Return the same worlds with one number moved."""
    return partial_result_of(setting.moving(*MOVED), 2)
