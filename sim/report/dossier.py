"""Dossier of a run: one HTML page of what came of it, how to read it, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from io import StringIO

from rich.console import Console

from sim.domain.narration import several
from sim.domain.outcome import OUTCOME_LABELS, OUTCOMES
from sim.domain.scenario import Scenario
from sim.experiments.explanation.stances import drivers
from sim.experiments.result import EnsembleResult
from sim.io.dump import dump_scenario
from sim.report.brief import LIMITS, HtmlTable, encoded, page_templates
from sim.report.matching import matching
from sim.report.outcomes import COLUMNS, RUNGS, Column, ordered
from sim.report.scenario import PARTS, told
from sim.report.verdict import verdict

__all__ = ["dossier"]

_COLUMNS = 110
_READING = (
    "A share counts worlds. Every world draws once everything that is declared uncertain, and all "
    "structures are played in the same worlds, so they can be compared world by world.",
    "A share is conditional on its structure being the one on the table. It is not the chance that "
    "the dispute will be settled, for most of the time no such text is on any table.",
    "The interval beside it (Wilson, 95 %) says how far the share may be off because only so many "
    "worlds were played. It does not say how far off the model may be.",
    "The margin is how much the best text leaves to the side that gains less from it, compared "
    "with never signing, in points; 100 points are what administering everything is worth to a "
    "side. Below 0 no text is worth signing to both.",
    "“Turns” is the share of draws of the declared uncertainty under which a structure's rank by "
    "settlement, or by margin, reverses, or more: few worlds per draw hide some. A dash means that "
    "it was not asked or cannot be told.",
)
_CAPTIONS = {
    "funnel": "How the worlds of each structure ended, in percent",
    "in_force": "What is in force at the end under each structure",
    "survival": "Share of worlds not yet settled, over the years",
}
"""What pictures show, for those who cannot see them."""


def dossier(result: EnsembleResult, pictures: Mapping[str, bytes], *, appendix: bool = True) -> str:
    """Return a run as one HTML page that needs neither Python nor a network.

    Parameters
    ----------
    result : EnsembleResult
    pictures : mapping of name to bytes
        The two PNG files of the brief: see `sim.plotting.pictures.leading`.
    appendix : bool
        Whether all tables, the scenario and its sources follow the brief.
    """
    scenario = result.scenario
    return (
        page_templates()
        .get_template("dossier.html")
        .render(
            title=scenario.title,
            description=scenario.description,
            lead=_lead(scenario),
            sentences=verdict(result, further=False),
            pictures=encoded(pictures, _CAPTIONS),
            tables=(),
            limits=LIMITS,
            overrides=scenario.overrides,
            appendix=appendix,
            contents=_CONTENTS,
            scenario=scenario,
            results=_tables(result),
            reading=_READING,
            parts=dict(_parts(scenario)),
            sources=_sources(scenario),
            origin=_origin(result),
            further=verdict(result)[-1],
            resolved=dump_scenario(scenario),
        )
    )


_CONTENTS = {
    "results": "All results",
    "reading": "How to read these numbers",
    "scenario": "The scenario in words",
    "sources": "Sources",
    "origin": "How to reproduce it",
}
"""Parts of the appendix."""


def _lead(scenario: Scenario) -> str:
    years = scenario.rounds * scenario.protocol.round_years
    return (
        f"{several(len(scenario.structures), 'structure')}, {scenario.worlds:,} worlds each, "
        f"{scenario.rounds} rounds ({years:g} years from {scenario.start}), seed {scenario.seed}. "
        "A world is one play of the talks, with one draw of everything uncertain."
    )


def _tables(result: EnsembleResult) -> dict[str, HtmlTable]:
    meanings = [(OUTCOME_LABELS[outcome].legend, outcome.value) for outcome in OUTCOMES]
    heads = ("outcome", "a world counts here when")
    return {
        "outcomes": _structures(result, "How worlds end, % of worlds", COLUMNS),
        "meanings": HtmlTable("The outcomes", heads, meanings, "words"),
        "ladder": _structures(
            result, "The ladder: what is in force at the end, % of worlds", RUNGS
        ),
    }


def _structures(result: EnsembleResult, caption: str, columns: Iterable[Column]) -> HtmlTable:
    shown = [*columns]
    rows = [
        (result.scenario.structures[str(deal)].label, *(column.text(row) for column in shown))
        for deal, row in ordered(result).to_dict("index").items()
    ]
    return HtmlTable(caption, ("structure", *(column.wide for column in shown)), rows)


def _parts(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield what ``islands show`` tells of each part, as plain text, with the part's name."""
    for part in PARTS:
        text = StringIO()
        console = Console(file=text, width=_COLUMNS, markup=False, emoji=False, highlight=False)
        console.print(told(scenario, part))
        _, *lines = (line.rstrip() for line in text.getvalue().splitlines())
        if lines:
            label = getattr(getattr(scenario, part), "label", "")
            yield f"{part}{': ' if label else ''}{label}", "\n".join(lines).strip("\n")


def _sources(scenario: Scenario) -> HtmlTable:
    cited = drivers(scenario).by_fact
    rows = [
        (name, fact.says, str(fact.source), str(len(cited[name])))
        for name, fact in scenario.evidence.items()
        if name in cited
    ]
    rows.sort(key=lambda row: -int(row[3]))
    heads = ("fact", "says", "read in", "numbers that rest on it")
    return HtmlTable("Facts that numbers rest on", heads, rows, "words")


def _origin(result: EnsembleResult) -> HtmlTable:
    origin = result.provenance
    versions = origin.get("versions") or {}
    shown = ("python", "numpy", "scipy", "mesa", "pandas", "pyarrow", "pydantic")
    rows = [
        ("four-islands", str(versions.get("sim"))),
        ("commit", str(origin.get("commit") or "not known: not run from a repository")),
        ("seed", str(result.scenario.seed)),
        *(("worlds", line) for line in matching(result)),
        ("played with", ", ".join(f"{name} {versions.get(name)}" for name in shown)),
        ("on", str(origin.get("platform"))),
        ("finished", str(origin.get("finished"))),
        ("SHA-256 of the scenario", str(origin.get("config_sha256"))),
        ("SHA-256 of the evidence", str(origin.get("evidence_sha256"))),
    ]
    return HtmlTable("Where this comes from", ("what", "which"), rows, "words")
