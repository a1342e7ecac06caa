"""No option, file or name leads out of the chosen folder.

Tests `sim.io.files` and `sim.io.library`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.cli import main
from sim.domain.deal import Deal
from sim.errors import Fault, ScenarioError, one_line
from sim.io import yaml
from sim.io.config import load_run
from sim.io.files import check_writable, place
from sim.io.library import find
from sim.io.tables import MANIFEST, write_folder

Case = Callable[..., Path]

CLIMBING = ["../../etc", "a/../../b", "..", "/tmp/../etc", "a\x00b", "a\nb", "x" * 300, "\x1b[2J"]
NAMES = [
    *("../x", "/etc/passwd", "a/b", "a\\b", "..", ".hidden", "", " ", "a\x00b", "a\nb", "con"),
    *(
        "NUL.txt",
        "com1",
        "a%2Fb",
        "a=b",
        "a:b",
        "x" * 101,
        "a.",
        "a..b",
        "~root",
        "*",
        "\u202ea",
    ),
]


@pytest.mark.parametrize("text", CLIMBING)
def test_out_cannot_climb(small: Path, text: str) -> None:
    with pytest.raises(ScenarioError, match="out: expected a folder below this one, or a path in"):
        place(text)


@pytest.mark.parametrize("word", ["report", "plot", "schema", "hindcast", "calibrate", "new"])
def test_no_command_writes_above(
    small: Path, capsys: pytest.CaptureFixture[str], word: str
) -> None:
    before = sorted(small.parent.rglob("*"))
    key = "in" if word == "new" else "out"
    more = {"new": ["dispute", "lake"], "report": ["x"], "plot": ["x"]}.get(word, [])
    assert main([word, *more, f"{key}=../../etc"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"islands: command line: {key}: expected a folder below this one")
    assert sorted(small.parent.rglob("*")) == before


@pytest.mark.parametrize("word", ["run", "sweep"])
def test_no_run_writes_above(small: Path, capsys: pytest.CaptureFixture[str], word: str) -> None:
    assert main([word, "worlds=2", "out=../../etc"]) == 2
    assert "out: expected a folder below this one" in capsys.readouterr().err
    assert not list(small.iterdir())


@pytest.mark.parametrize("out", ["/tmp/elsewhere", "~/elsewhere", "../x"])
def test_a_scenario_file_writes_only_below(case: Case, out: str) -> None:
    with pytest.raises(ScenarioError, match=r"case.yaml: out: expected a folder below this one"):
        load_run(case(f"out: {out}\n"))
    assert load_run(case("out: results\n"))[1].out == Path("results")
    assert load_run(case(""), ["out=/tmp/mine"])[1].out == Path("/tmp/mine")


@pytest.mark.parametrize("name", NAMES)
def test_names_that_are_no_names_of_files(case: Case, name: str) -> None:
    values = {"label": "x", "stages": {"one": {"label": "x", "fixed": {"a": "b"}}}}
    with pytest.raises(ValueError, match="expected a name of letters, digits, spaces"):
        Deal.model_validate({"name": name, **values})


@pytest.mark.parametrize("name", ["a", "two_islands_first", "Zürich 2", "北方領土", "v1.2+x-y"])
def test_names_in_any_script(name: str) -> None:
    values = {"label": "x", "stages": {"one": {"label": "x", "fixed": {"a": "b"}}}}
    assert Deal.model_validate({"name": name, **values}).name == name


def test_a_scenario_is_named_like_a_file(case: Case) -> None:
    with pytest.raises(ScenarioError, match=r"case.yaml: name: expected a name of letters"):
        load_run(case("name: ../../x\n"))


@pytest.mark.parametrize("name", ["~nobody-here/x", "a\x00/b", "/", ".", "..", "x/" + "y" * 300])
def test_what_no_file_is_called(small: Path, name: str) -> None:
    assert find("scenario", name) is None
    assert find("side", name, near=small) is None


def test_a_linked_folder_is_replaced_where_it_is(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    for data in (b"1", b"2"):
        write_folder(link, {"x": data, MANIFEST: b'{"files": {"x": ""}}'})
        assert (real / "x").read_bytes() == data
    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "real"]


def test_a_link_within_results_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("precious")
    out = tmp_path / "out"
    out.mkdir()
    (out / "x").symlink_to(victim)
    (out / MANIFEST).write_text('{"files": {"x": ""}}')
    write_folder(out, {"x": b"new", MANIFEST: b'{"files": {"x": ""}}'})
    assert (out / "x").read_bytes() == b"new"
    assert victim.read_text() == "precious"


def test_a_path_too_long_to_ask_about(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="out: expected a folder that can be written"):
        check_writable(Path("/".join(["x" * 200] * 30)))
    with pytest.raises(ScenarioError, match="expected a readable file"):
        yaml.read(Path("/".join(["x" * 200] * 30)))


def test_what_a_message_quotes_is_shown_not_obeyed() -> None:
    fault = Fault("a\x1b[2J", "text", "\u202e" + "b" * 9_000_000, file="c\nd")
    assert str(fault).startswith("c d: a\\x1b[2J: expected text, got \\u202ebbb")
    assert len(str(fault)) < 1_500
    many = ScenarioError([Fault(f"k{n}", "x", "y") for n in range(1_000)])
    assert len(str(many).splitlines()) == 13
    assert str(many).endswith("… and 988 more faults")
    assert len(many.faults) == 1_000


def test_sixty_aliases_are_refused_in_a_dozen_lines(tmp_path: Path) -> None:
    path = tmp_path / "aliases.yaml"
    lines = ["base: &x {a: 1}", *(f"k{n}: *x" for n in range(63))]
    path.write_text("\n".join(lines))
    with pytest.raises(ScenarioError) as caught:
        yaml.read(path)
    *told, rest = str(caught.value).splitlines()
    assert len(told) == 12
    assert all("the alias *x" in line for line in told)
    assert rest == "… and 51 more faults"


_MAIN = "import sys; from sim.cli import main; sys.exit(main())"


def test_a_terminal_of_few_signs(small: Path) -> None:
    command = [sys.executable, "-c", _MAIN, "status", "ß\udcff"]
    done = subprocess.run(
        command, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"}, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith(b"islands: \\xdf\\udcff: expected the folder of a sweep")


def test_nothing_of_a_stranger_is_unpickled() -> None:
    """Pickles come from this very process (blocks, parts); nothing is loaded from a file as one."""
    package = Path(yaml.__file__).parents[1]
    loads = re.compile(
        r"pickle\.load|cloudpickle|joblib|read_pickle|allow_pickle|np\.load\(|marshal"
    )
    found = {
        path.relative_to(package).as_posix(): len(loads.findall(path.read_text()))
        for path in package.rglob("*.py")
        if loads.search(path.read_text())
    }
    assert found == {"compilation.py": 1, "experiments/tasks.py": 1}
    assert one_line("x") == "x"
