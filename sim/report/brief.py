"""Brief of a result: one HTML page with its sentences, pictures, tables and limits."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from sim.domain.narration import percent, sentence, several
from sim.domain.outcome import OUTCOME_LABELS, OUTCOMES
from sim.domain.scenario import Scenario
from sim.experiments.branching.branch import BranchTree, in_brackets
from sim.experiments.branching.pairs import BranchedWorlds
from sim.experiments.comparison import Comparison
from sim.experiments.conditions.conditions import Conditions
from sim.experiments.conditions.trials import EVENT_LABELS
from sim.experiments.sweep.result import SweepResult, moves, telling_measure
from sim.io.faults import read_as
from sim.io.folders import COMPARISON
from sim.plotting.grid import decisive, grid_axes, value_label
from sim.plotting.style import MARGIN, key_label, measure_label
from sim.report.branching import branch_differences
from sim.report.comparison import (
    STOPPED_LABELS,
    case_sentences,
    changes_in_words,
    comparison_sentences,
    in_words,
    told_rows,
)
from sim.report.conditions import NO_WAY, probability_words, sentences
from sim.report.tables import MISSING, paired_cells

__all__ = [
    "LIMITS",
    "Brief",
    "HtmlTable",
    "branch_brief",
    "brief_page",
    "comparison_brief",
    "conditions_brief",
    "encoded",
    "page_templates",
    "read_brief",
    "sweep_brief",
    "written_brief",
]

LIMITS = (
    "Preferences are readings of documents or stated assumptions, with wide ranges; nobody has "
    "measured them. Another reader may put other numbers in their place.",
    "Governments, publics and those who must ratify are simplified to what the scenario says of "
    "them; little moves by itself while they talk.",
    "Only the listed structures are played. A text that nobody has thought of settles nothing.",
    "Against the record: over nine past episodes its forecasts are on average ahead of base rates "
    "where sides may change what is on the table, and not where each structure is "
    "played by itself; nine cannot settle it, and it sees fewer full settlements than such claims "
    "have known (the page “Hindcast” of the project has the scores, and what it misses).",
    "Use it to compare structures and to ask what would have to change, not to forecast.",
)
_PRINTED, _PRINTED_COMPARED = 20, 8
"""Rows of a table that paper shows; of a comparison, whose sentences take more room."""
_BEST, _AXES = 8, 3
"""Cells, and axes, in the table of a sweep."""
_DONE = ("settled", "first_stage", "transferred", "closed")


@dataclass(frozen=True, slots=True)
class HtmlTable:
    """A table of a page; its first column names the rows.

    Parameters
    ----------
    caption : str
    heads : sequence of str
    rows : sequence of sequence of str
        The most important first.
    kind : str
        ``words`` where all columns are text.
    printed : int
        How many rows paper shows.
    """

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    kind: str = ""
    printed: int = _PRINTED


@dataclass(frozen=True, slots=True)
class Brief:
    """What a brief says, apart from its pictures.

    Parameters
    ----------
    title, description, lead : str
        What was asked: the dispute, and how it was played.
    sentences : tuple of str
        What came of it.
    tables : tuple of HtmlTable
    overrides : tuple of str
        What was changed of the scenario, as ``key=value``.
    """

    title: str
    description: str
    lead: str
    sentences: tuple[str, ...]
    tables: tuple[HtmlTable, ...] = ()
    overrides: tuple[str, ...] = ()


def page_templates() -> Environment:
    """Return the templates of pages: what fills them is escaped, what is missing is an error."""
    return Environment(
        loader=PackageLoader("sim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def encoded(pictures: Mapping[str, bytes], words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return pictures as text, each with what it shows for those who cannot see it."""
    return [
        (b64encode(data).decode(), words.get(name.partition(".")[0], name.partition(".")[0]))
        for name, data in pictures.items()
    ]


_SHOWN = {
    "line": "How the result moves along the axis that moves it most",
    "heatmap": "The result over the two axes that move it most",
    "influence": "Which numbers decide the result",
    "comparison": "Differences between the cases, with intervals",
    "ladder": "How far each structure is from each event",
    "branch": "What changes with what is set, beside what was",
    "tree": "All courses of the world, where they part and how they end",
}


def brief_page(brief: Brief, pictures: Mapping[str, bytes]) -> str:
    """Return a brief as one HTML page that needs neither Python nor a network.

    Parameters
    ----------
    brief : Brief
    pictures : mapping of name to bytes
        PNG files.
    """
    filled = {name: getattr(brief, name) for name in Brief.__dataclass_fields__}
    template = page_templates().get_template("brief.html")
    return template.render(**filled, pictures=encoded(pictures, _SHOWN), limits=LIMITS)


