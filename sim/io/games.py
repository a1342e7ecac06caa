"""Read conflicts in the form of the graph model, as strangers' YAML."""

from __future__ import annotations

from sim.domain.game import Game, faults_of_game
from sim.errors import ScenarioError
from sim.io import library, yaml
from sim.io.faults import problems_of, translated
from sim.io.merge import Layered, lay

__all__ = ["read_game"]


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
    path = library.find("game", name_or_path)
    if path is None:
        raise ScenarioError([library.absent("game", name_or_path, key="", file="command line")])
    file, values = yaml.display(path), Layered()
    lay(values, yaml.read(path), file)
    if problems := problems_of(Game, values):
        raise ScenarioError(fault.located(file) for fault in translated(problems, Game, values))
    game = Game.model_validate(values)
    if faults := faults_of_game(game):
        raise ScenarioError(fault.located(file) for fault in faults)
    return game
