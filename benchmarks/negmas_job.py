"""Play the same bilateral package table through NegMAS, in an environment of its own.

Run by `benchmarks.rivals` with the interpreter that FOUR_ISLANDS_NEGMAS names; this file imports
nothing of the project, and the project imports nothing of NegMAS (AGPL).
"""

import json
import sys
import time

from negmas import SAOMechanism, make_issue
from negmas.preferences import MappingUtilityFunction
from negmas.sao import AspirationNegotiator


def main() -> None:
    """Read tables of both sides' values from standard input, and print seconds and rounds."""
    job = json.load(sys.stdin)
    issue = make_issue([str(k) for k in range(job["packages"])], "package")
    seconds, rounds = [], 0
    for run in range(job["runs"] + 1):
        start = time.perf_counter()
        rounds = sum(play(world, issue, job["rounds"]) for world in job["worlds"])
        if run:
            seconds.append(time.perf_counter() - start)
    json.dump({"seconds": seconds, "rounds": rounds}, sys.stdout)


def play(world: dict, issue: object, rounds: int) -> int:
    """Negotiate once and return the rounds of the window."""
    session = SAOMechanism(issues=[issue], n_steps=rounds)
    for side in ("claimant", "holder"):
        values = {(str(k),): value for k, value in enumerate(world[side])}
        ufun = MappingUtilityFunction(
            values, issues=[issue], reserved_value=world[f"reservation_{side}"]
        )
        session.add(AspirationNegotiator(), ufun=ufun)
    session.run()
    return rounds


if __name__ == "__main__":
    main()
