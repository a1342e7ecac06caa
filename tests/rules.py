"""Strategies for tests: every kind with its plainest parameters, and changes to them."""

from __future__ import annotations

from typing import Any

from tests.disputes import q

_PLAIN: dict[str, dict[str, Any]] = {
    "time_dependent": {"concession_exponent": 1, "initial_concession": 0, "reciprocity": 0},
    "tit_for_tat": {"measure": "absolute", "initial_concession": 0, "intensity": 1},
    "hold_up": {"initial_concession": 0.5, "intensity": 1},
    "subgame_perfect": {
        "horizon_rounds": "none",
        "outside_option": "none",
        "breakdown": 0,
        "office_weight": 0,
    },
    "mediator": {"solution": "nash"},
    "reputational": {"demanded_share": 0.7, "obstinate": 0.1, "believed_obstinate": 0.1},
}
_WORDS = ("measure", "solution")
_UNITS = {"horizon_rounds": "rounds", "outside_option": "points"}
KINDS = tuple(_PLAIN)


def rule(kind: str, **changes: Any) -> dict[str, Any]:
    """Return the configuration of a strategy; bare numbers become quantities."""
    values = {**_PLAIN[kind], **changes}
    bare = {name for name, value in values.items() if not isinstance(value, dict)}
    return {"kind": kind} | {
        name: q(value, _UNITS.get(name, "ratio")) if name in bare and name not in _WORDS else value
        for name, value in values.items()
    }


def both(claimant: dict[str, Any], holder: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the changes that give two sides their strategies; one is enough for two."""
    return {"claimant.strategy": claimant, "holder.strategy": holder or claimant}
