"""Hold what all open pages share: processes, files on offer, and scenarios to choose from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock

from sim.explorer.crew import Crew
from sim.explorer.offers import Offers
from sim.explorer.setting import Setting, setting_of
from sim.io.config import load_scenario
from sim.io.library import list_names

__all__ = ["Desk", "desk", "put_up"]

_PUT_UP: list[Desk] = []


@dataclass(frozen=True)
class Desk:
    """What all open pages share; what is set on a page belongs to that page alone.

    Parameters
    ----------
    crew : Crew
    given : str
        Name of the scenario that the command named.
    first : Setting
        What a new page starts with: that scenario, with what the command changed in it.
    offers : Offers
        What the open pages offer to download.
    """

    crew: Crew
    given: str
    first: Setting
    offers: Offers = field(default_factory=Offers)
    _loading: Lock = field(default_factory=Lock, repr=False, compare=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the scenarios to choose from: the one given, and those that `islands` knows."""
        return tuple(dict.fromkeys([self.given, *list_names("scenario")]))

    def setting(self, name: str) -> Setting:
        """Return the setting that a scenario starts with.

        Parameters
        ----------
        name : str
            One of `names`.

        Raises
        ------
        KeyError
            If it is none of them: no page offers it.
        ScenarioError
            If its files are at fault.
        """
        if name == self.given:
            return self.first
        if name not in self.names:
            raise KeyError(f"no scenario named {name!r} to choose from")
        with self._loading:  # Hydra keeps what it composes in one place
            return _loaded(name)


def put_up(shared: Desk) -> None:
    """Set what the pages of this process share; the page library makes them from a module."""
    _PUT_UP[:] = [shared]


def desk() -> Desk:
    """Return what the pages of this process share.

    Raises
    ------
    LookupError
        If nothing was put up.
    """
    if not _PUT_UP:
        raise LookupError("put up a desk before a page is opened")
    return _PUT_UP[0]


@lru_cache(maxsize=32)
def _loaded(name: str) -> Setting:
    return setting_of(load_scenario(name), name)
