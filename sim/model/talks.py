"""Mesa model of the talks about one deal structure, in a block of worlds."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import mesa
import numpy as np

from sim.domain.draws import Draws
from sim.domain.interest import ROLES, Role
from sim.domain.outcome import OUTCOMES, Answer, Phase
from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.model.accumulation import accumulate
from sim.model.admissible import admissible
from sim.model.agenda import AgendaStates
from sim.model.build import add_continuations, add_packages, build_party, forget
from sim.model.drafting import is_drafted
from sim.model.environment import EnvironmentState
from sim.model.gates import in_talks, judge_gates
from sim.model.kernel import Engine, engine_of
from sim.model.ladder import LadderStates
from sim.model.negotiation import negotiate
from sim.model.plan import Plan, plan_for
from sim.model.player import Player
from sim.model.protocol import protocol_of
from sim.model.ratification import carry_out, draw_lags, hold_votes
from sim.model.view import Party, RoundContext, RoundView, round_context
from sim.model.worlds import WorldStates, barrier_behind, classify_outcome, outcome_columns
from sim.quantities import BLOCK_WORLDS, MOST_WORLDS, Floats, Ints
from sim.randomness import Streams

DrawsOf = Callable[[Scenario, Streams], Draws]
"""How the quantities of a scenario are drawn in some worlds."""


class TalksModel(mesa.Model):
    """Talks about one deal structure in a block of worlds; one step is one round.

    Agents hold arrays whose first axis is the world. World w of a block is world
    ``1024 * block + first + w`` of the run, whatever the size of the block.

    Parameters
    ----------
    case : Scenario
        What is simulated. Mesa from 3.5 on fills an argument or attribute named `scenario` itself.
    deal : str
        Name of one of the scenario's structures.
    block : int
        The block of 1,024 consecutive worlds in which `first` is counted.
    worlds : int
        How many worlds, at most 4,096.
    rng : int, optional
        The seed; the scenario's own if left out.
    first : int
        First world, counted from that of the block.
    record : bool
        Keep a round-by-round record of the block (for few worlds).
    draws : callable
        Takes the scenario and the streams of these worlds, and returns the `Draws`.
    plan : Plan, optional
        The structure, measured; absent, as `plan_for` does it.
    engine : Engine, optional
        Absent, the one that the scenario names.

    Attributes
    ----------
    case : Scenario
    deal : Deal
    nodes : tuple of Node
        The structure's stages, each with the state in which it is negotiated.
    rungs : tuple of ndarray
        For each node, the rung of the ladder of each package.
    ladder : LadderStates
    voted : tuple of ndarray of bool
        For each node, the packages on which any ratifier votes.
    parties : pair of Party
    environment : EnvironmentState
    drafts_texts : bool
        Whether texts have to be drafted before they can be signed.
    states : WorldStates
        Where each world stands.
    agenda : AgendaStates
        Which structure each talks about, where there are several.
    round : int
        The present round.
    last_view : RoundView, optional
        What was last played in whole arrays. Let go of before the next is made, its memory would
        be handed back to the system and asked for again in every round.
    record : list of dict, optional
        What happened, where it is recorded.
    instead : (Role, str), optional
        A side, and the id of the package that it offers in the present round, whatever it would,
        where it is its turn and that package is on the table.
    collects : bool
        Whether the data collector looks at each round; set it off where nobody reads what it saw.
    player : Player, optional
        Somebody who plays one of the sides, in a single world.
    looks_behind : bool
        Whether to note, at the end, which gates are open and what lies behind each barrier; as
        `collects`.
    names_next_barrier : bool
        Whether what lies behind each barrier is noted then, too.
    datacollector : mesa.DataCollector
        After each round: the round, how many worlds are in each phase, the share of worlds by
        outcome if the window ended now, and the median `zopa_margin` (NaN before any talks).

    Examples
    --------
    ``TalksModel(scenario, "two_islands_first", worlds=64)`` runs by ``model.run()`` or, as any
    Mesa model, by ``while model.running: model.step()``.
    """

    def __init__(
        self,
        case: Scenario,
        deal: str,
        block: int = 0,
        worlds: int = BLOCK_WORLDS,
        rng: int | None = None,
        *,
        first: int = 0,
        record: bool = False,
        draws: DrawsOf = Draws,
        plan: Plan | None = None,
        engine: Engine | None = None,
    ) -> None:
        seed = case.seed if rng is None else int(rng)
        super().__init__(rng=seed)
        structures = case.structures
        if deal not in structures:
            known = ", ".join(structures)
            raise KeyError(f"no structure named {deal!r}; known are {known}")
        if not 0 < worlds <= MOST_WORLDS:
            raise ValueError(f"a model has 1 to {MOST_WORLDS} worlds, got {worlds}")
        self.case, self.deal = case, structures[deal]
        self.first_world = block * BLOCK_WORLDS + first
        self.draws = admissible(draws(case, Streams(seed, self.first_world, worlds)))
        self.engine = engine or engine_of(case.engine)
        self.protocol, self.drafts_texts = protocol_of(self.draws), is_drafted(case)
        self.states = WorldStates(worlds)
        self.last_view: RoundView | None = None
        self.round, self._opened, self._moved = 0, -1, 0
        self.record: list[dict[str, Any]] | None = [] if record else None
        self.instead: tuple[Role, str] | None = None
        self.player: Player | None = None
        plan = plan or plan_for(case, self.deal)
        self._build(plan)
        self.agenda = AgendaStates(case, plan, self.draws, self.states)
        self.datacollector = mesa.DataCollector(_reporters())
        self.collects = self.looks_behind = self.names_next_barrier = True

    def _build(self, plan: Plan) -> None:
        self.nodes, self.rungs, self.voted = plan.nodes, plan.rungs, plan.voted
        self.ladder = LadderStates(self.case, self.nodes, self.rungs, self.states.worlds)
        self.environment = EnvironmentState(self, self.case, self.draws)
        self.environment.move(0)
        parties = [build_party(self, self.case, role, self.draws) for role in ROLES]
        self.parties: tuple[Party, Party] = (parties[0], parties[1])
        self._accumulates = any(party.government.positions.accumulations for party in parties)
        forget(self)
        add_packages(self.parties, plan)
        self.lags = draw_lags(self.case, self.draws, len(self.deal.stages))
        add_continuations(self.parties, self.environment, plan, self.lags)

    @property
    def years(self) -> float:
        """Return the years since the start of the talks."""
        return self.round * self.case.protocol.round_years

    @property
    def outcome(self) -> Ints:
        """Return places in `OUTCOMES`, judged as if the window had ended with the last round."""
        return classify_outcome(self.states, self.nodes)

    def step(self) -> None:
        """Play one round."""
        context = self.open_round()
        hold_votes(self, context)
        carry_out(self, context)
        if self._accumulates:
            accumulate(self)
        concession = negotiate(self, context)
        self._move_publics(concession)
        self._close_round(context)

    def open_round(self) -> RoundContext:
        """Let environment and table move once a round, and return what both sides meet in it."""
        new, self._opened = self._opened < self.round, self.round
        self.move_environment()
        context = round_context(self.parties, self.environment, self.round, self.years)
        if new and len(self.agenda.tables) > 1:
            self.agenda.move(self, context)
        return context

    def resume(self, earlier: TalksModel) -> None:
        """Go on from where the same worlds are in another model, before any round here.

        Parameters
        ----------
        earlier : TalksModel
            Of the same scenario, structure, worlds and seed; its numbers may be others.
        """
        self.round, self._opened, self._moved = earlier.round, earlier._opened, earlier._moved
        self.states.resume(earlier.states)
        self.ladder.resume(earlier.ladder)
        self.agenda.resume(earlier.agenda)
        self.environment.resume(earlier.environment)
        for party, before in zip(self.parties, earlier.parties, strict=True):
            followed = self.environment.offices[party.role].number > 0
            party.government.resume(before.government, followed, self.round)
            party.public.resume(before.public)

    def run(self) -> BlockResult:
        """Play all rounds, let go of everybody, and return the judged worlds."""
        try:
            while self.running:
                self.step()
        finally:
            self.release()
        return self.result()

    def result(self) -> BlockResult:
        """Return the worlds, judged as if the window ended now."""
        columns = {"world": self.first_world + np.arange(self.states.worlds)}
        columns |= outcome_columns(self.states, self.nodes, self.ladder)
        packages = [node.table.id_of(k) for node in self.nodes for k in range(len(node.table))]
        ratifiers = [f"{role.value}.{name}" for role in ROLES for name in self._ratifiers(role)]
        names = tuple(packages), tuple(ratifiers)
        agenda = self.agenda.columns(self.first_world)
        return BlockResult(self.deal.name, columns, *names, self.record, agenda)

    def _ratifiers(self, role: Role) -> tuple[str, ...]:
        return tuple(self.case.side(role).ratifiers)

    def note(self, world: int, answer: Answer, **facts: Any) -> None:
        """Add a line to the record, where one is kept."""
        if self.record is not None:
            self.record.append({"round": self.round, "world": world, "answer": answer, **facts})

    def release(self) -> None:
        """Let go of everybody; what became of the worlds stays, but they cannot go on.

        A model and its agents hold each other, so their arrays would stay until Python looks for
        garbage, which it does seldom.
        """
        self.running = False
        _untie(self)
        self.remove_all_agents()
        for name in ("parties", "environment", "draws", "engine", "last_view"):
            self.__dict__.pop(name, None)
        forget(self)

    def move_environment(self) -> None:
        """Let the environment move to the present round, once."""
        if self._moved < self.round:
            self._moved = self.round
            self.environment.move(self.round)
            self.follow_offices()

    def follow_offices(self) -> None:
        """Let governments and beliefs follow whoever is in office in the present round."""
        for party in self.parties:
            office = self.environment.offices[party.role]
            if self.case.environment.successions.enabled:
                party.government.succeed(office.new, office.number, self.round)
            party.government.update_preconditions(self.round, office.new, office.number)
            if party.government.red_lines is not None:
                others = self.environment.offices[party.role.other]
                party.government.red_lines.move(self.round, others.new)

    def _move_publics(self, concession: Floats) -> None:
        states = self.states
        functional = (states.ladder > 0).astype(np.float64)
        pending = states.by_node(states.package >= 0)
        for party in self.parties:
            on_table = concession[:, party.role.position].copy()
            for node, worlds in pending:
                conceded = party.government.package_values[node].features.concession
                on_table[worlds] = conceded[states.package[worlds]]
            party.public.move(on_table, functional)

    def _close_round(self, context: RoundContext) -> None:
        if self.collects:
            self._figures = _figures_of(self)
            self.datacollector.collect(self)
        self.round += 1
        over = self.round >= self.case.rounds
        self.running = not (over or bool(np.all(self.states.in_phase(Phase.DONE))))
        if not self.running:
            if self.looks_behind:
                self._look_behind_barriers(context)
            _untie(self)

    def _look_behind_barriers(self, context: RoundContext) -> None:
        """Note what would have stopped each world, had the barrier that it ends at not."""
        states = self.states
        for view in in_talks(context, states):
            judge_gates(view, states)
            if not self.names_next_barrier:
                continue
            rows = np.flatnonzero(states.phase[view.worlds] == Phase.TALKS)
            nearest, worlds = view.at(rows, view.nearest[rows]), view.worlds[rows]
            clear = ~nearest.forbidden(0) & ~nearest.forbidden(1)
            behind = barrier_behind(states.deepest[worlds], clear, nearest.ratifiable)
            states.next_barrier[worlds] = behind


@contextmanager
def playing(scenario: Scenario, deal: str, **how: Any) -> Iterator[TalksModel]:
    """Give a model to play step by step, and let go of everybody at the end.

    Parameters
    ----------
    scenario : Scenario
    deal : str
    **how
        Further arguments of `TalksModel`.
    """
    model = TalksModel(scenario, deal, **how)
    try:
        yield model
    finally:
        model.release()


def _untie(model: TalksModel) -> None:
    """Let nothing that a model holds hold it, so that one that is dropped is gone at once.

    Mesa ties a model to its own `step` and to its agents, from 3.5 on also to what schedules steps
    and to a scenario of Mesa's own; garbage is looked for seldom.
    """
    for name in ("step", "_user_step", "_scenario"):
        model.__dict__.pop(name, None)
    schedule = model.__dict__.pop("_default_schedule", None)
    if schedule is not None:
        schedule.stop()
    for agent in model.agents:
        agent.model = weakref.proxy(model)


_FIGURES = (
    *(phase.name.lower() for phase in Phase),
    *(outcome.name for outcome in OUTCOMES),
    "zopa_margin",
)


def _reporters() -> dict[str, Any]:
    return {
        "round": "round",
        **{name: partial(_figure, name=name) for name in _FIGURES},
    }


def _figure(model: TalksModel, name: str) -> float:
    return model._figures[name]


def _figures_of(model: TalksModel) -> dict[str, float]:
    """Return what is collected after a round, by its name."""
    states, count = model.states, model.states.worlds
    phases = np.bincount(states.phase, minlength=len(Phase)).tolist()
    ended = np.bincount(model.outcome, minlength=len(OUTCOMES)).tolist()
    shares = [worlds / count for worlds in ended]
    return dict(zip(_FIGURES, (*phases, *shares, _median(states.margin)), strict=True))


def _median(margin: Floats) -> float:
    known = margin[np.isfinite(margin)]
    if not len(known):
        return float("nan")
    places = sorted({(len(known) - 1) // 2, len(known) // 2})
    return float(np.partition(known, places)[places[0] : places[-1] + 1].mean())
