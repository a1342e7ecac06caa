"""Results of a command in a folder: files written together, beside what they were made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.screen import say

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
    from sim.io.folders import CONFIG, set_aside
    from sim.io.tables import write_run

    data = {CONFIG: dump_scenario(scenario).encode(), **files}
    if not _holds(folder, data) and (earlier := set_aside(folder, b"")):
        say(f"What was in {folder} is now in {earlier}\n")
    write_run(folder, data, provenance(scenario, started, now()))


def _holds(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Tell whether a folder holds these very files already."""
    return all(
        (folder / name).is_file() and (folder / name).read_bytes() == content
        for name, content in files.items()
    )
