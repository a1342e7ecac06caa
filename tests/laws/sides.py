"""Random sides for random disputes."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from tests.disputes import q, uniform
from tests.rules import KINDS, rule

Changes = dict[str, Any]
PATIENCE = (0.5, 0.75, 0.875, 0.9375)
WEIGHTS = {
    "territory": (0, 2),
    "title": (0, 1),
    "closure": (-1, 1),
    "recognition": (0, 1),
    "standing": (0, 1),
    "economy": (0, 2),
    "payment": (0, 1),
    "peace": (-0.5, 1),
    "legacy": (0, 0.5),
    "access": (0, 1),
    "precedent": (0, 0.5),
}


@cache
def eighths(low: float, high: float) -> st.SearchStrategy[float]:
    """Draw a number of eighths."""
    return st.sampled_from([count / 8 for count in range(int(low * 8), int(high * 8) + 1)])


@cache
def quantities(low: float, high: float, *, uncertain: bool) -> st.SearchStrategy[Changes]:
    """Draw a point or, in a quarter of the cases, a range in which worlds differ."""
    numbers = [count / 8 for count in range(int(low * 8), int(high * 8) + 1)]
    points = [q(number) for number in numbers]
    ranges = [uniform(start, end) for start in numbers[::2] for end in numbers[::3] if start <= end]
    many = -(-3 * len(ranges) // len(points)) if uncertain else 1
    return st.sampled_from(points * many + (ranges if uncertain else []))


def part(value: float) -> Changes:
    return q(value, "share")


def side(draw: st.DrawFn, role: str, clauses: Changes, *, perfect: bool, still: bool) -> Changes:
    """Draw one side, as changes by dotted key; see `tests.laws.generator.disputes`."""
    changes: Changes = {
        "preferences.weights": {
            name: draw(quantities(*span, uncertain=True)) for name, span in WEIGHTS.items()
        },
        "preferences.frame_factor": draw(eighths(0, 1)),
        "preferences.standing_step": draw(st.sampled_from((0, 0.5))),
        "leader.discount_factor": draw(st.sampled_from(PATIENCE)),
        "reservation.dialogue": draw(eighths(0, 0.5)),
        "reservation.entrenchment.initial": draw(eighths(-1, 0.5)),
        "public.segments": _segments(draw),
        "ratifiers": _ratifiers(draw, clauses, perfect),
        "preconditions": _preconditions(draw, clauses),
        "strategy": rule("subgame_perfect") if perfect else _rule(draw),
    }
    if not still:
        changes["reservation.entrenchment.gain"] = draw(eighths(-0.5, 0.5))
        changes["reservation.entrenchment.speed"] = draw(st.sampled_from((0.25, 1)))
        changes["reservation.urgency.growth"] = draw(st.sampled_from((0, 0.125)))
    if not perfect:
        changes |= _temper(draw)
    return {f"{role}.{key}": value for key, value in changes.items()}


def _temper(draw: st.DrawFn) -> Changes:
    return {
        "leader.deadline_rounds": draw(st.sampled_from(("none", 0, 1, 2, 4))),
        "leader.audience_cost": draw(eighths(0, 1)),
        "leader.approval_weight": draw(st.sampled_from((0, 0.125))),
        "leader.approval.win_effect": draw(st.sampled_from((0, 8))),
        "leader.approval.loss_effect": draw(st.sampled_from((0, 8))),
        "public.advocacy": draw(st.sampled_from((0, 0.0625))),
        "public.backlash.growth": draw(eighths(0, 1)),
        "beliefs.interest_error": draw(st.sampled_from((0, 0.25))),
        "beliefs.other_weights": draw(st.sampled_from((None, {"factors": {"title": part(0)}}))),
        "beliefs.reservation_error": draw(st.sampled_from((0, 0.25))),
        "beliefs.own_support_error": draw(st.sampled_from((0, 0.125))),
        "beliefs.other_support_error": draw(st.sampled_from((0, 0.25))),
        "beliefs.learning": draw(st.sampled_from((0, 0.5))),
        "beliefs.walk_back_year": draw(st.sampled_from((0, 0.125))),
        "commitment.reputation": draw(eighths(0, 0.5)),
    }


def _segments(draw: st.DrawFn) -> Changes:
    spans = {"territory": (0, 2), "closure": (-1, 1), "recognition": (0, 1), "access": (0, 1)}

    def segment(share: Any) -> Changes:
        return {
            "label": "some",
            "share": share,
            "weights": {
                name: draw(quantities(*span, uncertain=False)) for name, span in spans.items()
            },
            "threshold": q(draw(eighths(-2, 0.5))),
            "spread": q(draw(st.sampled_from((0, 0.5)))),
        }

    if draw(st.booleans()):
        return {"all": segment("rest")}
    return {"few": segment(q(0.25, "share")), "many": segment("rest")}


def _ratifiers(draw: st.DrawFn, clauses: Changes, perfect: bool) -> Changes:
    noise = part(0 if perfect else draw(st.sampled_from((0, 0.125))))
    quota = part(draw(st.sampled_from((0.25, 0.5, 0.75))))
    kinds: dict[str, Changes] = {
        "vote": {"kind": "referendum", "quota": quota, "noise": noise},
        "leader": {"kind": "leader", "quota": quota, "noise": noise},
        "region": {"kind": "region", "quota": quota, "offset": part(-0.125), "noise": noise},
        "ally": {
            "kind": "ally",
            "interest": "title",
            "tolerance": part(draw(eighths(0, 1))),
            "pressure": part(0),
            "noise": noise,
        },
    }
    if not perfect:
        free = {"governing_share": part(0.5), "discipline": part(0.5)}
        kinds["house"] = {"kind": "parliament", "seats": 9, "votes_needed": 5, **free}
    chosen = draw(st.lists(st.sampled_from(sorted(kinds)), max_size=2, unique=True))
    return {name: {"label": name, **kinds[name], **_voting(draw, clauses)} for name in chosen}


def _voting(draw: st.DrawFn, clauses: Changes) -> Changes:
    """Draw on which texts a ratifier votes: all (said or unsaid), some or none."""
    asked = [*_conditions(clauses), {"territorial": True}, {"frame": ["treaty"]}, {}]
    texts = draw(st.none() | st.lists(st.sampled_from(asked), max_size=2))
    return {} if texts is None else {"votes_on": {"texts": texts, "assumption": "test"}}


def _conditions(clauses: Changes) -> list[Changes]:
    return [
        {"claimant_gains": True},
        {"holder_gives": True, "closed": False},
        {"closed": True},
        {"claimant_area": {"below": 0.5}},
        {"holder_title": {"at_least": 0.75}},
        {"line": [next(iter(clauses["line"]["levels"]))]},
    ]


def _preconditions(draw: st.DrawFn, clauses: Changes) -> Changes:
    conditions = _conditions(clauses)

    def stance() -> Changes:
        return {
            "label": "a stance",
            "blocks": [draw(st.sampled_from(conditions))],
            "firmness": part(draw(st.sampled_from((0, 0.5, 1)))),
            "penalty": q(draw(eighths(0, 0.5))),
            "survives": {"delimitation": part(draw(st.sampled_from((0, 0.5, 1))))},
        }

    return {f"stance{place}": stance() for place in range(draw(st.integers(0, 2)))}


def _rule(draw: st.DrawFn) -> Changes:
    kind = draw(st.sampled_from(KINDS))
    options: dict[str, Changes] = {
        "time_dependent": {"concession_exponent": draw(st.sampled_from((0.25, 1, 4)))},
        "tit_for_tat": {"measure": draw(st.sampled_from(("absolute", "relative")))},
        "hold_up": {"initial_concession": draw(eighths(0, 1))},
        "subgame_perfect": {
            "horizon_rounds": draw(st.sampled_from(("none", 1, 3, 4))),
            "breakdown": draw(st.sampled_from((0, 0.125))),
            "outside_option": draw(st.sampled_from(("none", 0.25))),
        },
        "mediator": {"solution": draw(st.sampled_from(("nash", "kalai_smorodinsky")))},
        "reputational": {"demanded_share": draw(st.sampled_from((0.5, 0.75)))},
    }
    return rule(kind, **options[kind])
