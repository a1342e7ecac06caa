"""Evidence register: facts in our own words, each with its source."""

from __future__ import annotations

from typing import Literal

from sim.domain.frozen import Frozen


class Source(Frozen):
    """Say where a fact was read.

    Parameters
    ----------
    author, outlet : str, optional
        Who wrote it and where it appeared.
    date : str
        When it appeared.
    paragraph, sentence : int or str, optional
        Where in the text.
    public : bool
        Whether it is a public record beyond the register's documents.
    """

    author: str | None = None
    outlet: str | None = None
    date: str
    paragraph: int | str | None = None
    sentence: int | str | None = None
    public: bool = False

    def __str__(self) -> str:
        """Return the source as one short phrase."""
        names = ", ".join(name for name in (self.author, self.outlet) if name)
        place = f" par. {self.paragraph}" if self.paragraph is not None else ""
        place += f" sent. {self.sentence}" if self.sentence is not None else ""
        return f"{names} ({self.date}){place}"


class Fact(Frozen):
    """One fact of the register.

    Parameters
    ----------
    says : str
        The fact, in our own words.
    figure : float or pair of floats, optional
        The figure, or the interval in which it lies.
    unit : str, optional
        Unit of the figure.
    date : str
        The date of which the fact speaks.
    source : Source
        Where it was read.
    kind : {"poll", "stance", "figure", "editorial", "context"}
        A fact that drives no parameter is context, whatever its kind.
    side : {"claimant", "holder", "both", "outside"}
        Whom it is about.
    note : str, optional
        Errors of the source and disagreements between sources.
    disagrees_with : tuple of str
        Ids of entries that say otherwise.
    """

    says: str
    figure: float | tuple[float, float] | None = None
    unit: str | None = None
    date: str
    source: Source
    kind: Literal["poll", "stance", "figure", "editorial", "context"]
    side: Literal["claimant", "holder", "both", "outside"]
    note: str | None = None
    disagrees_with: tuple[str, ...] = ()


Register = dict[str, Fact]
"""The evidence register: facts by id."""
