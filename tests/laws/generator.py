"""Random small disputes for all laws, as changes to the pie of `tests.disputes`.

Numbers are eighths and discount factors sums of halves, so that equalities (ties between packages,
thresholds met exactly) are common and exact, and scaling by powers of two or mirroring rounds
nothing. Every value is drawn by hypothesis, so a failing dispute shrinks to a plain one.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.disputes import q
from tests.laws.sides import eighths, side

Changes = dict[str, Any]
SIDES = ("claimant", "holder")
STANCES = ("stance0", "stance1")
"""Names of the preconditions that a side may have."""
ALLOCATIONS = ("claimant", "holder", "joint", 0.25, 0.75)


@st.composite
def disputes(
    draw: st.DrawFn, *, perfect: bool = False, stages: int | None = None, still: bool = False
) -> Changes:
    """Draw a dispute.

    Parameters
    ----------
    perfect : bool
        Both sides play subgame-perfectly with ratification known: one stage that fixes all titles
        and takes effect at once, no errors of belief, sharp votes, no audience, nothing that moves.
    stages : int, optional
        One or two stages; drawn if left out.
    still : bool
        Values of never signing do not move.
    """
    wanted = stages or draw(st.sampled_from((1, 2)))
    names = draw(st.sampled_from((("land",), ("land", "rock"))))
    clauses = _clauses(draw, names, perfect)
    first = draw(st.sampled_from(("claimant", "holder")))
    changes: Changes = {
        "worlds": 4,
        "rounds": draw(st.integers(2, 6)),
        "seed": draw(st.integers(0, 2**16)),
        "protocol.first_mover": first,
        "protocol.resume_rounds": draw(st.integers(0, 2)),
        "dispute.objects": {name: _object(draw, name == "land") for name in names},
        "dispute.clauses": clauses,
        "dispute.positions": dict.fromkeys(SIDES, dict.fromkeys(STANCES, "a stance")),
        "deals.divide.stages": _stages(draw, 1 if perfect else wanted, clauses, perfect),
    }
    if not perfect and draw(st.booleans()):
        changes["protocol.kind"] = "random_proposer"
        changes["protocol.proposes"] = q(draw(eighths(0, 1)), "share")
    for role in ("claimant", "holder"):
        changes |= side(draw, role, clauses, perfect=perfect, still=still or perfect)
    return changes


def _object(draw: st.DrawFn, divisible: bool) -> Changes:
    return {
        "label": "an object",
        "area": q(draw(eighths(0.5, 2))),
        "controller": draw(st.sampled_from(("claimant", "holder", "none"))),
        "divisible": divisible,
        "value": {role: q(draw(st.sampled_from((1, 2, 3)))) for role in ("claimant", "holder")},
    }


def _clauses(draw: st.DrawFn, names: tuple[str, ...], perfect: bool) -> Changes:
    ways = draw(st.lists(st.sampled_from(ALLOCATIONS), min_size=2, max_size=5, unique=True))
    whole = draw(st.sampled_from(("claimant", "holder")))
    lines = {
        f"line{place}": {
            "label": "a line",
            "allocation": {n: way if n == "land" else whole for n in names},
        }
        for place, way in enumerate(ways)
    }
    titles = {
        "open": dict.fromkeys(names, "open"),
        "shared": dict.fromkeys(names, "joint"),
        "mine": dict.fromkeys(names, "claimant"),
        "yours": dict.fromkeys(names, "holder"),
    }
    levels = {name: {"label": name, "allocation": given} for name, given in titles.items()}
    clauses: Changes = {
        "line": {"label": "a line", "kind": "administration", "levels": lines},
        "title": {"label": "title", "kind": "title", "baseline": "open", "levels": levels},
        "form": {"label": "form", "kind": "legal_form", "baseline": "none", "levels": _forms()},
        "word": _clause(
            "recognition", plain={}, bold={**_effects(draw, "recognition"), **_degrees(draw)}
        ),
        "visits": _clause("other", none={}, some={**_effects(draw, "access"), **_degrees(draw)}),
    }
    if not perfect:
        clauses["money"] = _clause("economy", none={}, paid=_flow(draw))
        years = {name: {"years": q(when, "years")} for name, when in (("now", 0), ("later", 2))}
        clauses["date"] = _clause("schedule", **years)
    return clauses


def _clause(kind: str, **levels: Changes) -> Changes:
    first = next(iter(levels))
    named = {name: {"label": name, **level} for name, level in levels.items()}
    return {"label": kind, "kind": kind, "baseline": first, "levels": named}


def _forms() -> Changes:
    frames = ("none", "treaty", "delimitation")
    return {frame: {"label": frame, "frame": frame} for frame in frames}


def _effects(draw: st.DrawFn, interest: str) -> Changes:
    effects = {role: {interest: draw(eighths(-1, 1))} for role in ("claimant", "holder")}
    return {"effects": effects, "assumption": "test"}


def _degrees(draw: st.DrawFn) -> Changes:
    """Draw how far a level meets or breaches what the sides may hold, mostly not at all."""
    if draw(st.booleans()):
        return {}
    said: Changes = {"ambiguity": q(draw(eighths(0, 0.5)), "per year")}
    for kind in ("meets", "breaches"):
        side, name = draw(st.sampled_from(SIDES)), draw(st.sampled_from(STANCES))
        said[kind] = {side: {name: q(draw(eighths(0, 1)), "share")}}
    return said


def _flow(draw: st.DrawFn) -> Changes:
    payer = draw(st.sampled_from(("claimant", "holder")))
    profile = draw(st.sampled_from(("front", "even", "back")))
    return {"flow": q(draw(eighths(0, 2))), "payer": payer, "profile": profile}


def _stages(draw: st.DrawFn, wanted: int, clauses: Changes, perfect: bool) -> Changes:
    optional = [name for name in clauses if name not in ("line", "title", "form")]
    tabled = draw(st.lists(st.sampled_from(optional), max_size=2, unique=True))
    form = draw(st.sampled_from(("none", "treaty", "delimitation")))
    closing = ("shared", "mine", "yours")
    titles = closing if perfect else draw(st.sampled_from((("open",), ("open", "mine"), closing)))
    first = {
        "label": "first",
        "fixed": {"form": form},
        "negotiable": {"line": "all", "title": titles, **dict.fromkeys(tabled, "all")},
    }
    if wanted == 1:
        return {"first": first}
    second = {"label": "second", "negotiable": {"title": closing, "form": ("treaty", "none")}}
    return {"first": first, "second": second}
