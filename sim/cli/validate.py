"""Check files without running them; every fault is one line.

Usage: islands validate PATH|SCENARIO [more …]

Takes scenarios, by path or name, and parts of them: disputes, sides, strategies, environments,
protocols, structures and registers of evidence. Exits with 2 when anything is at fault.
"""

from __future__ import annotations

from sim.cli.screen import complain, say
from sim.errors import ScenarioError, UsageError

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """Check each file and report on all."""
    if not arguments or any(argument.startswith("-") for argument in arguments):
        raise UsageError("expected `islands validate PATH …`: scenarios or parts of them")
    from sim.io.kinds import check_file

    code = 0
    for path in arguments:
        try:
            say(f"{path}: sound ({check_file(path)})")
        except ScenarioError as error:
            complain(str(error))
            code = error.exit_code
    return code
