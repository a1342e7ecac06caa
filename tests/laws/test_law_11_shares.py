"""Law 11: shares add to 1, and Monte-Carlo error falls with the root of the worlds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from sim.domain.outcome import OUTCOMES
from tests.disputes import pie, q, uniform
from tests.laws.generator import disputes
from tests.laws.play import LAW, Changes, model, play


@LAW
@given(disputes())
def test_law_11_what_is_allocated_adds_to_the_whole(dispute: Changes) -> None:
    """Nobody's land and open titles count for nothing; nothing is allocated in part."""
    for node in model(dispute).nodes:
        for state in node.table.states:
            for shares in (state.administration.sum(axis=1), state.title.sum(axis=1)):
                assert np.isin(shares, (0.0, 1.0)).all()
                assert (state.administration >= 0).all()


@LAW
@given(disputes())
def test_law_11_every_world_has_one_outcome(dispute: Changes) -> None:
    outcome = play(dispute)["outcome"]
    shares = np.bincount(outcome, minlength=len(OUTCOMES)) / len(outcome)
    assert len(shares) == len(OUTCOMES)
    assert shares.sum() == pytest.approx(1)


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
