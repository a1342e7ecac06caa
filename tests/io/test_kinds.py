"""Every file of the project can be checked on its own."""

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.io.kinds import check_file
from sim.paths import configs_dir

SHIPPED = sorted(configs_dir().glob("*/*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_shipped_parts_are_sound(path: Path) -> None:
    assert check_file(path) == path.parent.name


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
