"""Refuse what no page of ours would send: other origins, foreign names, oversized uploads.

A page of somebody else's may ask this machine for anything as long as the browser lets it; and a
name that its owner points at 127.0.0.1 (DNS rebinding) makes such a page look like ours. So a
request must name this machine as its host, and come from a page of the same host.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["ASSETS", "MAX_BYTES", "Guard", "allowed_names", "refusal"]

MAX_BYTES = 200_000
"""Largest message or request body that is read; a page sends some hundred bytes at a time."""
ASSETS = "/_solara/cdn/"
"""Where scripts and fonts lie that the page library would fetch from a network if it lacked any."""
_POLICY = (
    "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; connect-src 'self'; "
    "object-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def allowed_names(host: str) -> frozenset[str]:
    """Return the names by which a request may call this machine.

    Parameters
    ----------
    host : str
        What the server is bound to. On all addresses ("0.0.0.0" or "::") this machine's own name
        counts too; any address does, since an address cannot be pointed elsewhere.
    """
    if _is_any(host):
        return _LOOPBACK | {socket.gethostname().lower(), "*"}
    return _LOOPBACK | {host.lower()}


def refusal(scope: Scope, names: frozenset[str]) -> str | None:
    """Return why a request is refused, or None.

    Parameters
    ----------
    scope : mapping
        Of an HTTP request or a web socket (ASGI).
    names : frozenset of str
        Of `allowed_names`.
    """
    headers = Headers(scope=scope)
    hosts = headers.getlist("host")
    if len(hosts) != 1 or not _known(hosts[0], names):
        return "expected a request to this machine by its own name"
    for origin in headers.getlist("origin"):
        if urlsplit(origin).netloc.lower() != hosts[0].lower():
            return "expected a request from this page, got one from another origin"
    return None


class Guard:
    """Stand before the page and let through what comes from it.

    Parameters
    ----------
    app : ASGI application
    host : str
        What the server is bound to.
    assets : iterable of Path
        Folders that hold the scripts and fonts of the page.
    """

    def __init__(self, app: ASGIApp, host: str, assets: Iterable[Path] = ()) -> None:
        self._app, self._names = app, allowed_names(host)
        self._assets = [folder.resolve() for folder in assets]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif reason := refusal(scope, self._names):
            await _refuse(scope, receive, send, 403, reason)
        elif scope["type"] == "websocket":
            await self._app(scope, receive, send)
        elif not self._at_hand(scope["path"]):
            await _refuse(scope, receive, send, 404, "not among the files of the page")
        else:
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(scope, receive)
        if body is None:
            limit = f"expected at most {MAX_BYTES:,} bytes"
            await _refuse(scope, receive, send, 413, limit)
            return
        sent = iter([body])

        async def again() -> Message:
            part = next(sent, None)
            if part is None:
                return await receive()
            return {"type": "http.request", "body": part, "more_body": False}

        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["content-security-policy"] = _POLICY
                headers["referrer-policy"] = "no-referrer"
                headers["x-content-type-options"] = "nosniff"
            await send(message)

        await self._app(scope, again, with_policy)

    def _at_hand(self, path: str) -> bool:
        """Tell whether a script or font lies on this machine; all else is the page's business."""
        if not path.startswith(ASSETS):
            return True
        name = path.removeprefix(ASSETS)
        return any(
            (folder / name).is_file() and (folder / name).resolve().is_relative_to(folder)
            for folder in self._assets
        )


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """Return the body of a request, or None if it is too large."""
    said = Headers(scope=scope).get("content-length", "0")
    if not said.isdecimal() or int(said) > MAX_BYTES:
        return None
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return body
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BYTES:
            return None
    return body


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, reason: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": reason})
        return
    await PlainTextResponse(f"{reason}\n", status)(scope, receive, send)


def _known(host: str, names: frozenset[str]) -> bool:
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.netloc != host or parts.username is not None:
        return False
    return name in names or ("*" in names and _is_address(name))


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_any(host: str) -> bool:
    return _is_address(host) and ip_address(host).is_unspecified
