"""List the commands: one line here and one file beside it make a new one."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["COMMANDS", "Command"]


@dataclass(frozen=True, slots=True)
class Command:
    """Describe a command without importing it.

    Parameters
    ----------
    module : str
        Module that does it, with a function ``main(arguments) -> int``; its docstring is the help.
    help : str
        One line.
    """

    module: str
    help: str


COMMANDS: dict[str, Command] = {
    "run": Command("sim.cli.run", "play a scenario in many worlds; write tables and figures"),
    "sweep": Command("sim.cli.sweep", "play many settings of a scenario; goes on where it stopped"),
    "status": Command("sim.cli.status", "tell how far a sweep is, running or stopped"),
    "explain": Command("sim.cli.explain", "say why structures end as they do, and what stops them"),
    "unlock": Command("sim.cli.unlock", "find the smallest change after which a structure settles"),
    "sensitivity": Command("sim.cli.sensitivity", "ask which uncertainty decides what happens"),
    "discover": Command("sim.cli.discover", "say in words where a structure settles"),
    "new": Command("sim.cli.new", "write the files of a dispute of your own, to be changed"),
    "explore": Command("sim.cli.explore", "open a page on which to move numbers and look"),
    "list": Command("sim.cli.listing", "name the scenarios, structures, sides and other parts"),
    "show": Command("sim.cli.show", "tell a scenario in words: who wants what and why"),
    "validate": Command("sim.cli.validate", "check files without running them"),
    "report": Command("sim.cli.report", "make one HTML page of a run, to be mailed to anyone"),
    "schema": Command("sim.cli.schema", "write the schema of a file for completion in editors"),
    "hindcast": Command("sim.cli.hindcast", "forecast the episodes of the record; score forecasts"),
    "calibrate": Command(
        "sim.cli.calibrate", "fit what all episodes share to what is known of them"
    ),
    "negotiate": Command("sim.cli.negotiate", "let two profiles of a Genius domain negotiate"),
    "stability": Command(
        "sim.cli.stability", "tell which states of a conflict anybody would leave"
    ),
    "plot": Command("sim.cli.plot", "draw what fits the folder of a run or sweep"),
    "evidence": Command("sim.cli.evidence", "show the facts, and the numbers that rest on them"),
}
