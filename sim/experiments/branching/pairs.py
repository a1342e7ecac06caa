"""Branch of all worlds of a structure that reach a round, world by world beside what they were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import pandas as pd

from sim.domain.outcome import OUTCOMES, Phase
from sim.domain.results import BlockResult
from sim.domain.scenario import Scenario
from sim.equations.statistics import paired_shares
from sim.errors import Fault, ScenarioError
from sim.experiments.blocks import Block, blocks, pack_scenario, play_all
from sim.experiments.branching.branch import check_deal, check_round, play_to, same_results
from sim.experiments.branching.interventions import Asked, check_offer, intervention, words_of
from sim.experiments.conditions.trials import EVENTS
from sim.experiments.pinned import FILE
from sim.experiments.tasks import unpack
from sim.io.config import scenario_of
from sim.model.branch import Intervention, branch
from sim.model.talks import playing
from sim.quantities import Bools, Ints

__all__ = ["BranchedWorlds", "branch_worlds"]

_SHOWN = ("round_signed", "round_end", "zopa_margin", *EVENTS)


@dataclass(frozen=True, eq=False)
class BranchedWorlds:
    """Worlds of a structure as they were, and with something set from a round on.

    Parameters
    ----------
    scenario : Scenario
    deal : str
    at : int
        Round from whose beginning on something is set.
    words : tuple of str
        What.
    blocks : tuple of (ndarray of bool, BlockResult, BlockResult)
        For each block of worlds, those that reached the round, how all end as they were, and how
        with it.
    idle : tuple of str
        What is set that makes no difference by itself, in the first block of worlds.
    """

    scenario: Scenario
    deal: str
    at: int
    words: tuple[str, ...]
    blocks: tuple[tuple[Bools, BlockResult, BlockResult], ...]
    idle: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Return what is set, in words."""
        return ", ".join(self.words) or "nothing set"

    @cached_property
    def reached(self) -> Bools:
        """Return which worlds reached the round, shape (worlds,)."""
        return np.concatenate([reached for reached, _, _ in self.blocks])

    def column(self, name: str, *, branched: bool) -> np.ndarray:
        """Return a column of all worlds (`BlockResult.columns`), as they were or branched."""
        both = [(alone, other) for _, alone, other in self.blocks]
        return np.concatenate([pair[branched].columns[name] for pair in both])

    @cached_property
    def worlds(self) -> pd.DataFrame:
        """Return a row per world: whether it reached the round, and how it ends both ways.

        Columns of the branch end in ``_branch``. Whole numbers are -1 where there is none.
        """
        table = {"world": self.column("world", branched=False), "reached": self.reached}
        for branched, suffix in ((False, ""), (True, "_branch")):
            codes = self.column("outcome", branched=branched)
            table[f"outcome{suffix}"] = np.array([item.name for item in OUTCOMES])[codes]
            for name in _SHOWN:
                table[f"{name}{suffix}"] = self.column(name, branched=branched)
        return pd.DataFrame(table)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Return what differs in the worlds that reached the round.

        Returns
        -------
        DataFrame
            A row for each of the eight outcomes and of what is carried out: `what`, and
            `sim.equations.statistics.paired_shares` of the two.
        """
        pair = [self._happens(branched=branched) for branched in (False, True)]
        rows = [{"what": what, **paired_shares(pair[0][what], pair[1][what])} for what in pair[0]]
        return pd.DataFrame(rows)

    @cached_property
    def changed(self) -> Ints:
        """Return the numbers of the worlds that end otherwise, in their outcome or in an event."""
        table = self.worlds
        otherwise = [
            (table[name] != table[f"{name}_branch"]).to_numpy() for name in ("outcome", *EVENTS)
        ]
        return table["world"].to_numpy()[np.any(otherwise, axis=0)]

    def _happens(self, *, branched: bool) -> dict[str, Bools]:
        codes = self.column("outcome", branched=branched)[self.reached]
        found = {outcome.name: np.asarray(codes == outcome.code) for outcome in OUTCOMES}
        for name in EVENTS:
            found[name] = self.column(name, branched=branched)[self.reached].astype(bool)
        return found

    def __repr__(self) -> str:
        """Say what it is in one line."""
        size = f"{int(self.reached.sum()):,} of {len(self.reached):,} worlds"
        return f"<BranchedWorlds {self.deal}, {self.label} from round {self.at}: {size}>"


def branch_worlds(
    scenario: Scenario | str | Path,
    deal: str | None = None,
    *,
    at: int,
    set: Asked,
    workers: int | None = None,
    progress: bool = False,
) -> BranchedWorlds:
    """Play all worlds of a structure twice: as they were, and with something set from a round on.

    World w meets the same shocks in both, so the difference is that of pairs, and of the worlds
    alone that were not over before the round.

    Parameters
    ----------
    scenario : Scenario, str or Path
        Its `worlds` are played.
    deal : str, optional
        A structure; may be left out where there is only one.
    at, set
        As in `sim.branch`.
    workers : int, optional
        Processes; no result depends on it.
    progress : bool
        Show a progress bar.

    Raises
    ------
    ScenarioError
        If anything is at fault, or no world reaches the round.
    """
    scenario = scenario_of(scenario)
    deal = check_deal(scenario, deal)
    at = check_round(scenario, at)
    words = words_of(set)
    what = intervention(scenario, words)
    check_offer(scenario, deal, at, what)
    work = [one for one in blocks(scenario, pack_scenario(scenario)) if one.deal == deal]
    title = scenario.title if progress else None
    task = partial(_branched, at=at, what=what)
    found = play_all(work, 2 * scenario.rounds, workers, title, task=task)
    result = BranchedWorlds(scenario, deal, at, words, tuple(found))
    if not result.reached.any():
        last = int(result.column("round_end", branched=False).max())
        expected = f"a round that some world reaches (talks are over by round {last})"
        raise ScenarioError([Fault("at", expected, f"{at}", file=FILE)])
    return replace(result, idle=tuple(_idle(result, work[0])))


def _idle(found: BranchedWorlds, block: Block) -> Iterator[str]:
    """Yield what is set that makes no difference by itself in the worlds of a block."""
    for word in found.words:
        pair = found.blocks[0]
        if len(found.words) > 1:
            pair = _branched(block, found.at, intervention(found.scenario, (word,)))
        if same_results(*pair[1:]):
            yield word


def _branched(block: Block, at: int, what: Intervention) -> tuple[Bools, BlockResult, BlockResult]:
    """Play a block to a round, branch it, and play both to the end."""
    how = {"block": block.number, "worlds": block.worlds}
    with playing(unpack(block.scenario), block.deal, **how) as model:
        play_to(model, at)
        reached = ~model.states.in_phase(Phase.DONE)
        if not model.running:
            return reached & False, model.result(), model.result()
        other = branch(model, what).run()
        return reached, model.run(), other
