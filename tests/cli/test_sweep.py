"""Settings of a sweep among its axes and the overrides of its scenario."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from sim.cli.options import options_of, parse
from sim.cli.sweep import Sweep
from sim.experiments.sweep.result import SweepResult
from sim.io.sweep_settings import DESIGNS, EXECUTORS, SweepSettings
from sim.report.sweep import best
from tests.cli.conftest import Islands
from tests.disputes import pie


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


def swept(**shares: list[float]) -> SweepResult:
    """Return a sweep over a deadline, none in its second cell."""
    key, columns = "claimant.leader.deadline_rounds", [0.0, 0.0]
    cells = {
        "cell": [0, 1],
        "deal": ["divide", "divide"],
        key: [4.0, np.inf],
        **dict.fromkeys(("settled", "settled_low", "settled_high"), columns),
        **dict.fromkeys(("first_stage", "transferred", "closed", "zopa_margin"), columns),
        "worlds": [64, 64],
        **shares,
    }
    return SweepResult(Path(), pie(), {key: "rounds"}, pd.DataFrame(), pd.DataFrame(cells), {}, {})


def printed(result: SweepResult, width: int = 120) -> str:
    written = StringIO()
    Console(width=width, file=written).print(best(result))
    return written.getvalue()


def test_where_nothing_settles_the_table_shows_what_is_carried_out() -> None:
    said = printed(swept(first_stage=[0.5, 0.25], transferred=[0.0, 0.04]))
    assert "cells by “first step”" in said
    assert all(head in said for head in ("land moved", "all closed", "4.0"))
    assert "settled" not in said
    assert "cells by “land moved”" in printed(swept(transferred=[0.0, 0.125]))
    assert "cells by “margin of agreement, median”" in printed(swept())
    ended = printed(swept(interim=[0.25, 0.75], settled=[0.01, 0.01]))
    assert "cells by “interim: title open”" in ended
    assert "75.0" in ended
    assert "cells by “settled”" in printed(swept(settled=[0.0, 0.5], first_stage=[1.0, 0.0]))


@pytest.mark.parametrize("width", [50, 80, 120])
def test_heads_and_places_are_whole_words_and_no_deadline_is_none(width: int) -> None:
    said = printed(swept(first_stage=[0.0, 1.0]), width)
    assert "none" in said
    assert "inf" not in said
    assert all(word in said for word in ("claimant.", "leader.", "deadline_", "rounds"))


def test_rows_that_are_left_out_are_counted() -> None:
    one = swept(first_stage=[0.5, 0.25])
    many = replace(one, cells=pd.concat([one.cells] * 8, ignore_index=True))
    assert printed(many).endswith("12 of 16 rows\n")
    rare = many.cells.tail(2).assign(deal="renounce", first_stage=0.0)
    with_rare = replace(one, cells=pd.concat([many.cells, rare], ignore_index=True))
    assert printed(with_rare).endswith("12 of 18 rows, none of them of renounce\n")
    assert "rows" not in printed(one).partition("worlds")[2]


def test_what_was_changed_stands_above_a_sweep_and_what_is_found_in_it(
    islands: Islands, tmp_path: Path
) -> None:
    pytest.importorskip("sklearn", reason="needs the extra sweep")
    axis, out = "holder.public.opposition=0.1,0.3,0.9", tmp_path / "out"
    words = ["scenario=base", "worlds=4", "rounds=2", "holder.public.undecided=0.05"]
    said = islands("sweep", *words, axis, f"out={out}")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Overrides: rounds=2, holder.public.undecided=0.05\n")
    found = islands("discover", out, "event=no_bargain")
    assert (found.code, found.err) == (0, "")
    assert found.out.startswith("Overrides: rounds=2, holder.public.undecided=0.05\n")
    assert "no_bargain" not in found.out
    assert "“no gain for both”" in found.out