def sweep_brief(result: SweepResult) -> Brief:
    """Return the brief of a sweep: along which axis a result moves most, and the best cells.

    Parameters
    ----------
    result : SweepResult
    """
    scenario, cells = result.scenario, result.cells
    worlds = int(cells["worlds"].min()) if len(cells) else 0
    axes = ", ".join(key_label(scenario, key) for key in result.axes)
    lead = (
        f"A sweep over {axes}: {len(result.design):,} cells, in each at least {worlds:,} worlds "
        f"of each of {several(len(scenario.structures), 'structure')}, {scenario.rounds} rounds, "
        f"seed {scenario.seed}. A world is one play of the talks, with one draw of everything "
        "uncertain."
    )
    if cells.empty:
        return _brief(scenario, lead, ["No cell of the sweep was finished."], ())
    return _brief(scenario, lead, _moved(result), (_best_cells(result),))


def _brief(
    scenario: Scenario, lead: str, told: Iterable[str], tables: tuple[HtmlTable, ...]
) -> Brief:
    return Brief(
        scenario.title, scenario.description, lead, tuple(told), tables, scenario.overrides
    )


def _moved(result: SweepResult) -> Iterable[str]:
    """Yield how far the chosen measure of each structure moves over all cells."""
    by = telling_measure(result.cells)
    scale, unit = (1.0, " points") if by == MARGIN else (100.0, " % of worlds")
    order = moves(result.cells, by).sort_values(ascending=False, kind="stable")
    for deal in order.index[order > 0][:_AXES]:
        rows = result.cells[result.cells["deal"] == deal]
        low, high = scale * rows[by].min(), scale * rows[by].max()
        told = f"{low:.3g} to {high:.3g}{unit}"
        name = _label(result.scenario, str(deal))
        yield f"{name}: “{measure_label(by)}” in {told} over the cells."
    if result.settings["design"] == "grid":
        first = decisive(result.cells, by, grid_axes(result))[0]
        yield f"What moves it most: {key_label(result.scenario, first)}."
    if still := len(order) - int((order > 0).sum()):
        many = several(len(order), "structure")
        yield f"{still} of {many}: “{measure_label(by)}” is the same in all cells."


def _label(scenario: Scenario, deal: str) -> str:
    return f"“{scenario.structures[deal].label}”"


def _best_cells(result: SweepResult) -> HtmlTable:
    keys, scenario = list(result.axes)[:_AXES], result.scenario
    shown = [name for name in _DONE if name in result.cells]
    by = telling_measure(result.cells)
    order = [by, *(name for name in ("settled", "closed", "transferred") if name in shown), MARGIN]
    rows = result.cells.sort_values(order, ascending=False, kind="stable").head(_BEST)
    heads = ("structure", *(key_label(scenario, key) for key in keys), *map(measure_label, shown))
    return HtmlTable(
        f"The {len(rows)} cells with the highest “{measure_label(by)}”; shares in % of worlds",
        (*heads, "settled, 95 %"),
        [
            (
                scenario.structures[str(row["deal"])].label,
                *(value_label(row[key]) for key in keys),
                *(percent(row[name]) for name in shown),
                f"{percent(row['settled_low'])} to {percent(row['settled_high'])}",
            )
            for _, row in rows.iterrows()
        ],
    )


def comparison_brief(found: Comparison) -> Brief:
    """Return the brief of a comparison: what differs for sure, and every difference.

    Parameters
    ----------
    found : Comparison
    """
    in_all, found = [*_in_all(found)], in_words(found)
    base, many = found.results[0].scenario, len(found.results) > 2
    lead = (
        f"All are played in the same {found.worlds:,} worlds, seed {base.seed}: world by "
        "world they have the same luck, so differences are surer than those of two shares."
    )
    rows = told_rows(found)
    rows = rows[(rows["base"] > 0) | (rows["share"] > 0)]
    size = rows["difference"].abs()
    rows = rows.loc[size.sort_values(ascending=False, kind="stable").index]
    heads = ("A", "with it" if many else "B", "difference", "95 %")
    table = HtmlTable(
        "Share of worlds, %, and differences in points with 95 % intervals, the largest first",
        ("structure", *(["case"] if many else []), "what", *heads),
        [_compared(found, row) for _, row in rows.iterrows()],
        printed=_PRINTED_COMPARED,
    )
    cases = " ".join([*case_sentences(found, keys=False), *in_all])
    return _brief(base, f"{cases} {lead}", comparison_sentences(found), (table,))


