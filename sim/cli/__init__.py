"""The command line: `islands COMMAND …`."""

from sim.cli.dispatch import main

__all__ = ["main"]
