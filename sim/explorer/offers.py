"""Keep ready what a page offers to download, and hand it out while the page is open."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

__all__ = ["Offers"]


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
