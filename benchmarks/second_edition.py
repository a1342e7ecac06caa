"""Page on the second edition of the model: what each letter and each what-if moves, how much.

``python -m benchmarks.second_edition --doc docs/second_edition.md`` plays all cases that the folder
of runs does not yet hold (about half an hour on one processor) and writes the page.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.editions import (
    BETWEEN,
    DEPENDENCES,
    DONE,
    LETTERS,
    SCENARIO,
    WHAT_IFS,
    Case,
    cases,
    file_of,
    played,
    scenario_of,
)
from sim.experiments.matching import observed_summary
from sim.report.tables import markdown_table, percent

HEADS = ("first stage", "land moved", "title fixed", "closed")
NORMAL_90 = 1.645
Tables = dict[str, pd.DataFrame]
"""Worlds of each case, by its name: a row per structure and world."""
NOTHING = pd.DataFrame()


def main() -> None:
    """Play what is not yet played, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=512, help="worlds of each structure")
    parser.add_argument("--runs", type=Path, default=Path("outputs/editions"))
    parser.add_argument("--only-kept", action="store_true", help="play nothing, tell what is there")
    parser.add_argument("--doc", type=Path, default=Path("docs/second_edition.md"))
    asked = parser.parse_args()
    wanted = [
        case
        for case in cases()
        if not asked.only_kept or file_of(case, asked.worlds, asked.runs).exists()
    ]
    tables = {case.name: played(case, asked.worlds, asked.runs) for case in wanted}
    asked.doc.write_text("\n".join(page(tables)) + "\n", encoding="utf-8")


def page(tables: Tables) -> Iterator[str]:
    """Yield the lines of the page."""
    worlds = tables["second-declared"]["world"].nunique()
    yield HEAD
    yield from markdown_table(("letter", "what", "keys"), KEYS)
    yield AFTER.format(worlds=worlds)
    for edition, title in (("first", "All letters off but A"), ("second", "All letters on")):
        yield f"\n## {title}\n"
        yield "Worlds in percent: independent / declared / strong.\n"
        yield from markdown_table(("structure", *HEADS), _under_each(tables, edition))
    yield EMPTY
    yield "\n## Letter by letter\n"
    yield LETTERS_TEXT
    yield from markdown_table(("letter", *HEADS), _letters(tables, _switched_on))
    yield OFF_TEXT
    yield from markdown_table(("letter", *HEADS), _letters(tables, _switched_off))
    yield from _lost(tables)
    yield "\nWhat moves each structure most, of the letters switched off one by one:\n"
    yield from markdown_table(("structure", "letter", "moves"), _most(tables))
    yield "\n## Texts between the poles (E)\n"
    yield BETWEEN_TEXT
    yield from markdown_table(("structure", "against", *HEADS), _between(tables))
    yield "\n## Worlds that reproduce what was seen (F)\n"
    yield from _observed(tables)
    missing = [case.name for case in cases() if case.name not in tables]
    if missing:
        yield f"\nNot yet played, and left out above and below: {', '.join(missing)}.\n"
    yield "\n## What the what-ifs move\n"
    yield WHAT_IFS_TEXT
    yield from markdown_table(("what-if", "letters", *HEADS), _what_ifs(tables))
    for name in WHAT_IFS:
        if told := list(_told(tables, name)):
            yield f"\n### {name}\n"
            yield from told


KEYS = (
    ("A", "[numbers that hang together](resolve.md)", "`dependence`"),
    (
        "B",
        "[leaders and positions that move, red lines, drafting](leaders.md)",
        "`environment.successions`, `positions`, `red_lines`; `protocol.drafting`",
    ),
    ("C", "[wordings by degree](own_clause.md)", "none: levels then meet and breach nothing"),
    (
        "D",
        "[levels that move each other](reverberation.md)",
        "`environment.ratings`, `cues`, `quotas`, `accumulation`, `fading`; the holder's "
        "`reservation.urgency.growth`",
    ),
    ("E", "texts between the poles", "`deals`"),
    ("F", "[worlds that reproduce what was seen](observed.md)", "`conditioned`"),
    (
        "H",
        "[votes that surprise](votes.md)",
        "`environment.ratifier_errors`, `amendments`",
    ),
    (
        "I",
        "[net against net; all texts in force](votes.md)",
        "`protocol.audience_cost`, `ladder`",
    ),
)
HEAD = """\
# The second edition, letter by letter

Written by `python -m benchmarks.second_edition`; do not edit. `scenario=second_edition` is the
flagship with every process of the second edition switched on, and four texts between the poles
beside its fourteen structures. `singapore_2018` itself has letter A alone, so that a run stays
short: the second edition takes about twice its time. The first edition is all letters off and
`dependence=independent`. Each letter has keys of its own:
"""
AFTER = """
{worlds} worlds of each structure, the same in all cases, and half of them for what-ifs under
independent and strong dependence; differences are taken world by world. What stands behind ± is
half the 90 % interval of a mean of paired differences: how well the run knows the *model's*
difference, and one in ten leaves it out. `·` stands where no world differs. *Title fixed*: to some
object or to all.
"""
EMPTY = """
`status_quo` is the null: with `environment.fading`, an urgency ends only with a text that ends it
([what each side waits for](reverberation.md#urgency-that-saturates-and-fades)), so a text in which
all stays as it is cannot be worth signing. In the first edition any text ended it.
"""
LETTERS_TEXT = """\
Percentage points, mean over the structures. Switched **on** one by one, from all off and
independent numbers:
"""
OFF_TEXT = """
Switched **off** one by one, from all on: what the letter adds beside all others.
"""
BETWEEN_TEXT = """\
All letters on, numbers as declared; percentage points against a pole in the same worlds. C moves
these four only, and in the table of letters is averaged over them: without degrees a wording
counts for its plain effects, and is barred or not as a whole.
"""
WHAT_IFS_TEXT = """\
Percentage points against the flagship in the same worlds, mean over structures, numbers as
declared: with letter A alone, as each what-if is shipped, and with all letters on. What-ifs are
played with the ten structures in which anything ever comes; the four poles
(`recognise_then_two`, `four_at_once`, `renounce`, `status_quo`) settle in next to
no world.
`positions_move` is letter B above, `between_the_poles` letter E.
"""


