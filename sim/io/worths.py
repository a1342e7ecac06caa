"""Work out what a profile gains from each value of each issue, and put the values into words."""

from __future__ import annotations

import numpy as np

from sim.domain.exchange import Constant, Evaluation, Figures, Issue, Line, Profile
from sim.equations.evaluation import line, over_the_largest, triangle
from sim.quantities import Floats

__all__ = ["contributions", "values_of"]


def values_of(issue: Issue, steps: int) -> tuple[str, ...]:
    """Return the values of an issue in words.

    Parameters
    ----------
    issue : Issue
    steps : int
        Values into which a real issue is cut.

    Examples
    --------
    >>> values_of(Issue(1, "price", "real", low=0.0, high=1.0), 3)
    ('0', '0.5', '1')
    """
    if issue.kind == "discrete":
        return issue.values
    return tuple(f"{number:.10g}" for number in _numbers(issue, steps))


def contributions(profile: Profile, steps: int) -> list[Floats]:
    """Return what each value of each issue adds to a package, in points.

    Parameters
    ----------
    profile : Profile
    steps : int
        Values into which a real issue is cut.

    Returns
    -------
    list of ndarray, shape (values,)
        Weight times evaluation, issue by issue; see `sim.equations.evaluation`.
    """
    issues, weights = profile.domain.issues, profile.weights
    parts = zip(issues, weights, profile.evaluations, strict=True)
    return [weight * _evaluated(issue, form, steps) for issue, weight, form in parts]


def _evaluated(issue: Issue, form: Evaluation, steps: int) -> Floats:
    if isinstance(form, Figures):
        return over_the_largest(np.array(form.figures))
    numbers = _numbers(issue, steps)
    if isinstance(form, Constant):
        return np.full_like(numbers, form.evaluation)
    if isinstance(form, Line):
        return line(numbers - form.start, form.slope, form.offset)
    return triangle(numbers, form.low, form.high, form.top)


def _numbers(issue: Issue, steps: int) -> Floats:
    return np.linspace(issue.low, issue.high, issue.count(steps))
