"""Check a side: names of interests, preconditions and polls."""

from __future__ import annotations

from collections.abc import Iterator

from sim.domain.check.names import check_condition, check_levels, check_names, unknown
from sim.domain.clause import Frame
from sim.domain.dispute import Dispute
from sim.domain.public import Approval, Choice, Public
from sim.domain.ratifier import Ally
from sim.domain.side import Side
from sim.errors import Fault


def check_side(key: str, side: Side, dispute: Dispute) -> Iterator[Fault]:
    """Yield the faults of a side."""
    interests = dispute.interest_names
    weights = side.preferences.weights
    yield from check_names(f"{key}.preferences.weights", "an interest", weights, interests)
    successor = side.leader.successor.weights
    yield from check_names(f"{key}.leader.successor.weights", "an interest", successor, interests)
    for name, ratifier in side.ratifiers.items():
        for number, condition in enumerate(ratifier.votes_on.texts if ratifier.votes_on else ()):
            place = f"{key}.ratifiers.{name}.votes_on.texts.{number}"
            yield from check_condition(place, condition, dispute)
        if isinstance(ratifier, Ally) and ratifier.interest not in interests:
            place = f"{key}.ratifiers.{name}.interest"
            yield unknown(place, "an interest", ratifier.interest, interests)
    for name, stance in side.preconditions.items():
        place = f"{key}.preconditions.{name}"
        for number, condition in enumerate(stance.blocks):
            yield from check_condition(f"{place}.blocks.{number}", condition, dispute)
        frames = [frame.value for frame in Frame]
        yield from check_names(f"{place}.survives", "a legal form", stance.survives, frames)
    yield from _check_public(f"{key}.public", side.public, dispute)


def _check_public(key: str, public: Public, dispute: Dispute) -> Iterator[Fault]:
    for name, segment in public.segments.items():
        place = f"{key}.segments.{name}.weights"
        yield from check_names(place, "an interest", segment.weights, dispute.interest_names)
    for name, poll in public.polls.items():
        place = f"{key}.polls.{name}"
        if isinstance(poll, Choice):
            yield from check_names(f"{place}.answers", "a segment", poll.answers, public.segments)
            for answer, package in poll.answers.items():
                yield from check_levels(f"{place}.answers.{answer}", package, dispute)
        else:
            yield from check_levels(f"{place}.package", poll.package, dispute)
    if public.calibration is not None:
        approvals = [n for n, poll in public.polls.items() if isinstance(poll, Approval)]
        if public.calibration not in approvals:
            yield unknown(f"{key}.calibration", "an approval poll", public.calibration, approvals)
