"""Law 11: shares add to 1, and Monte-Carlo error falls with the root of the worlds."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from scipy.stats import norm

from sim import run
from sim.domain.outcome import LADDER, OUTCOMES
from tests.disputes import pie, q, uniform
from tests.laws.generator import disputes
from tests.laws.play import LAW, Changes, model, play

WORLDS = 12
TABLES = settings(LAW, max_examples=LAW.max_examples // 2)
"""A run with its files takes longer than its worlds."""


@LAW
@given(disputes())
def test_law_11_what_is_allocated_adds_to_the_whole(dispute: Changes) -> None:
    """Nobody's land and open titles count for nothing; nothing is allocated in part."""
    for node in model(dispute).nodes:
        for state in node.table.states:
            for shares in (state.administration.sum(axis=1), state.title.sum(axis=1)):
                assert np.isin(shares, (0.0, 1.0)).all()
                assert (state.administration >= 0).all()


@TABLES
@given(disputes())
def test_law_11_every_world_has_one_outcome_and_is_counted_once(dispute: Changes) -> None:
    """The table of outcomes counts the worlds that are in the file of worlds, each once."""
    result = run(pie(dispute), worlds=WORLDS, workers=1)
    with TemporaryDirectory() as folder:
        worlds = pd.read_parquet(result.save(Path(folder) / "out") / "worlds.parquet")
    assert len(worlds) == WORLDS
    (row,) = result.outcomes.to_dict("records")
    assert row["worlds"] == WORLDS
    told = {item.name: row[item.name] for item in OUTCOMES}
    assert len(told) == 8
    assert sum(told.values()) == pytest.approx(1, abs=1e-12)
    counted = worlds["outcome"].value_counts()
    assert told == {name: counted.get(name, 0) / WORLDS for name in told}
    rungs = worlds["ladder"].value_counts()
    assert all(row[f"ladder_{item.name}"] == rungs.get(item.name, 0) / WORLDS for item in LADDER)
    low, high = wilson(row["settled"], WORLDS)
    assert (row["settled_low"], row["settled_high"]) == pytest.approx((low, high), abs=1e-12)
    assert 0 <= low <= row["settled"] <= high <= 1


def wilson(share: float, worlds: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval: where the share is within 1.96 standard errors of p."""
    z = norm.ppf(0.975)
    # (share - p)^2 = z^2 p (1 - p) / worlds, a quadratic in p
    roots = np.roots([1 + z**2 / worlds, -(2 * share + z**2 / worlds), share**2])
    low, high = sorted(roots.real.clip(0, 1))
    return float(low), float(high)


@pytest.mark.nightly
@pytest.mark.nightly
def test_law_11_monte_carlo_error_falls_with_the_root_of_the_number_of_worlds() -> None:
    """The claimant signs where its value of never signing, uniform on [0, 1], is at most .3."""
    only = {"label": "x", "fixed": {"title": "shared", "administration": "0.3000"}}
    game = {
        "rounds": 2,
        "deals.divide.stages.pie": only,
        "claimant.reservation.dialogue": uniform(0, 1),
        "claimant.leader.deadline_rounds": q(0),
        "holder.leader.deadline_rounds": q(0),
    }
    errors = {}
    for worlds in (16, 64, 256, 1024):
        shares = [
            float(np.mean(play(pie({**game, "seed": seed}), worlds)["round_signed"] >= 0))
            for seed in range(40)
        ]
        errors[worlds] = float(np.sqrt(np.mean((np.array(shares) - 0.3) ** 2)))
    slope = np.polyfit(np.log(list(errors)), np.log(list(errors.values())), 1)[0]
    assert slope == pytest.approx(-0.5, abs=0.12)
