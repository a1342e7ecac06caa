"""Setting of the page as a scenario with numbers moved, and the narration of one world."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from sim.domain.checks import faults_of
from sim.domain.interest import Role
from sim.domain.outcome import OUTCOMES
from sim.domain.quantity import OVERRIDE, Quantity
from sim.domain.resolve import DEPENDENCES
from sim.domain.scenario import Scenario
from sim.domain.strategy import Strategy
from sim.errors import ScenarioError
from sim.experiments.blocks import pack_scenario
from sim.experiments.ensemble import as_asked
from sim.experiments.explanation.sight import watch
from sim.experiments.explanation.story import Narrator
from sim.experiments.tasks import Packed, unpack

__all__ = [
    "MOST_ROUNDS",
    "Choices",
    "Narration",
    "NarrationRequest",
    "Setting",
    "Values",
    "moved",
    "narrate",
    "offered",
    "setting_of",
    "with_values",
]

Choices = tuple[tuple[str, str], ...]
"""What of the game is chosen otherwise than declared, such as rounds and strategies, by name."""
MOST_ROUNDS = 400
"""Rounds that the page plays at most."""

Values = tuple[tuple[str, float], ...]
"""Keys and the point values that they are moved to, in the order of the keys."""


@dataclass(frozen=True)
class Setting:
    """What is set on the page; equal settings give equal numbers.

    Parameters
    ----------
    packed : Packed
        The scenario as it was loaded.
    deals : tuple of str
        The structures in play, in the order of the scenario.
    values : Values
        The numbers moved; all others are drawn as declared.
    name : str
        What the scenario is called where it is chosen.
    base : Scenario
        What `packed` holds, and its evidence.
    choices : Choices
        What of the game was chosen otherwise than declared.
    """

    packed: Packed[Scenario]
    deals: tuple[str, ...]
    values: Values = ()
    name: str = field(kw_only=True)
    base: Scenario = field(repr=False, compare=False, kw_only=True)
    choices: Choices = field(default=(), compare=False, kw_only=True)
    _declared: Scenario | None = field(default=None, repr=False, compare=False, kw_only=True)

    def moving(self, key: str, value: float | None) -> Setting:
        """Return the setting with a number moved, or with None drawn as declared again."""
        values = {name: old for name, old in self.values if name != key}
        if value is not None:
            values[key] = value
        return replace(self, values=tuple(sorted(values.items())))

    def playing(self, deals: tuple[str, ...]) -> Setting:
        """Return the setting with other structures in play, in the order of the scenario."""
        return replace(self, deals=tuple(name for name in self.base.structures if name in deals))

    def turning(self, deal: str) -> Setting:
        """Return the setting with a structure in play that was not, or without one that was."""
        kept = tuple(name for name in self.deals if name != deal)
        return self.playing(kept if deal in self.deals else (*kept, deal))

    def as_declared(self) -> Setting:
        """Return the setting with no number moved."""
        return replace(self, values=())

    @property
    def declared(self) -> Scenario:
        """Return the scenario as it was loaded, before anything of the game was chosen."""
        return self._declared or self.base

    def choosing(self, name: str, value: str, strategy_of: Callable[[str], Strategy]) -> Setting:
        """Return the setting with something of the game as chosen; numbers and structures stay.

        Parameters
        ----------
        name : str
            One of `offered`.
        value : str
            One of its values; empty for what is declared. Of `rounds`, a whole number.
        strategy_of : callable
            Returns a strategy by name.

        Raises
        ------
        ScenarioError
            If what is chosen does not fit together.
        """
        choices = {**dict(self.choices), name: value}
        kept = tuple(sorted((key, chosen) for key, chosen in choices.items() if chosen))
        base = self.declared
        for key, chosen in kept:
            base = _chosen(base, key, chosen, strategy_of)
        if faults := faults_of(base, like=self.declared):
            raise ScenarioError(faults)
        known = {key for key, _ in base.quantities()}
        there = replace(setting_of(base, self.name), choices=kept, _declared=self.declared)
        there = replace(there, values=tuple(item for item in self.values if item[0] in known))
        return there.playing(self.deals) if base.structures == self.base.structures else there

    def scenario(self, worlds: int | None = None) -> Scenario:
        """Return the setting as a scenario of its own.

        Parameters
        ----------
        worlds : int, optional
            In place of the scenario's own.

        Raises
        ------
        ScenarioError
            If no structure is in play.
        """
        changed = with_values(self.base, self.values)
        deals = self.deals if self.base.agenda == "single" else None
        return as_asked(changed, worlds=worlds, deals=deals)


def offered(declared: Scenario, strategies: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return what of a game can be chosen, and between what; `rounds` is any whole number.

    Parameters
    ----------
    declared : Scenario
        As it was loaded.
    strategies : sequence of str
        Names of those that there are.
    """
    tabled = ("tabled",) if declared.protocol.patience is not None else ()
    return {
        "rounds": (),
        "first_mover": tuple(role.value for role in Role),
        "agenda": ("single", "open", *tabled),
        "dependence": DEPENDENCES if declared.resolve else DEPENDENCES[:1],
        **{f"{role.value}.strategy": tuple(strategies) for role in Role},
    }


