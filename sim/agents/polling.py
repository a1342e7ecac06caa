"""Ask a public the questions of its polls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.agents.public import Public
from sim.domain.draws import Draws
from sim.domain.public import Approval, Choice
from sim.domain.public import Public as PublicConfig
from sim.quantities import Floats, Ints


@dataclass(frozen=True)
class Answers:
    """What a public answers, as shares of all who are asked.

    Parameters
    ----------
    names : tuple of str
        The answers, then those without one.
    shares : ndarray, shape (worlds, answers)
        They add to 1 in every world.
    """

    names: tuple[str, ...]
    shares: Floats

    def of(self, name: str) -> Floats:
        """Return the share of one answer in each world."""
        return np.asarray(self.shares[:, self.names.index(name)])


NO_ANSWER = "no_answer"


def best_answers(public: Public, poll: Choice) -> Ints:
    """Return each segment's best answer: the package of the largest value to it.

    Returns
    -------
    ndarray of int, shape (worlds, segments)
        Places among the poll's answers; ties go to the first.
    """
    values = [public.answer(package) for package in poll.answers.values()]
    return np.asarray(np.stack(values, axis=2).argmax(axis=2))


def choices(public: Public, described: PublicConfig, poll: Choice) -> Answers:
    """Return the shares that name each answer the best.

    Segments that stand for no answer of the poll are those who give none.

    Parameters
    ----------
    public : Public
    described : PublicConfig
        The public's description, whose segments' names the poll's answers bear.
    poll : Choice
    """
    best = best_answers(public, poll)
    answering = np.array([name in poll.answers for name in described.segments])
    weight = public.shares * answering
    named = [(weight * (best == place)).sum(axis=1) for place in range(len(poll.answers))]
    silent = (public.shares * ~answering).sum(axis=1)
    return Answers((*poll.answers, NO_ANSWER), np.stack([*named, silent], axis=1))


def approvals(public: Public, described: PublicConfig, poll: Approval, draws: Draws) -> Answers:
    """Return the shares for and against a package, with the undecided apart.

    Parameters
    ----------
    public : Public
    described : PublicConfig
        Its `undecided` answer neither way.
    poll : Approval
    draws : Draws
    """
    favour = public.poll(poll.package)
    undecided = draws.of(described.undecided) if described.undecided else np.zeros_like(favour)
    decided = 1.0 - undecided
    shares = [decided * favour, decided * (1.0 - favour), undecided]
    return Answers(("favour", "oppose", NO_ANSWER), np.stack(shares, axis=1))
