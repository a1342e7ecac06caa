"""State that all open pages share: processes, files on offer, scenarios to choose from."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sim.explorer.pool import WorkerPool
from sim.explorer.settings import Setting, setting_of
from sim.io.config import load_scenario
from sim.io.library import list_names

__all__ = ["AppState", "Offers", "app_state", "put_up"]


@dataclass(frozen=True)
class Offers:
    """What the open pages offer, each under an address that nobody can guess.

    A link is followed by the browser itself, so a file may take as long as it takes to be made.
    """

    _made_by: dict[str, Callable[[], bytes]] = field(default_factory=dict)

    def put(self, make: Callable[[], bytes]) -> str:
        """Offer a file and return the word by which it is known.

        Parameters
        ----------
        make : callable
            Makes the file whenever it is asked for.
        """
        word = secrets.token_urlsafe(16)
        self._made_by[word] = make
        return word

    def withdraw(self, word: str) -> None:
        """Offer a file no more."""
        self._made_by.pop(word, None)

    def route(self) -> Route:
        """Return the route by which files are fetched: ``/files/WORD/NAME``."""
        return Route("/files/{word}/{name}", self._hand_out)

    def _hand_out(self, request: Request) -> Response:
        make = self._made_by.get(request.path_params["word"])
        if make is None:
            return PlainTextResponse("the page that offered this file is closed\n", 404)
        headers = {"content-disposition": "attachment", "cache-control": "no-store"}
        return Response(make(), media_type="application/octet-stream", headers=headers)


_PUT_UP: list[AppState] = []


@dataclass(frozen=True)
class AppState:
    """What all open pages share; what is set on a page belongs to that page alone.

    Parameters
    ----------
    crew : WorkerPool
    given : str
        Name of the scenario that the command named.
    first : Setting
        What a new page starts with: that scenario, with what the command changed in it.
    offers : Offers
        What the open pages offer to download.
    """

    pool: WorkerPool
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


def put_up(shared: AppState) -> None:
    """Set what the pages of this process share; the page library makes them from a module."""
    _PUT_UP[:] = [shared]


def app_state() -> AppState:
    """Return what the pages of this process share.

    Raises
    ------
    LookupError
        If nothing was put up.
    """
    if not _PUT_UP:
        raise LookupError("put up a state before a page is opened")
    return _PUT_UP[0]


@lru_cache(maxsize=32)
def _loaded(name: str) -> Setting:
    return setting_of(load_scenario(name), name)
