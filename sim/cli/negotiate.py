"""Let two profiles of a bargaining domain negotiate, by the protocol of every other dispute.

Usage: islands negotiate DOMAIN.xml A.xml B.xml [claimant.strategy=NAME] [holder.strategy=NAME] …

The files are those of Genius and the ANAC competitions; A is the claimant, who begins, and B the
holder. Prints the ZOPA, the Pareto frontier, the Nash, Kalai-Smorodinsky, egalitarian and
utilitarian points, and the talks round by round.

  claimant.strategy=NAME  how A concedes (linear); islands list strategies names the others
  holder.strategy=NAME    how B does (linear)
  rounds=N                offers that can be made; the last round is both sides' deadline (20)
  discretise=N            evenly spaced values into which a real issue is cut (11)
  out=DIR                 write all packages, the points and the rounds there, too
  key=value               any number of either side or the protocol, such as
                          protocol.first_mover=holder or holder.beliefs.interest_error=0.2
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from sim.cli.screen import display
from sim.cli.telling import taken, whole
from sim.errors import ScenarioError, UsageError
from sim.io.yaml import scalar

__all__ = ["main"]

_OWN = ("claimant.strategy", "holder.strategy", "rounds", "discretise", "out")
_PARTS = ("claimant", "holder", "protocol", "seed")
_FILES = ("DOMAIN.xml", "A.xml", "B.xml")


def main(arguments: list[str]) -> int:
    """Read the files, let them negotiate, and tell what came of it."""
    files = [argument for argument in arguments if "=" not in argument]
    if len(files) != len(_FILES):
        raise UsageError(f"expected {' '.join(_FILES)}, got {' '.join(files) or 'nothing'}")
    own, rest = taken([item for item in arguments if "=" in item], _OWN)
    rounds = whole("rounds", own.get("rounds", "20"), 2, 10_000)
    steps = whole("discretise", own.get("discretise", "11"), 2, 5_001)
    from sim.experiments.bargaining import bargain, save
    from sim.io.bargaining import Terms
    from sim.io.files import check_writable, place
    from sim.io.genius import read_domain, read_profile
    from sim.report.bargaining import render_bargain

    out = place(own["out"]) if "out" in own else None
    if out is not None:
        check_writable(out)
    domain = read_domain(files[0])
    one, two = (read_profile(file, domain) for file in files[1:])
    named = own.get("claimant.strategy", "linear"), own.get("holder.strategy", "linear")
    try:
        result = bargain(one, two, Terms(rounds, steps, named, _settings(rest)))
    except ScenarioError as error:
        raise ScenarioError(fault.located(files[0]) for fault in error.faults) from None
    if out is not None:
        save(result, out)
    display(render_bargain(result, out))
    return 0


def _settings(texts: Sequence[str]) -> list[tuple[tuple[str, ...], Any]]:
    """Return keys of the scenario and their values."""
    found = []
    for text in texts:
        key, _, value = text.partition("=")
        path = tuple(key.split("."))
        if path[0] not in _PARTS:
            near = get_close_matches(path[0], [*_OWN, *_PARTS], n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            known = ", ".join((*_OWN[2:], *_PARTS))
            raise UsageError(f"expected a key that begins with one of {known}, got {key!r}{hint}")
        found.append((path, scalar(value)))
    return found
