"""Tell one world of a structure, one round after the other."""

from __future__ import annotations

from dataclasses import dataclass

from sim.domain.outcome import OUTCOMES
from sim.experiments.blocks import Packed
from sim.experiments.explanation.sight import watch
from sim.experiments.explanation.story import Teller
from sim.explorer.setting import Values, moved

__all__ = ["Asked", "Told", "tell"]


@dataclass(frozen=True)
class Asked:
    """Which world to tell.

    Parameters
    ----------
    packed : Packed
    values : Values
    deal : str
    world : int
    """

    packed: Packed
    values: Values
    deal: str
    world: int


@dataclass(frozen=True)
class Told:
    """One world, told.

    Parameters
    ----------
    asked : Asked
    rounds : tuple of (int, tuple of str)
        Rounds in their order, each with its sentences.
    ending : str
        How the world ended.
    """

    asked: Asked
    rounds: tuple[tuple[int, tuple[str, ...]], ...]
    ending: str


def tell(asked: Asked) -> Told:
    """Play a world once more and tell what happens in every round."""
    scenario = moved(asked.packed, asked.values)
    ended, seen, nodes = watch(scenario, asked.deal, asked.world)
    teller = Teller(scenario, nodes, seen, ended.ratifier_names)
    rounds: dict[int, list[str]] = {}
    for line in ended.record or []:
        exchange = teller.exchange(line)
        rounds.setdefault(exchange.first, []).extend(exchange.sentences)
    return Told(
        asked,
        tuple((number, tuple(sentences)) for number, sentences in rounds.items()),
        OUTCOMES[int(ended.columns["outcome"][0])].value,
    )
