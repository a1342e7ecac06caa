r"""Drafting of texts: the time between agreement in principle and a text that is ready to sign.

An agreement on a package opens its drafting, which takes

.. math:: T = m \exp(\sigma \epsilon), \qquad \epsilon \sim N(0, 1),

years, rounded to rounds: lognormal, of median m, one for packages that move territory or title and
another for the rest. Until then either side may leave, and does where the package has become worth
less to it than never signing, or one of its absolute preconditions forbids it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.domain.outcome import LADDER, Answer, Ladder, Phase
from sim.domain.scenario import Scenario
from sim.model.view import RoundContext, RoundView
from sim.quantities import Bools, Floats, Ints

if TYPE_CHECKING:
    from sim.model.talks import TalksModel

_TERRITORIAL = LADDER.index(Ladder.partial)
"""Rung of the ladder from which on a package moves territory or title."""


def is_drafted(scenario: Scenario) -> bool:
    """Tell whether texts have to be drafted before they can be signed."""
    drafting = scenario.protocol.drafting
    return drafting is not None and drafting.enabled


def rounds_of(years: Floats, round_years: float) -> Ints:
    """Return lengths in whole rounds; what takes less than half a round is ready at once.

    Examples
    --------
    >>> rounds_of(np.array([0.1, 0.4, 1.0]), 0.25).tolist()
    [0, 2, 4]
    """
    return np.rint(years / round_years).astype(np.int64)


def begin_drafting(model: TalksModel, node: int, worlds: Ints, packages: Ints) -> None:
    """Let the drafting of packages begin that were agreed in this round.

    Parameters
    ----------
    model : TalksModel
    node : int
    worlds, packages : ndarray of int, shape (agreed,)
    """
    drafting, draws = model.case.protocol.drafting, model.environment.draws
    if drafting is None:
        raise ValueError("expected 'protocol.drafting', got none")
    territorial = model.rungs[node][packages] >= _TERRITORIAL
    medians = draws.of(drafting.territorial_years), draws.of(drafting.functional_years)
    median = np.where(territorial, medians[0][worlds], medians[1][worlds])
    luck = draws.streams.normals("protocol/drafting", round_=model.round)[worlds, 0]
    years = median * np.exp(draws.of(drafting.spread)[worlds] * luck)
    rounds = rounds_of(years, model.case.protocol.round_years)
    model.states.agree(worlds, packages, model.round + rounds)


def leave_or_sign(
    model: TalksModel, context: RoundContext, node: int, worlds: Ints
) -> tuple[RoundView, Ints]:
    """Let sides leave drafts that they would no longer sign; return what is ready.

    Parameters
    ----------
    model : TalksModel
    context : RoundContext
    node : int
    worlds : ndarray of int
        Which draft there.

    Returns
    -------
    (RoundView, ndarray of int)
        The drafts of those worlds, and the rows in which one is ready and still worth signing.
    """
    states = model.states
    view = RoundView(context, node, worlds).at(np.arange(len(worlds)), states.package[worlds])
    stays = view.signable
    for world in worlds[~stays]:
        model.note(int(world), Answer.left_draft, node=node)
    states.leave_draft(worlds[~stays], model.round + 1)
    return view, np.flatnonzero(stays & (states.ready_round[worlds] <= model.round))


def drafts(model: TalksModel, here: Bools) -> list[tuple[int, Ints]]:
    """Return the nodes at which texts are being drafted, and in which of some worlds."""
    return model.states.by_node(here & model.states.in_phase(Phase.DRAFTING))
