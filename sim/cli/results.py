"""Results of a command in a folder: files written together, beside what they were made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.screen import say_moved

if TYPE_CHECKING:
    from sim.domain.scenario import Scenario

__all__ = ["write_results"]


def write_results(
    folder: Path, files: Mapping[str, bytes], scenario: Scenario, started: datetime
) -> None:
    """Write files with their scenario and where they come from, all of them or none.

    What another command or setting left in the folder is set aside, and it is said where.

    Parameters
    ----------
    folder : Path
        Looked at by `sim.io.files.check_writable` before anything was played.
    files : mapping of name to bytes
    scenario : Scenario
        As it was played.
    started : datetime
        When the command began.
    """
    from sim.experiments.provenance import now, provenance
    from sim.io.dump import dump_scenario
    from sim.io.folders import CONFIG
    from sim.io.tables import write_run

    earlier: list[Path] = []
    data = {CONFIG: dump_scenario(scenario).encode(), **files}
    write_run(folder, data, provenance(scenario, started, now()), earlier.append)
    say_moved(folder, earlier)
