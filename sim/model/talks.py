"""Advance a block of worlds through the talks about one deal structure."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import mesa
import numpy as np

from sim.domain.draws import Draws
from sim.domain.interest import ROLES, Role
from sim.domain.outcome import Phase
from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.model.block import Block
from sim.model.build import add_packages, build_party, foresee
from sim.model.course import WorldStates
from sim.model.engines import engine_of
from sim.model.environment import EnvironmentState
from sim.model.judgement import block_result, judged
from sim.model.lags import draw_lags
from sim.model.negotiation import Negotiation
from sim.model.plan import Plan, plan_for
from sim.model.protocol import AlternatingOffers
from sim.model.ratification import carrying_out, voting
from sim.model.table import round_context
from sim.quantities import BLOCK_WORLDS, Floats
from sim.randomness import Streams


class TalksModel(Block):
    """Talks about one deal structure in a block of worlds; one step is one round.

    Agents hold arrays whose first axis is the world. World w of a block is world
    ``1024 * block + first + w`` of the run, whatever the size of the block.

    Parameters
    ----------
    scenario : Scenario
    deal : str
        Name of one of the scenario's structures.
    block : int
        Which block of 1,024 consecutive worlds.
    worlds : int
        How many worlds of the block, at most 1,024.
    rng : int, optional
        The seed; the scenario's own if left out.
    first : int
        First world within the block.
    record : bool
        Keep a round-by-round record of the block (for few worlds).

    Examples
    --------
    ``TalksModel(scenario, "two_islands_first", worlds=64)`` runs by ``model.run()`` or, as any
    Mesa model, by ``while model.running: model.step()``.
    """

    def __init__(
        self,
        scenario: Scenario,
        deal: str,
        block: int = 0,
        worlds: int = BLOCK_WORLDS,
        rng: int | None = None,
        *,
        first: int = 0,
        record: bool = False,
    ) -> None:
        seed = scenario.seed if rng is None else int(rng)
        super().__init__(rng=seed)
        if deal not in scenario.deals:
            known = ", ".join(scenario.deals)
            raise KeyError(f"no structure named {deal!r}; known are {known}")
        if not 0 < worlds <= BLOCK_WORLDS - first:
            raise ValueError(f"a block has 1 to {BLOCK_WORLDS} worlds, got {worlds} from {first}")
        self.scenario, self.deal = scenario, scenario.deals[deal]
        self.first_world = block * BLOCK_WORLDS + first
        self.draws = Draws(scenario, Streams(seed, self.first_world, worlds))
        self._plan = self._planned()
        self.nodes, self.rungs = self._plan.nodes, self._plan.rungs
        self.protocol = AlternatingOffers(Role(scenario.protocol.first_mover))
        self.engine = engine_of(scenario.engine)
        self._build()
        self.course = WorldStates(worlds)
        self.round = 0
        self.record = [] if record else None
        self.datacollector = mesa.DataCollector(
            {
                "round": "round",
                **{phase.name.lower(): partial(count_phase, phase=phase) for phase in Phase},
            }
        )

    def _planned(self) -> Plan:
        """Return the structure, measured."""
        return plan_for(self.scenario, self.deal)

    def _build(self) -> None:
        scenario, draws = self.scenario, self.draws
        self.around = EnvironmentState(self, scenario, draws)
        self.around.move(0)
        parties = [build_party(self, scenario, role, draws) for role in ROLES]
        self.parties = (parties[0], parties[1])
        add_packages(self.parties, self._plan)
        stages = len(self.deal.stages)
        self.lags = draw_lags(scenario, draws, stages)
        self.voted = self._plan.voted
        foresee(self.parties, self.around, self._plan, self.lags)

    def step(self) -> None:
        """Play one round: the surroundings move, texts are voted on and carried out, sides talk."""
        if self.round > 0:
            self.around.move(self.round)
            for party in self.parties:
                for ledger in party.government.ledgers:
                    ledger.update_preconditions(self.round)
        scene = round_context(self.parties, self.around, self.round, self.years)
        voting(self, scene)
        carrying_out(self, scene)
        concession = Negotiation(self, scene).play()
        self._move_publics(concession)
        self.datacollector.collect(self)
        self.round += 1
        over = self.round >= self.scenario.rounds
        self.running = not (over or bool(np.all(self.course.in_phase(Phase.DONE))))

    def run(self) -> BlockResult:
        """Play all rounds and return the judged worlds."""
        while self.running:
            self.step()
        return self.result()

    def result(self) -> BlockResult:
        """Return the worlds, judged as if the window ended now."""
        stages = len(self.deal.stages)
        columns = {"world": self.first_world + np.arange(self.course.worlds)}
        columns |= judged(self.course, self.nodes, stages, self.rungs)
        result = block_result(self.deal.name, columns, self.nodes, self.parties)
        return replace(result, record=self.record)

    def release(self) -> None:
        """Let go of everybody; the model keeps only its course, and cannot go on.

        Mesa 3.3 would keep the model for ever, and a model and its agents hold each other.
        """
        self.remove_all_agents()
        for party in self.parties:
            party.government.release()
        for name in ("parties", "around", "draws", "engine"):
            self.__dict__.pop(name, None)
        known = getattr(mesa.Agent, "_ids", None)
        if known is not None:
            known.pop(self, None)

    def _move_publics(self, concession: Floats) -> None:
        course = self.course
        functional = (course.ladder > 0).astype(np.float64)
        pending = course.by_node(course.package >= 0)
        for party in self.parties:
            on_table = concession[:, party.role.position].copy()
            for node, worlds in pending:
                conceded = party.government.ledgers[node].features.concession
                on_table[worlds] = conceded[course.package[worlds]]
            party.public.move(on_table, functional)


def count_phase(model: TalksModel, phase: Phase) -> int:
    """Return how many worlds are in a phase."""
    return int(np.count_nonzero(model.course.in_phase(phase)))
