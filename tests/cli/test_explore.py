"""What `islands explore` refuses, in one line, before anything is opened."""

import socket
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.paths import install_hint

Islands = Callable[..., SimpleNamespace]
Case = Callable[..., Path]


def test_a_port_that_is_taken_is_named_with_a_way_out(islands: Islands) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = islands("explore", f"port={port}", "browser=false")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        f"islands: port={port}: expected a free port of 127.0.0.1, got one that is taken; "
        f"end what uses it, or choose another: port={port + 1}\n"
    )


@pytest.mark.parametrize(
    ("argument", "start"),
    [
        ("port=99999", "islands: port: expected a whole number from 0 to 65,535, got '99999'"),
        ("browser=perhaps", "islands: browser: expected true or false, got 'perhaps'"),
        ("host=192.0.2.7", "islands: host=192.0.2.7: expected an address of this machine"),
        ("host=no.such.invalid", "islands: host=no.such.invalid: expected an address of this"),
        ("scenario=nowhere", "islands: command line: scenario: expected one of"),
        ("holder.publik=3", "islands: command line: unknown key 'holder.publik'; did you mean"),
    ],
)
def test_what_is_at_fault_is_said_in_one_line(islands: Islands, argument: str, start: str) -> None:
    answer = islands("explore", "port=0", argument) if "port" not in argument else None
    answer = answer or islands("explore", argument)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(start)
    assert answer.err.count("\n") == 1


def test_a_broken_scenario_is_refused_as_everywhere(islands: Islands, case: Case) -> None:
    path = case("worlds: many\n")
    answer = islands("explore", f"scenario={path}", "port=0")
    assert answer.code == 2
    assert answer.err == islands("run", f"scenario={path}").err


def test_the_extra_is_named_where_it_is_missing(
    islands: Islands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "solara", None)
    for name in [name for name in sys.modules if name.startswith("solara.")]:
        monkeypatch.delitem(sys.modules, name)
    answer = islands("explore", "port=0", "browser=false")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == f"islands: explore needs its extra: {install_hint('explore')}\n"