def _under_each(tables: Tables, edition: str) -> Iterator[list[str]]:
    shares = [_shares(tables[f"{edition}-{each}"]) for each in DEPENDENCES]
    for deal in shares[0].index:
        yield [
            f"`{deal}`",
            *(" / ".join(percent(each.at[deal, what]) for each in shares) for what in DONE),
        ]


def _shares(table: pd.DataFrame) -> pd.DataFrame:
    return table.groupby("deal", observed=True, sort=False)[list(DONE)].mean()


def _switched_on(tables: Tables, letter: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the worlds with a letter alone, and without any."""
    name = "first-declared" if letter == "A" else f"on-{letter}"
    return tables.get(name, NOTHING), tables["first-independent"]


def _switched_off(tables: Tables, letter: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the worlds with all letters, and with all but one."""
    name = "second-independent" if letter == "A" else f"off-{letter}"
    return tables["second-declared"], tables.get(name, NOTHING)


def _letters(
    tables: Tables, pair: Callable[[Tables, str], tuple[pd.DataFrame, pd.DataFrame]]
) -> Iterator[list[str]]:
    for letter in LETTERS:
        one, other = pair(tables, letter)
        if one.empty or other.empty:
            continue
        changed = differences(one, other)
        yield [letter, *(spoken(changed.groupby(level=1)[what].mean()) for what in DONE)]


def differences(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Return what differs between two cases in each structure and world that both have."""
    first, second = (
        each.assign(deal=each["deal"].astype(str)).set_index(["deal", "world"])[list(DONE)]
        for each in (one, other)
    )
    common = first.index.intersection(second.index)
    return first.loc[common].astype(float) - second.loc[common].astype(float)


def half_width(values: pd.Series) -> float:
    """Return half the width of the 90 % interval of a mean."""
    return float(NORMAL_90 * values.std(ddof=1) / np.sqrt(len(values)))


def spoken(values: pd.Series) -> str:
    """Return the mean of paired differences in percentage points, with its interval."""
    if not values.any():
        return "·"
    return f"{100 * values.mean():+.1f} ± {100 * half_width(values):.1f}"


def clear(values: pd.Series) -> bool:
    """Tell whether the 90 % interval of a mean leaves out 0."""
    return bool(abs(values.mean()) > half_width(values))


def _lost(tables: Tables) -> Iterator[str]:
    """Yield how many signed texts that move territory or title are lost in ratification."""
    functional = ["joint_economy_only", "functional_ladder", "maritime_first", "status_quo"]
    shares = dict.fromkeys(("first-declared", "second-declared", "off-H"), "–")
    for name in shares.keys() & tables.keys():
        table = tables[name]
        signed = table[table["round_signed"].notna() & ~table["deal"].isin(functional)]
        shares[name] = percent(signed["rejected_by"].notna().mean())
    yield (
        f"\nOf worlds that sign a text on territory or a treaty, {shares['first-declared']} % lose "
        f"one in ratification with A alone, {shares['second-declared']} % with all letters, "
        f"{shares['off-H']} % with all but H (12 to 25 % of such texts in the record)."
    )


def _most(tables: Tables) -> Iterator[list[str]]:
    pairs = {letter: _switched_off(tables, letter) for letter in LETTERS}
    found = {key: differences(*pair) for key, pair in pairs.items() if not pair[1].empty}
    for deal in _shares(tables["second-declared"]).index:
        moved = [
            (abs(each.loc[deal, what].mean()), letter, f"{head} {spoken(each.loc[deal, what])}")
            for letter, each in found.items()
            if deal in each.index.get_level_values(0)
            for what, head in zip(DONE, HEADS, strict=True)
            if clear(each.loc[deal, what])
        ]
        _, letter, text = max(moved, default=(0.0, "none", "nothing told from 0"))
        yield [f"`{deal}`", letter, text]


def _between(tables: Tables) -> Iterator[list[str]]:
    worlds = tables["second-declared"].assign(deal=tables["second-declared"]["deal"].astype(str))
    by_deal = dict(iter(worlds.groupby("deal")))
    for deal in BETWEEN:
        for pole in ("two_islands_first", "two_islands_final"):
            changed = differences(by_deal[deal].assign(deal=deal), by_deal[pole].assign(deal=deal))
            yield [f"`{deal}`", f"`{pole}`", *(spoken(changed[what]) for what in DONE)]


def _observed(tables: Tables) -> Iterator[str]:
    scenario = scenario_of(Case("F")).model_copy(update={"worlds": 1024})
    found = observed_summary(scenario)["observed"]
    yield (
        f"{percent(found['accepted'])} % of draws reproduce all {len(scenario.observed)} "
        f"statements of `{SCENARIO}`; {percent(found['not_admitted'])} % of worlds admit none.\n"
    )
    rows = (
        [item.label, percent(found["statements"][name])] for name, item in scenario.observed.items()
    )
    yield from markdown_table(("statement", "holds in % of first draws"), rows)
    moved = ", ".join(
        f"`{key}` ({item['shift']:+.2f})" for key, item in list(found["moved"].items())[:6]
    )
    yield f"\nMoved most (difference of means in standard deviations): {moved}.\n"
    if "off-F" not in tables:
        return
    yield "With the statements and without them, all else on, in percent:\n"
    with_, without = _shares(tables["second-declared"]), _shares(tables["off-F"])
    rows = (
        [
            f"`{deal}`",
            *(
                f"{percent(with_.at[deal, what])} / {percent(without.at[deal, what])}"
                for what in DONE
            ),
        ]
        for deal in with_.index
        if with_.loc[deal].any() or without.loc[deal].any()
    )
    yield from markdown_table(("structure", *HEADS), rows)


def _what_ifs(tables: Tables) -> Iterator[list[str]]:
    for name in WHAT_IFS:
        for case, base, letters in (("first", "first", "A"), ("declared", "second", "all")):
            if f"{name}-{case}" not in tables:
                continue
            changed = differences(tables[f"{name}-{case}"], tables[f"{base}-declared"])
            yield [name, letters, *(spoken(changed.groupby(level=1)[what].mean()) for what in DONE)]


def _told(tables: Tables, name: str) -> Iterator[str]:
    """Yield which structures a what-if moves, and what holds the others."""
    for case, base, said in (
        ("first", "first", "With letter A alone"),
        ("declared", "second", "With all letters on"),
    ):
        if f"{name}-{case}" not in tables:
            continue
        one, other = tables[f"{name}-{case}"], tables[f"{base}-declared"]
        changed, shares = differences(one, other), (_shares(other), _shares(one))
        moved = [
            f"- `{deal}`: {head} {percent(shares[0].at[deal, what])} to "
            f"{percent(shares[1].at[deal, what])} % ({spoken(changed.loc[deal, what])})"
            for deal in shares[1].index
            for what, head in zip(DONE, HEADS, strict=True)
            if clear(changed.loc[deal, what])
        ]
        yield f"{said} it moves{':' if moved else ' nothing that is told from 0.'}\n"
        yield from moved
        yield f"\n{_held(one, moved)}\n"
    if not all(f"{name}-{each}" in tables for each in DEPENDENCES):
        return
    means = [
        " / ".join(percent(_shares(tables[f"{name}-{each}"])[what].mean()) for each in DEPENDENCES)
        for what in DONE
    ]
    said = ", ".join(f"{head} {mean}" for head, mean in zip(HEADS, means, strict=True))
    yield f"All letters on, mean over structures under independent / declared / strong: {said} %."


def _held(table: pd.DataFrame, moved: list[str]) -> str:
    """Return a sentence on what stops the structures that a what-if does not move."""
    named = {line.split("`")[1] for line in moved}
    rest = table[~table["deal"].astype(str).isin({*named, "status_quo"})]
    shares = rest["outcome"].astype(str).value_counts(normalize=True)
    words = {
        "no_bargain": "nothing is worth signing to both",
        "preconditions": "what is worth signing runs into stated preconditions",
        "publics": "what both could sign would not pass at home",
        "not_reached": "what could pass is not agreed",
    }
    told = [f"in {percent(shares.get(key, 0.0))} % {text}" for key, text in words.items()]
    return f"Of the worlds of the structures that it leaves as they are, {', '.join(told)}."


if __name__ == "__main__":
    main()
