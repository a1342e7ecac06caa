r"""Check of an inference by simulation (simulation-based calibration).

Worlds of the table itself are planted: what would have been read in each, with errors drawn as the
tolerances say, is held against all others as if it were what was observed, and the planted numbers
are looked up in the posterior. If the inference is right, their ranks there are uniform, and an
interval of 90 % holds nine in ten of them. Only worlds in which each yes or no came out as it was
observed are planted: posteriors are right given any part of the data, and these resemble the case
that is asked about.

References
----------
S. Talts, M. Betancourt, D. Simpson, A. Vehtari, A. Gelman (2018). Validating Bayesian inference
algorithms with simulation-based calibration. https://arxiv.org/abs/1804.06788
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.special import chdtrc
from scipy.stats import binom

from sim.errors import Fault, ScenarioError
from sim.experiments.inference.posterior import Posterior
from sim.experiments.pinned import FILE
from sim.quantities import Floats, Ints
from sim.randomness import Streams

__all__ = ["COVERAGE", "Coverage", "check_coverage"]

COVERAGE = ("key", "in_50", "low_50", "high_50", "in_90", "low_90", "high_90", "chi2", "p", "sound")
"""Columns of the table of coverage; see `Coverage.table`."""
_BINS = 10
_CHANCE = 0.05
"""Probability that a right inference is flagged for any of its numbers."""
_LEAST = 20


@dataclass(frozen=True, eq=False)
class Coverage:
    """Ranks of planted numbers in their posteriors.

    Parameters
    ----------
    ranks : DataFrame, shape (planted, targets)
        Share of each posterior below the planted number, in [0, 1].
    exact : int
        How many posteriors were made of worlds within all tolerances.
    """

    ranks: pd.DataFrame
    exact: int

    @cached_property
    def table(self) -> pd.DataFrame:
        """Return a row per number: how many planted values its intervals hold.

        `in_50` and `in_90` are shares of planted values in the central intervals, beside the range
        in which a right inference brings them; `p` is that of the chi-squared test of the ranks'
        histogram. All three are judged so that a right inference fails in one of twenty checks.
        """
        return pd.DataFrame([self._row(str(key)) for key in self.ranks], columns=list(COVERAGE))

    def histogram(self, key: str) -> Ints:
        """Return how many ranks lie in each tenth of a number's posterior."""
        counts: Ints = np.histogram(self.ranks[key], bins=_BINS, range=(0.0, 1.0))[0]
        return counts

    @property
    def is_sound(self) -> bool:
        """Tell whether no number's intervals or ranks contradict a right inference."""
        return bool(self.table["sound"].all())

    def _row(self, key: str) -> dict[str, object]:
        ranks, many = self.ranks[key].to_numpy(), len(self.ranks)
        chance = _CHANCE / (3.0 * self.ranks.shape[1])
        row: dict[str, object] = {"key": key}
        sound = True
        for level in (50, 90):
            held = float((np.abs(ranks - 0.5) <= level / 200.0).mean())
            low, high = binom.interval(1.0 - chance, many, level / 100.0)
            row |= {f"in_{level}": held, f"low_{level}": low / many, f"high_{level}": high / many}
            sound &= low / many <= held <= high / many
        expected = many / _BINS
        chi2 = float((np.square(self.histogram(key) - expected) / expected).sum())
        p = float(chdtrc(_BINS - 1, chi2))
        return row | {"chi2": chi2, "p": p, "sound": bool(sound and p >= chance)}


def check_coverage(posterior: Posterior, planted: int) -> Coverage:
    """Return how often the intervals of an inference hold planted numbers.

    Parameters
    ----------
    posterior : Posterior
        Its table of worlds is used again; nothing is played.
    planted : int
        How many worlds are planted, at least 20, and at most as many as reproduce each yes or no.

    Raises
    ------
    ScenarioError
        If there are not so many.
    """
    matched = posterior.matched
    if not _LEAST <= planted < len(matched):
        most = len(matched) - 1
        expected = f"{_LEAST} to {most} (worlds that reproduce each yes or no, less one)"
        raise ScenarioError([Fault("check", expected, f"{planted}", file=FILE)])
    reference, errors = posterior.reference, _errors(posterior)
    ranks, exact = [], 0
    for world in matched[:planted]:
        read = reference.numbers[world] + errors[world]
        kept = reference.given(read, matched[matched != world])
        values, own = reference.values(kept), reference.prior[world]
        ranks.append(kept.weight @ ((values < own) + 0.5 * (values == own)))
        exact += kept.is_exact
    return Coverage(pd.DataFrame(ranks, columns=list(posterior.targets)), exact)


def _errors(posterior: Posterior) -> Floats:
    """Return an error of each reading in each world, within its tolerance, by counter."""
    scenario, numbers = posterior.scenario, posterior.observed.numbers
    streams = Streams(scenario.seed, 0, len(posterior.reference.prior))
    drawn = [
        item.tolerance * (2.0 * streams.uniforms(f"reading/{name}")[:, 0] - 1.0)
        for name, item in numbers.items()
    ]
    return np.stack(drawn, axis=1) if drawn else np.zeros((streams.worlds, 0))
