"""What `islands run` does before and after the engine; the engine itself is a stand-in here."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from sim.cli.run import _play
from sim.domain.scenario import Scenario
from sim.io.config import dump_scenario, load_scenario
from sim.io.tables import Aside, write_run
from sim.report.screen import ReaderGoneError

Islands = Callable[..., SimpleNamespace]


class Result:
    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def save(
        self, out: Path, *, also: dict[str, bytes], format: str, draws: bool, aside: Aside
    ) -> None:
        config = dump_scenario(self.scenario).encode()
        tables = f"{format} {draws}".encode()
        write_run(out, {"config.yaml": config, "tables": tables, **also}, {}, aside)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[Scenario]:
    scenarios: list[Scenario] = []

    def run(scenario: Scenario, *, workers: int | None, progress: bool) -> Result:
        assert not progress  # nobody watches
        scenarios.append(scenario)
        return Result(scenario)

    def render(result: Result, *, full: bool) -> str:
        assert not full
        return f"{result.scenario.name}: {result.scenario.worlds} worlds"

    engine = SimpleNamespace(ensemble=SimpleNamespace(run=run))
    told = SimpleNamespace(render=render)
    drawing = SimpleNamespace(pictures=lambda result: {"funnel.png": b"drawn"})
    monkeypatch.setitem(sys.modules, "sim.experiments", engine)
    monkeypatch.setitem(sys.modules, "sim.report.outcomes", told)
    monkeypatch.setitem(sys.modules, "sim.plotting", drawing)
    return scenarios


def test_one_run(islands: Islands, small: Path, played: list[Scenario]) -> None:
    answer = islands("run", "scenario=storm", "worlds=10", "out=o")
    assert (answer.code, answer.err) == (0, "")
    told = "storm: 10 worlds\n\nResults in o/: config.yaml, funnel.png, provenance.json, tables\n"
    assert answer.out == told
    assert played == [load_scenario("storm", ["worlds=10"])]
    assert (small / "o" / "provenance.json").is_file()
    assert (small / "o" / "funnel.png").read_bytes() == b"drawn"
    assert (small / "o" / "tables").read_text() == "parquet False"


def test_the_answer_is_told_before_pictures_are_drawn_and_kept_where_nobody_reads_it(
    islands: Islands, small: Path, played: list[Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []

    def display(content: object) -> None:
        done.append("told")
        raise ReaderGoneError

    def pictures(result: Result) -> dict[str, bytes]:
        done.append("drawn")
        return {"funnel.png": b"drawn"}

    monkeypatch.setattr("sim.cli.run.display", display)
    monkeypatch.setitem(sys.modules, "sim.plotting", SimpleNamespace(pictures=pictures))
    islands("run", "scenario=storm", "out=o")
    assert done == ["told", "drawn"]
    assert (small / "o" / "funnel.png").read_bytes() == b"drawn"


def test_an_earlier_run_of_other_settings_is_kept_and_said(
    islands: Islands, small: Path, played: list[Scenario]
) -> None:
    for worlds, line in ((3, ""), (3, ""), (4, "is now in o-1"), (5, "is now in o-2")):
        answer = islands("run", "scenario=storm", f"worlds={worlds}", "out=o", "format=csv")
        assert answer.code == 0
        assert line in answer.out
        assert bool(line) == ("earlier run" in answer.out)
    kept = [load_scenario(small / name / "config.yaml").worlds for name in ("o-1", "o-2", "o")]
    assert kept == [3, 4, 5]
    assert (small / "o" / "tables").read_text() == "csv False"


def test_two_multiruns_into_one_folder_leave_each_other_alone(
    islands: Islands, small: Path, played: list[Scenario]
) -> None:
    for seeds in ("1,2", "3,4"):
        assert islands("run", "-m", "scenario=storm", f"seed={seeds}", "out=mm").code == 0
    names = sorted(path.name for path in (small / "mm").iterdir() if path.is_dir())
    assert names == [f"{job}_scenario=storm,seed={seed}" for job, seed in ("01", "03", "12", "14")]


@pytest.mark.parametrize("word", ["format=xls", "draws=2", "fromat=csv"])
def test_what_tables_cannot_be_is_refused(
    islands: Islands, played: list[Scenario], word: str
) -> None:
    answer = islands("run", word)
    assert (answer.code, len(answer.err.splitlines())) == (2, 1)
    assert "format" in answer.err or "draws" in answer.err
    assert not played


def test_jobs_of_a_multirun_share_the_folder_that_is_asked_for(
    islands: Islands, small: Path, played: list[Scenario]
) -> None:
    answer = islands("run", "-m", "scenario=storm", "seed=1,2", "out=mm")
    assert answer.code == 0
    assert sorted(path.name for path in (small / "mm").iterdir() if path.is_dir()) == [
        "0_scenario=storm,seed=1",
        "1_scenario=storm,seed=2",
    ]
    assert [scenario.seed for scenario in played] == [1, 2]
    several = islands("run", "-m", "scenario=storm", "seed=1,2", "out=aa,bb")
    assert several.code == 0
    assert sorted(path.name[0] for where in ("aa", "bb") for path in (small / where).iterdir()) == [
        *"0123"
    ]
    answer = islands("run", "-m", "scenario=storm", "seed=interval(1,3)")
    assert answer.code == 2
    assert "seed: expected values" in answer.err


def test_a_job_that_is_refused_is_told_in_a_line_of_our_own(
    islands: Islands, small: Path, played: list[Scenario]
) -> None:
    jobs = [small / "mm" / f"{job}_scenario=storm,seed={job + 1}" for job in (0, 2)]
    for folder in jobs:
        folder.mkdir(parents=True)
    (jobs[-1] / "precious").touch()
    (small / "file").touch()
    answer = islands("run", "-m", "scenario=storm", "seed=1,2,3", "out=mm")
    assert answer.code == 2
    wanted = "islands: command line: out: expected a new or empty folder, or an earlier run, got"
    assert answer.err.startswith(wanted)
    assert len(answer.err.splitlines()) == 1
    assert [scenario.seed for scenario in played] == [1, 2], "others are played all the same"
    answer = islands("run", "-m", "scenario=storm", "seed=1,2", f"out={small}/file/mm")
    assert answer.code == 2
    assert "out: expected a folder that can be written" in answer.err


def test_run_is_the_command_when_none_is_named(islands: Islands, played: list[Scenario]) -> None:
    assert islands("worlds=3").out.startswith("base: 3 worlds\n\nResults in outputs/20")
    assert islands("worlds=3").code == 0, "two runs within a second have folders of their own"
    assert len(played) == 2


def test_nothing_is_played_when_something_is_wrong(
    islands: Islands, played: list[Scenario]
) -> None:
    for arguments in (
        ["worlds=0"],
        ["worlds=10**12"],
        ["storm"],
        ["out=/proc/self/o"],
        ["+typo=1"],
    ):
        answer = islands("run", *arguments)
        assert answer.code == 2
        assert answer.err.startswith("islands: command line: ")
        assert "Traceback" not in answer.err
    assert not played


@pytest.mark.parametrize("flag", ["-m", "--multirun"])
def test_multirun(islands: Islands, small: Path, played: list[Scenario], flag: str) -> None:
    chosen = ["scenario=base,storm", "holder.public.opposition=0.1,0.2", "deals=[status_quo]"]
    answer = islands("run", *chosen[:1], flag, *chosen[1:])
    assert (answer.code, answer.err) == (0, "")
    assert [scenario.name for scenario in played] == ["base", "base", "storm", "storm"]
    oppositions = [scenario.holder.public.opposition for scenario in played]
    assert [item.value for item in oppositions if item] == [0.1, 0.2, 0.1, 0.2]
    (sweep,) = (small / "outputs").iterdir()
    names = sorted(path.name for path in sweep.iterdir())
    assert names[0] == "0_scenario=base,holder.public.opposition=0.1,deals=status_quo"
    assert [name[0] for name in names] == [*"0123", "m"]


def test_multirun_of_files(
    islands: Islands, case: Callable[..., Path], played: list[Scenario]
) -> None:
    case("name: mine\n", "mine.yaml")
    assert islands("run", "-m", "scenario=./mine.yaml,base", "~title=null").code == 2
    assert islands("run", "-m", "scenario=./mine.yaml,base").code == 0
    assert [scenario.name for scenario in played] == ["mine", "base"]


def test_multirun_checks_every_value_first(islands: Islands, played: list[Scenario]) -> None:
    for arguments in (["worlds=1,0"], ["environment=calm,strom"], ["typo=1,2"], ["side=east,west"]):
        answer = islands("run", "-m", *arguments)
        assert answer.code == 2
        assert answer.err.startswith("islands: command line: ")
    assert not played


def test_cfg_job_prints_a_scenario_that_runs(
    islands: Islands, small: Path, played: list[Scenario]
) -> None:
    answer = islands("run", "scenario=storm", "--cfg", "job", "worlds=3")
    (small / "again.yaml").write_text(answer.out)
    assert load_scenario("again.yaml") == load_scenario("storm", ["worlds=3"])
    part = islands("run", "--cfg", "job", "-p", "environment.processes.crises.years").out
    assert part == "value: 0.0\nunit: points\nsource: []\nassumption: for the test\n"
    assert islands("run", "--cfg", "job", "-p", "environmnt").code == 2
    assert not played


@pytest.mark.parametrize("flags", [["--info", "searchpath"], ["--cfg", "hydra"], ["--hydra-help"]])
def test_hydra_tells_about_itself(islands: Islands, flags: list[str]) -> None:
    try:
        assert islands("run", *flags).code == 0
    except SystemExit as end:
        assert not end.code  # noqa: PT017 - to return is as good as to exit


def test_settings_of_hydra_are_let_through(islands: Islands, played: list[Scenario]) -> None:
    assert islands("run", "worlds=3", "hydra.job.name=mine").code == 0
    assert [scenario.worlds for scenario in played] == [3]


def test_other_primary_configs_are_refused(islands: Islands) -> None:
    answer = islands("run", "--config-name", "other")
    assert (answer.code, answer.err) == (
        2,
        "islands: --config-name is not needed: name a file with scenario=PATH\n",
    )


def test_an_objective_is_what_the_result_says(
    small: Path, played: list[Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = pd.DataFrame({"deal": ["status_quo"], "settled": [0.25], "interim": [0.5]})
    monkeypatch.setattr(Result, "outcomes", outcomes, raising=False)
    words = ["scenario=storm", "deals=[status_quo]", "out=o"]
    assert _play([*words, "objective=interim:status_quo"]) == 0.5
    assert _play(words) is None


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("objective=settlde:status_quo", "did you mean 'settled'?"),
        ("objective=settled", "objective: expected one of "),
        ("objective=[settled]", "objective: expected OUTCOME:DEAL"),
        ("holder.public.opposition=interval(0.1,0.2)", "holder.public.opposition: expected"),
        ("hydra/sweeper=none_of_these", "none_of_these"),
    ],
)
def test_what_a_multirun_refuses_is_said_in_one_line_of_ours(
    islands: Islands, played: list[Scenario], word: str, said: str
) -> None:
    answer = islands("run", "-m", "scenario=storm", "deals=[status_quo]", word)
    (line,) = answer.err.splitlines()
    assert (answer.code, line[:9]) == (2, "islands: ")
    assert said in line
    assert not played
