"""Results come back from their folder as they went in, or are refused with the reason."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim.domain.results import SCHEMA
from sim.domain.scenario import Scenario
from sim.errors import RunError, ScenarioError
from sim.experiments.ensemble import run
from sim.experiments.result import EnsembleResult, load_result
from sim.io.tables import digest

TABLES = ("outcomes", "worlds", "packages", "ranking")
HERE = Path(__file__).resolve()


@pytest.fixture
def saved(played: EnsembleResult, tmp_path: Path) -> Path:
    return played.save(tmp_path / "out", also={"note.txt": b"hello"})


def test_a_result_survives_its_folder(played: EnsembleResult, saved: Path) -> None:
    loaded = load_result(saved)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(loaded, name), getattr(played, name))
    assert loaded.scenario == played.scenario
    assert loaded.provenance == json.loads(json.dumps(played.provenance))
    assert (saved / "note.txt").read_bytes() == b"hello"


def test_a_result_without_ranking_survives_too(isles: Scenario, tmp_path: Path) -> None:
    result = run(isles, worlds=10)
    loaded = load_result(result.save(tmp_path / "o"))
    pd.testing.assert_frame_equal(loaded.ranking, result.ranking)
    assert loaded.outcomes["reversal"].isna().all()


def test_a_loaded_result_can_be_run_and_saved_again(saved: Path, tmp_path: Path) -> None:
    loaded = load_result(saved)
    again = run(loaded.scenario, workers=1, reversal_draws=16).save(tmp_path / "again")
    for name in (*(f"{table}.parquet" for table in TABLES), "config.yaml"):
        assert (again / name).read_bytes() == (saved / name).read_bytes()


def test_the_footers_tell_the_version_and_the_config(saved: Path) -> None:
    config = digest((saved / "config.yaml").read_bytes())
    for name in TABLES:
        footer = pq.read_schema(saved / f"{name}.parquet").metadata
        written = footer[b"islands_schema"], footer[b"islands_config"]
        assert written == (SCHEMA.encode(), config.encode())


def test_the_provenance_names_versions_and_digests(saved: Path) -> None:
    values = json.loads((saved / "provenance.json").read_text())
    assert values["seed"] == 7
    assert values["started"] <= values["finished"]
    assert {"python", "sim", "numpy", "scipy", "mesa"} <= set(values["versions"])
    for name, sum_ in values["files"].items():
        assert digest((saved / name).read_bytes()) == sum_


def test_anybody_can_read_the_tables(saved: Path) -> None:
    worlds = pd.read_parquet(saved / "worlds.parquet")
    assert set(worlds["outcome"]) <= {"settled", "interim", "rejected", "reneged"} | {
        "no_bargain", "preconditions", "publics", "not_reached"
    }  # fmt: skip
    unsigned = worlds[worlds["round_signed"].isna()]
    assert unsigned["package"].isna().all()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda folder: shutil.rmtree(folder), "got no such folder"),
        (lambda folder: (folder / "provenance.json").unlink(), "one without provenance.json"),
        (lambda folder: (folder / "worlds.parquet").unlink(), "worlds.parquet: .*got nothing"),
        (lambda folder: cut(folder / "worlds.parquet"), "worlds.parquet: .*as this run wrote it"),
        (lambda folder: (folder / "packages.parquet").write_bytes(b"PAR1"), "packages.parquet"),
        (lambda folder: foreign(folder / "worlds.parquet"), "as this run wrote it"),
        (lambda folder: edit(folder / "config.yaml"), "config.yaml: .*as this run"),
        (lambda folder: (folder / "config.yaml").write_text("a: 1"), "config.yaml: expected"),
        (lambda folder: (folder / "provenance.json").write_text("{"), "expected JSON"),
    ],
)
def test_what_is_no_whole_run_is_refused(
    saved: Path, damage: Callable[[Path], object], said: str
) -> None:
    damage(saved)
    with pytest.raises(ScenarioError, match=said):
        load_result(saved)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def foreign(path: Path) -> None:
    pd.DataFrame({"x": [1]}).to_parquet(path)


def edit(path: Path) -> None:
    path.write_text(path.read_text() + "\n# a remark\n")


def test_a_run_replaces_an_earlier_one(isles: Scenario, saved: Path) -> None:
    run(isles, worlds=3).save(saved)
    assert len(load_result(saved).worlds) == 3 * len(isles.deals)
    assert not (saved / "note.txt").exists()
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]


def test_a_folder_with_anything_else_is_left_alone(isles: Scenario, saved: Path) -> None:
    (saved / "thesis.tex").write_text("mine")
    with pytest.raises(ScenarioError, match=r"holds thesis\.tex"):
        run(isles, worlds=3).save(saved)
    assert (saved / "thesis.tex").read_text() == "mine"


def test_a_place_that_cannot_be_written_is_an_error(isles: Scenario, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run(isles, worlds=3)
    with pytest.raises(RunError, match="cannot write the results"):
        result.save(tmp_path / "file" / "out")
    with pytest.raises(ScenarioError, match="got a file"):
        result.save(tmp_path / "file")


SCRIPT = """
import sys
sys.path.insert(0, {here!r})
import yaml
from pathlib import Path
from sim.domain.scenario import Scenario
from sim.experiments.ensemble import run
isles = Scenario.model_validate(yaml.safe_load(Path({isles!r}).read_text()))
print("go", flush=True)
while True:
    run(isles, worlds=300, workers=2, reversal_draws=0).save("out")
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("after", [0.05, 1.5])
def test_a_run_that_is_killed_leaves_nothing_half_written(tmp_path: Path, after: float) -> None:
    text = SCRIPT.format(here=str(HERE.parents[2]), isles=str(HERE.with_name("isles.yaml")))
    (tmp_path / "script.py").write_text(text)
    pipe = subprocess.PIPE
    command = [sys.executable, "script.py"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "go\n"
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
    if (tmp_path / "out").exists():
        assert len(load_result(tmp_path / "out").worlds) == 4 * 300
