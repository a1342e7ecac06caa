r"""Model of one round: values, win-sets, demand, offer and answer of two-level bargaining.

Two governments, the claimant's and the holder's, divide packages :math:`k` by alternating offers
in worlds :math:`w`; each must also win its ratifiers (Putnam 1988). In the order of a round:

====================== ======================================================== ===============
function               equation                                                 literature
====================== ======================================================== ===============
`value`                :math:`V_i = S_i + q_i \sum_m \omega_{im} f_{im}`        Keeney & Raiffa
`reservation`          :math:`r_i = d_i a + c_i(t) - u_i(t)`                    Powell
`campaigns`            :math:`V_i - r_i > \lambda_i` cost                   Putnam
`support`              :math:`P_i = \sum_s n_s \Phi((x_s + h - \theta_s)/\sigma_s)` Thurstone
`win_set`              :math:`P_i \ge` what its ratifiers require               Putnam
`zopa`                 :math:`V_i \ge r_i` for both                             Raiffa
`depth`                how far a package comes: ZOPA, signable, ratifiable      Putnam
`best_acceptable`      :math:`\max V_i` where :math:`\hat V_j \ge \hat r_j`      Faratin et al.
`conceded`             share of the span that the other has conceded            Faratin et al.
`demand`               :math:`r_i + (1 - \alpha)(\bar V_i - r_i)`, by strategy  Faratin et al.
`net_value`            :math:`V_i` less the audience's charge for retreat       Fearon
`offer`                :math:`\arg\max \hat V_j` among what is demanded         Faratin et al.
`answer`               accept at or above what one's own next offer is worth    Rubinstein
====================== ======================================================== ===============

A hat marks what a government believes; values that are equal as decimals tie
(`sim.equations.utility.no_less`). Arrays have shape (rows, packages), a row for each world
that talks; those that stand for one package in each row have shape (rows,). Utilities are in a
side's own points, supports are shares. `sim.model.view` looks the terms up, `sim.model.kernel`
plays the same round in compiled loops, to the same bits.

References
----------
R. L. Keeney, H. Raiffa (1976). Decisions with Multiple Objectives. Wiley, ch. 3.
R. Powell (2006). War as a commitment problem. https://doi.org/10.1017/S0020818306060061
L. L. Thurstone (1927). A law of comparative judgment. https://doi.org/10.1037/h0070288
R. D. Putnam (1988). Diplomacy and domestic politics: the logic of two-level games.
https://doi.org/10.1017/S0020818300027697
H. Raiffa (1982). The Art and Science of Negotiation. Harvard University Press, ch. 4.
P. Faratin, C. Sierra, N. R. Jennings (1998). Negotiation decision functions for autonomous
agents. https://doi.org/10.1016/S0921-8890(98)00029-3
J. D. Fearon (1994). Domestic political audiences and the escalation of international disputes.
https://doi.org/10.2307/2944796
A. Rubinstein (1982). Perfect equilibrium in a bargaining model. https://doi.org/10.2307/1912531
"""

from __future__ import annotations

import numpy as np

from sim.agents.government import Government
from sim.agents.public import Opinions, Public
from sim.agents.strategies import Demand, Position
from sim.agents.valuation import WeightMultipliers
from sim.domain.outcome import ANSWERS, Answer
from sim.equations.audience_cost import value_after_audience
from sim.equations.offering import NONE, best_acceptable, best_for_other
from sim.equations.utility import additive_utility, no_less
from sim.equations.waiting import reservation_value
from sim.quantities import Bools, Cells, Floats, Ints, Rows

__all__ = [
    "ACCEPTED",
    "BARGAIN",
    "PASSABLE",
    "SIGNABLE",
    "answer",
    "believed_value",
    "best_acceptable",
    "campaigns",
    "conceded",
    "demand",
    "depth",
    "net_value",
    "offer",
    "reservation",
    "support",
    "value",
    "value_of_next_offer",
    "win_set",
    "zopa",
]

BARGAIN, SIGNABLE, PASSABLE = 1, 2, 3
"""Depth of talks: a bargain exists, one clear of preconditions, one that would pass."""
ACCEPTED = ANSWERS.index(Answer.accepted)


