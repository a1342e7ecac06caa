"""A short, repeatable hunt in every target; `make fuzz` hunts longer, led by coverage."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import RunError
from tests.fuzz import games, guard
from tests.fuzz.targets import TARGETS

EXAMPLES = {"scenario": 6, "second": 4, "labels": 3, "defaults": 6, "overrides": 40, "axes": 4}
EXAMPLES |= {"genius": 60, "words": 20, "run_folder": 8, "agenda_folder": 3, "record": 10}
EXAMPLES |= {"sweep_folder": 5, "branch_folder": 5, "desk": 4, "game": 8, "conditions_folder": 6}
"""How many changed inputs are tried besides the seeds; folders take longer each."""


def changed(name: str, number: int) -> bytes:
    """Return a seed of a target, changed, and cut or garbled one time in four."""
    random, target = Random(number), TARGETS[name]
    data = random.choice(target.seeds())
    for _ in range(random.choice((1, 1, 2))):
        data = (target.mutate(data, random.getrandbits(32)) if target.mutate else None) or data
    if target.mutate is None or random.random() < 0.25:
        at = random.randrange(len(data) + 1)
        new = random.choice((b"", random.randbytes(3), b"=", b",", b"[", b"9" * 400))
        data = data[:at] + new + data[at + random.randrange(9) :]
    return data


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_are_accepted_or_refused_cleanly(name: str) -> None:
    for seed in TARGETS[name].seeds()[:6]:
        TARGETS[name].run(seed)


@pytest.mark.parametrize("name", TARGETS)
def test_changed_seeds_are_accepted_or_refused_cleanly(name: str) -> None:
    for number in range(EXAMPLES.get(name, 25)):
        TARGETS[name].run(changed(name, number))


@settings(max_examples=60)
@given(data=st.binary(max_size=200) | st.text(max_size=80).map(lambda text: text.encode("utf-8")))
@pytest.mark.parametrize("name", ["scenario", "overrides", "genius", "words"])
def test_any_bytes_are_accepted_or_refused_cleanly(name: str, data: bytes) -> None:
    TARGETS[name].run(data)


def test_scenarios_among_the_seeds_are_played(monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[str] = []
    monkeypatch.setattr(games, "play_briefly", lambda scenario: played.append(scenario.name))
    for seed in TARGETS["scenario"].seeds():
        TARGETS["scenario"].run(seed)
    assert played == ["pie", "isles", "lake"]


def test_the_guard_sees_what_it_should(tmp_path: Path) -> None:
    here, there = tmp_path / "here", Path("/var/tmp") / f"islands-{tmp_path.name}"
    here.mkdir()
    with guard.inside(here):
        (here / "fine.txt").write_text("x")
    with pytest.raises(AssertionError, match="written outside"), guard.inside(here):
        there.mkdir()
    there.rmdir()
    with pytest.raises(ZeroDivisionError):
        guard.judged(lambda: 1 / 0)
    with pytest.raises(AssertionError, match="without a word"):
        guard.check_said(RunError(""))
    with pytest.raises(AssertionError, match="a fault of several lines"):
        guard.check_said(_RudeError("a\nb"))
    with pytest.raises(AssertionError, match="unprintable"):
        guard.check_said(_RudeError("a\x07"))


class _RudeError(RunError):
    """An error that says whatever it was given."""

    def __str__(self) -> str:
        return str(self.args[0])
