"""Why a structure ends as it does: over all worlds, and round by round in one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.domain.interest import ROLES, Role
from sim.domain.narration import counted, fill, funnel, percent, sentence, side_name
from sim.domain.outcome import OUTCOMES, Outcome
from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.equations.stability import CONCEPTS
from sim.experiments.explanation.barriers import (
    Gate,
    Leaving,
    leaving,
    opening,
    precondition_gate,
    ratifier_gate,
)
from sim.experiments.explanation.sight import watch
from sim.experiments.explanation.story import NarratedRound, Narrator, told
from sim.io.config import scenario_of
from sim.model.talks import TalksModel
from sim.quantities import BLOCK_WORLDS

__all__ = ["Explanation", "explain"]

_FEW = 6


@dataclass(frozen=True)
class Explanation:
    """Why a structure ends as it does.

    Parameters
    ----------
    scenario : Scenario
    deal : str
    outcomes : mapping of Outcome to int
        Worlds by outcome.
    result : BlockResult
        The worlds themselves.
    preconditions, ratifiers : Gate
        Who closes the table at the start.
    leaving : Leaving
        Who could leave an agreement alone, and gain.
    world : int
        The world that is told, and how it ended.
    ending : Outcome
    exchanges : tuple of NarratedRound
    """

    scenario: Scenario
    deal: str
    outcomes: dict[Outcome, int]
    result: BlockResult
    preconditions: Gate
    ratifiers: Gate
    leaving: Leaving
    world: int
    ending: Outcome
    exchanges: tuple[NarratedRound, ...]

    def sections(self) -> Iterator[tuple[str, list[str]]]:
        """Yield headings, each with its sentences."""
        label = self.scenario.structures[self.deal].label
        number = sum(self.outcomes.values())
        yield f"{label} ({self.deal}), first {number:,} worlds", [*self._ensemble()]
        yield "Who closes the table at the start, on the first stage", [*self._gates(number)]
        yield "Who could leave an agreement alone, and gain", [*self._stability()]
        yield f"World {self.world}, round by round", [*self._world()]

    def __str__(self) -> str:
        """Say it in sentences, in lines that fit a page."""
        return fill(self.sections())

    def _ensemble(self) -> Iterator[str]:
        yield from funnel(self.outcomes)
        columns, number = self.result.columns, sum(self.outcomes.values())
        yield from self._next_stage()
        margin = columns["zopa_margin"]
        if np.isfinite(margin).any():
            half = float(np.nanmedian(margin))
            yield sentence(
                f"At the best moment of talks the side that gains less gains {half:+.1f} points "
                "from the best text, in the median world"
            )
        for column, what in (
            ("refused_voluntarily", "a text that could have passed was offered and refused"),
            ("unvoted", "a text was signed and not yet voted on at the end"),
        ):
            if columns[column].any():
                yield sentence(f"{counted(int(columns[column].sum()), number)}: {what}")
        for code, count in sorted(Counter(columns["rejected_by"].tolist()).items()):
            if code >= 0:
                role, _, name = self.result.ratifier_names[code].partition(".")
                label = self.scenario.side(Role(role)).ratifiers[name].label
                who = f"'{label}' ({self._name(Role(role))})"
                yield sentence(
                    f"{counted(count, number)}: the last to stop a signed text was {who}"
                )

    def _next_stage(self) -> Iterator[str]:
        columns = self.result.columns
        waiting = (columns["stage"] > 0) & (columns["barrier_next"] >= 0) & ~columns["pending"]
        for code, count in sorted(Counter(columns["barrier_next"][waiting].tolist()).items()):
            held = f"{count:,} of {int(waiting.sum()):,} worlds that wait for the next stage"
            yield sentence(f"{held}: {OUTCOMES[code].value}")

    def _gates(self, number: int) -> Iterator[str]:
        yield sentence(
            f"{counted(self.preconditions.worlds, number)}: some text is worth signing to both "
            "before preconditions"
        )
        yield from self._gate(self.preconditions, "absolute preconditions forbid", "forbids")
        yield sentence(
            f"{counted(self.ratifiers.worlds, number)}: some text could be signed by both"
        )
        yield from self._gate(self.ratifiers, "ratifiers would stop", "would stop")

    def _gate(self, gate: Gate, who: str, does: str) -> Iterator[str]:
        if not gate.worlds:
            return
        yield sentence(f"{counted(gate.closed, gate.worlds, 'of these')}: {who} every such text")
        for one in [each for each in gate.obstacles if each.worlds][:_FEW]:
            side = self.scenario.side(one.role)
            named = side.preconditions if gate is self.preconditions else side.ratifiers
            yield sentence(
                f"'{named[one.name].label}' ({self._name(one.role)}) {does} "
                f"{percent(one.blocked)} % of such texts on average, any at all in "
                f"{counted(one.worlds, gate.worlds, 'of these')}; without it alone, "
                f"{one.alone:,} more would have a text left"
            )

    def _stability(self) -> Iterator[str]:
        found = self.leaving
        yield (
            "The status quo: neither side can leave it alone; a text needs both, so it is stable "
            "in every sense."
        )
        if not found.worlds:
            yield "There is no text that both would sign, so nothing could be left."
            return
        yield sentence(
            f"An agreement (the Nash point of the start) exists in {found.worlds:,} worlds, "
            f"against no absolute precondition in {found.signable:,} of them"
        )
        for role in ROLES:
            gains = counted(found.gains[role], found.worlds)
            counts = {found.unstable[role, concept] for concept in CONCEPTS}
            same = "in every sense" if len(counts) == 1 else "by Nash's sense"
            yield sentence(
                f"{self._name(role)} could leave the text in force alone and gain in {gains}; "
                f"elsewhere it is stable for {self._name(role)} {same}"
            )
        yield (
            "Nobody can answer a walk-back by a move of its own, so general, symmetric and "
            "sequential stability ask no more and no less than Nash's."
        )

    def _world(self) -> Iterator[str]:
        for exchange in self.exchanges:
            rounds = f"Round {exchange.first}"
            if exchange.last > exchange.first:
                rounds = f"Rounds {exchange.first} to {exchange.last}"
            yield f"{rounds}. {' '.join(exchange.sentences)}"
        yield sentence(f"In the end: {self.ending.value}")

    def _name(self, role: Role) -> str:
        return side_name(self.scenario.side(role).label)


def explain(
    scenario: Scenario | str | Path, deal: str, world: int | None = None, worlds: int = BLOCK_WORLDS
) -> Explanation:
    """Return why a structure ends as it does.

    Parameters
    ----------
    scenario : Scenario, str or Path
    deal : str
    world : int, optional
        The world to tell; absent, the first that ends as most do.
    worlds : int
        The first so many worlds, at most 1,024.
    """
    scenario = scenario_of(scenario)
    result = TalksModel(scenario, deal, worlds=worlds).run()
    codes = result.columns["outcome"]
    counts = np.bincount(codes, minlength=len(OUTCOMES))
    if world is None:
        world = int(np.flatnonzero(codes == counts.argmax())[0])
    with opening(scenario, deal, worlds) as (scene, talk):
        gates = precondition_gate(scene, talk), ratifier_gate(scene, talk)
        left = leaving(scene, talk)
    ended, seen, nodes = watch(scenario, deal, world)
    teller = Narrator(scenario, nodes, seen, ended.ratifier_names)
    return Explanation(
        scenario=scenario,
        deal=deal,
        outcomes=dict(zip(OUTCOMES, counts.tolist(), strict=True)),
        result=result,
        preconditions=gates[0],
        ratifiers=gates[1],
        leaving=left,
        world=world,
        ending=OUTCOMES[int(ended.columns["outcome"][0])],
        exchanges=tuple(told(teller.exchange(line) for line in ended.record or [])),
    )