def value(
    government: Government, node: int, worlds: Rows, multipliers: WeightMultipliers
) -> Floats:
    r"""Return the value of signing each package, before preconditions.

    .. math:: V = S + q \sum_m \omega_m f_m

    with :math:`S` what does not move during talks (later stages, what a walk-back would leave),
    :math:`q` the probability that a package is not walked back, and :math:`\omega_m` the weights
    that move with the environment and the leader in office.

    Parameters
    ----------
    government : Government
    node : int
        Whose packages.
    worlds : ndarray of int, shape (rows,), or slice
    multipliers : WeightMultipliers
        Of those worlds.

    Returns
    -------
    ndarray, shape (rows, packages)
        Points.
    """
    values = government.package_values[node]
    weights = government.weights.moved(multipliers, worlds).T
    moving = additive_utility(weights, values.moving_features)
    kept = np.take(values.keep_probability[worlds] * moving, values.moving_look, axis=1)
    return np.asarray(values.static_value[worlds] + kept)


def reservation(government: Government, node: int, worlds: Rows, years: float) -> Floats:
    """Return the value of never signing a node's packages; see `sim.equations.waiting`.

    Parameters
    ----------
    government : Government
    node : int
        What earlier packages frame already is not drawn from these talks again.
    worlds : ndarray of int, shape (rows,), or slice
        Where talks are alive.
    years : float
        Years since the start of the talks.

    Returns
    -------
    ndarray, shape (rows,)
        Points.
    """
    entrenched, urgent = government.waiting.seen_from(years)
    unframed = 1.0 - government.package_values[node].features.framed
    return reservation_value(
        government.dialogue[worlds], entrenched[worlds], urgent[worlds], unframed
    )


def campaigns(value: Floats, reservation: Floats, cost: Floats) -> Bools:
    """Return for which packages a leader would campaign before the vote.

    Parameters
    ----------
    value, reservation : ndarray, broadcastable
        Value of signing and of never signing, in points.
    cost : ndarray
        What a campaign costs in approval, in points of utility.
    """
    return np.asarray(value - reservation > cost)


def support(
    public: Public,
    opinions: Opinions,
    cells: Cells,
    approval: Floats,
    campaigns: Bools | None = None,
) -> Floats:
    """Return present support in a public; see `sim.equations.public_support`.

    Parameters
    ----------
    public : Public
    opinions : Opinions
        Of a node's packages.
    cells : Cells
        Whole rows, or one package in each.
    approval : ndarray, shape (worlds,)
        Of the leader who advocates the package, percent.
    campaigns : ndarray of bool, shape (rows, packages) or (rows,), optional
        For which packages that leader campaigns.

    Returns
    -------
    ndarray, shape (rows, packages) or (rows,)
        Shares.
    """
    if cells.packages is not None and not len(cells.packages):
        return np.zeros(0)
    return public.support(opinions, cells, approval, campaigns)


def win_set(support: Floats, required: Floats, consent: Bools) -> Bools:
    """Return what all ratifiers of a side pass: those who look at support, and its allies.

    Parameters
    ----------
    support, required : ndarray, shape (rows, packages) or (rows,)
        Shares: support as it is or is believed to be, and what those who vote require.
    consent : ndarray of bool, same shape
        What no ally vetoes.
    """
    return np.asarray((support >= required) & consent)


def zopa(value: tuple[Floats, Floats], reservation: tuple[Floats, Floats]) -> Bools:
    """Return the zone of possible agreement: what both sides would rather sign than never sign.

    Parameters
    ----------
    value, reservation : pair of ndarray
        The claimant's, then the holder's, in points; broadcastable.
    """
    return no_less(value[0], reservation[0]) & no_less(value[1], reservation[1])


def depth(bargain: Bools, signable: Bools, ratifiable: Bools) -> Ints:
    """Return how deep talks reach in each row.

    Parameters
    ----------
    bargain, signable, ratifiable : ndarray of bool, shape (rows, packages)
        The ZOPA before preconditions, what could be signed, and what would pass on both sides.

    Returns
    -------
    ndarray of int, shape (rows,)
        0, `BARGAIN`, `SIGNABLE` or `PASSABLE`.
    """
    signable = bargain & signable
    passable = signable & ratifiable
    level = np.where(bargain.any(axis=1), BARGAIN, 0)
    level = np.where(signable.any(axis=1), SIGNABLE, level)
    return np.where(passable.any(axis=1), PASSABLE, level)


