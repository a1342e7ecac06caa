"""What `islands run` does before and after the engine; the engine itself is a stand-in here."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.domain.scenario import Scenario
from sim.io.config import load_scenario

Islands = Callable[..., SimpleNamespace]


class Result:
    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def save(self, out: Path, *, also: dict[str, bytes]) -> None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "provenance.json").write_text("{}")
        for name, picture in also.items():
            (out / name).write_bytes(picture)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[Scenario]:
    scenarios: list[Scenario] = []

    def run(scenario: Scenario, *, workers: int | None, progress: bool) -> Result:
        assert not progress  # nobody watches
        scenarios.append(scenario)
        return Result(scenario)

    def render(result: Result, out: Path, *, full: bool) -> str:
        assert not full
        return f"{result.scenario.name}: {result.scenario.worlds} worlds in {out}"

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
    assert answer.out == "storm: 10 worlds in o\n"
    assert played == [load_scenario("storm", ["worlds=10"])]
    assert (small / "o" / "provenance.json").is_file()
    assert (small / "o" / "funnel.png").read_bytes() == b"drawn"
    assert islands("run", "scenario=storm", "out=o").code == 0, "an earlier run is replaced"


def test_jobs_of_a_multirun_share_the_folder_that_is_asked_for(
    islands: Islands, small: Path, played: list[Scenario]
) -> None:
    answer = islands("run", "-m", "scenario=storm", "seed=1,2", "out=mm")
    assert answer.code == 0
    assert sorted(path.name for path in (small / "mm").iterdir() if path.is_dir()) == ["0", "1"]
    assert [scenario.seed for scenario in played] == [1, 2]
    several = islands("run", "-m", "scenario=storm", "seed=1,2", "out=aa,bb")
    assert several.code == 0
    assert sorted(path.name for where in ("aa", "bb") for path in (small / where).iterdir()) == [
        *"0123"
    ]
    answer = islands("run", "-m", "scenario=storm", "seed=interval(1,3)")
    assert answer.code == 2
    assert "seed: expected values" in answer.err


def test_a_job_that_is_refused_is_told_in_a_line_of_our_own(
    islands: Islands, small: Path, played: list[Scenario]
) -> None:
    for job in (0, 2):
        (small / "mm" / str(job)).mkdir(parents=True)
    (small / "mm" / "2" / "precious").touch()
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
    assert islands("worlds=3").out.startswith("base: 3 worlds in outputs/20")
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
    assert sorted(path.name for path in sweep.iterdir()) == ["0", "1", "2", "3", "multirun.yaml"]


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
