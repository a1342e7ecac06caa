"""What was changed of a scenario stands above what a command prints (`sim.report.screen`)."""

import pytest

from sim.experiments.result import load_result
from sim.report.screen import say_overrides
from tests.cli.conftest import Islands


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["scenario=a", "worlds=4", "out=b", "-m", "hydra.x=1"], ""),
        (["format=csv", "draws=true", "detail=full", "engine=array", "workers=1"], ""),
        (
            ["rounds=4", "++holder.public.opposition=0.4"],
            "Overrides: rounds=4, holder.public.opposition=0.4\n",
        ),
    ],
)
def test_only_what_changes_something_is_told(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    say_overrides(words)
    assert capsys.readouterr().out == said


def test_a_run_tells_it_and_the_order_of_its_rows(islands: Islands, tmp_path: object) -> None:
    said = islands("run", "scenario=base", "worlds=4", "rounds=2", f"out={tmp_path}/a")
    assert said.code == 0
    assert said.out.startswith("Overrides: rounds=2\n")
    assert load_result(f"{tmp_path}/a").scenario.overrides == ("rounds=2",)
    assert "Order: by " in said.out
    assert "Overrides" not in islands("show", "scenario=base").out
    assert islands("show", "rounds=3").out.startswith("Overrides: rounds=3\n")
