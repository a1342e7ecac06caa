"""Certificate that nothing can be signed: least sets of gates that together stop every text.

A gate is a precondition or a ratifier, by name; where these leave some text, also what signing is
worth to either government. Everything is looked at in the first round, at the medians of whatever a
world draws and then as drawn. A set is *enough* where, with only its members enforced, no text of a
stage is left. What is returned has the fewest members that do, so none of them can be spared; other
sets of the same size may do as well.

References
----------
R. Reiter (1987). A theory of diagnosis from first principles.
https://doi.org/10.1016/0004-3702(87)90062-2
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from sim.domain.draws import Draws
from sim.domain.interest import Role
from sim.domain.narration import percent, sentence, side_name
from sim.domain.scenario import Scenario
from sim.equations.utility import no_less
from sim.experiments.explanation.sight import stops
from sim.model.talks import TalksModel, playing
from sim.model.view import RoundView
from sim.quantities import Bools, Floats
from sim.randomness import Streams

__all__ = ["Certificate", "MedianStreams", "TextGate", "certificate", "smallest_cover"]

_MOST = 4
"""Members up to which all sets are tried; a larger one is found by giving back, one by one."""
_WORLDS = 128


@dataclass(frozen=True)
class MedianStreams(Streams):
    """Worlds in which every random number is the median of its distribution."""

    def uniforms(self, purpose: str, *, round_: int = 0, slots: int = 1) -> Floats:
        """Return halves, shape (worlds, slots)."""
        return np.full((self.worlds, slots), 0.5)

    def normals(self, purpose: str, *, round_: int = 0, slots: int = 1) -> Floats:
        """Return zeros, shape (worlds, slots)."""
        return np.zeros((self.worlds, slots))


@dataclass(frozen=True, order=True)
class TextGate:
    """What may stop a text.

    Parameters
    ----------
    role : str
        Whose it is: ``claimant`` or ``holder``.
    kind : {"preconditions", "ratifiers", "interest"}
    name : str
    """

    role: str
    kind: str
    name: str

    def words(self, scenario: Scenario) -> str:
        """Say which it is, in the words of the files."""
        side = scenario.side(Role(self.role))
        if self.kind == "interest":
            return f"what signing is worth to {side_name(side.label)}"
        label = getattr(side, self.kind)[self.name].label
        what = "demand" if self.kind == "preconditions" else "second level"
        return f"{side_name(side.label)}'s {what} “{label}”"


@dataclass(frozen=True)
class Certificate:
    """Why no text of a stage can be signed and passed, as things stand at the start.

    Parameters
    ----------
    stage : str
        In words.
    texts : int
        How many texts the stage has, in all states in which it may be negotiated.
    gates : tuple of TextGate
        With only these enforced no text is left at the medians.
    share : float
        Share of worlds as drawn in which the same gates leave none either.
    """

    stage: str
    texts: int
    gates: tuple[TextGate, ...]
    share: float

    def sentences(self, scenario: Scenario) -> Iterator[str]:
        """Yield why nothing can be signed, and how far that holds."""
        yield sentence(
            f"Nothing signable exists at “{self.stage}”: at the medians of all numbers these "
            f"{len(self.gates)} alone stop every one of its {self.texts:,} texts, and none of them "
            "can be spared"
            if len(self.gates) > 1
            else f"Nothing signable exists at “{self.stage}”: at the medians of all numbers this "
            f"alone stops every one of its {self.texts:,} texts"
        )
        yield from (sentence(gate.words(scenario)) for gate in self.gates)
        yield sentence(f"As drawn, the same stops every text in {percent(self.share)} % of worlds")


def certificate(scenario: Scenario, deal: str) -> Certificate | None:
    """Return why nothing can be signed, for the first stage of which that is so at the medians.

    Parameters
    ----------
    scenario : Scenario
    deal : str

    Returns
    -------
    Certificate or None
        None where at the medians every stage has a text that both could sign and pass.
    """
    case = scenario.at_once
    stages = [stage.label for stage in case.structures[deal].stages.values()]
    typical = _gates(case, deal, 1)
    for number, stage in enumerate(stages):
        for kinds in (("preconditions", "ratifiers"), ("preconditions", "ratifiers", "interest")):
            blocks = {gate: stop for gate, stop in typical[number].items() if gate.kind in kinds}
            gates = smallest_cover(blocks)
            if gates:
                drawn = _gates(case, deal, _WORLDS)[number]
                stopped = np.logical_or.reduce([drawn[gate] for gate in gates]).all(axis=1)
                texts = next(iter(blocks.values())).shape[1]
                return Certificate(stage, texts, gates, float(stopped.mean()))
    return None


def smallest_cover(blocks: Mapping[TextGate, Bools]) -> tuple[TextGate, ...]:
    """Return the fewest gates that together stop everything; none where not even all do.

    Parameters
    ----------
    blocks : mapping of TextGate to ndarray of bool, shape (worlds, texts)
        What each stops. Everything is to be stopped in all worlds.

    Returns
    -------
    tuple of TextGate
        Smallest by number up to four; beyond, one of which none can be left out.

    Examples
    --------
    >>> one, two, three = (TextGate("holder", "ratifiers", name) for name in "abc")
    >>> rows = {one: [[1, 1, 0]], two: [[0, 1, 1]], three: [[0, 1, 0]]}
    >>> found = smallest_cover({gate: np.array(row, dtype=bool) for gate, row in rows.items()})
    >>> [gate.name for gate in found]
    ['a', 'b']
    """
    able = {gate: stop for gate, stop in blocks.items() if stop.any()}
    if not able or not _all(able, tuple(able)):
        return ()
    for size in range(1, min(_MOST, len(able)) + 1):
        for gates in combinations(able, size):
            if _all(able, gates):
                return gates
    kept = sorted(able, key=lambda gate: -able[gate].sum())
    for gate in reversed(kept.copy()):
        without = tuple(one for one in kept if one is not gate)
        if _all(able, without):
            kept.remove(gate)
    return tuple(kept)


def _all(blocks: Mapping[TextGate, Bools], gates: tuple[TextGate, ...]) -> bool:
    return bool(np.logical_or.reduce([blocks[gate] for gate in gates]).all())


def _gates(scenario: Scenario, deal: str, worlds: int) -> dict[int, dict[TextGate, Bools]]:
    """Return what each gate stops, stage by stage; of one world, that of the medians."""

    def draws(case: Scenario, streams: Streams) -> Draws:
        at = MedianStreams(case.seed, 0, worlds) if worlds == 1 else streams
        return Draws(case, at)

    found: dict[int, list[dict[TextGate, Bools]]] = {}
    with playing(scenario, deal, worlds=worlds, draws=draws) as model:
        for node, item in enumerate(model.nodes):
            found.setdefault(item.stage, []).append(_at_node(model, node))
    return {
        stage: {gate: np.concatenate([one[gate] for one in nodes], axis=1) for gate in nodes[0]}
        for stage, nodes in found.items()
    }


def _at_node(model: TalksModel, node: int) -> dict[TextGate, Bools]:
    view = RoundView(model.open_round(), node, np.arange(model.states.worlds))
    nothing = np.zeros(view.zopa.shape, dtype=bool)
    found: dict[TextGate, Bools] = {}
    for party in view.context.parties:
        role, side = party.role.value, party.role.position
        values = party.government.values_at(node, view.worlds, 0)
        absolute = values.preconditions.absolute(0)
        for name in model.case.side(party.role).preconditions:
            found[TextGate(role, "preconditions", name)] = nothing | absolute.get(name, nothing)
        for name in party.ratifiers.names:
            found[TextGate(role, "ratifiers", name)] = nothing | stops(party, name, view)
        worth = no_less(view.value(side), view.cells.spread(view.reservation(side)))
        found[TextGate(role, "interest", "worth")] = nothing | ~worth
    return found
