"""A small shipped world of its own: one dispute, two sides, two structures, two scenarios."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

import sim.paths


def q(value: Any, **more: Any) -> dict[str, Any]:
    return {"value": value, "unit": "points", "assumption": "for the test", **more}


def uniform(low: float, high: float) -> dict[str, Any]:
    where = {"distribution": "uniform", "low": low, "high": high}
    return {**where, "unit": "share", "source": ["poll_one"], "off": 0}


def public() -> dict[str, Any]:
    segment = {"label": "all", "weights": {"peace": q(1)}, "threshold": q(0), "spread": q(1)}
    package = {"peace": "signed"}
    return {
        "label": "the public",
        "segments": {"all": {**segment, "share": q(1)}},
        "opposition": uniform(0.2, 0.4),
        "undecided": q(0.1),
        "calibration": "poll",
        "polls": {"poll": {"type": "approval", "question": "?", "date": "1", "package": package}},
        "advocacy": q(0.1),
        "neutral_approval": q(50),
        "backlash": {"growth": q(0), "half_life_years": q(1)},
        "goodwill": {"gain": q(0), "half_life_years": q(1)},
    }


def leader() -> dict[str, Any]:
    names = ("start", "mean", "sd", "win_effect", "loss_effect")
    return {
        "label": "the leader",
        "deadline_rounds": q(8, off="none"),
        "discount_factor": q(0.9),
        "audience_cost": q(0),
        "approval_weight": q(0.1),
        "approval": {**{name: q(10) for name in names}, "persistence_month": q(0.9)},
        "turnover": {
            "hazard_year": q(0.1),
            "approval_sensitivity": q(0),
            "term_ends_round": q("none"),
        },
        "successor": {"label": "next", "approval": q(50), "deadline_rounds": q("none")},
    }


def side(name: str) -> dict[str, Any]:
    beliefs = ("interest_error", "reservation_error", "own_support_error", "other_support_error")
    return {
        "name": name,
        "label": name.title(),
        "stream": name,
        "preferences": {
            "weights": {"peace": q(1)},
            "frame_factor": q(0.5),
            "standing_step": q(0.5),
            "economy_scale": q(1),
            "sensitivities": {"price": q(0)},
        },
        "leader": leader(),
        "public": public(),
        "preconditions": {
            "peace_first": {
                "label": "No peace, no deal",
                "blocks": [{"peace": "none"}],
                "firmness": q(0.5),
                "penalty": q(1),
            }
        },
        "reservation": {
            "dialogue": q(0),
            "entrenchment": {"initial": q(0), "gain": q(0), "speed": q(0)},
            "urgency": {"initial": q(0), "growth": q(0)},
        },
        "beliefs": {
            **{key: q(0.1) for key in beliefs},
            "learning": q(1),
            "caution": q(0.5),
            "walk_back_year": q(0),
        },
        "commitment": {"reputation": q(1)},
    }


def processes(size: float) -> dict[str, Any]:
    price = {"start": q(0), "mean": q(0), "sd": q(0), "persistence_month": q(0)}
    by = {"peace": {"rule": "exponential"}}
    ban = {"in_force": bool(size), "lifted_year": q(size), "imposed_year": q(0)}
    return {
        "price": {"kind": "ar1", **price, "multiplies": by},
        "ban": {"kind": "jump", **ban},
        "crises": {"kind": "spell", "hazard_year": q(size), "years": q(size), "suspends": True},
    }


def files() -> dict[str, Any]:
    moves = {"claimant": {"peace": 1.0}, "holder": {"peace": 1.0}}
    signed = {"label": "a treaty", "effects": moves, "assumption": "for the test"}
    pair = {"claimant": q(1), "holder": q(1)}
    rock = {"label": "The rock", "area": q(1), "controller": "holder", "value": pair}
    return {
        "_shipped/configs/dispute/rock.yaml": {
            "name": "rock",
            "label": "The rock",
            "objects": {"rock": rock},
            "clauses": {
                "peace": {
                    "label": "Peace",
                    "baseline": "none",
                    "levels": {"none": {"label": "no treaty"}, "signed": signed},
                }
            },
        },
        "_shipped/configs/side/east.yaml": side("east"),
        "_shipped/configs/side/north.yaml": side("north"),
        "_shipped/configs/side/west.yaml": side("west"),
        "_shipped/configs/strategy/time_dependent.yaml": {
            "kind": "time_dependent",
            "concession_exponent": q(1),
            "initial_concession": q(0),
            "reciprocity": q(0),
        },
        "_shipped/configs/environment/calm.yaml": {
            "name": "calm",
            "label": "Calm",
            "processes": processes(0),
        },
        "_shipped/configs/environment/storm.yaml": {
            "name": "storm",
            "label": "Storm",
            "processes": processes(1),
        },
        "_shipped/configs/protocol/alternating_quarterly.yaml": {
            "name": "alternating_quarterly",
            "label": "Alternating offers",
            "first_mover": "claimant",
            "round_years": 0.25,
            "ratification_years": {"1": q(1)},
            "resume_rounds": 4,
        },
        "_shipped/configs/deal/peace_now.yaml": {
            "name": "peace_now",
            "label": "Peace now",
            "assumption": "for the test",
            "stages": {"one": {"label": "one", "negotiable": {"peace": "all"}}},
        },
        "_shipped/configs/deal/status_quo.yaml": {
            "name": "status_quo",
            "label": "Status quo",
            "assumption": "for the test",
            "stages": {"one": {"label": "one", "fixed": {"peace": "none"}}},
        },
        "_shipped/configs/evidence/facts.yaml": {
            "poll_one": {
                "says": "Three in ten were opposed.",
                "figure": [20, 40],
                "unit": "percent",
                "date": "2018",
                "source": {"outlet": "A paper", "date": "2018-12"},
                "kind": "poll",
                "side": "both",
            }
        },
        "_shipped/scenarios/base.yaml": {
            "defaults": [
                {"override /dispute": "rock"},
                {"override /side@claimant": "east"},
                {"override /side@holder": "west"},
                {"override /environment": "calm"},
            ],
            "name": "base",
            "title": "The base case",
            "start": "2018-11",
            "deals": "all",
            "evidence": ["facts"],
            "worlds": 100,
        },
        "_shipped/scenarios/storm.yaml": {
            "defaults": ["base", {"override /environment": "storm"}],
            "name": "storm",
            "holder": {"public": {"opposition": q(0.9, unit="share")}},
        },
    }


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the small world where the shipped one would be, and work beside it."""
    primary = sim.paths.configs_dir() / "config.yaml"
    for name, content in files().items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        plain = json.loads(json.dumps(content))  # else YAML writes aliases
        path.write_text(yaml.safe_dump(plain, sort_keys=False))
    text = primary.read_text().replace("singapore_2018", "base")
    (tmp_path / "_shipped" / "configs" / "config.yaml").write_text(text)
    shutil.copy(primary.with_name("replaced.yaml"), tmp_path / "_shipped" / "configs")
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.delenv("ISLANDS_SCENARIOS", raising=False)
    monkeypatch.setattr(sim.paths, "_PACKAGE", tmp_path)
    return here


@pytest.fixture
def case(small: Path) -> Callable[[str], Path]:
    """Write a scenario that builds on the base case."""

    def write(text: str, name: str = "case.yaml") -> Path:
        path = small / name
        start = "" if "defaults:" in text else "defaults: [base]\n"
        path.write_text(start + text)
        return path

    return write
