"""What a run says of the statements that its worlds reproduce."""

from __future__ import annotations

from typing import Any

import pytest

import sim
from sim.experiments.matching import observed_summary
from sim.report.matching import matching
from tests.disputes import pie, uniform

HALF = {"administration": "0.5000", "title": "shared"}
SAID = {"label": "half", "package": HALF, "tolerance": 0, "assumption": "test"}
ASKED: dict[str, Any] = {
    "holder.reservation.entrenchment.initial": uniform(0.0, 1.0),
    "holder.reservation.dialogue": uniform(0.0, 0.001),
    "observed": {"offered": {**SAID, "kind": "offered", "side": "holder"}},
    "conditioned": True,
    "worlds": 512,
    "rounds": 3,
}


def test_the_share_accepted_and_the_numbers_moved_are_told() -> None:
    found = observed_summary(pie(ASKED))["observed"]
    assert found["worlds"] == 512
    assert found["accepted"] == pytest.approx(0.5, abs=0.05)
    assert found["statements"] == {"offered": pytest.approx(0.5, abs=0.07)}
    assert found["not_admitted"] == 0
    assert list(found["moved"]) == ["holder.reservation.entrenchment.initial"]
    moved = found["moved"]["holder.reservation.entrenchment.initial"]
    assert moved["shift"] == pytest.approx(-0.25 * 12**0.5, abs=0.12)
    assert moved["distance"] == pytest.approx(0.5, abs=0.1)


def test_what_no_draw_meets_is_told() -> None:
    never = {**SAID, "kind": "offered", "side": "claimant"}
    hopeless = {**ASKED, "observed": {"never": never}, "claimant.reservation.dialogue": 9.0}
    found = observed_summary(pie(hopeless))["observed"]
    assert (found["accepted"], found["not_admitted"]) == (0.0, 1.0)


def test_a_run_keeps_it_with_its_provenance_and_its_page() -> None:
    result = sim.run(pie({**ASKED, "worlds": 64}), workers=1)
    assert result.provenance["observed"]["worlds"] == 64
    assert "Worlds reproduce 1 observed statement" in next(iter(matching(result)))


def test_a_run_without_says_nothing() -> None:
    result = sim.run(pie({"worlds": 8, "rounds": 2}), workers=1)
    assert "observed" not in result.provenance
    assert list(matching(result)) == []
