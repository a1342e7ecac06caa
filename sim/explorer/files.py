"""Make the files that the page offers: the scenario on screen, and its results."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

from sim.experiments.provenance import now, provenance
from sim.experiments.result import EnsembleResult
from sim.experiments.reversal import no_ranking
from sim.experiments.tables import outcomes_table, packages_table, words_of, worlds_table
from sim.explorer.growth import Grown
from sim.explorer.picture import DRAWING
from sim.io.dump import dump_scenario
from sim.plotting import pictures

__all__ = ["results_zip", "scenario_yaml"]


def scenario_yaml(grown: Grown) -> bytes:
    """Return the scenario behind the numbers on screen, with as many worlds as they rest on."""
    return dump_scenario(grown.setting.scenario(grown.worlds)).encode()


def results_zip(grown: Grown) -> bytes:
    """Return the results on screen as a packed folder, like that of ``islands run``."""
    result = _result(grown)
    with DRAWING:
        drawn = pictures(result)
    with TemporaryDirectory() as parent:
        folder = result.save(Path(parent) / "results", also=drawn)
        packed = BytesIO()
        with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
            for path in sorted(folder.iterdir()):
                archive.write(path, path.name)
    return packed.getvalue()


def _result(grown: Grown) -> EnsembleResult:
    started = now()
    scenario = grown.setting.scenario(grown.worlds)
    packages = packages_table(scenario)
    words = words_of(scenario, packages)
    table = worlds_table([part for parts in grown.pieces.values() for part in parts], words)
    outcomes = outcomes_table(scenario, table)
    origin = provenance(scenario, started, now()) | {"reversal_draws": 0}
    ranked = no_ranking(scenario.deals)
    return EnsembleResult(scenario, outcomes, table, packages, ranked, origin)
