"""Settings of a sweep among its axes and the overrides of its scenario."""

from __future__ import annotations

from sim.cli.options import options_of, parse
from sim.cli.sweep import Sweep
from sim.io.sweep_settings import DESIGNS, EXECUTORS, SweepSettings


def test_settings_are_taken_out_of_the_words() -> None:
    words = ["worlds=3", "design=lhs", "n=5", "precision=0.1", "save_worlds=true", "uncertain"]
    asked = parse(Sweep, words)
    assert asked.axes == ("worlds=3", "uncertain")
    assert asked.settings() == SweepSettings("lhs", 5, 0.1, True)


def test_every_setting_is_an_option_with_the_same_default() -> None:
    assert list(options_of(Sweep)) == list(SweepSettings.__dataclass_fields__)
    assert parse(Sweep, []).settings() == SweepSettings()
    for key, known in (("design", DESIGNS), ("executor", EXECUTORS)):
        for word in known:
            assert getattr(parse(Sweep, [f"{key}={word}"]).settings(), key) == word
