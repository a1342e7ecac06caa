"""Pictures of what it would take: marks stand where the numbers say."""

from pathlib import Path

import numpy as np
import pytest

from sim.cli import main
from sim.domain.scenario import Scenario
from sim.experiments.conditions.conditions import Conditions
from sim.experiments.conditions.folder import conditions_files
from sim.io.files import write_atomically
from sim.plotting.conditions import (
    coalition_matrix,
    condition_pictures,
    distance_ladder,
    settlement_map,
)
from tests.plotting import planted


@pytest.fixture
def found(isles: Scenario) -> Conditions:
    return planted.would_take(isles)


def test_the_mark_stands_where_a_tenth_of_worlds_get_there(found: Conditions) -> None:
    ax = distance_ladder(found)
    marks = sorted(bars.lines[0].get_xdata()[0] for bars in ax.containers)
    places = [
        one.distance.at(event, 0.1).size
        for one in found.structures.values()
        for event in one.distance.of_worlds
    ]
    np.testing.assert_allclose(marks, sorted(x for x in places if np.isfinite(x)))
    assert [label.get_text() for label in ax.get_yticklabels()][-1].startswith(
        found.scenario.deals["projects_only"].label[:5]
    )


def test_a_column_of_the_matrix_is_a_set(found: Conditions) -> None:
    ax = coalition_matrix(found, "strait")
    full = [dots.get_offsets() for dots in ax.collections[1::2]]
    assert [len(dots) for dots in full] == [2, 3]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["30.0 %", "22.0 %"]


def test_the_map_has_nine_panels_of_shares(found: Conditions) -> None:
    ax = settlement_map(found, "strait")
    panels = ax.child_axes
    assert len(panels) == 9
    shown = found.structures["strait"].map_
    assert shown is not None
    np.testing.assert_allclose(panels[4].images[0].get_array(), 100 * shown.shares[1, 1])


def test_the_command_draws_a_folder(
    found: Conditions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, data in conditions_files(found).items():
        write_atomically(tmp_path / "found" / name, data)
    said = ["islands", "plot", str(tmp_path / "found")]
    monkeypatch.setattr("sys.argv", [*said, "ladder", "matrix", "deal=strait"])
    assert main() == 0
    files = {path.name for path in (tmp_path / "found-pictures").iterdir()}
    assert files == {"ladder.png", "matrix_strait.png"}
    monkeypatch.setattr("sys.argv", [*said, "map", "deal=projects_only"])
    assert main() == 2


def test_what_is_not_known_is_not_drawn(found: Conditions) -> None:
    names = set(condition_pictures(found))
    assert "ladder.png" in names
    assert {"matrix_strait.png", "map_strait.png"} <= names
    assert not any("projects_only" in name for name in names)
    with pytest.raises(ValueError, match="no map"):
        settlement_map(found, "projects_only")
    with pytest.raises(ValueError, match="no set"):
        coalition_matrix(found, "projects_only")
    with pytest.raises(KeyError, match="no structure"):
        coalition_matrix(found, "nowhere")
