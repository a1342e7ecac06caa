"""Game of one side in words: what it sees in a round, its texts, its news, the debriefing.

Each page for a terminal of 80 columns is made of sentences and rows that are told elsewhere, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from rich.console import Group, RenderableType
from rich.text import Text

from sim.domain.environment import Autoregression
from sim.domain.interest import ROLES, Role
from sim.domain.move import Question
from sim.domain.narration import (
    differing,
    key_words,
    listed,
    percent,
    side_name,
    signed_points,
    text_words,
)
from sim.domain.outcome import Answer
from sim.domain.tree import Node
from sim.equations.offering import NONE
from sim.experiments.branching.branch import in_brackets
from sim.experiments.debriefing import Debriefing, TextWorth
from sim.experiments.play import PlayedWorld
from sim.memo import memoize_by_identity
from sim.model.player import PlayedRound, Sight
from sim.report.tables import filled, table

__all__ = [
    "HEADS",
    "LEFT",
    "NEVER",
    "NEVER_NOTE",
    "ORDERS",
    "SHOWN",
    "WIDTH",
    "clauses_of",
    "debriefing_page",
    "debriefing_words",
    "label_of",
    "likely",
    "listed_texts",
    "names",
    "never_offered_rows",
    "news",
    "opening",
    "opening_words",
    "round_page",
    "round_words",
    "strategy_words",
    "text_page",
    "text_rows",
    "text_whole",
    "texts_page",
    "words_of_text",
]

WIDTH = 80
SHOWN = 8
"""Texts of a menu that are shown at once."""
_MANY = 5_000
"""Texts of a stage from which on all of what each says is told."""
_PASSES = {
    (True, True): "both",
    (True, False): "home",
    (False, True): "abroad",
    (False, False): "neither",
}
"""Whose votes a text is believed to pass."""
_BARRED = ("", " (red line)")
"""What is said of a text that is believed barred by a red line of theirs."""
_FEW = 3
"""Structures that could be tabled which are named in each round."""
_LONGEST = 76
"""Letters of a text in a menu."""


def names(game: PlayedWorld) -> tuple[str, str]:
    """Return the names of one's own side and of the other."""
    sides = [side_name(game.scenario.side(role).label) for role in (game.side, game.side.other)]
    return sides[0], sides[1]


def label_of(game: PlayedWorld, name: str) -> str:
    """Return what a precondition of one's own, or a structure that may be tabled, is about."""
    stances = game.scenario.side(game.side).preconditions
    return stances[name].label if name in stances else game.scenario.texts[name].label


def likely(sight: Sight) -> np.ndarray:
    """Return which texts the other side is believed to prefer to never signing."""
    return np.asarray((sight.believed >= 0) & ~sight.barred)


def words_of_text(game: PlayedWorld, node: int, place: int, *, brief: bool = False) -> str:
    """Return what a text says that not every text on the table says.

    Parameters
    ----------
    game : PlayedWorld
    node, place : int
    brief : bool
        Leave out also what follows from the rest.
    """
    here, dispute = game.nodes[node], game.scenario.dispute
    state, before = here.table.states[place], here.table.before
    shared, implied = _left_out(here)
    words = text_words(state, before, dispute, implied if brief else shared)
    return words if words != text_words(before, before, dispute) else "as it is now"


