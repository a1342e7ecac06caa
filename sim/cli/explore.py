"""Page on which to move numbers and watch how talks end, served until Ctrl-C."""

from __future__ import annotations

from typing import Annotated

from annotated_types import Ge, Le
from pydantic import Field

from sim.cli.options import Command, Flag, Overrides, Whole
from sim.report.screen import say

__all__ = ["Explore"]


class Explore(Command):
    """Open a page on which to move numbers and watch how talks end.

      scenario=NAME|PATH      what the page starts with; others can be chosen on it
      key=value               as for `islands run`: deals=[a,b] seed=N …
      workers=N               processes that play worlds

    The page needs the extra `explore`; it sends nothing anywhere. Ctrl-C ends it.
    """

    host: str = Field(
        "127.0.0.1",
        description="who may come: this machine only. Any other address lets everybody in who can "
        "reach it, without a password",
    )
    port: Annotated[Whole, Ge(0), Le(65_535)] = Field(8765, description="0 for any that is free")
    browser: Flag = Field(True, description="open the page in your browser")
    overrides: Annotated[tuple[str, ...], Overrides()] = ()

    def run(self) -> int:
        """Serve the page until Ctrl-C."""
        from sim.io.config import load_run

        scenario, settings = load_run(None, self.overrides)
        from sim.explorer.serve import listen, open_browser, serve

        def ready(address: str) -> None:
            say(f"{scenario.title}: {address} (Ctrl-C ends it)")
            if self.browser:
                open_browser(address)

        serve(scenario, listen(self.host, self.port), settings.workers, ready)
        return 0
