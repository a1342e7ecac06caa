"""Results of a scenario in many worlds: their tables, and the folder they are saved in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd

from sim.domain.checks import faults_of
from sim.domain.narration import printable, several
from sim.domain.outcome import OUTCOMES
from sim.domain.results import OUTCOMES_TABLE, RANKING, SHARES, WORLDS, Kinds
from sim.domain.scenario import Scenario
from sim.errors import Fault, ScenarioError, file_error
from sim.experiments import dependence
from sim.experiments.branching.branch import BranchTree, branch
from sim.experiments.branching.interventions import Asked
from sim.experiments.contest import WHAT, agenda_kinds
from sim.experiments.contest import words as contest_words
from sim.experiments.draws import draws_table, with_draws
from sim.experiments.tables import levels_of, packages_kinds, words_of
from sim.experiments.trace import trace
from sim.io import yaml
from sim.io.dump import dump_scenario
from sim.io.files import read_json
from sim.io.folders import CONFIG, check_run
from sim.io.size import check_size
from sim.io.tables import (
    MANIFEST,
    MOST_ROWS,
    Aside,
    check_numbers,
    check_shares,
    config_of,
    digest,
    file_digest,
    read_parquet,
    rows_of,
    table_files,
    write_run,
)

WITH_DRAWS = "worlds_with_draws"
"""The table of worlds with what each drew, which is written on request and not read again."""


def tables_of(scenario: Scenario) -> dict[str, Kinds]:
    """Return the tables of a run, which are also its Parquet files, and their columns."""
    return {
        "outcomes": OUTCOMES_TABLE | dependence.kinds(scenario),
        "worlds": WORLDS,
        "packages": packages_kinds(scenario),
        "ranking": RANKING,
        **agenda_kinds(scenario),
    }


def read_scenario(path: Path) -> Scenario:
    """Return the scenario of a resolved config, as it was run.

    Raises
    ------
    ScenarioError
        If the file cannot be read, is no sound resolved scenario of this version, or one too large
        for this machine.
    """
    values = yaml.read(path)
    values.pop("defaults", None)
    try:
        scenario = Scenario.model_validate(values)
    except ValueError as error:
        reason = str(error).splitlines()[0]
        fault = Fault("", "a resolved scenario of this version", reason, file=str(path))
        raise ScenarioError([fault]) from error
    if faults := faults_of(scenario):
        raise ScenarioError(fault.located(str(path)) for fault in faults)
    check_size(scenario)
    return scenario


def with_overrides(
    scenario: Scenario, provenance: Mapping[str, Any], apart_from: Iterable[str] = ()
) -> Scenario:
    """Return a scenario that knows with what overrides it was loaded, where its folder says so.

    Parameters
    ----------
    scenario : Scenario
    provenance : mapping
    apart_from : iterable of str
        Keys of which none is told.
    """
    said = provenance.get("overrides")
    words = said if isinstance(said, list) else scenario.overrides
    told = [printable(word) for word in words if isinstance(word, str)]
    return scenario.loaded_with(
        word for word in told if word.partition("=")[0] not in set(apart_from)
    )


@dataclass(frozen=True, eq=False)
class EnsembleResult:
    """What came of a scenario in many worlds.

    Parameters
    ----------
    scenario : Scenario
        As it was run.
    outcomes : DataFrame
        A row per structure: the shares of the eight outcomes (they add to 1), the 95 % Wilson
        interval of `settled`, the median round of settlement (missing if never half of the worlds
        settle), the shares of the rungs of the ladder, and `reversal` (see `ranking`; missing
        where the structure's rank is not known). Where the scenario's numbers hang together, also
        the shares under every dependence (see `sim.experiments.dependence`).
    worlds : DataFrame
        A row per structure and world.
    packages : DataFrame
        A row per package: what it says, and what it moves for either side.
    ranking : DataFrame
        A row per yardstick and structure: its rank, and the share of the declared uncertainty
        under which that rank reverses. Empty where it was not asked for.
    provenance : dict
        Seed, versions, commit, digests, times.
    agenda, contest, incidence : DataFrame
        What became of each structure on an open or tabled agenda; see `sim.experiments.contest`.
        Empty where each is played by itself.
    """

    scenario: Scenario
    outcomes: pd.DataFrame
    worlds: pd.DataFrame
    packages: pd.DataFrame
    ranking: pd.DataFrame
    provenance: dict[str, Any]
    agenda: pd.DataFrame = field(default_factory=pd.DataFrame)
    contest: pd.DataFrame = field(default_factory=pd.DataFrame)
    incidence: pd.DataFrame = field(default_factory=pd.DataFrame)

    def ordered(self) -> pd.DataFrame:
        """Return a row per structure, in the one order of tables and pictures.

        Those that settle most come first, then those with most in force at the end, then those with
        the largest median ZOPA margin, which is added as the column `margin`.
        """
        margins = self.worlds.groupby("deal", observed=False)["zopa_margin"].median()
        table = self.outcomes.set_index("deal").assign(margin=margins)
        order = ["settled", "in_force", "margin"]
        found = table.assign(in_force=1.0 - table["ladder_none"])
        return found.sort_values(order, ascending=False, kind="stable").drop(columns="in_force")

    @cached_property
    def draws(self) -> pd.DataFrame:
        """What each world drew: a row per world, a column per uncertain quantity."""
        return draws_table(self.scenario)

    def worlds_with_draws(self) -> pd.DataFrame:
        """Return `worlds` with what each drew beside its outcome."""
        return with_draws(self.worlds, self.draws)

    def save(
        self,
        folder: str | Path,
        also: Mapping[str, bytes] | None = None,
        *,
        format: str = "parquet",
        draws: bool = False,
        aside: Aside | None = None,
    ) -> Path:
        """Write everything to a folder, which appears as a whole or not at all.

        Parameters
        ----------
        folder : str or Path
            New, empty, or that of an earlier run, which is replaced.
        also : mapping of name to bytes, optional
            Further files, such as pictures.
        format : {"parquet", "csv"}
            With CSV, each table is there as CSV, too.
        draws : bool
            Whether to write `worlds_with_draws`, too.
        aside : callable, optional
            An earlier run of another config is then not replaced but moved to FOLDER-1, FOLDER-2 …,
            and this is told where.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        ScenarioError
            If the folder holds something else.
        RunError
            If it cannot be written.
        """
        tables = {name: getattr(self, name) for name in tables_of(self.scenario)}
        if draws:
            tables[WITH_DRAWS] = self.worlds_with_draws()
        config, kinds = dump_scenario(self.scenario).encode(), tables_of(self.scenario)
        if draws:
            drawn: Kinds = dict.fromkeys(tables[WITH_DRAWS].columns.astype(str), "number")
            kinds[WITH_DRAWS] = {**drawn, **WORLDS}
        whole = {name: (tables[name], columns) for name, columns in kinds.items()}
        files = {CONFIG: config, **(also or {}), **table_files(whole, digest(config), format)}
        write_run(Path(folder), files, self.provenance, aside)
        return Path(folder)

    def trace(self, deal: str, world: int) -> pd.DataFrame:
        """Return what happened in one world, round by round, by playing it once more.

        Parameters
        ----------
        deal : str
            A structure of the scenario.
        world : int
            Any world, also one beyond those that were run.

        Returns
        -------
        DataFrame
            A row per offer, vote or other event: who offered what, its value to both sides,
            reservation values, aspirations, support, approval, the answer and why.

        Raises
        ------
        KeyError
            If there is no such structure.
        """
        return trace(self.scenario, deal, world)

    def branch(self, deal: str, world: int, *, at: int, set: Asked) -> BranchTree:
        """Return one world as it was, and with something set from a round on; see `sim.branch`."""
        return branch(self.scenario, deal, world=world, at=at, set=set)

    def __repr__(self) -> str:
        """Say what it is in one line."""
        deals = several(len(self.scenario.structures), "structure")
        size = f"{deals} × {self.scenario.worlds:,} worlds"
        return f"<EnsembleResult {self.scenario.name}: {size}>"

    def _repr_html_(self) -> str:
        """Show a notebook the shares of worlds that end each way, with the structures' labels."""
        labels = {name: deal.label for name, deal in self.scenario.structures.items()}
        shares = 100.0 * self.ordered()[[outcome.name for outcome in OUTCOMES]].astype(float)
        shares.columns = pd.Index([outcome.label for outcome in OUTCOMES])
        shares.index = pd.Index([labels[str(deal)] for deal in shares.index])
        head = f"{self.scenario.title}: share of {self.scenario.worlds:,} worlds, %"
        return f"<p>{escape(head)}</p>{shares.to_html(float_format='{:.1f}'.format)}"


def load_result(folder: str | Path) -> EnsembleResult:
    """Return the result that was saved to a folder.

    Parameters
    ----------
    folder : str or Path

    Raises
    ------
    ScenarioError
        If the folder is not that of a run, or its files are missing, damaged or of different runs.
    """
    folder = Path(folder)
    provenance = _manifest(folder)
    scenario = read_scenario(folder / CONFIG)
    kinds = tables_of(scenario)
    _same_run(folder, list(kinds))
    _check_worlds(folder, scenario)
    words = levels_of(scenario)
    packages = read_parquet(folder / "packages.parquet", kinds["packages"], words)
    if packages["id"].duplicated().any():
        raise file_error(folder / "packages.parquet", "each package once", "some of them twice")
    words = words_of(scenario, packages)
    most = max(scenario.worlds * len(scenario.structures), MOST_ROWS)
    tables = {
        name: read_parquet(folder / f"{name}.parquet", kinds[name], words, most)
        for name in kinds
        if name != "packages"
    }
    _check_rows(folder, scenario, tables)
    for name, table in {**tables, "packages": packages}.items():
        numbers = [column for column, kind in kinds[name].items() if kind == "number"]
        check_numbers(folder / f"{name}.parquet", table, numbers)
    check_shares(folder / "outcomes.parquet", tables["outcomes"], SHARES)
    scenario = with_overrides(scenario, provenance)
    return EnsembleResult(scenario, packages=packages, provenance=provenance, **tables)


def _manifest(folder: Path) -> dict[str, Any]:
    """Return the provenance, once every file that it lists is as it was written."""
    check_run(folder)
    path = folder / MANIFEST
    values = read_json(path, "the provenance of a run")
    files = values.pop("files", None)
    draws, versions = values.get("reversal_draws", 0), values.get("versions") or {}
    if not isinstance(files, dict) or type(draws) is not int or not isinstance(versions, dict):
        raise file_error(path, "the provenance of a run", "something else")
    if not _tells_of_observed(values.get("observed") or {}):
        raise file_error(path, "shares of what was observed", "something else")
    for name, seal in files.items():
        file = folder / name
        if file.parent == folder and file.is_file() and file_digest(file) != seal:
            raise file_error(file, "the file as this run wrote it", "another, or a damaged one")
    return values


def _tells_of_observed(found: Any) -> bool:
    """Tell whether what a run says of its observed statements is numbers, or nothing."""
    if not isinstance(found, dict):
        return False
    shares, moved = found.get("statements", {}), found.get("moved", {})
    if not (isinstance(shares, dict) and isinstance(moved, dict)):
        return False
    shifts = [each.get("shift") if isinstance(each, dict) else None for each in moved.values()]
    told = [found.get("accepted"), found.get("not_admitted"), *shares.values(), *shifts]
    return not found or all(type(number) in (int, float) for number in told)


def _same_run(folder: Path, tables: list[str]) -> None:
    config = file_digest(folder / CONFIG)
    for name in tables:
        path = folder / f"{name}.parquet"
        if config_of(path) != config:
            raise file_error(path, f"a table made from {CONFIG} beside it", "one of another run")


def _check_worlds(folder: Path, scenario: Scenario) -> None:
    """Refuse a table of other than each structure's worlds, before it is read."""
    path, rows = folder / "worlds.parquet", len(scenario.structures) * scenario.worlds
    if (got := rows_of(path)) != rows:
        raise file_error(path, f"{rows:,} worlds", f"{got:,}")


def _check_rows(folder: Path, scenario: Scenario, tables: dict[str, pd.DataFrame]) -> None:
    """Refuse tables that do not have each structure, and each of its worlds, once."""
    deals, worlds = list(scenario.structures), tables["worlds"]
    if worlds.duplicated(["deal", "world"]).any():
        got = f"{len(worlds):,}, or some of them twice"
        raise file_error(folder / "worlds.parquet", f"{len(worlds):,} worlds", got)
    if sorted(tables["outcomes"]["deal"].astype(str)) != sorted(deals):
        got = "other ones, or some of them twice"
        raise file_error(folder / "outcomes.parquet", "a row for each structure", got)
    for name, once in (("contest", True), ("incidence", False)):
        if name in tables and not _whole(tables[name], scenario, once=once):
            got = "other rows, or some of them twice"
            path = folder / f"{name}.parquet"
            raise file_error(path, "a row for each structure and what it competes for", got)
    if worlds[["outcome", "ladder"]].isna().to_numpy().any():
        raise file_error(folder / "worlds.parquet", "an outcome for each world", "none for some")


def _whole(table: pd.DataFrame, scenario: Scenario, *, once: bool) -> bool:
    """Tell whether a table has each text of an agenda with all that it competes for."""
    rows = [*zip(table["structure"].astype(str), table["what"].astype(str), strict=True)]
    wanted = {*product(contest_words(scenario)["structure"], WHAT)}
    return {*rows} == wanted and (not once or len(rows) == len(wanted))
