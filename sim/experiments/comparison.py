"""Comparison of runs, scenarios or changes of one scenario, in the same worlds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase

import numpy as np
import pandas as pd

from sim.domain.outcome import OUTCOMES
from sim.domain.results import OPEN
from sim.domain.scenario import Scenario
from sim.equations.statistics import paired_shares
from sim.errors import Fault, ScenarioError
from sim.experiments.conditions.trials import EVENTS
from sim.experiments.ensemble import as_asked, run
from sim.experiments.result import EnsembleResult, load_result
from sim.io.config import scenario_of
from sim.io.folders import CONFIG
from sim.quantities import Bools

__all__ = ["COMPARED", "Case", "Comparison", "compare"]

Case = EnsembleResult | Scenario | str | Path | tuple[str | Path, Iterable[str]]
"""A run, its folder, a scenario, its name or path; or a name or path with overrides."""

COMPARED = (*(f"outcome_{outcome.name}" for outcome in OUTCOMES), *EVENTS, *OPEN)
"""What is compared: the eight outcomes, what is carried out, then which gates are open."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """What differs between cases in the same worlds.

    Parameters
    ----------
    labels : tuple of str
        The cases; the first is what the others are compared with.
    results : tuple of EnsembleResult
        Their runs.
    table : DataFrame
        A row per structure, case after the first and thing compared: `structure`, `case`, `what`
        (of `COMPARED`), `base` and `share` (of worlds, in the first case and in this one),
        `difference` with `low` and `high` (95 %, Newcombe's for pairs), `gained` and `lost` (worlds
        in which it happens in this case alone, in the first alone), `p` (McNemar's exact test of
        both directions) and `worlds`.
    missing : tuple of str
        Structures that some case does not have, which are not compared.
    """

    labels: tuple[str, ...]
    results: tuple[EnsembleResult, ...]
    table: pd.DataFrame
    missing: tuple[str, ...] = ()

    @property
    def worlds(self) -> int:
        """Return in how many worlds the cases are compared."""
        return min(result.scenario.worlds for result in self.results)

    def letter(self, case: str) -> str:
        """Return the letter by which a case is called for short; the first is A."""
        return ascii_uppercase[self.labels.index(case) % len(ascii_uppercase)]

    def label(self, structure: str) -> str:
        """Return a structure in words; what are several of the only ones, with bars between."""
        return " / ".join(self.labels_of(structure))

    def labels_of(self, structure: str) -> tuple[str, ...]:
        """Return what a structure is called in words: once, or of the only one of each case."""
        scenarios = [result.scenario for result in self.results]
        known = {name: deal.label for each in scenarios for name, deal in each.structures.items()}
        known |= {name: deal.label for name, deal in scenarios[0].structures.items()}
        names = [structure] if structure in known else structure.split(" / ")
        return tuple(known.get(name, name) for name in names)

    def __repr__(self) -> str:
        """Say what it is in one line."""
        return f"<Comparison {' with '.join(self.labels)}: {self.worlds:,} worlds>"


def compare(
    *cases: Case,
    labels: Sequence[str] | None = None,
    worlds: int | None = None,
    workers: int | None = None,
    progress: bool = False,
) -> Comparison:
    """Compare runs, scenarios or changes of one scenario world by world.

    World w of a seed has the same luck in every case, so pairs of worlds are compared: differences
    are much surer than those of two separate shares.

    Parameters
    ----------
    *cases : EnsembleResult, Scenario, str, Path, or pair of a name or path and overrides
        At least two. Scenarios are played as the first case was: its seed, and its number of worlds
        where that is a run.
    labels : sequence of str, optional
        What to call the cases.
    worlds : int, optional
        How many worlds to play of scenarios; absent, each its own number.
    workers : int, optional
    progress : bool
        Show a progress bar.

    Returns
    -------
    Comparison
        Of the structures that all cases have by the same name; or of the only one of each.

    Raises
    ------
    ScenarioError
        If a case is at fault, or cases have nothing to compare.

    Examples
    --------
    >>> import sim
    >>> found = sim.compare("canada_denmark_2018", ("canada_denmark_2018", ["rounds=4"]), worlds=8)
    >>> found.labels
    ('canada_denmark_2018', 'rounds=4')
    """
    if len(cases) < 2:
        raise ScenarioError([Fault("", "at least two cases to compare", f"{len(cases)}")])
    loaded = [_loaded(case) for case in cases]
    runs = [case for case in loaded if isinstance(case, EnsembleResult)]
    like = runs[0].scenario if runs else None
    worlds = like.worlds if like and worlds is None else worlds
    seed = like.seed if like else _scenario(loaded[0]).seed
    results = tuple(
        case
        if isinstance(case, EnsembleResult)
        else run(
            as_asked(case, worlds=worlds, seed=seed),
            workers=workers,
            progress=progress,
            reversal_draws=0,
        )
        for case in loaded
    )
    _check_seed(results)
    names = tuple(labels) if labels else tuple(_names(cases, results))
    pairs, missing = _structures(results)
    rows = [
        row
        for structure, own in pairs.items()
        for place in range(1, len(results))
        for row in _rows(results, structure, own, names, place)
    ]
    return Comparison(names, results, pd.DataFrame(rows), missing)


def _loaded(case: Case) -> EnsembleResult | Scenario:
    if isinstance(case, EnsembleResult | Scenario):
        return case
    name, overrides = case if isinstance(case, tuple) else (case, ())
    if not (Path(name) / CONFIG).is_file() and not Path(name).is_dir():
        return scenario_of(name, overrides)
    if given := [*overrides]:
        expected = "a scenario where there are overrides (a run is as it was played)"
        raise ScenarioError([Fault("", expected, f"the folder {name} with {' '.join(given)}")])
    return load_result(name)


def _scenario(case: EnsembleResult | Scenario) -> Scenario:
    return case.scenario if isinstance(case, EnsembleResult) else case


def _check_seed(results: Sequence[EnsembleResult]) -> None:
    seeds = {result.scenario.seed for result in results}
    if len(seeds) > 1:
        got = " and ".join(str(seed) for seed in sorted(seeds))
        raise ScenarioError([Fault("seed", "one seed, so that worlds are the same", got)])


def _names(cases: Sequence[Case], results: Sequence[EnsembleResult]) -> Iterator[str]:
    """Yield what tells the cases apart: their overrides, their folders or their scenarios."""
    seen: set[str] = set()
    for place, (case, result) in enumerate(zip(cases, results, strict=True), start=1):
        overrides = " ".join(case[1]) if isinstance(case, tuple) else ""
        folder = str(case) if isinstance(case, str | Path) and Path(case).is_dir() else ""
        name = overrides or folder or result.scenario.name
        name = f"{name} ({place})" if name in seen else name
        seen.add(name)
        yield name


def _structures(
    results: Sequence[EnsembleResult],
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Return what each compared structure is called in each case, and those left out."""
    each = [[*result.scenario.structures] for result in results]
    common = [name for name in each[0] if all(name in names for names in each)]
    if not common and all(len(names) == 1 for names in each):
        own = tuple(names[0] for names in each)
        return {" / ".join(dict.fromkeys(own)): own}, ()
    if not common:
        got = "; ".join(", ".join(names) for names in each)
        raise ScenarioError([Fault("deals", "structures that all cases have, or one of each", got)])
    missing = tuple(dict.fromkeys(name for names in each for name in names if name not in common))
    return {name: (name,) * len(results) for name in common}, missing


def _rows(
    results: Sequence[EnsembleResult],
    structure: str,
    own: Sequence[str],
    names: Sequence[str],
    place: int,
) -> Iterator[dict[str, object]]:
    worlds = min(result.scenario.worlds for result in results)
    first, second = (_happens(results[at], own[at], worlds) for at in (0, place))
    for what in COMPARED:
        one, other = first[what], second[what]
        yield {
            "structure": structure,
            "case": names[place],
            "what": what.removeprefix("outcome_"),
            **paired_shares(one, other),
        }


def _happens(result: EnsembleResult, structure: str, worlds: int) -> dict[str, Bools]:
    own = result.worlds[result.worlds["deal"] == structure].iloc[:worlds]
    outcome = own["outcome"].astype(object).to_numpy()
    found = {f"outcome_{item.name}": np.asarray(outcome == item.name) for item in OUTCOMES}
    return found | {name: own[name].to_numpy(dtype=bool) for name in (*EVENTS, *OPEN)}