def _in_all(found: Comparison) -> Iterable[str]:
    """Yield what all cases change alike, in words."""
    first, *others = (result.scenario for result in found.results)
    shared = [word for word in first.overrides if all(word in each.overrides for each in others)]
    if told := [*changes_in_words(first, " ".join(shared))]:
        yield sentence(f"in all cases: {'; '.join(told)}")


def _compared(found: Comparison, row: pd.Series) -> tuple[str, ...]:
    difference, low, high = (100.0 * row[name] for name in ("difference", "low", "high"))
    letter = found.letter(str(row["case"]))
    return (
        found.label(str(row["structure"])),
        *([letter] if len(found.results) > 2 else []),
        (EVENT_LABELS | STOPPED_LABELS)[str(row["what"])],
        percent(row["base"]),
        percent(row["share"]),
        f"{difference:+.1f}",
        f"{low:+.1f} to {high:+.1f}",
    )


def conditions_brief(found: Conditions) -> Brief:
    """Return the brief of conditions: who is nearest, what must give, how probable it is.

    Parameters
    ----------
    found : Conditions
    """
    scenario = found.scenario
    lead = (
        f"What it would take for {several(len(found.structures), 'structure')} to come about, over "
        f"{scenario.rounds} rounds from {scenario.start}, seed {scenario.seed}."
    )
    return _brief(scenario, lead, sentences(found), (_distances(found),))


def _distances(found: Conditions) -> HtmlTable:
    table = found.distances()
    near = table[table["share"] == table["share"].min()].set_index(["deal", "event"])
    rows = []
    for deal in found.ordered():
        rare = found.structures[deal].rare
        chance = probability_words(rare.best.probability) if rare else MISSING
        places = [float(near["t"][deal, event]) for event in EVENT_LABELS]
        told = [
            "now" if place < NO_WAY else f"{place:.2f}" if np.isfinite(place) else MISSING
            for place in places
        ]
        rows.append((found.scenario.structures[deal].label, *told, chance))
    return HtmlTable(
        "Where on the way from the numbers as drawn (0) over the friendly end of every range (1) "
        "to nothing refused (2) a tenth of worlds get there; and how probable it is as things are",
        ("structure", *EVENT_LABELS.values(), "as things are"),
        rows,
    )


def branch_brief(found: BranchTree | BranchedWorlds) -> Brief:
    """Return the brief of a branch: what would have been, and what of it was ever in force.

    Parameters
    ----------
    found : BranchTree or BranchedWorlds
    """
    scenario, label = found.scenario, _label(found.scenario, found.deal)
    if isinstance(found, BranchTree):
        at, words = found.courses[-1].at, found.courses[-1].words
        told, where = [*found.sentences()], f"world {found.world}"
        table = HtmlTable(
            "What happens, round by round",
            ("rounds", "as it was", "with what is set"),
            [(f"{first} to {last}", *cells) for first, last, *cells in _rows(found.table())],
            "words",
        )
    else:
        at, words = found.at, found.words
        told, where = [*branch_differences(found)], several(len(found.reached), "world")
        shown = found.table[(found.table["base"] > 0) | (found.table["share"] > 0)]
        table = HtmlTable(
            "Share of worlds, %, and differences in points with 95 % intervals",
            ("what", "as it was", "with it", "difference", "gain, lose"),
            [(_OUTCOMES[row["what"]], *paired_cells(row)) for row in shown.to_dict("records")],
        )
    said = [*changes_in_words(scenario, " ".join(words))]
    when = f"round {at}{in_brackets(scenario, at)}"
    lead = f"{label}, {where}: what would have been, had from {when} on been set: "
    for word, each in zip(words, said, strict=True):
        told = [line.replace(word, each) for line in told]
    return _brief(scenario, sentence(f"{lead}{'; '.join(said)}"), told, (table,))


_OUTCOMES = EVENT_LABELS | {item.name: OUTCOME_LABELS[item].legend for item in OUTCOMES}


def _rows(table: pd.DataFrame) -> list[tuple[str, ...]]:
    return [tuple(map(str, row)) for row in table.itertuples(index=False)]


def written_brief(brief: Brief) -> bytes:
    """Return a brief as the bytes of the file that `read_brief` reads."""
    return f"{json.dumps(asdict(brief), indent=1, ensure_ascii=False)}\n".encode()


def read_brief(folder: Path) -> Brief:
    """Return the brief that a comparison left in its folder.

    Raises
    ------
    ScenarioError
        If it is not there, or is damaged.
    """
    return read_as(Brief, folder / COMPARISON, "the brief of a comparison")
