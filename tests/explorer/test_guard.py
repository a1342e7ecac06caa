"""What no page of ours would send is refused."""

import json
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="needs the extra explore")

import anyio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from sim.explorer.guard import ASSETS, MAX_BYTES, Guard, allowed_names

HOME = "127.0.0.1:8765"
woken: list[str] = []
heard: list[str] = []


async def _echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def _talk(socket: WebSocket) -> None:
    await socket.accept()
    if socket.query_params:
        await socket.receive()
        heard.append("heard")
    await socket.close()


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    woken.append("woken")
    yield


def _page() -> Starlette:
    echo = Route("/{path:path}", _echo, methods=["GET", "POST"])
    return Starlette(routes=[WebSocketRoute("/talk", _talk), echo], lifespan=_lifespan)


def ask(
    guard: Guard, headers: dict[str, str], parts: tuple[bytes, ...] = (b"",), **scope: Any
) -> list[dict[str, Any]]:
    """Return what is sent in answer to a request."""
    kind, said = scope.pop("type", "http"), scope.pop("said", [])
    given = {"type": kind, "method": "POST", "path": "/", "query_string": b"", **scope}
    given["headers"] = [(k.encode(), v.encode()) for k, v in headers.items()]
    more: Iterator[dict[str, Any]] = iter(
        [
            {"type": "http.request", "body": part, "more_body": place < len(parts) - 1}
            for place, part in enumerate(parts)
        ]
        if kind == "http"
        else [{"type": "websocket.connect"}, *said]
    )
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return next(more)

    async def send(message: Any) -> None:
        sent.append(message)

    anyio.run(guard, given, receive, send)
    return sent


def status(guard: Guard, headers: dict[str, str], *parts: bytes, **scope: Any) -> int:
    return int(ask(guard, headers, parts or (b"",), **scope)[0]["status"])


@pytest.fixture
def guard(tmp_path: Path) -> Guard:
    (tmp_path / "cdn").mkdir()
    (tmp_path / "cdn" / "page.js").write_text("1")
    (tmp_path / "secret").write_text("1")
    return Guard(_page(), "127.0.0.1", [tmp_path / "cdn"])


@pytest.mark.parametrize(
    "headers",
    [
        {"host": HOME},
        {"host": "localhost:9999"},
        {"host": "LOCALHOST"},
        {"host": "[::1]:8765"},
        {"host": HOME, "origin": f"http://{HOME}"},
    ],
)
def test_a_page_of_ours_is_answered(guard: Guard, headers: dict[str, str]) -> None:
    assert status(guard, headers) == 200


FOREIGN = [
    {"host": "rebound.example:8765"},
    {"host": "127.0.0.1.rebound.example"},
    {"host": "rebound.example@127.0.0.1"},
    {"host": "192.0.2.7"},
    {"host": "127.0.0.1:port"},
    {"host": "[::1"},
]
OTHERS = [
    {},
    {"host": HOME, "origin": "http://other.example"},
    {"host": HOME, "origin": "http://127.0.0.1:9999"},
    {"host": HOME, "origin": "null"},
]


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("headers", FOREIGN)
def test_foreign_names_are_refused(guard: Guard, headers: dict[str, str], kind: str) -> None:
    first, *_ = ask(guard, headers, type=kind, path="/talk")
    assert first["type"].endswith("http.response.start")
    assert first["status"] == 400


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("headers", OTHERS)
def test_other_pages_are_refused(guard: Guard, headers: dict[str, str], kind: str) -> None:
    first, *_ = ask(guard, headers, type=kind, path="/talk")
    if kind == "http":
        assert first["status"] == 403
    else:
        assert (first["type"], first["code"]) == ("websocket.close", 1008)


def test_a_socket_of_ours_is_let_through(guard: Guard) -> None:
    headers = {"host": HOME, "origin": f"http://{HOME}"}
    assert ask(guard, headers, type="websocket", path="/talk")[0]["type"] == "websocket.accept"


SENT = json.dumps({"header": {"msg_type": "comm_msg"}, "channel": "shell", "content": {}})


