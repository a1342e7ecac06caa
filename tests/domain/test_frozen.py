"""Texts of files: of a length that a picture bears, and without signs that a terminal obeys."""

import pytest
from pydantic import ValidationError

from sim.domain.checks import faults_of
from sim.domain.condition import Not
from sim.domain.frozen import LONGEST_LINE, LONGEST_TEXT
from sim.domain.public import Approval
from tests.disputes import pie

LINES = ["title", "dispute.label", "dispute.objects.pie.area.unit", "claimant.leader.label"]


@pytest.mark.parametrize("key", LINES)
def test_a_line_has_a_longest_length(key: str) -> None:
    value = {"value": 1, "unit": "x" * (LONGEST_LINE + 1), "assumption": "test"}
    long = "x" * (LONGEST_LINE + 1)
    changes = {key.removesuffix(".unit"): value} if key.endswith("unit") else {key: long}
    with pytest.raises(ValidationError, match="expected at most 200 characters, got 201"):
        pie(changes)
    pie({"title": "x" * LONGEST_LINE})


@pytest.mark.parametrize("key", ["description", "dispute.description", "deals.divide.assumption"])
def test_a_text_has_a_longest_length(key: str) -> None:
    with pytest.raises(ValidationError, match="expected at most 2,000 characters, got 20,000"):
        pie({key: "x" * 20_000})
    pie({key: "x" * LONGEST_TEXT})


def test_names_of_parts_have_a_longest_length() -> None:
    with pytest.raises(ValidationError, match="expected at most 200 characters, got 300"):
        pie({f"on_the_table.{'x' * 300}": 1.0})


@pytest.mark.parametrize("sign", ["\x1b[2J", "\x07", "\x9b2J", "\x00", "\r", "\u202e", "\ud800"])
@pytest.mark.parametrize("key", ["title", "description", "holder.public.label"])
def test_signs_that_a_terminal_obeys_are_refused(key: str, sign: str) -> None:
    with pytest.raises(ValidationError, match=r"control characters|surrogates|unicode"):
        pie({key: f"a{sign}b"})


def test_texts_in_lists_are_looked_at() -> None:
    with pytest.raises(ValidationError, match="without control characters, got"):
        Not(**{"not": ("a", "b\x1b")})


@pytest.mark.parametrize(
    "text", ["one\ntwo\tthree", "Ελλάδα", "日本", "می‌خواهم", "🏝", "$ % [/red]"]
)
def test_other_signs_stay(text: str) -> None:
    assert pie({"description": text}).description == text


POLL = {"type": "approval", "question": "?", "package": {"title": "shared"}}


@pytest.mark.parametrize("date", ["spring 1998", "2000-13", "2000-1-5", "1990/", "1990/91/92"])
def test_a_poll_without_a_date(date: str) -> None:
    with pytest.raises(ValidationError, match="expected a date such as 2018-11, or two as 1990/19"):
        Approval.model_validate({**POLL, "date": date})


@pytest.mark.parametrize("date", ["2018", "2018-11", "2018-11-14", "476", "1990/1991"])
def test_a_poll_with_a_date(date: str) -> None:
    assert Approval.model_validate({**POLL, "date": date}).date == date


def test_time_since_a_poll_is_counted_from_a_start_with_a_date() -> None:
    polls = {"holder.public.polls.one": {**POLL, "date": "2000"}}
    said = [fault.key for fault in faults_of(pie({**polls, "start": "once upon a time"}))]
    assert "start" in said
    assert "start" not in [fault.key for fault in faults_of(pie(polls))]
    assert faults_of(pie({"start": "once upon a time"})) == []
