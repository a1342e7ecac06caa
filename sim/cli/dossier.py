"""Put a run on one page: what came of it, how to read that, and where every number comes from."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO

from rich.console import Console

from sim.cli.html import Html, page, picture, table, tag
from sim.cli.show import told
from sim.domain.outcome import LADDER, OUTCOMES
from sim.domain.scenario import Scenario
from sim.experiments.explanation.stances import drivers
from sim.experiments.result import EnsembleResult
from sim.io.dump import dump_scenario
from sim.plotting.palette import OUTCOME_WORDS
from sim.report.outcomes import number, ordered, percent, stopped_by

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
    "settlement reverses, or more: few worlds per draw hide some. A dash means that it was not "
    "asked or cannot be told.",
)
_LIMITS = (
    "Preferences are readings of documents or stated assumptions, with wide ranges; nobody has "
    "measured them. Another reader may put other numbers in their place.",
    "Governments, publics and those who must ratify are simplified to what stands below. What "
    "moves by itself while they talk is limited to the environment listed there.",
    "Only the listed structures are played. A text that nobody has thought of settles nothing.",
    "Against the record the model is humble: over past episodes it does no better than base rates "
    "(the page “Hindcast” of the project has the scores, and what it misses).",
    "Use it to compare structures and to ask what would have to change, not to forecast.",
)


def dossier(result: EnsembleResult, pictures: Mapping[str, bytes]) -> str:
    """Return a run as one HTML page that needs neither Python nor a network.

    Parameters
    ----------
    result : EnsembleResult
    pictures : mapping of name to bytes
        PNG files: ``funnel.png`` and ``survival.png``.
    """
    scenario = result.scenario
    return page(
        scenario.title,
        *_opening(scenario),
        tag("h2", "What came of it"),
        picture(pictures["funnel.png"], "How the worlds of each structure ended, in percent"),
        _outcomes(result),
        table("The outcomes", ("outcome", "a world counts here when"), _meanings(), "words"),
        _ladder(result),
        picture(pictures["survival.png"], "Share of worlds not yet settled, over the years"),
        *_listed("How to read these numbers", _READING),
        *_listed("Limits of the model", _LIMITS),
        tag("h2", "The scenario in words"),
        tag("pre", _words(scenario)),
        *_sources(scenario),
        *_reproduction(result),
    )


def _opening(scenario: Scenario) -> list[Html]:
    years = scenario.rounds * scenario.protocol.round_years
    played = (
        f"{len(scenario.deals)} structures, {scenario.worlds:,} worlds each, {scenario.rounds} "
        f"rounds ({years:g} years from {scenario.start}), seed {scenario.seed}."
    )
    lines = (scenario.description, played)
    return [tag("h1", scenario.title), *(tag("p", line) for line in lines if line)]


def _outcomes(result: EnsembleResult) -> Html:
    labels = result.scenario.deals
    heads = [OUTCOME_WORDS[outcome] for outcome in OUTCOMES]
    extra = ("settled, 95 %", "half by round", "margin", "turns, %", "most are stopped by")
    groups = result.worlds.groupby("deal", observed=True)
    worlds = {str(deal): part for deal, part in groups}
    rows = [
        (
            labels[str(deal)].label,
            *(percent(row[outcome.name]) for outcome in OUTCOMES),
            f"{percent(row['settled_low'])}–{percent(row['settled_high'])}",
            number(row["median_round"], ".0f"),
            number(row["margin"], ".3g"),
            number(100 * row["reversal"], ".0f"),
            stopped_by(worlds[str(deal)]),
        )
        for deal, row in ordered(result).iterrows()
    ]
    return table("How worlds end, % of worlds", ("structure", *heads, *extra), rows)


def _ladder(result: EnsembleResult) -> Html:
    labels = result.scenario.deals
    rows = [
        (
            labels[str(deal)].label,
            *(percent(row[f"ladder_{rung.name}"]) for rung in LADDER),
        )
        for deal, row in ordered(result).iterrows()
    ]
    heads = ("structure", *(rung.value for rung in LADDER))
    return table("The ladder: what is in force at the end, % of worlds", heads, rows)


def _meanings() -> list[tuple[str, str]]:
    return [(OUTCOME_WORDS[outcome], outcome.value) for outcome in OUTCOMES]


def _listed(heading: str, lines: tuple[str, ...]) -> list[Html]:
    return [tag("h2", heading), tag("ul", *(tag("li", line) for line in lines))]


def _words(scenario: Scenario) -> str:
    """Return what ``islands show`` tells, as plain text."""
    text = StringIO()
    console = Console(file=text, width=_COLUMNS, markup=False, emoji=False, highlight=False)
    console.print(told(scenario))
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines())


def _sources(scenario: Scenario) -> list[Html]:
    cited = drivers(scenario).by_fact
    rows = [
        (name, fact.says, str(fact.source), str(len(cited[name])))
        for name, fact in scenario.evidence.items()
        if name in cited
    ]
    if not rows:
        return [tag("h2", "Sources"), tag("p", "No number rests on a source; all are assumed.")]
    heads = ("fact", "says", "read in", "numbers that rest on it")
    return [tag("h2", "Sources"), table("Facts that numbers rest on", heads, rows, "words")]


def _reproduction(result: EnsembleResult) -> list[Html]:
    origin = result.provenance
    versions = origin.get("versions") or {}
    shown = ("python", "numpy", "scipy", "mesa", "pandas", "pyarrow", "pydantic")
    rows = [
        ("four-islands", str(versions.get("sim"))),
        ("commit", str(origin.get("commit") or "not known: not run from a repository")),
        ("seed", str(result.scenario.seed)),
        ("played with", ", ".join(f"{name} {versions.get(name)}" for name in shown)),
        ("on", str(origin.get("platform"))),
        ("finished", str(origin.get("finished"))),
        ("SHA-256 of the scenario", str(origin.get("config_sha256"))),
        ("SHA-256 of the evidence", str(origin.get("evidence_sha256"))),
    ]
    how = "With that version installed, save the text below as scenario.yaml, and type:"
    full = tag(
        "details", tag("summary", "The whole scenario"), tag("pre", dump_scenario(result.scenario))
    )
    command = tag("pre", "islands run scenario=./scenario.yaml out=again")
    facts = table("Where this comes from", ("what", "which"), rows, "words")
    return [tag("h2", "How to reproduce it"), facts, tag("p", how), command, full]