@memoize_by_identity
def _left_out(node: Node) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the clauses on which all texts agree, and these with those that others imply."""
    states = node.table.states
    if not 1 < len(states) <= _MANY:
        return (), ()
    levels = {name: [state.levels.get(name) for state in states] for name in states[0].levels}
    shared = tuple(name for name, column in levels.items() if len({*column}) == 1)
    kept: list[str] = []
    for name in (each for each in levels if each not in shared):
        pairs = ({*zip(levels[other], levels[name], strict=True)} for other in kept)
        if all(len(pair) > len({one for one, _ in pair}) for pair in pairs):
            kept.append(name)
    return shared, tuple(name for name in levels if name not in kept)


def _brief(game: PlayedWorld, node: int, places: Sequence[int]) -> tuple[str, dict[int, str]]:
    """Return what all texts of a menu say, and how each differs: by names where words are long."""
    states, (_, left_out) = game.nodes[node].table.states, _left_out(game.nodes[node])
    kept = [name for name in states[places[0]].levels if name not in left_out]
    apart = [
        name
        for name in kept
        if len(places) == 1 or len({states[place].levels[name] for place in places}) > 1
    ]
    clauses = game.scenario.dispute.clauses
    named = False

    def told(place: int, names: Sequence[str]) -> str:
        levels = states[place].levels
        if named:
            return ", ".join(f"{name}={levels[name]}" for name in names)
        return "; ".join(clauses[name].levels[levels[name]].label for name in names)

    named = any(len(told(place, apart)) > _LONGEST for place in places)
    alike = [name for name in kept if name not in apart]
    return told(places[0], alike), {place: told(place, apart) for place in places}


def _lines(text: str) -> list[Text]:
    return [Text(line) for line in filled(text, WIDTH)]


def opening(game: PlayedWorld) -> RenderableType:
    """Return what is told once at a terminal, before the first question."""
    told = [*opening_words(game), "? helps. Ctrl-D or quit keeps the game for later."]
    return Group(*(line for text in told for line in _lines(text)))


def opening_words(game: PlayedWorld) -> Iterator[str]:
    """Yield whose side is played in which world, and how."""
    own, other = names(game)
    scenario, deal = game.scenario, game.scenario.structures[game.deal]
    yield f"{scenario.title}: {deal.label}."
    yield (
        f"You are {own} ({game.side.value}); {other} and all publics are the engine. World "
        f"{game.world}, seed {scenario.seed}, {scenario.rounds} rounds. Sides take turns to offer "
        "a text; the other accepts or refuses. Points are your government's own; 0 is what never "
        "signing is worth. What you see of the other side and of votes is what your government "
        "believes, with its errors."
    )


def round_page(sight: Sight, game: PlayedWorld) -> RenderableType:
    """Return what a side sees in a round, in a few lines.

    Parameters
    ----------
    sight : Sight
    game : PlayedWorld
    """
    return _headed(round_words(sight, game))


def _headed(told: Iterator[str]) -> RenderableType:
    """Return sentences of which the first is a heading."""
    head = Text(next(told), style="bold")
    return Group(head, *(line for text in told for line in _lines(text)))


def round_words(sight: Sight, game: PlayedWorld) -> Iterator[str]:
    """Yield what a side sees in a round: first a heading with what is asked.

    Parameters
    ----------
    sight : Sight
    game : PlayedWorld
    """
    last = game.scenario.rounds - 1
    when = f"Round {sight.round_} of {last}{in_brackets(game.scenario, sight.round_)}"
    heads = {
        Question.turn: "your turn to offer",
        Question.answer: f"{names(game)[1]} offers text {sight.package + 1}",
        Question.vote: f"text {sight.package + 1} is voted on",
        Question.walk_back: f"text {sight.package + 1} is in force",
    }
    told = {
        Question.turn: _turn,
        Question.answer: _offered,
        Question.vote: _vote,
        Question.walk_back: _in_force,
    }
    yield f"{when}: {heads[sight.question]}"
    yield from told[sight.question](sight, game)
    yield from _around(sight, game)


def _turn(sight: Sight, game: PlayedWorld) -> Iterator[str]:
    count, able = len(sight.surplus), int(sight.signable.sum())
    label = game.nodes[sight.node].label
    both = int((sight.signable & likely(sight)).sum())
    yield (
        f"On the table: {label}; {count:,} texts. You could sign {able:,}; of these you take "
        f"{both:,} for worth signing to {names(game)[1]}."
    )
    for name, forbids in sight.against.items():
        stance = game.scenario.side(game.side).preconditions[name].label
        yield f"Absolute for you: {stance} ({name}): forbids {forbids.sum():,} texts."


def _offered(sight: Sight, game: PlayedWorld) -> Iterator[str]:
    place = sight.package
    yield f"Text {place + 1}: {words_of_text(game, sight.node, place)}."
    worth = (
        f"Worth {signed_points(float(sight.surplus[place]))} to you over never signing; you "
        f"take it for worth {signed_points(float(sight.believed[place]))} to them."
    )
    yield f"{worth} {_votes(sight, place)}"
    if not sight.signable[place]:
        yield "As it is you cannot sign it."


def _votes(sight: Sight, place: int) -> str:
    words = ["passes", "passes"]
    for side in (0, 1):
        words[side] = "would pass" if sight.passes[side, place] else "doubtful"
    home, abroad = (percent(float(np.clip(sight.support[side, place], 0, 1))) for side in (0, 1))
    return f"Believed in favour: {home} % at home ({words[0]}), {abroad} % abroad ({words[1]})."


def _vote(sight: Sight, game: PlayedWorld) -> Iterator[str]:
    yield f"Text {sight.package + 1}: {words_of_text(game, sight.node, sight.package)}."
    cost, without, with_one = sight.campaign
    yield (
        f"A campaign costs your leader {cost:.1f} points of approval. Believed in favour at home: "
        f"{percent(without)} % without one, {percent(with_one)} % with one."
    )


def _in_force(sight: Sight, game: PlayedWorld) -> Iterator[str]:
    yield f"Text {sight.package + 1}: {words_of_text(game, sight.node, sight.package)}."
    yield (
        "To walk back from it would now pay: it has become worth "
        f"{signed_points(float(sight.surplus[sight.package]))} to you over never signing."
    )


def _around(sight: Sight, game: PlayedWorld) -> Iterator[str]:
    own, other = sight.approval
    text = f"Approval: your leader {own:.0f} %, theirs {other:.0f} %."
    processes = game.scenario.environment.processes
    there = [
        key_words(name)
        for name, level in game.now.items()
        if name in processes and level and not isinstance(processes[name], Autoregression)
    ]
    yield f"{text} In force around you: {listed(there)}." if there else text
    if sight.tables:
        few = len(sight.tables) <= _FEW
        told = ", ".join(sight.tables) if few else f"{len(sight.tables)} structures"
        yield f"Could be tabled instead: {told}{'' if few else ' (table names them)'}."


ORDERS = {
    "": "what you could sign, first what they may want and votes pass",
    "mine": "best for you first",
    "theirs": "best for them, as you believe",
    "near": "nearest to the last offer",
    "all": "also what you cannot sign",
}
"""Orders in which texts are listed, by what is typed, in words."""


def listed_texts(
    sight: Sight, game: PlayedWorld, order: str = "", only: tuple[str, str] = ("", "")
) -> list[int]:
    """Return the places of the texts that are listed.

    Parameters
    ----------
    sight : Sight
    game : PlayedWorld
    order : str
        One of `ORDERS`.
    only : pair of str
        A clause and the level that texts are to have; empty for all.
    """
    mine, theirs = sight.surplus, sight.believed
    keys: tuple[Any, ...] = {
        "": (-mine, ~sight.passes.all(axis=0), ~likely(sight)),
        "all": (-mine,),
        "mine": (-mine,),
        "theirs": (-mine, -theirs),
        "near": (-mine, _apart(sight, game)),
    }[order]
    places = np.lexsort((np.arange(len(mine)), *keys))
    shown = sight.signable | (order == "all")
    (clause, level), states = only, game.nodes[sight.node].table.states
    listed_ = [int(place) for place in places if shown[place]]
    return [place for place in listed_ if not clause or states[place].levels[clause] == level]


def _apart(sight: Sight, game: PlayedWorld) -> np.ndarray:
    """Return on how many clauses texts differ from the last offer."""
    offers = [each.package for each in game.rounds if each.node == sight.node]
    last = max(sight.package, *([offers[-1]] if offers else [-1]), -1)
    states = game.nodes[sight.node].table.states
    if last < 0:
        return np.zeros(len(sight.surplus))
    return np.array([len(differing(state, states[last])) for state in states])


def clauses_of(sight: Sight, game: PlayedWorld) -> dict[str, dict[str, str]]:
    """Return the clauses on which texts of a stage differ, and their levels with their labels."""
    states, clauses = game.nodes[sight.node].table.states, game.scenario.dispute.clauses
    found = {
        name: dict.fromkeys(state.levels[name] for state in states) for name in states[0].levels
    }
    return {
        name: {level: clauses[name].levels[level].label for level in levels}
        for name, levels in found.items()
        if len(levels) > 1
    }


def strategy_words(sight: Sight, game: PlayedWorld) -> str:
    """Return what one's own strategy would do, and why where it would offer nothing.

    Parameters
    ----------
    sight : Sight
    game : PlayedWorld
    """
    move = sight.advice[0]
    if move.does == "pass":
        return f"Your strategy offers nothing: {_why_nothing(sight)}."
    if move.does == "offer":
        place = game.nodes[sight.node].table.place_of(move.what)
        return f"Your strategy offers text {0 if place is None else place + 1}."
    if move.does == "table":
        return f"Your strategy puts “{label_of(game, str(move.what))}” on the table."
    return _STRATEGY[move.does]


_STRATEGY = {
    "accept": "Your strategy accepts.",
    "refuse": "Your strategy refuses.",
    "campaign": "Your strategy lets your leader campaign.",
    "no_campaign": "Your strategy lets your leader not campaign.",
    "walk_back": "Your strategy walks back.",
    "keep": "Your strategy keeps its word.",
}


def _why_nothing(sight: Sight) -> str:
    """Return why one's own strategy offers nothing, by the first gate that no text passes."""
    open_ = sight.signable & ~sight.barred
    passing = open_ & sight.passes.all(axis=0)
    if not sight.signable.any():
        return "there is no text that you could sign"
    if not open_.any():
        return "all that you could sign is believed against red lines of theirs"
    if not passing.any():
        return "nothing that you could sign is believed to pass both votes"
    least, best = (
        signed_points(points) for points in (sight.demanded, float(sight.surplus[passing].max()))
    )
    return (
        f"it still asks for {least} over never signing, after what your public charges for a "
        f"retreat; the best that it believes to pass both votes is worth {best} before that"
    )


