r"""Reversal: the share of declared uncertainty under which a structure's rank changes.

Every quantity with a declared distribution is uncertain. Worlds draw all of them anew, so the
shares of a run average over that uncertainty and hide how much of the ranking is owed to it. Here
parameter vectors are drawn by Latin hypercube, each is played by all structures in the same worlds
(same shocks, same luck), and each vector yields a ranking of its own.

**The rule.** Structures are compared pair by pair and world by world. In a set of worlds structure
*a* is *ahead of* *b* if significantly more worlds favour *a* than *b* by the one-sided sign test
(McNemar's exact test for `settled`); worlds that do not tell them apart are left out. The level is
5 % divided by the number of rivals. A structure's rank *reverses* under a vector if for some rival
the order of the full run is turned round: ahead in one, behind in the other. `reversal` is the
share of vectors under which that happens.

**Why so.** A vector has few worlds, so its ranking is noisy, and counting every change of order
would report the noise as dependence on the parameters: with shares near each other half of all
vectors would "reverse". Pairing in common worlds takes out most of the noise, and dividing the
level by the number of rivals (Bonferroni) keeps the chance that noise alone turns a structure's
rank under a vector at 5 % or less. The price is power: orders that turn by less than the worlds of
a vector can show are not counted, so the share is a lower bound that rises with the number of
worlds per vector. Structures that no order separates in the full run have no rank that could
reverse, and where no vector decides any order of a structure (because next to nothing ever
settles, say) nothing is known of it: in both cases `reversal` is missing, not zero.

References
----------
Q. McNemar (1947). https://doi.org/10.1007/BF02295996
M. D. McKay, R. J. Beckman, W. J. Conover (1979). https://doi.org/10.2307/1268522
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from sim.domain.outcome import Outcome
from sim.domain.results import RANKING
from sim.equations.statistics import sign_test
from sim.experiments.nested import NestedDesign
from sim.quantities import Bools, Floats

DRAWS, EACH = 64, 64
"""Parameter vectors, and worlds of each, where nothing else is asked for."""
_LEVEL = 0.05


def _settled(worlds: pd.DataFrame) -> Floats:
    return np.asarray(worlds["outcome"] == Outcome.settled.name, dtype=np.float64)


def _margin(worlds: pd.DataFrame) -> Floats:
    return worlds["zopa_margin"].to_numpy(dtype=np.float64)


_YARDSTICKS: dict[str, tuple[Callable[[pd.DataFrame], Floats], Callable[[Floats], float]]] = {
    "settled": (_settled, lambda values: float(values.mean())),
    "zopa_margin": (_margin, lambda values: _median(values)),
}
"""What structures are ranked by: the value of a world, and the score of a structure."""


def ranking(worlds: pd.DataFrame, nested: pd.DataFrame, nest: NestedDesign) -> pd.DataFrame:
    """Return the ranking of structures and how much of the declared uncertainty reverses it.

    Parameters
    ----------
    worlds : DataFrame
        The table of worlds of the full run.
    nested : DataFrame
        The table of worlds in which groups share a parameter vector; the same structures.
    nest : NestedDesign
        How `nested` is grouped.

    Returns
    -------
    DataFrame
        Columns of `RANKING`: for each yardstick (`settled`; `zopa_margin`, which also tells apart
        what never settles) each structure's score (share settled, or median margin), its rank (1
        plus how many structures are ahead of it: ties share a rank), and `reversal`.
    """
    deals = worlds["deal"].cat.categories
    parts = []
    for by, (value_of, score_of) in _YARDSTICKS.items():
        values = value_of(worlds).reshape(len(deals), -1)
        groups = value_of(nested).reshape(len(deals), nest.draws, nest.each)
        order = ahead(values)
        turned = [ahead(groups[:, draw]) for draw in range(nest.draws)]
        part = {"deal": deals, "by": by, "score": [score_of(row) for row in values]}
        part["rank"] = 1 + order.sum(axis=0, dtype=np.int32)
        part["reversal"] = reversal(order, np.array(turned))
        parts.append(pd.DataFrame(part))
    return _typed(pd.concat(parts, ignore_index=True), deals)


def ahead(values: Floats) -> Bools:
    """Return which structure is ahead of which, beyond the noise that pairing leaves.

    Parameters
    ----------
    values : ndarray, shape (structures, worlds)
        Higher is better; NaN compares with nothing.

    Returns
    -------
    ndarray of bool, shape (structures, structures)
        Whether the first is ahead of the second.

    Examples
    --------
    >>> ahead(np.array([[1.0] * 9, [0.0] * 9])).tolist()
    [[False, True], [False, False]]
    """
    more = np.array([(row > values).sum(axis=1) for row in values])
    level = _LEVEL / max(len(values) - 1, 1)
    return np.asarray(sign_test(more, more.T) < level)


def reversal(order: Bools, turned: Bools) -> Floats:
    """Return for each structure the share of orders that turn one of its own round.

    Parameters
    ----------
    order : ndarray of bool, shape (structures, structures)
        Who is ahead of whom in the full run.
    turned : ndarray of bool, shape (draws, structures, structures)
        The same under each parameter vector.

    Returns
    -------
    ndarray, shape (structures,)
        Shares in [0, 1]; NaN for a structure that `order` sets apart from no other, or of which
        no draw decides any order.
    """
    against = (order & turned.transpose(0, 2, 1)) | (order.T & turned)
    decided = (order | order.T) & (turned | turned.transpose(0, 2, 1))
    share = against.any(axis=2).mean(axis=0)
    return np.where(decided.any(axis=(0, 2)), share, np.nan)


def no_ranking(deals: Iterable[str]) -> pd.DataFrame:
    """Return the empty ranking of a run that was not asked for one."""
    return _typed(pd.DataFrame(columns=list(RANKING)), deals)


def _typed(table: pd.DataFrame, deals: Iterable[str]) -> pd.DataFrame:
    words = {"deal": pd.Index(list(deals)), "by": pd.Index(list(_YARDSTICKS))}
    columns = {name: pd.Categorical(table[name], categories=words[name]) for name in words}
    types = {"score": np.float64, "rank": np.int32, "reversal": np.float64}
    return table[list(RANKING)].assign(**columns).astype(types)


def _median(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else float("nan")
