"""Discovery of where an outcome happens: boxes and a tree, in words.

Half of the cases find the limits, the other half measure them. A box or a leaf is kept where the
interval of its lift (how many times as often it happens there as everywhere, by resampling cases)
excludes 1, at 95 % for all that are tried together. The halves are drawn by lot, so that no order
of a design can lie in them: cases that share coordinates by design (those of a base point of
Saltelli's sample, of a trajectory) go into one half together, and neither the order of cases nor
that of axes makes a difference. Cases that were sought where it happens
(`sim.experiments.conditions.rare`) carry weights, by which they are measured.

References
----------
J. H. Friedman, N. I. Fisher (1999). Bump hunting in high-dimensional data (PRIM).
https://doi.org/10.1023/A:1008894516817
B. P. Bryant, R. J. Lempert (2010). Thinking inside the box.
https://doi.org/10.1016/j.techfore.2009.08.002
J. H. Kwakkel (2017). The Exploratory Modeling Workbench.
https://doi.org/10.1016/j.envsoft.2017.06.054
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.domain.narration import one_in
from sim.domain.outcome import Outcome
from sim.equations.statistics import CONFIDENCE
from sim.equations.zopa import snapped
from sim.errors import Fault, RunError, ScenarioError, file_error
from sim.experiments.analysis.rules import (
    NONE_AT,
    Holdout,
    Limit,
    Rule,
    boxes,
    measured,
    no_box,
)
from sim.experiments.result import EnsembleResult, load_result
from sim.experiments.sweep.designs import cells_together
from sim.experiments.sweep.result import SweepResult, load_sweep
from sim.io.folders import FOUND_WORLDS, SWEEP
from sim.paths import module_of_extra
from sim.quantities import Bools, Floats, Ints

__all__ = [
    "Cases",
    "Discovery",
    "cases_of",
    "discover",
    "discover_cases",
]


_COLUMNS = 12
"""Numbers that boxes and trees may speak of: the most telling ones."""
_ALIKE = 40
"""Into how many equal worlds a case that stands for many is split to find limits."""
_DEPTH, _LEAF = 3, 0.02
_SEED = 1


@dataclass(frozen=True, eq=False)
class Cases:
    """What is known: numbers, and how often something happened with them.

    Parameters
    ----------
    numbers : DataFrame
        A row per case (a world, or a cell of a sweep), a column per dotted key.
    happens : ndarray, shape (cases,)
        Share of the case's worlds in which it happened.
    worlds : ndarray, shape (cases,)
        How many worlds each case is.
    group : ndarray of int, shape (cases,), optional
        Which cases share coordinates by design; absent, each is by itself.
    weighted : bool
        Whether `worlds` are weights, of cases that were sought where it happens: limits are then
        found among cases that all count alike, and measured by their weights.
    """

    numbers: pd.DataFrame
    happens: Floats
    worlds: Floats
    group: Ints | None = None
    weighted: bool = False

    def part(self, rows: Any) -> Cases:
        """Return some of the cases."""
        picked = self.numbers.iloc[rows].reset_index(drop=True)
        group = None if self.group is None else self.group[rows]
        return Cases(picked, self.happens[rows], self.worlds[rows], group, self.weighted)

    @property
    def share(self) -> float:
        """Return the share of all worlds in which it happens."""
        return float((self.happens * self.worlds).sum() / self.worlds.sum())

    def spelt_out(self) -> tuple[pd.DataFrame, Bools]:
        """Return cases in each of which it either happens or not, with the same shares."""
        if self.weighted or np.all(self.worlds == 1):
            return self.numbers, self.happens > 0.5
        repeat = np.minimum(self.worlds, _ALIKE).astype(np.int64)
        which = np.repeat(np.arange(len(repeat)), repeat)
        turn = np.concatenate([np.arange(number) for number in repeat])
        happens = turn < np.rint(self.happens * repeat)[which]
        return self.numbers.iloc[which].reset_index(drop=True), happens


@dataclass(frozen=True)
class Discovery:
    """Where something happens.

    Parameters
    ----------
    share : float
        In how many of all worlds it happens.
    boxes : tuple of Rule
        PRIM's boxes whose lift is not 1, the most telling first; empty without the extra
        ``discover``.
    tree : tuple of Rule
        The leaves of a tree whose lift is not 1, the most frequent first.
    """

    share: float
    boxes: tuple[Rule, ...] = ()
    tree: tuple[Rule, ...] = ()

    def sentences(self, verb: str = "happens") -> Iterator[str]:
        """Yield in words where it happens, box by box and leaf by leaf.

        Parameters
        ----------
        verb : str
            What happens, such as "settles".
        """
        if self.share in (0.0, 1.0):
            yield f"{'never' if self.share == 0.0 else 'always'} {verb}"
            return
        yield f"{verb} in {one_in(self.share)} of all worlds"
        if not (self.boxes or self.tree):
            yield f"nothing that was looked at tells where it {verb}{no_box()}"
            return
        leaves = [rule for rule in self.tree if rule.share > self.share]
        for title, rules in (("box", self.boxes), ("leaf of a tree", leaves)):
            for rule in rules:
                yield f"{title}: {rule.sentence(verb)}"
        if not self.boxes:
            yield f"no box is better{no_box()}"


def discover_cases(cases: Cases) -> Discovery:
    """Return where something happens.

    Parameters
    ----------
    cases : Cases

    Raises
    ------
    RunError
        If scikit-learn is not installed, or it always or never happens.
    """
    if not 0 < cases.share < 1:
        often = "never" if cases.share == 0 else "always"
        raise RunError(f"it {often} happens: there is nothing to tell cases apart by")
    found, kept = _halves(cases)
    numbers, happens = found.spelt_out()
    if numbers.empty or happens.all() or not happens.any():  # only the cases kept apart differ
        return Discovery(cases.share)
    # Beyond "none" all are alike: scikit-learn reads single precision, and sums it.
    numbers = numbers.clip(-NONE_AT, NONE_AT)
    numbers = numbers[_telling(numbers, happens)]
    of_boxes, of_leaves = boxes(numbers, happens), _leaves(numbers, happens)
    tried = max(len(of_boxes) + len(of_leaves), 1)
    group, sure = kept.group, 1.0 - (1.0 - CONFIDENCE) / tried
    held = Holdout(kept.numbers, kept.happens, kept.worlds, group, kept.weighted, sure)
    found_boxes, tree = (
        [rule for limits in found if (rule := measured(limits, held)) and rule.telling]
        for found in (of_boxes, of_leaves)
    )
    tree.sort(key=lambda rule: -rule.share)
    return Discovery(cases.share, tuple(found_boxes), tuple(tree))


def _halves(cases: Cases) -> tuple[Cases, Cases]:
    """Return a random half of the cases and the other one; columns and rows in a standing order."""
    cases = replace(cases, numbers=cases.numbers[sorted(map(str, cases.numbers))])
    if cases.group is None and cases.numbers.shape[1]:
        cases = cases.part(np.lexsort([cases.happens, *cases.numbers.to_numpy().T[::-1]]))
    alone = np.arange(len(cases.happens))
    group = np.unique(alone if cases.group is None else cases.group, return_inverse=True)[1]
    lot = np.random.default_rng(_SEED).permutation(group.max() + 1)
    first = lot[group] < (group.max() + 2) // 2
    return cases.part(np.flatnonzero(first)), cases.part(np.flatnonzero(~first))


def _learning() -> Any:
    for name in ("sklearn.tree", "sklearn.ensemble"):
        module_of_extra(name, "discovery", "scikit-learn", "sweep")
    return import_module("sklearn")


def _telling(numbers: pd.DataFrame, happens: Bools) -> list[str]:
    """Return the columns that tell most, by the importance they have in a forest."""
    if numbers.shape[1] <= _COLUMNS:
        return [str(key) for key in numbers]
    forest = _learning().ensemble.ExtraTreesClassifier(
        n_estimators=64, max_depth=6, random_state=_SEED, n_jobs=1
    )
    importance = forest.fit(numbers.to_numpy(), happens).feature_importances_
    best = np.argsort(-importance, kind="stable")[:_COLUMNS]
    return [str(numbers.columns[place]) for place in sorted(best)]


def _leaves(numbers: pd.DataFrame, happens: Bools) -> list[tuple[Limit, ...]]:
    """Return the limits of each leaf of a small tree."""
    least = max(int(_LEAF * len(numbers)), 5)
    grown = _learning().tree.DecisionTreeClassifier(
        max_depth=_DEPTH, min_samples_leaf=least, random_state=_SEED
    )
    grown.fit(numbers.to_numpy(), happens)
    return _below(grown.tree_, [str(key) for key in numbers], 0, {})


def _below(
    tree: Any, keys: list[str], node: int, span: dict[str, tuple[float | None, float | None]]
) -> list[tuple[Limit, ...]]:
    left, right = tree.children_left[node], tree.children_right[node]
    if left == right:
        return [tuple(Limit(key, low, high) for key, (low, high) in span.items())]
    key, cut = keys[tree.feature[node]], float(tree.threshold[node])
    low, high = span.get(key, (None, None))
    return [
        *_below(tree, keys, left, {**span, key: (low, cut)}),
        *_below(tree, keys, right, {**span, key: (cut, high)}),
    ]


ZOPA = "zopa"
"""The event that in some round some package is worth signing to both sides."""


def cases_of(
    result: EnsembleResult | SweepResult, event: str = "settled"
) -> Iterator[tuple[str, Cases]]:
    """Yield the cases of each structure: worlds of a run, or cells of a sweep.

    Parameters
    ----------
    result : EnsembleResult or SweepResult
        Of a run, the numbers are what each world drew of everything uncertain; of a sweep, the
        values on its axes.
    event : str
        One of the eight outcomes; of a run also `ZOPA`.

    Raises
    ------
    ScenarioError
        If there is no such outcome.
    """
    swept = isinstance(result, SweepResult)
    known = [*Outcome.__members__, *([] if swept else [ZOPA])]
    if event not in known:
        raise ScenarioError([Fault("event", f"one of {', '.join(known)}", repr(event))])
    if isinstance(result, SweepResult):
        yield from _of_cells(result, event)
        return
    numbers = result.draws
    for deal, rows in result.worlds.groupby("deal", observed=True):
        margin = snapped(rows["zopa_margin"].to_numpy())
        happened = margin >= 0 if event == ZOPA else rows["outcome"] == event
        happens = np.asarray(happened, dtype=np.float64)
        yield str(deal), Cases(numbers, happens, np.ones(len(happens)))


def _of_cells(result: SweepResult, event: str) -> Iterator[tuple[str, Cases]]:
    together = cells_together(result.settings["design"], len(result.axes))
    for deal, rows in result.cells.groupby("deal", observed=True):
        worlds = rows["worlds"].to_numpy(dtype=np.float64)
        happens = rows[event].to_numpy(dtype=np.float64)
        group = rows["cell"].to_numpy() // together if together > 1 else None
        yield str(deal), Cases(_numbers(rows, result.axes), happens, worlds, group)


def _numbers(rows: pd.DataFrame, axes: dict[str, str]) -> pd.DataFrame:
    """Return the values on the axes as numbers; each value of a choice is 1 where it is chosen."""
    columns: dict[str, Floats] = {}
    for key, unit in axes.items():
        if unit:
            values = rows[key].to_numpy(dtype=np.float64)
            columns[key] = np.where(np.isinf(values), NONE_AT, values)
        else:
            words = sorted(set(rows[key]))
            columns |= {
                f"{key}={word}": np.asarray(rows[key] == word, dtype=np.float64) for word in words
            }
    return pd.DataFrame(columns)


def _of_conditions(path: Path) -> Iterator[tuple[str, Cases]]:
    """Yield the cases of each structure of which the search for what is rare found worlds."""
    try:
        table = pd.read_parquet(path)
        for deal, rows in table.groupby("deal", sort=False):
            numbers = rows.drop(columns=["deal", "event", "happens", "weight"])
            happens, weight = (rows[name].to_numpy(dtype=np.float64) for name in _WEIGHED)
            whole = numbers.astype(np.float64).reset_index(drop=True)
            yield str(deal), Cases(whole, happens, weight, weighted=True)
    except (OSError, ValueError, KeyError) as error:
        raise file_error(path, "worlds as islands conditions writes them", str(error)) from None


_WEIGHED = ("happens", "weight")


def discover(
    result: EnsembleResult | SweepResult | str | Path, event: str = "settled"
) -> dict[str, Discovery]:
    """Return for each structure of a run or sweep where an outcome happens.

    Parameters
    ----------
    result : EnsembleResult, SweepResult, str or Path
        Or the folder of either, or of `islands conditions`: the worlds that its search for what is
        rare found, each structure's by the event that the search was about.
    event : str
        One of the eight outcomes; of a run also `ZOPA`, that in some round some package is worth
        signing to both sides.

    Raises
    ------
    ScenarioError
        If there is no such outcome, or the folder is neither of a run nor of a sweep.
    """
    if isinstance(result, (str, Path)):
        folder = Path(result)
        if (folder / FOUND_WORLDS).is_file():
            cases = _of_conditions(folder / FOUND_WORLDS)
            return {deal: discover_cases(each) for deal, each in cases}
        result = load_sweep(folder) if (folder / SWEEP).is_file() else load_result(folder)
    return {
        deal: discover_cases(cases) if 0 < cases.share < 1 else Discovery(cases.share)
        for deal, cases in cases_of(result, event)
    }
