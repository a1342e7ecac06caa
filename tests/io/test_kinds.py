"""Every file of the project can be checked on its own."""

from pathlib import Path

import pytest

from sim.errors import Fault, ScenarioError
from sim.io.kinds import check_file
from sim.io.template import write_dispute
from sim.paths import configs_dir

SHIPPED = sorted(configs_dir().glob("*/*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_shipped_parts_are_sound(path: Path) -> None:
    assert check_file(path) == path.parent.name


def test_units_are_in_words_that_shipped_scenarios_use(tmp_path: Path) -> None:
    """Those of all shipped scenarios pass; a unit of nobody's is told, an area's may be any."""
    for name in ("second_edition", "norway_russia_2010", "canada_denmark_2018"):
        assert remarks(name) == []
    path = write_dispute("pond", tmp_path)
    assert [each.key for each in remarks(path)] == ["description"]
    text = path.read_text().replace("a paragraph that a stranger understands", "so and so")
    path.write_text(text)
    for part in path.parent.rglob("*.yaml"):
        text = part.read_text().replace("unit: km2", "unit: feddan")
        part.write_text(text.replace("unit: percent", "unit: per hundred"))
    said = remarks(path)
    assert said[0].key == "claimant.leader.approval.start.unit"
    assert said[0].got == "'per hundred'"
    assert len(said) == 7
    assert said[-1].got == "2 more units in words that no unit has"


def remarks(path: Path | str) -> list[Fault]:
    found: list[Fault] = []
    assert check_file(path, found.append) == "scenario"
    return found


@pytest.mark.parametrize("kind", ["dispute", "side", "strategy", "protocol", "environment", "deal"])
def test_the_kind_is_recognised_by_its_keys(small: Path, kind: str) -> None:
    source = next((small.parent / "_shipped" / "configs" / kind).glob("*.yaml"))
    (small / "mine.yaml").write_text(source.read_text())
    assert check_file(small / "mine.yaml") == kind


def test_faults_of_a_part(small: Path) -> None:
    path = small / "mine.yaml"
    path.write_text("{name: mine, label: Mine, stage: {}}")
    with pytest.raises(ScenarioError) as caught:
        check_file(path)
    assert str(caught.value).splitlines() == [
        "mine.yaml: stages: expected a value, got nothing",
        "mine.yaml: unknown key 'stage'; did you mean 'stages'?",
    ]
