"""Guard before the page: foreign host names, other origins and oversized uploads are refused.

A page of somebody else's may ask this machine for anything as long as the browser lets it; and a
name that its owner points at 127.0.0.1 (DNS rebinding) makes such a page look like ours. So a
request must name this machine as its host, and come from a page of the same host.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["ASSETS", "MAX_BYTES", "Guard", "allowed_names", "of_this_page"]

MAX_BYTES = 200_000
"""Largest message or request body that is read; a page sends some hundred bytes at a time."""
ASSETS = "/_solara/cdn/"
"""Where scripts and fonts lie that the page library would fetch from a network if it lacked any."""
_POLICY = (
    "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; connect-src 'self'; "
    "object-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
)
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]", "::1")


def allowed_names(host: str) -> list[str]:
    """Return the names by which a request may call this machine.

    Parameters
    ----------
    host : str
        What the server is bound to. On all addresses ("0.0.0.0" or "::") this machine's own name
        counts too; any address does (see `Guard`), since an address cannot be pointed elsewhere.
    """
    return [*_LOOPBACK, socket.gethostname().lower() if _is_any(host) else host.lower()]


def of_this_page(scope: Scope) -> bool:
    """Tell whether a request names one host, and comes from a page of that host if from any.

    Parameters
    ----------
    scope : mapping
        Of an HTTP request or a web socket (ASGI).
    """
    headers = Headers(scope=scope)
    hosts, origins = headers.getlist("host"), headers.getlist("origin")
    return len(hosts) == 1 and all(
        urlsplit(origin).netloc.lower() == hosts[0].lower() for origin in origins
    )


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
        self._app, self._anywhere = app, _is_any(host)
        self._trusted = TrustedHostMiddleware(self._pass, allowed_names(host), www_redirect=False)
        self._assets = [folder.resolve() for folder in assets]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "lifespan" and not of_this_page(scope):
            reason = "expected a request from this page, got one from another origin"
            await _refuse(scope, receive, send, 403, reason)
        elif self._anywhere and scope["type"] != "lifespan" and _names_address(scope):
            await self._pass(scope, receive, send)
        else:
            await self._trusted(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that names this machine."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._talk(scope, receive, send)
        elif not self._at_hand(scope["path"]):
            await _refuse(scope, receive, send, 404, "not among the files of the page")
        else:
            await self._answer(scope, receive, send)

    async def _talk(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on what comes over a web socket; who sends what no page does is cut off."""

        async def checked() -> Message:
            message = await receive()
            if message["type"] != "websocket.receive" or _is_kernel_message(message):
                return message
            reason = "expected a message of this page"
            await send({"type": "websocket.close", "code": 1008, "reason": reason})
            return {"type": "websocket.disconnect", "code": 1008, "reason": reason}

        await self._app(scope, checked, send)

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


def _is_kernel_message(message: Message) -> bool:
    """Tell whether a message of a web socket is one that the page library can take apart.

    It is JSON; or parts, the first of them JSON, after their number and where each of them begins:
    the library makes room for as many as are announced.
    """
    text, data = message.get("text"), message.get("bytes") or b""
    parts = int.from_bytes(data[:4], "big")
    if text is None:
        if not 1 <= parts < len(data) // 4:
            return False
        begins = [int.from_bytes(data[at : at + 4], "big") for at in range(4, 4 * parts + 4, 4)]
        text = data[begins[0] : begins[1] if parts > 1 else None]
    with suppress(ValueError, RecursionError):
        match json.loads(text):
            case {"header": {"msg_type": str()}, "channel": _, "content": dict()}:
                return True
    return False


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, reason: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": reason})
        return
    await PlainTextResponse(f"{reason}\n", status)(scope, receive, send)


def _names_address(scope: Scope) -> bool:
    with suppress(ValueError):
        return bool(ip_address(urlsplit(f"//{Headers(scope=scope)['host']}").hostname or ""))
    return False


def _is_any(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_unspecified
    return False
