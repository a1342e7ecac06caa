"""Small runs, sweeps and searches, to be drawn."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

from sim.domain.scenario import Scenario
from sim.experiments.ensemble import run
from sim.experiments.explanation.stances import paired_changes
from sim.experiments.result import EnsembleResult
from sim.experiments.sweep.result import SweepResult
from sim.experiments.unlock.unlocking import Unlocking
from tests.disputes import pie, q
from tests.plotting import planted

_ISLES = Path(__file__).parents[1] / "experiments" / "isles.yaml"


@pytest.fixture(scope="session")
def isles() -> Scenario:
    return Scenario.model_validate(yaml.safe_load(_ISLES.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def played(isles: Scenario) -> EnsembleResult:
    return run(isles, worlds=200, workers=1)


@pytest.fixture(scope="session")
def tabled(isles: Scenario) -> EnsembleResult:
    data = isles.model_dump(by_alias=True, exclude={"evidence"})
    data["protocol"]["patience"] = q(1.0, "rounds")
    case = Scenario.model_validate({**data, "agenda": "tabled", "evidence": isles.evidence})
    return run(case, worlds=64, workers=1)


@pytest.fixture(scope="session")
def stances_changed(isles: Scenario) -> pd.DataFrame:
    return paired_changes(isles, worlds=32, deals=["strait"], workers=1)


@pytest.fixture(scope="session")
def found(isles: Scenario) -> Unlocking:
    """Return a search as it might end: two numbers help, a third moves nothing."""
    keys = (
        "holder.public.opposition",
        "claimant.leader.deadline_rounds",
        "holder.preferences.weights.standing",
    )
    rows = [
        finding(keys[0], 0.25, (0.45, 0.33, 0.57), 3.0),
        finding(keys[1], float("inf"), (0.1, 0.05, 0.2), -2.0),
        finding(keys[2], 1.0, (0.2, 0.12, 0.31), 0.0),
    ]
    return Unlocking(
        scenario=isles,
        deal="strait",
        to=0.5,
        settled=0.2,
        settled_low=0.18,
        settled_high=0.23,
        margin=4.0,
        closes=True,
        singles=pd.DataFrame(rows),
    )


def finding(
    key: str, value: float, settled: tuple[float, float, float], margin: float
) -> dict[str, object]:
    """Return a row of the table of a search."""
    ends = dict(zip(("settled", "settled_low", "settled_high"), settled, strict=True))
    moved = {"keys": (key,), "measure": "sd", "does": False, "change": float("nan")}
    return {**moved, **ends, "values": (value,), "progress": 0.0, "margin": margin, "worlds": 64}


@pytest.fixture(scope="session")
def stepped() -> EnsembleResult:
    """Return a run of two structures over one pie: in two steps, and at once."""
    half = {"label": "half", "fixed": {"administration": "0.5000", "title": "open"}}
    rest = {"label": "title", "fixed": {"title": "shared"}}
    other = {"label": "all", "fixed": {"title": "shared"}, "negotiable": {"administration": "all"}}
    deals = {
        "steps": {"name": "steps", "label": "in steps", "stages": {"one": half, "two": rest}},
        "whole": {"name": "whole", "label": "at once", "stages": {"only": other}},
    }
    changes = {"deals": deals, "claimant.leader.deadline_rounds": 6.0, "rounds": 20}
    return run(pie(changes), worlds=32)


@pytest.fixture(scope="session")
def one(isles: Scenario) -> SweepResult:
    """Return a sweep of one axis."""
    return planted.grid(isles, {planted.STANDING: planted.VALUES})


@pytest.fixture(scope="session")
def two(isles: Scenario) -> SweepResult:
    """Return a sweep of two axes."""
    return planted.grid(isles, {planted.FRAME: planted.FRAMES, planted.STANDING: planted.VALUES})


@pytest.fixture(scope="session")
def divided() -> EnsembleResult:
    """Return a run of one structure over a pie."""
    return run(pie(), worlds=64)
