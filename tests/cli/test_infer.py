"""Posteriors typed on the command line.

Tests `sim.cli.infer` and `sim.report.inference`.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from sim.io.config import load_scenario
from sim.io.folders import check_run
from tests.cli.conftest import Islands

SMALL = ("scenario=base", "worlds=256", "rounds=4")
OPPOSITION = "holder.public.opposition"
DISCOUNT = "holder.leader.discount_factor"
READ = {
    "label": "in favour of peace, in a poll",
    "kind": "poll",
    "side": "holder",
    "package": {"peace": "signed"},
    "at": 0,
    "value": 0.7,
    "tolerance": 0.02,
    "assumption": "for the test",
}


@pytest.fixture
def readings(tmp_path: Path) -> Path:
    path = tmp_path / "readings.yaml"
    path.write_text(yaml.safe_dump({"observed": {"poll": READ}}), encoding="utf-8")
    return path


def test_what_was_learnt_is_told_first(islands: Islands, readings: Path) -> None:
    said = islands("infer", *SMALL, f"observed={readings}", "keep=20", "check=100")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    [first] = [place for place, line in enumerate(lines) if line.startswith("Learnt: ")]
    assert first < 4
    assert f"({OPPOSITION})" in said.out
    assert "worlds reproduce all that was observed: they are the posterior." in said.out
    assert "0.7 ± 0.02" in said.out
    assert "Planted in 100 worlds" in said.out
    assert "WARNING" not in said.out
    assert "sound." in said.out
    assert max(map(len, lines)) <= 100


def test_numbers_that_are_asked_about_are_shown_whether_they_moved_or_not(
    islands: Islands, readings: Path
) -> None:
    keys = f"targets=[{OPPOSITION},claimant.public.opposition]"
    said = islands("infer", *SMALL, f"observed={readings}", keys, "keep=20")
    assert "Nothing was learnt of claimant.public.opposition" in said.out
    table = said.out.partition("Number")[2]
    assert OPPOSITION in table
    assert "claimant.public.opposition" in table


def test_a_posterior_is_played_again(islands: Islands, readings: Path, tmp_path: Path) -> None:
    pytest.importorskip("arviz_base", reason="needs the extra infer")
    out = tmp_path / "found"
    asked = ("infer", *SMALL, f"observed={readings}", "keep=20", "check=50", f"out={out}")
    said = islands(*asked)
    assert (said.code, said.err) == (0, "")
    assert f"islandsrunscenario={out}/posterior.yaml" in "".join(said.out.split())
    assert {path.name for path in out.iterdir()} == {
        *("config.yaml", "posterior.csv", "posterior.nc", "posterior.png", "posterior.yaml"),
        *("readings.csv", "coverage.csv", "ranks.csv", "ranks.png", "provenance.json"),
    }
    table = pd.read_csv(out / "posterior.csv").set_index("key")
    before, after = (
        load_scenario(str(out / "config.yaml")),
        load_scenario(str(out / "posterior.yaml")),
    )
    changed = {
        key: quantity
        for (key, quantity), (_, old) in zip(after.quantities(), before.quantities(), strict=True)
        if quantity != old
    }
    assert list(changed) == [OPPOSITION]
    fitted = changed[OPPOSITION]
    told = "1 of its numbers are posteriors, inferred from “in favour of peace, in a poll”"
    assert after.description.startswith(told)
    assert after.description.endswith(before.description)
    assert "posterior given poll (islands infer" in (fitted.assumption or "")
    assert fitted.off == 0
    ends = fitted.quantile(np.array([0.05, 0.95]))
    wanted = table.loc[OPPOSITION, ["low", "high"]].to_numpy(dtype=float)
    np.testing.assert_allclose(ends, wanted, atol=0.005)
    assert islands("run", f"scenario={out / 'posterior.yaml'}", f"out={tmp_path / 'run'}").code == 0
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert islands(*asked).code == 0
    again = {path.name: path.read_bytes() for path in out.iterdir()}
    del first["provenance.json"], again["provenance.json"]
    assert first == again
    refused = islands("plot", out)
    assert "that of an inference: its picture is" in refused.err


def test_too_few_worlds_and_what_none_brings_are_told(
    islands: Islands, readings: Path, tmp_path: Path
) -> None:
    near, far = tmp_path / "near.yaml", tmp_path / "far.yaml"
    for path, change in ((near, {"tolerance": 1e-6}), (far, {"value": 0.4})):
        path.write_text(yaml.safe_dump({"observed": {"poll": {**READ, **change}}}), "utf-8")
    said = islands("infer", *SMALL, f"observed={near}", "keep=20")
    assert "worlds reproduce all that was observed; the nearest 20 stand in" in said.out
    assert "That is few: play more worlds" in said.out
    assert "“after” is what the nearest worlds read as they were played." in said.out
    assert "asks for more than" not in said.out
    said = islands("infer", *SMALL, f"observed={near}", "keep=300")
    assert "keep=300 asks for more than the 256 worlds" in " ".join(said.out.split())
    out = tmp_path / "found"
    refused = islands("infer", *SMALL, f"observed={far}", "keep=20", f"out={out}")
    assert (refused.code, len(refused.err.splitlines())) == (1, 1)
    assert "no posterior: none of 256 worlds comes near" in refused.err
    assert "no world brings “in favour of peace, in a poll”" in refused.err
    assert not out.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"value": 40}, "the value of poll is a share from 0 to 1, got 40"),
        ({"kind": "approval", "value": 101, "package": {}}, "percent up to 100, got 101"),
    ],
)
def test_a_share_is_no_percentage(
    islands: Islands, tmp_path: Path, change: dict[str, object], said: str
) -> None:
    path = tmp_path / "percent.yaml"
    path.write_text(yaml.safe_dump({"observed": {"poll": {**READ, **change}}}), encoding="utf-8")
    refused = islands("infer", *SMALL, f"observed={path}")
    assert refused.code == 2
    assert said in " ".join(refused.err.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "observed: expected a file of readings, or a scenario that lists what was observed"),
        (("observed=nowhere.yaml",), "nowhere.yaml"),
        (("keep=5",), "keep: expected a whole number from 20"),
        (("targets=[holder.public.oposition]",), "did you mean 'holder.public.opposition'"),
        ((f"targets=[{DISCOUNT}]",), "a number with a declared range"),
        ((f"targets=[{DISCOUNT}]",), f"give it one: '{DISCOUNT}={{"),
        (("check=10",), "check: expected 20 to"),
    ],
)
def test_what_is_at_fault_is_told_in_one_line(
    islands: Islands, readings: Path, words: tuple[str, ...], said: str
) -> None:
    named = any(word.startswith("observed") for word in words) or not words
    refused = islands("infer", *SMALL, *words, *(() if named else (f"observed={readings}",)))
    assert refused.code == 2
    assert said in refused.err
    assert len(refused.err.splitlines()) == 1


def test_a_number_is_given_a_range_as_the_refusal_says(islands: Islands, readings: Path) -> None:
    asked = ("infer", *SMALL, f"observed={readings}", "keep=20", f"targets=[{DISCOUNT}]")
    [_, given, _] = islands(*asked).err.split("'")
    for word, value in (("LOW", ".5"), ("HIGH", ".85"), ("WHY", "it may be otherwise")):
        given = given.replace(word, value)
    said = islands(*asked, given)
    assert (said.code, said.err) == (0, "")
    assert DISCOUNT in said.out.partition("Number")[2]


def test_a_posterior_at_the_end_of_its_range_is_a_warning(islands: Islands, tmp_path: Path) -> None:
    path = tmp_path / "low.yaml"
    path.write_text(yaml.safe_dump({"observed": {"poll": {**READ, "value": 0.56}}}), "utf-8")
    said = islands("infer", *SMALL, f"observed={path}", "keep=20")
    wanted = f"WARNING: {OPPOSITION} sits at the high end of its declared range"
    assert wanted in " ".join(said.out.split())


def test_without_arviz_nothing_is_played(
    islands: Islands, readings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.experiments.inference.posterior.find_spec", lambda name: None)
    refused = islands("infer", *SMALL, f"observed={readings}", f"out={tmp_path / 'found'}")
    assert refused.code == 2
    assert "the file of a posterior needs ArviZ: pip install" in refused.err
    assert refused.out == ""


def test_the_folder_is_none_of_a_run(tmp_path: Path) -> None:
    (tmp_path / "posterior.csv").touch()
    (tmp_path / "provenance.json").touch()
    with pytest.raises(Exception, match="that of an inference"):
        check_run(tmp_path)