def texts_page(
    sight: Sight, game: PlayedWorld, places: Sequence[int], first: int = 0
) -> RenderableType:
    """Return a menu of texts.

    Parameters
    ----------
    sight : Sight
    game : PlayedWorld
    places : sequence of int
        Of the texts, in the order in which they are shown.
    first : int
        From which one on.
    """
    if not places:
        return Text(
            "No text to show: `only` alone shows all, `list all` also what you cannot sign."
        )
    rows = table(*HEADS, right=HEADS[:-1])
    rows.width = WIDTH
    alike, shown = text_rows(sight, game, places[first : first + SHOWN])
    for row in shown:
        rows.add_row(*row)
    rest = len(places) - first - len(shown)
    more = [Text(f"{rest:,} more: more")] if rest > 0 else []
    return Group(rows, *(_lines(alike) if alike else []), *more)


HEADS = ("text", "you", "them", "passes", "what it says")
"""Heads of a menu of texts."""


def text_rows(
    sight: Sight, game: PlayedWorld, places: Sequence[int]
) -> tuple[str, list[tuple[str, ...]]]:
    """Return what some texts have in common, in a sentence, and a row of `HEADS` for each.

    Parameters
    ----------
    sight : Sight
    game : PlayedWorld
    places : sequence of int
        Of the texts.
    """
    if not places:
        return "", []
    alike, words = _brief(game, sight.node, places)
    rows: list[tuple[str, ...]] = [
        (
            f"{place + 1}",
            signed_points(float(sight.surplus[place])),
            signed_points(float(sight.believed[place])) + _BARRED[bool(sight.barred[place])],
            _PASSES[bool(sight.passes[0, place]), bool(sight.passes[1, place])],
            words[place],
        )
        for place in places
    ]
    return f"All of these: {alike}." if alike else "", rows