def packed(*parts: bytes, count: int | None = None) -> bytes:
    """Return a message in parts, as the page library packs it."""
    many = len(parts) if count is None else count
    begins = [4 * (len(parts) + 1) + sum(map(len, parts[:at])) for at in range(len(parts))]
    return struct.pack(f"!I{len(parts)}I", many, *begins) + b"".join(parts)


def talked(guard: Guard, sent: str | bytes) -> dict[str, Any]:
    """Say something over a web socket, and return how it is closed."""
    heard.clear()
    headers = {"host": HOME, "origin": f"http://{HOME}"}
    said = {"type": "websocket.receive", "text" if isinstance(sent, str) else "bytes": sent}
    scope = {"type": "websocket", "path": "/talk", "query_string": b"listen=1"}
    answers = ask(guard, headers, said=[said], **scope)
    return next(answer for answer in answers if answer["type"] == "websocket.close")


@pytest.mark.parametrize("sent", [SENT, packed(SENT.encode()), packed(SENT.encode(), b"x", b"")])
def test_messages_of_the_page_are_handed_on(guard: Guard, sent: str | bytes) -> None:
    assert talked(guard, sent)["code"] == 1000
    assert heard == ["heard"]


@pytest.mark.parametrize(
    "sent",
    [
        *("", "hello", "5", "[]", "null", '{"header": 5}', SENT[:-1]),
        SENT.replace('"comm_msg"', "5"),
        *(b"", b"\1", struct.pack("!I", 2**31 - 1) + b"xx", struct.pack("!i", -1)),
        *(packed(SENT.encode(), count=0), packed(SENT.encode(), count=1 << 24)),
        packed(b"\xff\xfe"),
        pytest.param("[" * 100_000, id="deep"),
    ],
)
def test_who_says_what_no_page_says_is_cut_off(guard: Guard, sent: str | bytes) -> None:
    """Else the page library would make room for as many parts as are announced, 4 GB and more."""
    assert talked(guard, sent)["code"] == 1008


def test_bodies_are_read_up_to_a_limit_whether_announced_or_not(guard: Guard) -> None:
    small, large = b"x" * 1000, b"x" * (MAX_BYTES // 2)
    answer = ask(guard, {"host": HOME}, (small, small))
    assert (answer[0]["status"], answer[1]["body"]) == (200, b"2000")
    assert status(guard, {"host": HOME}, large, large, b"x") == 413
    announced = {"host": HOME, "content-length": str(MAX_BYTES + 1)}
    assert status(guard, announced) == 413
    assert status(guard, {"host": HOME, "content-length": "-1"}) == 413


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("page.js", 200),
        ("absent.js", 404),
        ("../secret", 404),
        ("absent/../page.js", 404),
        ("page%2ejs", 404),
        ("%2e%2e/secret", 404),
        ("", 404),
    ],
)
def test_scripts_come_from_this_machine_or_not_at_all(
    guard: Guard, path: str, expected: int
) -> None:
    assert status(guard, {"host": HOME}, path=f"{ASSETS}{path}") == expected


def test_browsers_are_told_to_load_from_nowhere_else(guard: Guard) -> None:
    first, *_ = ask(guard, {"host": HOME})
    policy = dict(first["headers"])[b"content-security-policy"].decode()
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy


def test_every_address_means_any_address_but_no_foreign_name() -> None:
    everywhere = Guard(_page(), "0.0.0.0")
    assert status(everywhere, {"host": "192.0.2.7:8765"}) == 200
    assert status(everywhere, {"host": "rebound.example:8765"}) == 400
    assert "192.0.2.7" in allowed_names("192.0.2.7")
    assert status(Guard(_page(), "192.0.2.7"), {"host": "192.0.2.8"}) == 400


def test_starting_and_ending_pass_through() -> None:
    async def start() -> None:
        messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

        async def receive() -> Any:
            return next(messages)

        async def send(message: Any) -> None:
            assert message["type"].endswith("complete")

        await Guard(_page(), "127.0.0.1")({"type": "lifespan"}, receive, send)

    anyio.run(start)
    assert woken == ["woken"]
