"""Branches in sentences and one table: what would have been, in one world or in many."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

from rich.console import Group, RenderableType
from rich.text import Text

from sim.domain.narration import listed, percent, sentence, several
from sim.domain.outcome import OUTCOME_LABELS, OUTCOMES
from sim.experiments.branching.branch import AS_IT_WAS, BranchTree, idle_sentences, in_brackets
from sim.experiments.branching.pairs import BranchedWorlds
from sim.experiments.conditions.trials import EVENT_LABELS
from sim.report.tables import filled, is_sure, paired_cells, results_in, table

__all__ = ["branch_differences", "tree_page", "worlds_page"]

_LINE, _NAMED = 80, 10
_SET = "with what is set"
_LABELS = {**{each.name: OUTCOME_LABELS[each].legend for each in OUTCOMES}, **EVENT_LABELS}
_EXPLAINED = """\
Of the worlds that were not over by then, with the same shocks both ways. Differences in percentage
points, world by world, with 95 % intervals for pairs (Newcombe); in brackets the worlds that gain
it and that lose it."""


def tree_page(tree: BranchTree, out: Path | None = None) -> RenderableType:
    """Return the last branch of a tree for a terminal, sentences first.

    Parameters
    ----------
    tree : BranchTree
    out : Path, optional
        Where its files lie.
    """
    label = tree.scenario.structures[tree.deal].label
    lines = [*filled(f"{tree.scenario.title}: {label} ({tree.deal}), world {tree.world}"), ""]
    lines += [line for told in tree.sentences() for line in filled(told)]
    rows = table("round", AS_IT_WAS, _SET, ratios=(2, 5, 5))
    for first, last, *cells in tree.table().itertuples(index=False):
        rows.add_row(f"{first}" if first == last else f"{first} to {last}", *cells)
    pair = [tree.courses[tree.courses[-1].of or 0], tree.courses[-1]]
    rows.add_row("in the end", *(course.ending.label for course in pair))
    if any(course.behind for course in pair):
        behind = (course.behind.label if course.behind else "" for course in pair)
        rows.add_row("behind that", *behind)
    parts: list[RenderableType] = [*map(Text, lines), Text(), rows]
    told = [*_texts(tree)]
    return Group(*parts, *([Text(), *map(Text, told)] if told else []), *results_in(out))


def _texts(tree: BranchTree) -> Iterator[str]:
    """Yield what the texts change that the table names."""
    shown = " ".join(str(cell) for row in tree.table().to_numpy() for cell in row)
    for name, called in tree.texts.items():
        if f"{called}:" in shown:
            yield from textwrap.wrap(sentence(f"{called}: {tree.text_words[name]}"), _LINE)


def worlds_page(found: BranchedWorlds, out: Path | None = None) -> RenderableType:
    """Return what a branch changes in many worlds for a terminal, sentences first.

    Parameters
    ----------
    found : BranchedWorlds
    out : Path, optional
        Where its files lie.
    """
    label = found.scenario.structures[found.deal].label
    reached, number = int(found.reached.sum()), len(found.reached)
    when = f"round {found.at}{in_brackets(found.scenario, found.at)}"
    lines = [*filled(f"{found.scenario.title}: {label} ({found.deal})")]
    lines += filled(f"{found.label} from {when} on, in {reached:,} of {number:,} worlds.")
    lines += ["", *(line for told in branch_differences(found) for line in filled(told)), ""]
    if len(found.changed):
        lines[-1:] = ["world=N tells one of them.", ""]
    heads = (AS_IT_WAS, "with it", "difference, 95 %", "gain, lose")
    rows = table("Share of worlds, %", *heads, right=heads)
    for row in found.table.to_dict("records"):
        if row["base"] or row["share"]:
            rows.add_row(_LABELS[row["what"]], *paired_cells(row))
    return Group(*map(Text, lines), rows, Text(), Text(_EXPLAINED), *results_in(out))


def branch_differences(found: BranchedWorlds) -> Iterator[str]:
    """Yield what a branch of many worlds changes, surest first, and what of it is never in force.

    Parameters
    ----------
    found : BranchedWorlds
    """
    sure = [row for row in found.table.to_dict("records") if is_sure(row)]
    for row in sorted(sure, key=lambda row: -abs(row["difference"])):
        way = "more" if row["difference"] > 0 else "less"
        yield (
            f"“{_LABELS[row['what']]}” would have come about {way} often: in "
            f"{percent(row['share'])} % of these worlds against {percent(row['base'])} %."
        )
    if not sure:
        yield "No sure difference."
    first = len(found.blocks[0][0])
    ends = f"how {several(first, 'world')} {'end' if first > 1 else 'ends'}"
    yield from idle_sentences(found.idle, ends)
    if not len(found.changed):
        yield "No world ends otherwise."
        return
    named = [f"{world}" for world in found.changed[:_NAMED]]
    more = len(found.changed) - len(named)
    rest = [f"{more:,} more"] if more else []
    number = f"{len(found.changed):,} world{' ends' if len(named) == 1 else 's end'}"
    yield f"{number} otherwise: {listed([*named, *rest])}."
