"""Say how large a number may be: far beyond any that means something, and never infinite later."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

__all__ = ["LARGEST", "Moderate", "moderate"]

LARGEST = 1e100
"""Largest size of a number in a file: products of three such numbers are still finite."""


def moderate(number: float) -> float:
    """Return a number that is not too large to be worked with.

    Parameters
    ----------
    number : float

    Raises
    ------
    ValueError
        If its size exceeds `LARGEST`.
    """
    if not -LARGEST <= number <= LARGEST:
        raise ValueError(f"expected a number of at most {LARGEST:g} in size, got {number:g}")
    return number


Moderate = Annotated[float, AfterValidator(moderate)]
"""A number of at most `LARGEST` in size."""
