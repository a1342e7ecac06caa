"""Open a page on which to move numbers and watch how talks end.

Usage: islands explore [scenario=NAME|PATH] [key=value …] [host=…] [port=N] [browser=true|false]

  scenario=NAME|PATH      what the page starts with; others can be chosen on it
  key=value               as for `islands run`: deals=[a,b] seed=N holder.public.opposition=0.5 …
  host=127.0.0.1          who may come: this machine only. Any other address lets everybody in who
                          can reach it, without a password
  port=8765               0 for any that is free
  browser=true            open the page in your browser
  workers=N               processes that play worlds

The page needs the extra `explore`; it sends nothing anywhere. Ctrl-C ends it.
"""

from __future__ import annotations

from sim.cli.screen import say
from sim.cli.telling import taken, whole
from sim.errors import UsageError
from sim.io.config import load_run

__all__ = ["main"]

_ANSWERS = {"true": True, "false": False}


def main(arguments: list[str]) -> int:
    """Serve the page until Ctrl-C."""
    own, overrides = taken(arguments, ("host", "port", "browser"))
    port = whole("port", own.get("port", "8765"), 0, 65_535)
    browser = own.get("browser", "true")
    if browser not in _ANSWERS:
        raise UsageError(f"browser: expected true or false, got {browser!r}")
    scenario, settings = load_run(None, overrides)
    from sim.explorer.serve import listen, open_browser, serve

    def ready(address: str) -> None:
        say(f"{scenario.title}: {address} (Ctrl-C ends it)")
        if _ANSWERS[browser]:
            open_browser(address)

    serve(scenario, listen(own.get("host", "127.0.0.1"), port), settings.workers, ready)
    return 0
