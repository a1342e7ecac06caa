"""Contest in words: its table fits a terminal, the verdict names who wins, the advice is taken."""

import re

import pytest

from sim.cli import main
from sim.domain.agenda import Agenda
from sim.domain.narration import percent
from sim.domain.scenario import Scenario
from sim.experiments.ensemble import run
from sim.experiments.result import EnsembleResult
from sim.io.config import load_scenario
from sim.report.verdict import verdict
from tests.disputes import q
from tests.report.test_outcomes import printed

WORLDS = 32


@pytest.fixture(scope="module", params=["open", "tabled"])
def result(isles: Scenario, request: pytest.FixtureRequest) -> EnsembleResult:
    agenda: Agenda = request.param
    data = isles.model_dump(by_alias=True, exclude={"evidence"})
    data["protocol"]["patience"] = q(1.0, "rounds")
    case = Scenario.model_validate({**data, "agenda": agenda, "evidence": isles.evidence})
    return run(case, worlds=WORLDS, workers=1)


def test_the_verdict_names_who_is_signed_and_who_closes(result: EnsembleResult) -> None:
    signed, closed, *_ = verdict(result)
    for said, what in ((signed, "signed"), (closed, "closed")):
        rows = result.contest[result.contest["what"] == what].set_index("structure")["share"]
        label = result.scenario.texts[str(rows.idxmax())].label
        assert f"“{label}” ({100 * rows.max():.1f} % of worlds)" in said
        if what == "signed":
            assert f"Nothing is signed in {percent(1 - rows.sum())} % of worlds" in said
    assert "whichever" not in " ".join(verdict(result))


def test_the_table_fits_a_terminal_with_titles_first(result: EnsembleResult) -> None:
    lines = printed(result, width=80, full=False)
    assert max(map(len, lines)) <= 80
    names = {str(name) for name in result.contest.query("share > 0")["structure"]}
    told = lines[next(i for i, line in enumerate(lines) if "Contest" in line) :]
    assert all("…" not in line for line in told)
    assert names <= {line.strip() for line in told}
    instead = [line for line in told if line.startswith("  instead of")]
    assert bool(instead) == (result.scenario.agenda == "open")


def test_the_advice_can_be_typed(capsys: pytest.CaptureFixture[str]) -> None:
    small = ["deals=[renounce,joint_economy_only]", "rounds=2", "worlds=8"]
    case = load_scenario("singapore_2018", ["agenda=open", *small])
    advice = verdict(run(case, workers=1))[-1]
    commands = re.findall(r"islands ([^;.]+)", advice)
    assert [command.split()[0] for command in commands] == ["explain"]
    assert "agenda=open" in commands[0]
    assert main([*commands[0].split(), *small, "workers=1"]) == 0
    assert "World 0, round by round" in capsys.readouterr().out
