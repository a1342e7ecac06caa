"""A small scenario, what is set of it, and a crew that works at once in this process."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Event
from typing import Any

import pytest

import sim
from sim.domain.scenario import Scenario
from sim.experiments.executors import Serial
from sim.explorer.growth import PartialResult, grow
from sim.explorer.settings import Setting, setting_of


class Here:
    """Stand in for a crew."""

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
def here() -> Here:
    return Here()


def grown_to(setting: Setting, steps: int) -> PartialResult:
    growth = grow(setting, Here(), Event())
    return [next(growth) for _ in range(steps)][-1]


MOVED = ("claimant.preconditions.about_half.firmness", 0.8)


@pytest.fixture(scope="package")
def grown(setting: Setting) -> PartialResult:
    """Return what has come of the setting in 256 worlds."""
    return grown_to(setting, 2)


@pytest.fixture(scope="package")
def other(setting: Setting) -> PartialResult:
    """Return the same worlds with one number moved."""
    return grown_to(setting.moving(*MOVED), 2)
