"""Debriefing of a game: what could have been signed, what was left, and what was believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from sim.domain.narration import text_words
from sim.domain.outcome import Answer
from sim.equations.offering import NONE
from sim.errors import Fault, ScenarioError
from sim.experiments.pinned import FILE
from sim.experiments.play import PlayedWorld
from sim.model.player import PlayedRound
from sim.quantities import Bools

__all__ = ["Debriefing", "TextWorth", "debrief"]

_IN_FORCE = (Answer.ratified, Answer.took_effect)


@dataclass(frozen=True)
class TextWorth:
    """A text, and what it was worth in a round of talks.

    Parameters
    ----------
    round_, node, package : int
    own, other : float
        To each side over never signing, in points.
    in_force : bool
        Whether it was agreed then and is in force at the end of the game.
    """

    round_: int
    node: int
    package: int
    own: float
    other: float
    in_force: bool = False


@dataclass(frozen=True, eq=False)
class Debriefing:
    """What a side that was played could not see.

    Parameters
    ----------
    game : PlayedWorld
        One that is over.
    """

    game: PlayedWorld

    @property
    def _own(self) -> int:
        return self.game.side.position

    @cached_property
    def signed(self) -> tuple[TextWorth, ...]:
        """Return the texts that were agreed, in order."""
        agreed = [each for each in self.game.rounds if each.answer is Answer.accepted]
        last = [*(each.round_ for each in agreed[1:]), *([np.inf] if agreed else [])]
        return tuple(
            replace(self._worth(each, each.package), in_force=self._in_force(each.round_, until))
            for each, until in zip(agreed, last, strict=True)
        )

    def _worth(self, played: PlayedRound, place: int) -> TextWorth:
        own, other = (float(played.surplus[side, place]) for side in (self._own, 1 - self._own))
        return TextWorth(played.round_, played.node, place, own, other)

    def _in_force(self, first: float, last: float) -> bool:
        """Tell whether what was agreed in one round came into force and stayed so."""
        told = [
            line["answer"]
            for line in self.game.record
            if first <= line["round"] and (line["round"] <= last or last == np.inf)
        ]
        came = [place for place, answer in enumerate(told) if answer in _IN_FORCE]
        return bool(came) and Answer.walked_back not in told[came[0] :]

    @property
    def points(self) -> float:
        """Return what the last text in force was worth to the side; 0 where none is."""
        return next((each.own for each in reversed(self.signed) if each.in_force), 0.0)

    @property
    def _node(self) -> int | None:
        return next((each.node for each in reversed(self.signed) if each.in_force), None)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Return the texts that both sides could have signed in some round, one's own best first.

        Returns
        -------
        DataFrame
            A row per text: `package` (its id), `node` and `place`
            (where it stands), `text`, `offered` (whether anybody ever did),
            `rounds` (in how many rounds of talks both could have signed it), `round` (the one of
            them in which it was worth most to the side), `own` and `other` (what it was worth then
            to each over never signing, in points), `passing` (in how many of these rounds it would
            have passed on both second levels) and `accepted` (in how many of one's own turns the
            other side would have accepted it).
        """
        rows = [
            row for node in {each.node for each in self.game.rounds} for row in self._rows(node)
        ]
        names = ("package", "node", "place", "text", "offered", "rounds", "round", "own", "other")
        found = pd.DataFrame(rows, columns=[*names, "passing", "accepted"])
        return found.sort_values(["own", "package"], ascending=[False, True], ignore_index=True)

    def _rows(self, node: int) -> list[list[object]]:
        rounds = [each for each in self.game.rounds if each.node == node]
        table = self.game.nodes[node].table
        signable = np.stack([each.signable for each in rounds])
        values = np.stack([each.surplus for each in rounds])
        passing = signable & np.stack([each.ratifiable for each in rounds])
        accepted = np.stack([each.acceptable for each in rounds])
        best = np.where(signable, values[:, self._own], -np.inf).argmax(axis=0)
        offered = {each.package for each in rounds}
        dispute = self.game.scenario.dispute
        return [
            [
                table.id_of(place),
                node,
                place,
                text_words(table.states[place], table.before, dispute),
                place in offered,
                int(signable[:, place].sum()),
                rounds[best[place]].round_,
                float(values[best[place], self._own, place]),
                float(values[best[place], 1 - self._own, place]),
                int(passing[:, place].sum()),
                int(accepted[:, place].sum()),
            ]
            for place in map(int, np.flatnonzero(signable.any(axis=0)))
        ]

    @property
    def never_offered(self) -> pd.DataFrame:
        """Return the rows of `table` that nobody ever offered."""
        return self.table[~self.table["offered"].astype(bool)].reset_index(drop=True)

    @cached_property
    def best(self) -> TextWorth | None:
        """Return what was best for the side of what both could have signed and would have passed.

        At the stage of what is in force; at any, where nothing is.
        """
        return self._best([each.signable & each.ratifiable for each in self.game.rounds])

    @cached_property
    def best_accepted(self) -> TextWorth | None:
        """Return the best that the other would have accepted in a turn of the side, there too."""
        return self._best([each.acceptable for each in self.game.rounds])

    def _best(self, open_: Sequence[Bools]) -> TextWorth | None:
        nodes, here = self.game.nodes, self._node
        found = [
            self._worth(each, int(np.where(able, each.surplus[self._own], -np.inf).argmax()))
            for each, able in zip(self.game.rounds, open_, strict=True)
            if able.any() and (here is None or nodes[each.node].stage == nodes[here].stage)
        ]
        return max(found, key=lambda each: each.own, default=None)

    @cached_property
    def turned_down(self) -> TextWorth | None:
        """Return the best text that the other side offered and this side refused, if any was good.

        It was worth signing to the side then; whether votes would have passed it is not asked.
        """
        offers = [
            self._worth(each, each.package)
            for each in self.game.rounds
            if each.mover != self._own
            and each.package != NONE
            and each.answer is not Answer.accepted
        ]
        best = max(offers, key=lambda each: each.own, default=None)
        return best if best is not None and best.own > 0 else None

    @property
    def turned_down_barred(self) -> bool:
        """Tell whether an absolute precondition forbade `turned_down` when it was offered."""
        text = self.turned_down
        return text is not None and not any(
            each.signable[text.package]
            for each in self.game.rounds
            if (each.round_, each.node) == (text.round_, text.node)
        )

    @property
    def left(self) -> float:
        """Return by how much the best text that would also have passed beats what one has."""
        return 0.0 if self.best is None else max(self.best.own - self.points, 0.0)

    @cached_property
    def beliefs(self) -> pd.DataFrame:
        """Return how wrong each side was about the other in its first and its last round of talks.

        Returns
        -------
        DataFrame
            A row per round and side: `round`, `who` (``own`` or ``other``: who believes), `mean`
            (believed less true gain of the one believed about, mean over all texts, in points),
            `texts`, `missed` (texts worth signing to it that were not believed so) and `fancied`
            (those believed so that were not).
        """
        if not self.game.rounds:
            return pd.DataFrame(columns=["round", "who", "mean", "texts", "missed", "fancied"])
        ends = dict.fromkeys((0, len(self.game.rounds) - 1))
        rows = [
            _misjudged(self.game.rounds[place], side, "own" if side == self._own else "other")
            for place in ends
            for side in (self._own, 1 - self._own)
        ]
        return pd.DataFrame(rows)

    @property
    def believed_of_last(self) -> tuple[PlayedRound, float, float] | None:
        """Return the last round with an offer, what the other took it for to you, and the truth."""
        last = next((each for each in reversed(self.game.rounds) if each.package != NONE), None)
        if last is None:
            return None
        believed = float(last.believed[1 - self._own, last.package])
        return last, believed, float(last.surplus[self._own, last.package])

    @cached_property
    def automatic(self) -> Debriefing:
        """Return that of the same world as the side's own strategy plays it."""
        return Debriefing(self.game.automatic)

    @property
    def parted(self) -> int | None:
        """Return the round in which one first did otherwise than the strategy; None if in none."""
        mine, automatic = self.game.moves, self.game.automatic.moves
        for place, move in enumerate(mine):
            if place >= len(automatic) or automatic[place] != move:
                return move.round
        return automatic[len(mine)].round if len(automatic) > len(mine) else None


def _misjudged(played: PlayedRound, side: int, who: str) -> dict[str, object]:
    believed, true = played.believed[side], played.surplus[1 - side]
    return {
        "round": played.round_,
        "who": who,
        "mean": float((believed - true).mean()),
        "texts": len(true),
        "missed": int(((true >= 0) & (believed < 0)).sum()),
        "fancied": int(((true < 0) & (believed >= 0)).sum()),
    }


def debrief(game: PlayedWorld) -> Debriefing:
    """Return what a side that was played could not see, once its world is over.

    Parameters
    ----------
    game : PlayedWorld

    Raises
    ------
    ScenarioError
        If it still goes on.
    """
    if not game.over:
        raise ScenarioError([Fault("game", "one that is over", repr(game), file=FILE)])
    return Debriefing(game)
