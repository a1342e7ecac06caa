r"""Posterior of declared numbers given what was observed, from one table of worlds.

Every world of a run is a draw from the declared distributions, with what would have been read in
it. So one run is a table of (numbers, readings), and a posterior is that table, weighted:

1. worlds in which something came out otherwise as a yes or a no are left out;
2. of the others, those whose readings lie within all tolerances are exact draws from the posterior
   where errors of reading are uniform (Wilkinson 2013);
3. where these are fewer than are to be kept, the nearest stand in, the nearer the heavier, and a
   local linear regression on what lies beyond the tolerances moves them (Beaumont et al. 2002). It
   works on normal scores of the declared distribution, so that no number leaves its range.

The formulas are those of `sim.equations.rejection`, as in `sim.experiments.history.calibration`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from sim.domain.narration import percent
from sim.domain.observation import Observation
from sim.domain.quantity import Quantity
from sim.domain.scenario import Scenario
from sim.equations.rejection import beyond, departure, distance, quantiles
from sim.errors import Fault, RunError, ScenarioError, nearest
from sim.experiments.branching.branch import check_deal
from sim.experiments.draws import draws_table
from sim.experiments.inference.fitting import fitted
from sim.experiments.inference.readings import Observed, faults_of_readings, read_worlds
from sim.experiments.inference.reference import Kept, ReferenceTable
from sim.experiments.pinned import FILE
from sim.io.config import scenario_of
from sim.io.history import load_observations
from sim.paths import needs_extra
from sim.quantities import Ints

if TYPE_CHECKING:
    from xarray import DataTree

__all__ = ["POSTERIOR", "READ", "Posterior", "check_arviz", "infer"]

POSTERIOR = (
    *("key", "unit", "prior_low", "prior_median", "prior_high", "low", "median", "high"),
    *("width", "departure", "noise", "informed"),
)
"""Columns of the table of a posterior; see `Posterior.table`."""
READ = ("reading", "label", "observed", "tolerance", "prior_low", "prior_high", "within", "after")
"""Columns of the table of readings; see `Posterior.readings_table`."""
KEEP = 200
"""Worlds that are kept at least."""
AT = np.array([0.05, 0.5, 0.95])
_CHANCE = 0.05
"""Probability that any of the numbers counts as informed by chance."""
_WORTHLESS = 0.5
"""Equal draws below which there is no posterior: the regression reaches too far."""


@dataclass(frozen=True, eq=False)
class Posterior:
    """Declared numbers as they are after what was observed.

    Parameters
    ----------
    scenario : Scenario
        As it was played: with none of its statements asked of its worlds.
    deal : str
        The structure about which talks were played.
    observed : Observed
    targets : mapping of key to Quantity
        The numbers that are asked about.
    reference : ReferenceTable
        All worlds.
    matched : ndarray of int
        Worlds in which each yes or no came out as it did.
    kept : Kept
        The worlds that stand for the posterior.
    values : DataFrame, shape (kept, targets)
    """

    scenario: Scenario
    deal: str
    observed: Observed
    targets: Mapping[str, Quantity]
    reference: ReferenceTable
    matched: Ints
    kept: Kept
    values: pd.DataFrame

    @cached_property
    def table(self) -> pd.DataFrame:
        """Return a row per number: median and central 90 % before and after.

        `width` is that of the 90 % after, as a share of before; `departure` the greatest distance
        between the two distributions, and `noise` what so few draws bring by chance in any of the
        numbers (5 %). A number beyond it is `informed`; of the others nothing was learnt.
        """
        noise = np.sqrt(np.log(2.0 * len(self.targets) / _CHANCE) / (2.0 * self.kept.effective))
        noise = min(float(noise), 1.0)
        rows = [self._row(place, str(key), noise) for place, key in enumerate(self.targets)]
        found = pd.DataFrame(rows, columns=list(POSTERIOR))
        return found.sort_values("departure", ascending=False, kind="stable", ignore_index=True)

    def _row(self, place: int, key: str, noise: float) -> dict[str, Any]:
        drawn, values = self.reference.prior[:, place], self.values[key].to_numpy()
        before, after = np.quantile(drawn, AT), quantiles(values, self.kept.weight, AT)
        below = np.searchsorted(np.sort(drawn), values, side="right") / len(drawn)
        gap, reach = departure(below, self.kept.weight), before[2] - before[0]
        return {
            "key": key,
            "unit": self.targets[key].unit,
            **dict(zip(("prior_low", "prior_median", "prior_high"), before, strict=True)),
            **dict(zip(("low", "median", "high"), after, strict=True)),
            "width": float((after[2] - after[0]) / reach) if reach > 0 else 1.0,
            "departure": gap,
            "noise": noise,
            "informed": bool(gap > noise),
        }

    @property
    def informed(self) -> list[str]:
        """Return the keys of the numbers of which something was learnt, the most first."""
        return [str(key) for key in self.table.loc[self.table["informed"], "key"]]

    @cached_property
    def at_edge(self) -> dict[str, str]:
        """Return the informed numbers of which half of the posterior is at an end of the range.

        By key, ``low`` or ``high``: in the lowest or in the highest tenth of all worlds.
        """
        found = {}
        for key in self.informed:
            drawn = np.sort(self.reference.prior[:, [*self.targets].index(key)])
            for end, tenth in (("low", 0.1), ("high", 0.9)):
                edge, values = float(np.quantile(drawn, tenth)), self.values[key].to_numpy()
                beyond_it = values <= edge if end == "low" else values >= edge
                if self.kept.weight @ beyond_it >= 0.5:
                    found[key] = end
        return found

    @cached_property
    def readings_table(self) -> pd.DataFrame:
        """Return a row for all that was observed, beside what worlds say before and after.

        `within` is the share of all worlds that reproduce it, `after` the mean over those kept as
        they were played (a regression moves their numbers, not what was read in them); of a yes or
        a no, both ends of `prior` are the share of worlds in which it holds.
        """
        return pd.DataFrame(self._readings(), columns=list(READ))

    def _readings(self) -> Iterator[tuple[Any, ...]]:
        for place, (name, wanted) in enumerate(self.observed.events.items()):
            held = self.reference.events[:, place]
            share = float(held.mean())
            label, after = self._label(name), float(held[self.kept.rows] @ self.kept.weight)
            within = float((held == wanted).mean())
            yield name, label, float(wanted), 0.0, share, share, within, after
        for place, (name, item) in enumerate(self.observed.numbers.items()):
            read = self.reference.numbers[:, place]
            low, high = np.quantile(read, AT[[0, 2]])
            within = float((np.abs(read - item.value) <= item.tolerance).mean())
            ends = float(low), float(high), within, float(read[self.kept.rows] @ self.kept.weight)
            yield name, item.label, float(item.value), item.tolerance, *ends

    def _label(self, name: str) -> str:
        known: Mapping[str, Any] = {**self.scenario.observed, **self.observed.readings}
        return str(known[name].label)

    def fitted(self) -> dict[str, Quantity]:
        """Return the informed numbers as declared distributions, within their declared ranges.

        Each by itself: that they go together in the posterior is lost.
        """
        why = (
            f"posterior given {', '.join([*self.observed.events, *self.observed.numbers])} "
            f"(islands infer, seed {self.scenario.seed}, {len(self.reference.prior):,} worlds)"
        )
        return {
            key: fitted(
                self.targets[key], self.values[key].to_numpy(), self.kept.weight, why[:2_000]
            )
            for key in self.informed
        }

    @cached_property
    def _lots(self) -> Ints:
        """Return the kept worlds as equal draws, as many, by systematic resampling."""
        many = len(self.kept.weight)
        places = (np.arange(many) + 0.5) / many
        return np.searchsorted(np.cumsum(self.kept.weight), places).clip(0, many - 1)

    def to_inference_data(self) -> DataTree:
        """Return the posterior in ArviZ's data structure, to be read by `arviz.from_netcdf`.

        Groups: ``posterior`` (equal draws), ``prior``, ``posterior_predictive`` and
        ``prior_predictive`` (readings without their errors), ``observed_data`` and
        ``sample_stats`` (world, weight before resampling, misfit). One chain, of independent draws.

        Raises
        ------
        UsageError
            If ArviZ is not installed.
        """
        check_arviz()
        import arviz_base

        read = dict(zip(self.observed.events, self.reference.events.T.astype(float), strict=True))
        read |= dict(zip(self.observed.numbers, self.reference.numbers.T, strict=True))
        drawn = dict(zip(self.targets, self.reference.prior.T, strict=True))
        worlds = self.kept.rows[self._lots]
        seen = {name: float(value) for name, value in self.observed.events.items()}
        seen |= {name: float(item.value) for name, item in self.observed.numbers.items()}
        stats = {"world": worlds, "weight": self.kept.weight[self._lots]}
        groups: dict[str, Mapping[Any, Any]] = {
            "posterior": _chain({key: self.values[key].to_numpy()[self._lots] for key in drawn}),
            "prior": _chain(drawn),
            "posterior_predictive": _chain({name: item[worlds] for name, item in read.items()}),
            "prior_predictive": _chain(read),
            "observed_data": {name: np.float64(value) for name, value in seen.items()},
            "sample_stats": _chain({**stats, "misfit": distance(self.kept.misfits)[self._lots]}),
        }
        tree: DataTree = arviz_base.from_dict(groups)
        for group in tree.children.values():
            group.attrs.pop("created_at", None)  # same run, same bytes
        for key, quantity in self.targets.items():
            for name in ("posterior", "prior"):
                tree[name][key].attrs["units"] = quantity.unit
        return tree

    def to_netcdf(self) -> bytes:
        """Return `to_inference_data` as the bytes of a netCDF file; same run, same bytes."""
        tree = self.to_inference_data()
        with TemporaryDirectory() as folder:
            path = Path(folder) / "posterior.nc"
            tree.to_netcdf(path, engine="h5netcdf")
            return path.read_bytes()

    @property
    def within(self) -> int:
        """Return how many worlds reproduce all that was observed, within all tolerances."""
        read = np.array([item.value for item in self.observed.numbers.values()], dtype=np.float64)
        off = beyond(self.reference.numbers[self.matched], read, self.reference.tolerance)
        return int((off == 0.0).all(axis=1).sum())

    def strongest_pair(self) -> tuple[str, str, float] | None:
        """Return the two informed numbers that go together most, and their rank correlation."""
        keys = self.informed
        if len(keys) < 2:
            return None
        ranks = rankdata(self.values[keys].to_numpy()[self._lots], axis=0)
        together = np.corrcoef(ranks, rowvar=False) - np.eye(len(keys))
        one, other = divmod(int(np.abs(together).argmax()), len(keys))
        return keys[one], keys[other], float(together[one, other])

    def __repr__(self) -> str:
        """Say what it is in one line."""
        size = f"{len(self.informed)} of {len(self.targets)} numbers informed"
        return f"<Posterior {self.scenario.name}: {size} by {len(self.kept.rows):,} worlds>"


def _chain(values: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: np.asarray(item)[None, :] for name, item in values.items()}


def check_arviz() -> None:
    """Refuse to go on without ArviZ, before anything is played.

    Raises
    ------
    UsageError
    """
    if not all(map(find_spec, ("arviz_base", "h5netcdf", "xarray"))):
        raise needs_extra("the file of a posterior", "ArviZ", "infer")


def infer(
    scenario: Scenario | str | Path,
    observed: str | Path | Mapping[str, Observation] | None = None,
    targets: Iterable[str] | None = None,
    deal: str | None = None,
    *,
    keep: int = KEEP,
    workers: int | None = None,
    progress: bool = False,
) -> Posterior:
    """Return the posterior of declared numbers given what was observed.

    Parameters
    ----------
    scenario : Scenario, str or Path
        Its worlds are the draws from the prior.
    observed : str, Path or mapping of name to Observation, optional
        Readings, or their file. What the scenario itself has observed counts as well where it is
        `conditioned`, and where there is no file.
    targets : iterable of str, optional
        Keys of uncertain numbers; absent, all of them.
    deal : str, optional
        The structure that was talked about; may be left out where all was read at the start.
    keep : int
        Worlds that are kept at least, 20 or more.
    workers : int, optional
        Processes; no result depends on it.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Posterior

    Raises
    ------
    ScenarioError
        If anything is at fault.
    RunError
        If no world reproduces what was observed.
    """
    scenario = scenario_of(scenario)
    what = _observed(scenario, observed)
    asked = _targets(scenario, targets)
    if keep < 20:
        raise ScenarioError([Fault("keep", "at least 20", f"{keep}", file=FILE)])
    late = any(reading.at for reading in what.readings.values())
    name = check_deal(scenario, deal) if late or deal else next(iter(scenario.structures))
    played = scenario.model_copy(update={"conditioned": False})
    reference = _reference(played, name, what, asked, keep, workers, progress)
    matched = reference.matching(np.array([*what.events.values()], dtype=bool))
    if not len(matched):
        raise RunError(_unmatched(what, reference))
    read = np.array([item.value for item in what.numbers.values()], dtype=np.float64)
    kept = reference.given(read, matched)
    values = pd.DataFrame(reference.values(kept), columns=list(asked))
    found = Posterior(played, name, what, asked, reference, matched, kept, values)
    if kept.effective < _WORTHLESS:
        raise RunError(_out_of_reach(found))
    return found


def _observed(scenario: Scenario, given: str | Path | Mapping[str, Observation] | None) -> Observed:
    """Return what was observed, in a file and in the scenario itself."""
    if given is None and not scenario.observed:
        expected = "a file of readings, or a scenario that lists what was observed"
        raise ScenarioError([Fault("observed", expected, "neither", file=FILE)])
    own = scenario.observed if given is None or scenario.conditioned else {}
    if given is None:
        return Observed(tuple(own), {})
    readings = given if isinstance(given, Mapping) else load_observations(given).observed
    if faults := [*faults_of_readings(scenario, readings)]:
        file = FILE if isinstance(given, Mapping) else str(given)
        raise ScenarioError(fault.located(file) for fault in faults)
    return Observed(tuple(own), readings)


def _targets(scenario: Scenario, keys: Iterable[str] | None) -> dict[str, Quantity]:
    """Return the numbers that are asked about, by key; refuse what is none or has no range."""
    known = dict(scenario.quantities())
    asked = [*known] if keys is None else [*dict.fromkeys(keys)]
    faults = [fault for key in asked if keys is not None for fault in _faults_of(key, known)]
    if keys is not None and not asked:
        faults = [Fault("targets", "keys of numbers, as in targets=[KEY,KEY]", "none")]
    if faults:
        raise ScenarioError(fault.located(FILE) for fault in faults)
    found = {key: known[key] for key in asked if known[key].is_uncertain}
    if not found:
        expected = "a scenario with a number that has a declared range"
        raise ScenarioError([Fault("targets", expected, "none", file=FILE)])
    return found


def _faults_of(key: str, known: Mapping[str, Quantity]) -> Iterator[Fault]:
    if key not in known:
        expected = "the key of a number (islands list numbers)"
        yield Fault("targets", expected, repr(key), nearest(key, known))
    elif not known[key].is_uncertain:
        given = "{distribution: uniform, low: LOW, high: HIGH, assumption: WHY}"
        got = f"{key}, {known[key].value} in every world; give it one: '{key}={given}'"
        yield Fault("targets", "a number with a declared range", got)


def _reference(
    scenario: Scenario,
    deal: str,
    observed: Observed,
    targets: Mapping[str, Quantity],
    keep: int,
    workers: int | None,
    progress: bool,
) -> ReferenceTable:
    read = read_worlds(scenario, deal, observed, workers, progress)
    numbers = observed.numbers
    return ReferenceTable(
        prior=draws_table(scenario)[list(targets)].to_numpy(),
        events=read[list(observed.events)].to_numpy() == 1.0,
        numbers=read[list(numbers)].to_numpy(),
        tolerance=np.array([item.tolerance for item in numbers.values()], dtype=np.float64),
        keep=keep,
    )


def _out_of_reach(found: Posterior) -> str:
    """Say that what was read lies too far from all worlds, and which reading none brings."""
    table = found.readings_table
    never = [f"“{label}”" for label in table.loc[table["within"] == 0.0, "label"]]
    alone = f"no world brings {', '.join(never[:3])}" if never else "no two readings fit together"
    return (
        f"no posterior: none of {len(found.reference.prior):,} worlds comes near what was observed "
        f"({alone}): a reading or a declared range is wrong, or readings exclude each other"
    )


def _unmatched(observed: Observed, reference: ReferenceTable) -> str:
    """Say which yes or no the fewest worlds reproduce."""
    wanted = np.array([*observed.events.values()])
    shares = (reference.events == wanted).mean(axis=0)
    rarest, name = int(shares.argmin()), [*observed.events][int(shares.argmin())]
    many = len(reference.prior)
    return (
        f"none of {many:,} worlds reproduces all that came out as a yes or a no; the rarest is "
        f"{name}, in {percent(shares[rarest])} % of them: play more worlds, or doubt what is "
        "declared"
    )
