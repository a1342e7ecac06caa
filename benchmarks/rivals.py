"""Call other platforms in environments of their own."""

from __future__ import annotations

import json
import os
import resource
import subprocess
from pathlib import Path

import numpy as np

from benchmarks.jobs import DEAL, ROUNDS, flagship
from benchmarks.measure import Measured
from sim.model import TalksModel
from sim.model.view import RoundView

VARIABLE = "FOUR_ISLANDS_NEGMAS"


def negmas(worlds: int = 20, runs: int = 5) -> Measured | None:
    """Return what NegMAS takes, where FOUR_ISLANDS_NEGMAS names an interpreter that has it."""
    interpreter = os.environ.get(VARIABLE)
    if not interpreter:
        return None
    script = Path(__file__).with_name("negmas_job.py")
    done = subprocess.run(
        [interpreter, str(script)],
        input=json.dumps({**_tables(worlds), "runs": runs}),
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Measured(
        "(d) NegMAS, alternating offers", answer["rounds"], tuple(answer["seconds"]), memory
    )


def _tables(worlds: int) -> dict[str, object]:
    model = TalksModel(flagship("array"), DEAL, worlds=worlds)
    scene = model.open_round()
    talk = RoundView(scene, 0, np.arange(worlds))
    rows = [
        {
            "claimant": talk.value(0)[row].tolist(),
            "holder": talk.value(1)[row].tolist(),
            "reservation_claimant": float(talk.reservation(0)[row]),
            "reservation_holder": float(talk.reservation(1)[row]),
        }
        for row in range(worlds)
    ]
    return {"worlds": rows, "packages": talk.value(0).shape[1], "rounds": ROUNDS}