def believed_value(value: Floats, shrinkage: Floats, error: Floats) -> Floats:
    """Return what a side takes a value of the other for: the truth and what is left of an error.

    Parameters
    ----------
    value, shrinkage, error : ndarray, broadcastable
        True value in points, share of the first error that is left, and that error in points.
    """
    return np.asarray(value + shrinkage * error)


def conceded(best: Floats, reservation: Floats, improvement: Floats) -> Floats:
    """Return the share of the own span that the other has conceded since its first offer.

    Parameters
    ----------
    best, reservation : ndarray, shape (rows,)
        Ends of the span: best value believed acceptable to the other, and reservation value.
    improvement : ndarray, shape (rows,)
        Points by which the other's offers became better; NaN before its first.

    Returns
    -------
    ndarray, shape (rows,)
        In [0, 1].
    """
    span = np.where(best > reservation, best - reservation, 1.0)
    return np.clip(np.nan_to_num(improvement / span), 0.0, 1.0)


def demand(strategy: Demand, position: Position) -> Floats:
    """Return the least value that a government demands, by its strategy.

    Parameters
    ----------
    strategy : Demand
        See `sim.agents.strategies`.
    position : Position

    Returns
    -------
    ndarray, shape (rows,)
        Points, never below the reservation value.
    """
    return strategy.aspiration(position)


def net_value(government: Government, value: Floats, cells: Cells) -> Floats:
    """Return the value of signing less what the audience charges for retreat from a position.

    Parameters
    ----------
    government : Government
    value : ndarray, shape (rows, packages) or (rows,)
        Points.
    cells : Cells
        Where the values stand.
    """
    return value_after_audience(
        value,
        cells.of_worlds(government.memory.public_position),
        cells.of_worlds(government.audience_cost),
        cells.of_worlds(government.approval_weight),
    )


def offer(demanded: Floats, net: Floats, lawful: Bools, believed: Floats, value: Floats) -> Ints:
    """Return the offer: among what is worth what is demanded, the best believed for the other.

    Parameters
    ----------
    demanded : ndarray, shape (rows,)
        Least value demanded, in points.
    net : ndarray, shape (rows, packages)
        Value net of audience cost, in points.
    lawful : ndarray of bool, shape (rows, packages)
        Against no absolute precondition of the own side, and believed ratifiable on both sides.
    believed, value : ndarray, shape (rows, packages)
        Believed value for the other side, and own value, which breaks ties.

    Returns
    -------
    ndarray of int, shape (rows,)
        Package, or `NONE`.
    """
    candidates = no_less(net, demanded[:, None]) & lawful
    return best_for_other(candidates, believed, value)


def value_of_next_offer(value: Floats, package: Ints, demanded: Floats) -> Floats:
    """Return what one's own next offer is worth: what is demanded, where there is none.

    Parameters
    ----------
    value : ndarray, shape (rows, packages)
        Points; net of audience cost where that is foreseen.
    package : ndarray of int, shape (rows,)
        The next offer, or `NONE`.
    demanded : ndarray, shape (rows,)
        Points.
    """
    rows = np.arange(len(value))
    return np.where(package == NONE, demanded, value[rows, np.maximum(package, 0)])


def answer(
    value: Floats,
    reservation: Floats,
    forbidden: Bools,
    net: Floats,
    worth_waiting: Floats,
    passes: tuple[Bools, Bools],
) -> Ints:
    """Return the answer to an offer: the first reason against it, or acceptance.

    Parameters
    ----------
    value, reservation : ndarray, shape (rows,)
        Value of signing what is offered, and of never signing, in points.
    forbidden : ndarray of bool, shape (rows,)
        Whether an absolute precondition of the own side forbids it.
    net, worth_waiting : ndarray, shape (rows,)
        Value net of audience cost, and what refusing is worth: one's own next offer, a round
        later (Rubinstein 1982).
    passes : pair of ndarray of bool, shape (rows,)
        Whether it is believed likely enough to pass at home, and on the other side.

    Returns
    -------
    ndarray of int, shape (rows,)
        Places in `sim.domain.outcome.ANSWERS`.
    """
    reasons = (
        (~no_less(value, reservation), Answer.below_reservation),
        (forbidden, Answer.precondition),
        (~no_less(net, worth_waiting), Answer.below_demand),
        (~passes[0], Answer.doubts_own),
        (~passes[1], Answer.doubts_other),
    )
    result = np.full(len(value), ACCEPTED)
    for against, given in reversed(reasons):
        result[against] = ANSWERS.index(given)
    return result