def text_page(sight: Sight, game: PlayedWorld, place: int) -> RenderableType:
    """Return one text whole: what it says, is worth and is believed."""
    return _headed(text_whole(sight, game, place))


def text_whole(sight: Sight, game: PlayedWorld, place: int) -> Iterator[str]:
    """Yield one text whole, first its number: what it says, is worth and is believed.

    Parameters
    ----------
    sight : Sight
    game : PlayedWorld
    place : int
        Of the text.
    """
    here = game.nodes[sight.node]
    dispute = game.scenario.dispute
    yield f"Text {place + 1}"
    for name, level in here.table.states[place].levels.items():
        if here.table.before.levels.get(name) != level:
            clause = dispute.clauses[name]
            yield f"{clause.label}: {clause.levels[level].label}"
    worth = signed_points(float(sight.surplus[place]))
    theirs = signed_points(float(sight.believed[place]))
    yield f"Worth {worth} to you, believed {theirs} to them. {_votes(sight, place)}"
    for name, forbids in sight.against.items():
        if forbids[place]:
            stance = game.scenario.side(game.side).preconditions[name].label
            yield f"Against your precondition: {stance} (withdraw {name})"


# -- news --------------------------------------------------------------------------------------


def news(game: PlayedWorld, first: int, before: Mapping[str, float] | None = None) -> Iterator[str]:
    """Yield what has happened since something was told, as a side hears of it.

    Parameters
    ----------
    game : PlayedWorld
    first : int
        The first line of the record that is new.
    before : mapping, optional
        `PlayedWorld.now` of then.
    """
    yield from _around_news(game, before or {})
    told: list[tuple[int, int, str]] = []
    for line in game.record[first:]:
        words = _line(line, game)
        if told and told[-1][2] == words:
            told[-1] = (told[-1][0], line["round"], words)
        else:
            told.append((line["round"], line["round"], words))
    for since, until, words in told:
        when = f"Round {since}" if since == until else f"Rounds {since} to {until}"
        yield f"{when}: {words}."


