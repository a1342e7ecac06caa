"""Replay of worlds round by round, with the table as the talks of each round find it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.model.talks import TalksModel
from sim.model.view import RoundView


def replay(model: TalksModel, node: int | None = None) -> Iterator[tuple[int, RoundView]]:
    """Yield every round with the table in it, before anybody acts, and then play it.

    What the last round left behind is yielded at the end, under the number of the round after it.

    Parameters
    ----------
    model : TalksModel
        Its rounds from the present one on.
    node : int, optional
        The stage that is looked at, in all worlds; absent, the one at which the first world stands.

    Yields
    ------
    (int, RoundView)
        Arrays of all worlds by packages. What of them has not been asked for when the next round
        is, is lost.
    """
    everyone = np.arange(model.states.worlds)
    while True:
        context = model.open_round()
        at = int(model.states.node[0]) if node is None else node
        yield model.round, RoundView(context, at, everyone)
        if not model.running:
            return
        model.step()
