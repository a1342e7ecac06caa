"""Observations say what they need and nothing else."""

from typing import Any

import pytest
from pydantic import ValidationError

from sim.domain.observation import Observation

POLL = {"kind": "poll", "side": "holder", "package": {"form": "treaty"}, "value": 0.3}


def reading(**said: Any) -> Observation:
    return Observation.model_validate({"label": "a reading", "assumption": "test", "at": 2, **said})


def test_a_number_and_an_event_are_told_apart() -> None:
    assert not reading(**POLL, tolerance=0.1).is_event
    assert reading(kind="signed", value=False).is_event
    assert reading(kind="offers", side="claimant", value=2).value == 2.0


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({**POLL, "package": {}}, "poll takes package and side, got side"),
        ({"kind": "approval", "value": 40}, "approval takes side, got none"),
        ({"kind": "offers", "value": 2, "package": {"form": "treaty"}}, "offers takes side, got"),
        ({"kind": "closed", "value": True, "side": "holder"}, "closed takes neither side nor"),
        ({"kind": "closed", "value": 1}, "the value of closed is true or false, got 1"),
        ({**POLL, "value": True}, "the value of poll is a number, got 1"),
        ({"kind": "signed", "value": True, "tolerance": 0.1}, "signed takes no tolerance"),
        ({**POLL, "assumption": None}, "expected 'source: .ids.' or 'assumption: why'"),
        ({**POLL, "at": -1}, "greater than or equal to 0"),
    ],
)
def test_what_does_not_fit_is_refused(said: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        reading(**said)
