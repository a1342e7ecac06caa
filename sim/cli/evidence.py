"""Facts of the register: what rests on them, and what each stance changes."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Annotated, Literal

from annotated_types import Ge
from pydantic import Field

from sim.cli.options import Argument, Command, Form, Overrides, Whole
from sim.errors import UsageError, nearest
from sim.report.screen import display, heard, say, say_overrides

if TYPE_CHECKING:
    from sim.domain.scenario import Scenario

__all__ = ["Evidence"]


class Evidence(Command):
    """Show the facts of the register, what rests on them, and what each stance changes.

    Without an id: every fact and how many parts of the scenario rest on it, then for each stance
    what changes when it is switched off in the same worlds (some minutes). With an id: all about
    that fact, and what its stances change in each structure.
    """

    fact: Annotated[str, Argument("[ID]")] = ""
    changes: Annotated[Literal["none"] | Annotated[Whole, Ge(2)], Form("WORLDS|none")] = Field(
        100, description="worlds of each structure in which each stance is switched off"
    )
    overrides: Annotated[tuple[str, ...], Overrides()] = ()

    def run(self) -> int:
        """Show one fact, or all."""
        from sim.io.config import load_run
        from sim.report.evidence import about, overview, what_changes

        scenario, settings = load_run(None, self.overrides)
        if self.fact and self.fact not in scenario.evidence:
            near = nearest(self.fact, list(scenario.evidence))
            hint = f"; did you mean {near!r}?" if near else ""
            raise UsageError(f"no fact named {self.fact!r} in the register{hint}")
        say_overrides(self.overrides, scenario)
        if self.fact:
            say("\n".join(about(self.fact, scenario)))
        else:
            display(overview(scenario))
            if self.changes != "none":
                say(_announced(scenario, self.changes))
                heard()
        if self.changes != "none":
            fact = self.fact or None
            display(what_changes(scenario, self.changes, fact, settings.workers))
        return 0


def _announced(scenario: Scenario, worlds: int) -> str:
    """Return how much is to be played, and how to ask for less."""
    from sim.domain.narration import several
    from sim.experiments.explanation.stances import stances

    number, deals = len(stances(scenario)), len(scenario.structures)
    told = (
        f"Now each of {number} stances is switched off in {several(deals, 'structure')}, {worlds} "
        f"worlds each: {number * deals:,} plays, the longer the more there are. One fact: islands "
        "evidence ID; one structure: deals=NAME; nothing played: changes=none."
    )
    return "\n" + textwrap.fill(told, 80, break_on_hyphens=False)