def _chosen(
    base: Scenario, name: str, value: str, strategy_of: Callable[[str], Strategy]
) -> Scenario:
    """Return a scenario with one thing of the game chosen."""
    part, _, rest = name.partition(".")
    change: dict[str, object] = {name: value}
    if name == "rounds":
        change = {name: min(max(int(value), 1), MOST_ROUNDS)}
    elif name == "first_mover":
        change = {"protocol": base.protocol.model_copy(update={name: value})}
    elif rest:
        side = base.side(Role(part)).model_copy(update={rest: strategy_of(value)})
        change = {part: side}
    return base.model_copy(update=change)


def setting_of(scenario: Scenario, name: str | None = None) -> Setting:
    """Return the setting that a scenario starts with: all structures, all numbers as declared.

    Parameters
    ----------
    scenario : Scenario
    name : str, optional
        What it is called where it is chosen; absent, its own name.
    """
    return Setting(
        pack_scenario(scenario),
        tuple(scenario.structures),
        name=name or scenario.name,
        base=scenario,
    )


@lru_cache(maxsize=8)
def moved(packed: Packed[Scenario], values: Values) -> Scenario:
    """Return a packed scenario with numbers moved, in a worker that may be asked again.

    Parameters
    ----------
    packed : Packed
    values : Values
    """
    return with_values(unpack(packed), values)


_UNSET = Quantity(value=0.0, unit="share", source=(OVERRIDE,))
"""A share that nothing sets until it is moved."""


def with_values(base: Scenario, values: Values) -> Scenario:
    """Return a scenario with numbers moved; parts without any stay the very same objects.

    What is remembered of a structure (see :mod:`sim.model.plan`) then serves it again. Nothing is
    validated: a slider ends where the declared uncertainty does, which was checked with its file.

    Parameters
    ----------
    base : Scenario
    values : Values
    """
    known = dict(base.quantities())
    return base.replaced({key: known.get(key, _UNSET).at(value) for key, value in values})


@dataclass(frozen=True)
class NarrationRequest:
    """World whose narration is asked for.

    Parameters
    ----------
    packed : Packed
    values : Values
    deal : str
    world : int
    """

    packed: Packed[Scenario]
    values: Values
    deal: str
    world: int


@dataclass(frozen=True)
class Narration:
    """One world in words, round by round.

    Parameters
    ----------
    request : NarrationRequest
    rounds : tuple of (int, tuple of str)
        Rounds in their order, each with its sentences.
    ending : str
        How the world ended.
    """

    request: NarrationRequest
    rounds: tuple[tuple[int, tuple[str, ...]], ...]
    ending: str


def narrate(request: NarrationRequest) -> Narration:
    """Play a world once more and tell what happens in every round."""
    scenario = moved(request.packed, request.values)
    ended, seen, nodes = watch(scenario, request.deal, request.world)
    narrator = Narrator(scenario, nodes, seen, ended.ratifier_names)
    rounds: dict[int, list[str]] = {}
    for line in ended.record or []:
        exchange = narrator.exchange(line)
        rounds.setdefault(exchange.first, []).extend(exchange.sentences)
    return Narration(
        request,
        tuple((number, tuple(sentences)) for number, sentences in rounds.items()),
        OUTCOMES[int(ended.columns["outcome"][0])].value,
    )
