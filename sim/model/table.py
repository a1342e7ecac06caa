"""Put both sides at one table: what a round of talks looks like from above."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.agents.government import Government
from sim.agents.preferences import Climate
from sim.agents.public import Opinions, Public
from sim.agents.ratifiers import Ratifiers
from sim.agents.talk import Talk
from sim.domain.interest import ROLES, Role
from sim.environment import Surroundings
from sim.quantities import Bools, Floats, Ints


@dataclass(frozen=True)
class Party:
    """Everybody on one side.

    Parameters
    ----------
    role : Role
    government : Government
    public : Public
    ratifiers : Ratifiers
    opinions : list of Opinions
        The public's lasting opinion of each node's packages.
    """

    role: Role
    government: Government
    public: Public
    ratifiers: Ratifiers
    opinions: list[Opinions]

    def votes(self, worlds: Ints, support: Floats, allies: Bools) -> Bools:
        """Return which packages all ratifiers would pass."""
        needed = self.ratifiers.needed_by_all[worlds, None]
        return np.asarray((support >= needed) & allies)


def climate_of(party: Party, around: Surroundings, round_: int) -> Climate:
    """Return what multiplies a side's moving weights in a round, all worlds."""
    office = around.offices[party.role]
    everyone = np.arange(len(office.sits))
    deadline = party.government.deadline(everyone, office.sits)
    return Climate(
        economy=around.economy_factor(party.role),
        alliance=around.alliance_factor(),
        leader_sits=office.sits,
        legacy_alive=office.sits & (round_ <= deadline),
    )


def support_for(
    party: Party, node: int, worlds: Ints, around: Surroundings
) -> tuple[Floats, Bools]:
    """Return a public's support for, and its allies' consent to, each package of a node."""
    opinions = party.opinions[node]
    approval = around.offices[party.role].approval[worlds]
    distinct = party.public.support(opinions, worlds, approval)
    ledger = party.government.ledgers[node]
    allies = party.ratifiers.allies_agree(ledger.features, worlds, around.pressure[worlds])
    return distinct[:, opinions.column], allies


def look(
    parties: tuple[Party, Party],
    around: Surroundings,
    climates: tuple[Climate, Climate],
    node: int,
    worlds: Ints,
    round_: int,
    years: float,
) -> Talk:
    """Return one round at one node, for some worlds.

    Parameters
    ----------
    parties : pair of Party
    around : Surroundings
    climates : pair of Climate
        Of all worlds.
    node : int
    worlds : ndarray of int
        Which worlds.
    round_ : int
    years : float
        Years since the start, at which reservation values are seen.
    """
    open_value, value, reservation, forbidden, support, allies, passing = ([] for _ in range(7))
    for role in ROLES:
        party = parties[role.position]
        ledger = party.government.ledgers[node]
        climate = climates[role.position].rows(worlds)
        open_value.append(party.government.value(node, worlds, climate))
        value.append(open_value[-1] - ledger.penalty[worlds])
        reservation.append(party.government.reservation(years, worlds))
        forbidden.append(ledger.forbidden[worlds])
        in_favour, agreed = support_for(party, node, worlds, around)
        support.append(in_favour)
        allies.append(agreed)
        passing.append(party.votes(worlds, in_favour, agreed))
    return Talk(
        round_=round_,
        node=node,
        worlds=worlds,
        value=(value[0], value[1]),
        open_value=(open_value[0], open_value[1]),
        reservation=(reservation[0], reservation[1]),
        forbidden=(forbidden[0], forbidden[1]),
        support=(support[0], support[1]),
        allies=(allies[0], allies[1]),
        would_pass=(passing[0], passing[1]),
    )
