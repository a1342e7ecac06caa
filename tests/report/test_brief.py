"""A brief of a sweep, a comparison or conditions says what came of it, with its pictures."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from sim.domain.narration import key_label
from sim.domain.scenario import Scenario
from sim.errors import ScenarioError
from sim.experiments.comparison import compare
from sim.experiments.conditions.folder import conditions_files
from sim.io.folders import COMPARISON
from sim.report.brief import (
    LIMITS,
    brief_page,
    comparison_brief,
    conditions_brief,
    read_brief,
    sweep_brief,
    written_brief,
)
from sim.report.comparison import comparison_sentences
from tests.disputes import pie
from tests.plotting import planted

Islands = Callable[..., SimpleNamespace]


def test_a_sweep_tells_what_moves_and_its_best_cells(isles: Scenario) -> None:
    values = {planted.FRAME: [0.0, 0.5, 1.0], planted.DEADLINE: [4.0, np.inf]}
    brief = sweep_brief(planted.grid(isles.loaded_with(["rounds=9"]), values))
    assert "6 cells" in brief.lead
    assert brief.sentences[0].endswith("“settled” in 0 to 90 % of worlds over the cells.")
    assert "What moves it most: East: frame factor." in brief.sentences
    assert brief.sentences[-1] == "1 of 3 structures: “settled” is the same in all cells."
    (table,) = brief.tables
    assert table.rows[0][:2] == ("A line through the strait", "0")
    assert table.rows[0][3] == "90.0"
    page = brief_page(brief, {"line.png": b"x"})
    assert page.count("rounds=9") == 3
    assert "data:image/png;base64,eA==" in page
    assert LIMITS[-1] in page


def test_a_comparison_leaves_its_brief_in_its_folder(tmp_path: Path, islands: Islands) -> None:
    scenario = pie()
    other = scenario.model_copy(update={"rounds": 3})
    found = compare(scenario, other, labels=("long", "<short>"), worlds=16, workers=1)
    brief = comparison_brief(found)
    assert brief.lead.startswith("A is long. B is <short>. Rounds: A 40, B 3. All are played in")
    assert brief.sentences[0].startswith("No sure difference in how worlds end under ")
    (tmp_path / "found").mkdir()
    (tmp_path / "found" / COMPARISON).write_bytes(written_brief(brief))
    (tmp_path / "found" / "comparison.png").write_bytes(b"x")
    again = read_brief(tmp_path / "found")
    assert again.sentences == brief.sentences
    assert brief_page(again, {}) == brief_page(brief, {})
    answer = islands("report", tmp_path / "found")
    assert answer.code == 0, answer.err
    page = (tmp_path / "found.html").read_text(encoding="utf-8")
    assert "&lt;short&gt;" in page
    assert "<short>" not in page
    assert "data:image/png;base64,eA==" in page


def test_the_brief_of_a_comparison_is_in_words_and_has_letters_for_cases() -> None:
    key = "claimant.leader.discount_factor"
    labels, scenario = ("pie worlds=16", f"{key}=0.5 rounds=3"), pie()
    other = pie({key: 0.5, "rounds": 3})
    found = compare(scenario, other, labels=labels, worlds=16, workers=1)
    brief = comparison_brief(found)
    told = " ".join([brief.lead, *brief.sentences, *(" ".join(one.heads) for one in brief.tables)])
    assert "=" not in told
    assert key not in told
    assert "A is the scenario as it is." in brief.lead
    assert f"B is {key_label(scenario, key)}: 0.5, rounds: 3." in brief.lead
    assert brief.tables[0].heads[1:4] == ("what", "A", "B")
    assert brief.overrides == ()


def test_a_gate_that_opens_is_said_where_endings_do_not_tell_it() -> None:
    found = compare(pie(), pie({"rounds": 39}), labels=("a", "b"), worlds=8, workers=1)
    alike = "No sure difference in how worlds end under “divide the pie”."
    assert [*comparison_sentences(found)] == [alike]
    table = found.table.set_index("what")
    opened = {"base": 0.2, "share": 0.9, "difference": 0.7, "low": 0.5, "high": 0.8}
    table.loc["gate_holder_public", list(opened)] = [*opened.values()]
    told = [*comparison_sentences(replace(found, table=table.reset_index()))]
    assert "some text “passes the holder's public” in 90.0 % of worlds against 20.0 %" in told[1]


def test_a_damaged_brief_is_refused(tmp_path: Path) -> None:
    (tmp_path / COMPARISON).write_text(json.dumps({"title": 3}))
    with pytest.raises(ScenarioError, match="title: expected text, got 3"):
        read_brief(tmp_path)


def test_conditions_are_told_and_drawn(isles: Scenario, tmp_path: Path, islands: Islands) -> None:
    found = planted.would_take(isles)
    brief = conditions_brief(found)
    (table,) = brief.tables
    assert [row[0] for row in table.rows] == [
        found.scenario.deals[deal].label for deal in found.ordered()
    ]
    assert table.rows[-1][1:] == ("–", "–", "–", "–")
    (tmp_path / "found").mkdir()
    for name, data in conditions_files(found).items():
        (tmp_path / "found" / name).write_bytes(data)
    answer = islands("report", tmp_path / "found")
    assert answer.code == 0, answer.err
    page = (tmp_path / "found.html").read_text(encoding="utf-8")
    assert page.count("<img ") == 3  # the ladder, and the matrix and map of the nearest
    assert brief.sentences[0].replace("'", "&#39;") in page
