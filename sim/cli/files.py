"""Files of scenarios and their parts: list them, tell them, check them, and begin new ones."""

from __future__ import annotations

import textwrap
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from sim.cli.options import Argument, Command, Flag, Form, Overrides, Target, one_of
from sim.errors import Fault, ScenarioError, UsageError, one_line
from sim.io import library, yaml
from sim.report.screen import WIDTH, complain, display, say, say_overrides

__all__ = ["NUMBERS", "PLURALS", "List", "New", "Schema", "Show", "Validate"]

PLURALS = {
    {"strategy": "strategies", "evidence": "evidence"}.get(group, f"{group}s"): group
    for group in library.GROUPS
}
_ALIASES = {"structures": "deal", "structure": "deal"}
"""What is said in prose, for the name of the folder."""
_FOR_EDITORS = "# yaml-language-server:"
NUMBERS = "numbers"
_TITLES = ("title", "label", "description")


class List(Command):
    """Name what there is: scenarios, structures, sides and the other parts of a scenario.

    GROUP is one of scenarios, disputes, sides, strategies, environments, protocols, calibrations,
    deals (or structures), evidence and games; without it, all are listed.

    numbers [WORD …] lists the numbers of a scenario that say these words, in plain language: key,
    words, range, unit and source of each, such as: islands list numbers opposition scenario=S

    Scenarios of your own are found in $ISLANDS_SCENARIOS and in ./scenarios, before those shipped.
    """

    group: Annotated[str, Argument("[GROUP]")] = ""
    words: Annotated[tuple[str, ...], Argument("[WORD …]")] = ()
    overrides: Annotated[tuple[str, ...], Overrides()] = ()

    def run(self) -> int:
        """List one group, or all."""
        if self.group == NUMBERS:
            return self._numbers()
        if more := (*self.words, *self.overrides):
            raise ScenarioError([Fault("", "[GROUP]", repr(" ".join((self.group, *more)).strip()))])
        if self.group:
            group = _ALIASES.get(self.group) or PLURALS.get(self.group, self.group)
            if group not in library.GROUPS:
                one_of("", self.group, [*PLURALS, NUMBERS])
            say("\n".join(_lines(group)))
            return 0
        for plural, group in PLURALS.items():
            say(f"{plural}: {library.GROUPS[group]}")
            say(textwrap.indent("\n".join(_lines(group, indent=2)), "  "))
        return 0

    def _numbers(self) -> int:
        from sim.io.config import load_run
        from sim.report.numbers import numbers_table

        display(numbers_table(load_run(None, self.overrides)[0], self.words))
        return 0


def _lines(group: str, indent: int = 0) -> list[str]:
    """Return a line for each name of a group: the name and what its file says it is."""
    names = library.list_names(group)
    width = max((len(name) for name in names), default=0)
    room = WIDTH - width - 2 - indent
    titles = (textwrap.shorten(one_line(_title(group, name)), room) for name in names)
    lines = [
        f"{one_line(name):<{width}}  {title}".rstrip()
        for name, title in zip(names, titles, strict=True)
    ]
    return lines or ["(none)"]


def _title(group: str, name: str) -> str:
    path = library.find(group, name)
    try:
        values = yaml.read(path) if path else {}
    except ScenarioError as error:
        return f"(cannot be read: {error.faults[0]})"
    if group == "evidence":
        return f"{len(values)} facts"
    titles = (values[key] for key in _TITLES if isinstance(values.get(key), str))
    return str(next(titles, _comment(path)))


def _comment(path: Path | None) -> str:
    """Return the comment with which a file begins, without a line for editors."""
    lines = path.read_text(encoding="utf-8-sig").splitlines() if path else []
    if lines and lines[0].startswith(_FOR_EDITORS):
        lines = lines[1:]
    comment = takewhile(lambda line: line.startswith("#"), lines)
    return " ".join(line.lstrip("# ") for line in comment)


class Show(Command):
    """Tell a scenario in words: who wants what and why, each number with its source."""

    part: (
        Literal["dispute", "claimant", "holder", "resolve", "environment", "protocol", "deals"]
        | None
    ) = Field(None, description="only this")
    keys: Flag = Field(False, description="say under each number by which key it is changed")
    overrides: Annotated[tuple[str, ...], Overrides()] = ()

    def run(self) -> int:
        """Tell the scenario that the overrides describe."""
        from sim.io.config import load_run
        from sim.report.scenario import told

        scenario, _ = load_run(None, self.overrides)
        say_overrides(self.overrides, scenario)
        display(told(scenario, self.part, keys=self.keys))
        return 0


class Validate(Command):
    """Check files without running them; every fault is one line.

    Takes scenarios, by path or name, and parts of them: disputes, sides, strategies, environments,
    protocols, structures and registers of evidence. Exits with 2 when anything is at fault. What is
    hardly meant, a unit of nobody's or the template's own description, is said and is no fault.
    """

    paths: Annotated[tuple[str, ...], Argument("PATH|SCENARIO …")]

    def run(self) -> int:
        """Check each file and report on all."""
        from sim.io.kinds import check_file

        code = 0
        for path in (word.removeprefix("scenario=") for word in self.paths):
            remarks: list[Fault] = []
            try:
                say(f"{path}: sound ({check_file(path, remarks.append)})")
                for each in remarks:
                    complain(str(each.located(path)))
            except ScenarioError as error:
                complain(str(error))
                code = error.exit_code
        return code


class Schema(Command):
    """Write the JSON Schema of a kind of file, so that editors complete and check it.

    KIND is one of scenario (the default), dispute, side, strategy, environment, protocol,
    calibration, deal, evidence and game.

    Name the schema in the first line of a file, relative to it:

      # yaml-language-server: $schema=DIR/scenario.json
    """

    kind: Annotated[str, Argument("[KIND]")] = ""
    out: Annotated[Target, Form("DIR")] | None = Field(
        None, description="a file of each kind, instead of one on the screen"
    )

    def run(self) -> int:
        """Print the schema of one kind, or write those of all."""
        from sim.io.files import write_together
        from sim.io.json_schema import SCHEMAS, schema_text

        if self.out is None:
            say(schema_text(one_of("", self.kind or "scenario", SCHEMAS)).rstrip("\n"))
            return 0
        if self.kind:
            raise UsageError(f"expected a kind or out=DIR, got both: {self.kind!r}")
        files = {f"{kind}.json": schema_text(kind).encode() for kind in SCHEMAS}
        write_together(self.out, files)
        say("\n".join(str(self.out / name) for name in files))
        return 0


class New(Command):
    """Write the files of a dispute of your own: a folder with a scenario and all its parts.

    The files describe a made-up lake, say in comments what each number means, and run as they are.
    Nothing that exists is replaced.
    """

    what: Annotated[Literal["dispute"], Argument("dispute")]
    name: Annotated[str, Argument("NAME")]
    within: Annotated[Target, Form("DIR")] | None = Field(
        None, alias="in", description="where its folder is made; else here"
    )

    def run(self) -> int:
        """Write the files and say what to do with them."""
        from sim.io.template import write_dispute

        scenario = write_dispute(self.name, self.within)
        for path in sorted(scenario.parent.rglob("*.yaml")):
            say(str(path))
        say(f"\nislands validate {scenario}\nislands run scenario={scenario}")
        return 0
