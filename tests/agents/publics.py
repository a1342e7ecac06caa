"""Build publics for tests, apart from any talks."""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np

from sim.agents.public import Public
from sim.domain.draws import Draws
from sim.domain.interest import Role
from sim.domain.scenario import Scenario
from sim.quantities import Floats
from sim.randomness import Streams
from tests.disputes import pie, q


def segment(
    share: float | str, threshold: float, spread: float, **weights: float
) -> dict[str, Any]:
    return {
        "label": "some",
        "share": share if isinstance(share, str) else q(share, "share"),
        "weights": {interest: q(weight) for interest, weight in weights.items()},
        "threshold": q(threshold),
        "spread": q(spread),
    }


def public_of(
    scenario: Scenario, role: Role = Role.CLAIMANT, worlds: int = 64, first: int = 0
) -> Public:
    draws = Draws(scenario, Streams(scenario.seed, first, worlds))
    side, years = scenario.side(role), scenario.protocol.round_years
    return Public(mesa.Model(rng=1), role, side, scenario.dispute, draws, years)


def mixed(changes: dict[str, Any] | None = None) -> Scenario:
    """Return the pie with a claimant's public of three unlike segments."""
    segments = {
        "keen": segment(0.25, 0.2, 0.3, territory=1.0, closure=0.5),
        "cool": segment(0.45, 0.6, 0.2, territory=0.5, recognition=0.4),
        "rest": segment("rest", 0.1, 0.6, closure=0.2),
    }
    return pie({"claimant.public.segments": segments, **(changes or {})})


ANY_PACKAGE = {"administration": "0.6000", "title": "shared", "wording": "silent"}


def support_of(public: Public, package: dict[str, str] | None = None) -> Floats:
    """Return support in each world when nobody advocates the package."""
    return np.asarray(public.poll(package or ANY_PACKAGE))
