"""State that all open pages share: worker pool, downloads, scenarios to choose from."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sim.domain.strategy import Strategy
from sim.explorer.pool import WorkerPool
from sim.explorer.settings import Setting, setting_of
from sim.io.config import load_scenario
from sim.io.library import list_names
from sim.io.template import NAMED
from sim.paths import configs_dir

__all__ = ["AppState", "Downloads", "app_state", "set_app_state"]


@dataclass(frozen=True)
class Downloads:
    """Files that open pages offer for download, each under an address that nobody can guess.

    A link is followed by the browser itself, so a file may take as long as it takes to be made.
    """

    _makers: dict[str, Callable[[], bytes]] = field(default_factory=dict)

    def add(self, make: Callable[[], bytes]) -> str:
        """Offer a file and return the token of its address.

        Parameters
        ----------
        make : callable
            Makes the file whenever it is asked for.
        """
        token = secrets.token_urlsafe(16)
        self._makers[token] = make
        return token

    def remove(self, token: str) -> None:
        """Offer a file no more."""
        self._makers.pop(token, None)

    def route(self) -> Route:
        """Return the route by which files are fetched: ``/files/TOKEN/NAME``."""
        return Route("/files/{token}/{name}", self._respond)

    def _respond(self, request: Request) -> Response:
        make = self._makers.get(request.path_params["token"])
        if make is None:
            return PlainTextResponse("the page that offered this file is closed\n", 404)
        headers = {"content-disposition": "attachment", "cache-control": "no-store"}
        return Response(make(), media_type="application/octet-stream", headers=headers)


_SHARED: list[AppState] = []


@dataclass(frozen=True)
class AppState:
    """What all open pages share; what is set on a page belongs to that page alone.

    Parameters
    ----------
    pool : WorkerPool
    given : str
        Name of the scenario that the command named.
    first : Setting
        What a new page starts with: that scenario, with what the command changed in it.
    downloads : Downloads
        What the open pages offer for download.
    """

    pool: WorkerPool
    given: str
    first: Setting
    downloads: Downloads = field(default_factory=Downloads)
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

    def strategy(self, name: str) -> Strategy:
        """Return a strategy as its file declares it.

        Parameters
        ----------
        name : str
            One of `strategies`.
        """
        with self._loading:
            return _strategy(name)

    @property
    def strategies(self) -> tuple[str, ...]:
        """Return the names of the strategies to choose from."""
        return tuple(list_names("strategy"))


def set_app_state(shared: AppState) -> None:
    """Set the state that pages share; the page library makes these from a module alone."""
    _SHARED[:] = [shared]


def app_state() -> AppState:
    """Return the state that the pages of this process share.

    Raises
    ------
    LookupError
        If none was set.
    """
    if not _SHARED:
        raise LookupError("set the state before a page is opened")
    return _SHARED[0]


@lru_cache(maxsize=32)
def _loaded(name: str) -> Setting:
    return setting_of(load_scenario(name), name)


@lru_cache(maxsize=32)
def _strategy(name: str) -> Strategy:
    """Return a strategy, composed as a part of the scenario of the template."""
    plain = configs_dir() / "template" / NAMED / "scenario.yaml"
    return load_scenario(plain, [f"strategy@claimant.strategy={name}"]).claimant.strategy