def _around_news(game: PlayedWorld, before: Mapping[str, float]) -> Iterator[str]:
    processes = game.scenario.environment.processes
    for name, level in game.now.items():
        if before.get(name, level) == level:
            continue
        if name in processes and not isinstance(processes[name], Autoregression):
            yield f"News: {key_words(name)}: {'in force' if level else 'over'}."
        elif name not in processes:
            role = Role(name.partition(".")[0])
            yield f"News: {side_name(game.scenario.side(role).label)} has another leader."


def _line(line: Mapping[str, Any], game: PlayedWorld) -> str:
    answer: Answer = line["answer"]
    if "proposer" in line:
        return _exchange(line, game)
    if answer is Answer.tabled:
        label = game.scenario.texts[line["structure"]].label
        who = _who(game, line["side"]) if "side" in line else ""
        return f"{who} put “{label}” on the table" if who else f"on the table first: {label}"
    if answer is Answer.rejected:
        role, _, name = _ratifiers(game)[line["ratifier"]].partition(".")
        side = game.scenario.side(Role(role))
        return f"{answer.value}: {side.ratifiers[name].label} ({_who(game, Role(role))})"
    if answer is Answer.walked_back:
        by = _who(game, line["side"]) if "side" in line else "two readings of it collide"
        return f"{answer.value}: {by}"
    return str(answer.value)


def _ratifiers(game: PlayedWorld) -> list[str]:
    return [f"{role.value}.{name}" for role in ROLES for name in game.scenario.side(role).ratifiers]


def _who(game: PlayedWorld, role: Role) -> str:
    return "you" if role is game.side else names(game)[1]


def _exchange(line: Mapping[str, Any], game: PlayedWorld) -> str:
    mover, place, answer = line["proposer"], int(line["package"]), line["answer"]
    who = _who(game, mover)
    if place == NONE:
        return f"no offer by {who}"
    said = f"text {place + 1} offered by {who}"
    if answer is Answer.accepted:
        return f"{said}: accepted"
    if mover is not game.side:
        return f"{said}: refused"
    played = next(each for each in reversed(game.rounds) if each.round_ == line["round"])
    return f"{said}: refused{_naming(played, game)}"


def _naming(played: PlayedRound, game: PlayedWorld) -> str:
    stances = game.scenario.side(game.side.other).preconditions
    labels = [f"“{stances[name].label}”" for name in played.named]
    return f", naming {listed(labels)}" if labels else ""


# -- debriefing --------------------------------------------------------------------------------

_MOST = 5


def debriefing_page(found: Debriefing) -> RenderableType:
    """Return a debriefing: what came of it, what was left, what was believed, and the strategy's.

    Parameters
    ----------
    found : Debriefing
    """
    parts: list[RenderableType] = []
    for head, told in debriefing_words(found).items():
        parts.append(Text(head, style="bold"))
        parts += [line for text in told for line in _lines(text)]
        if head == LEFT and len(found.never_offered):
            rows = table(*NEVER, right=NEVER[:-1])
            rows.width = WIDTH
            for row in never_offered_rows(found):
                rows.add_row(*row)
            parts += [*_lines(NEVER_NOTE), rows]
        parts.append(Text())
    return Group(*parts[:-1])


LEFT = "What was left"
"""The heading under which texts that were never offered are told."""


def debriefing_words(found: Debriefing) -> dict[str, list[str]]:
    """Return the sentences of a debriefing, under their headings.

    Parameters
    ----------
    found : Debriefing
    """
    return {
        "What came of it": [*_came(found)],
        LEFT: [*_left(found)],
        "What was believed": [*_believed(found)],
        "What your own strategy would have done": [*_automatic(found)],
    }


