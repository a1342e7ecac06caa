"""Fix the colours and marks of all pictures, so that one thing looks the same everywhere.

The eight colours are those of Okabe and Ito, apart for all common kinds of colour blindness; greys
stand for what has no side. No picture tells things apart by colour alone.

References
----------
M. Okabe, K. Ito (2008). Color universal design. https://jfly.uni-koeln.de/color/
"""

from __future__ import annotations

from sim.domain.interest import Role
from sim.domain.outcome import LADDER, OUTCOME_LABELS, Outcome

__all__ = [
    "FAINT",
    "INK",
    "LADDER_COLOURS",
    "OUTCOME_COLOURS",
    "OUTCOME_WORDS",
    "ROLE_COLOURS",
    "ROLE_MARKS",
    "SERIES",
    "SHARES",
    "ink_on",
]

INK = "#222222"
"""Text and lines of the data themselves."""
FAINT = "#BBBBBB"
"""Grid lines, and what stands in the background."""

OUTCOME_COLOURS: dict[Outcome, str] = {
    Outcome.settled: "#0072B2",
    Outcome.reneged: "#CC79A7",
    Outcome.interim: "#56B4E9",
    Outcome.rejected: "#D55E00",
    Outcome.no_bargain: "#555555",
    Outcome.preconditions: "#E69F00",
    Outcome.publics: "#F0E442",
    Outcome.not_reached: "#009E73",
}
OUTCOME_WORDS: dict[Outcome, str] = {
    outcome: label.legend for outcome, label in OUTCOME_LABELS.items()
}
"""Outcomes in the few words of a legend; `Outcome` has the whole sentences."""

LADDER_COLOURS = dict(
    zip(LADDER, ("#DDDDDD", "#F0E442", "#E69F00", "#56B4E9", "#0072B2"), strict=True)
)

ROLE_COLOURS: dict[Role, str] = {Role.CLAIMANT: "#0072B2", Role.HOLDER: "#D55E00"}
ROLE_MARKS: dict[Role, str] = {Role.CLAIMANT: "o", Role.HOLDER: "s"}

SERIES: tuple[tuple[str, str], ...] = tuple(
    (colour, dashes)
    for dashes in ("-", "--", ":")
    for colour in ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#222222")
)
"""Colour and line style of one series after another."""

SHARES = "cividis"
"""Colour map of shares; even in lightness, so that it also reads in grey."""


def ink_on(colour: str) -> str:
    """Return black or white, whichever has more contrast with a colour (WCAG 2.1).

    Examples
    --------
    >>> ink_on("#404040"), ink_on("#F0E442")
    ('white', 'black')
    """
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "black" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "white"
