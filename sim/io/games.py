"""Read conflicts in the form of the graph model, as strangers' YAML."""

from __future__ import annotations

from pathlib import Path

from sim.domain.game import Game, faults_of_game
from sim.errors import Fault, ScenarioError
from sim.io import yaml
from sim.io.faults import problems_of, translated
from sim.io.library import is_path, nearest
from sim.io.merge import Layered, lay
from sim.paths import configs_dir

__all__ = ["games", "read_game"]


def games() -> dict[str, Path]:
    """Return the shipped conflicts by name."""
    return {path.stem: path for path in sorted((configs_dir() / "game").glob("*.yaml"))}


def read_game(name_or_path: str) -> Game:
    """Return a conflict.

    Parameters
    ----------
    name_or_path : str
        Name of a shipped one, or the path of a file.

    Raises
    ------
    ScenarioError
        With all faults of the file.
    """
    path = Path(name_or_path).expanduser()
    if not is_path(name_or_path) and not path.is_file():
        known = games()
        if name_or_path not in known:
            expected = f"a file, or one of {', '.join(known)}"
            hint = nearest(name_or_path, list(known))
            fault = Fault("FILE", expected, repr(name_or_path), hint, "command line")
            raise ScenarioError([fault])
        path = known[name_or_path]
    file, values = yaml.display(path), Layered()
    lay(values, yaml.read(path), file)
    if problems := problems_of(Game, values):
        raise ScenarioError(fault.located(file) for fault in translated(problems, Game, values))
    game = Game.model_validate(values)
    if faults := faults_of_game(game):
        raise ScenarioError(fault.located(file) for fault in faults)
    return game