def _came(found: Debriefing) -> Iterator[str]:
    game = found.game
    if game.ending is not None:
        yield f"In the end: {game.ending.label}: {game.ending.value}."
    for each in found.signed:
        came = "in force" if each.in_force else "not in force in the end"
        yield (
            f"Round {each.round_}{in_brackets(game.scenario, each.round_)}: agreed on text "
            f"{each.package + 1}: {words_of_text(game, each.node, each.package)}; worth "
            f"{signed_points(each.own)} to you and {signed_points(each.other)} to them; {came}."
        )
    last = next((each for each in reversed(found.signed) if each.in_force), None)
    then = "nothing is in force in the end"
    if last is not None:
        then = f"what is in force was worth that to you in round {last.round_}, when it was agreed"
    yield f"Your points: {signed_points(found.points)}: {then}."


def _left(found: Debriefing) -> Iterator[str]:
    if found.table.empty:
        yield "In no round was there a text that both sides could have signed."
        yield from _turned_down(found)
        return
    left = len(found.never_offered)
    yield (
        f"Both sides could have signed {len(found.table):,} texts in some round; "
        f"{left:,} of them {'was' if left == 1 else 'were'} never offered"
        f"{f' (the best {_MOST} are below)' if left > _MOST else ''}."
    )
    if found.best is None:
        yield "None of them would have passed the votes in those rounds."
    else:
        yield (
            f"The best for you of those that would have passed: {_worth(found, found.best)}. "
            f"You have {signed_points(found.points)}: {found.left:.1f} points were left."
        )
    yield from _turned_down(found)
    if found.best_accepted is None:
        yield "In none of your turns would they have accepted any."
    else:
        told = _worth(found, found.best_accepted)
        yield f"The best that they would have accepted in a turn of yours: {told}."


def _turned_down(found: Debriefing) -> Iterator[str]:
    if found.turned_down is not None:
        yield f"The best offer of theirs that you turned down: {_worth(found, found.turned_down)}."
        if found.turned_down_barred:
            yield (
                "As things stood an absolute precondition forbade it; a side may withdraw its own."
            )


def _worth(found: Debriefing, text: TextWorth) -> str:
    words = words_of_text(found.game, text.node, text.package)
    own, other = signed_points(text.own), signed_points(text.other)
    number, round_ = text.package + 1, text.round_
    return f"text {number} in round {round_}, {own} to you and {other} to them ({words})"


NEVER = ("text", "you", "them", "rounds", "passing", "taken", "what it says")
"""Heads of the texts that were never offered."""
NEVER_NOTE = (
    "Never offered, best for you first. you, them: in the round in which it was worth most to "
    "you, whether or not votes would have passed it then; rounds: in so many both could have "
    "signed it; passing: in so many of these it would have passed the votes; taken: in so many "
    "of your turns they would have accepted it."
)


def never_offered_rows(found: Debriefing) -> list[tuple[str, ...]]:
    """Return rows of `NEVER`: the best texts that both could have signed and nobody offered.

    Parameters
    ----------
    found : Debriefing
    """
    shown = found.never_offered.head(_MOST).to_dict("records")
    rows = []
    for row in shown:
        node, place = row["node"], row["place"]
        there = [each["place"] for each in shown if each["node"] == node]
        words = _brief(found.game, node, there)[1][place]
        points = (signed_points(row[name]) for name in ("own", "other"))
        counts = (str(row[name]) for name in ("rounds", "passing", "accepted"))
        rows.append((f"{place + 1}", *points, *counts, words))
    return rows


def _believed(found: Debriefing) -> Iterator[str]:
    own, other = names(found.game)
    for row in found.beliefs.to_dict("records"):
        who, whom = (other, own) if row["who"] == "other" else (own, other)
        points, way = f"{abs(row['mean']):.1f}", "high" if row["mean"] > 0 else "low"
        off = "what it is" if points == "0.0" else f"{points} points too {way}"
        yield (
            f"Round {row['round']}: {who} took what texts are worth to {whom} for "
            f"{off} on average. Of {row['texts']:,} texts it missed "
            f"{row['missed']:,} that {whom} would rather sign than not, and fancied "
            f"{row['fancied']:,} that it would not."
        )
    if (last := found.believed_of_last) is not None:
        played, believed, true = last
        yield (
            f"Text {played.package + 1} in round {played.round_}: {other} took it for worth "
            f"{signed_points(believed)} to {own}; it was worth {signed_points(true)}."
        )


def _automatic(found: Debriefing) -> Iterator[str]:
    if found.parted is None:
        yield "The very same: in no round did you do otherwise."
        return
    yield f"You first did otherwise in round {found.parted}. In the same world, by its strategy:"
    yield from _came(found.automatic)
