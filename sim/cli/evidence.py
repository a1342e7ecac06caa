"""Facts of the register: what rests on them, and what each stance changes."""

from __future__ import annotations

from typing import Annotated, Literal

from annotated_types import Ge
from pydantic import Field

from sim.cli.options import Argument, Command, Form, Overrides, Whole
from sim.errors import UsageError, nearest
from sim.report.screen import display, say, say_overrides

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
        say_overrides(self.overrides)
        if self.fact:
            say("\n".join(about(self.fact, scenario)))
        else:
            display(overview(scenario))
        if self.changes != "none":
            fact = self.fact or None
            display(what_changes(scenario, self.changes, fact, settings.workers))
        return 0
