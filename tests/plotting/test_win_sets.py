"""Win-sets are the publics at the start."""

import numpy as np

from sim.experiments.result import EnsembleResult
from sim.experiments.tabletop import tabletop
from sim.plotting import win_sets
from tests.plotting.reading import words


def test_win_sets_are_the_publics_at_the_start(played: EnsembleResult) -> None:
    top = tabletop(played.scenario, "two_steps", worlds=64)
    ax = win_sets(played, deal="two_steps", worlds=64)
    dots = np.asarray(ax.collections[0].get_offsets())
    support = [100 * np.median(top.talk.support(side), axis=0) for side in (0, 1)]
    np.testing.assert_allclose(np.sort(dots, axis=0), np.sort(np.stack(support, 1), axis=0))
    shares = np.asarray(ax.collections[0].get_array())
    np.testing.assert_allclose(np.sort(shares), np.sort(100 * top.talk.ratifiable.mean(axis=0)))
    assert "the near island passes" in " ".join(words(ax).split())
