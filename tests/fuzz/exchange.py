"""Targets: domains and profiles in XML, and conflicts of the graph model in YAML."""

from __future__ import annotations

import re
from functools import partial
from random import Random

from tests.fuzz.guard import judged
from tests.fuzz.place import islands, scratch
from tests.fuzz.trees import ODD

_CUT = b"\x1e"
"""Stands between a domain and two profiles of it."""


def read_genius(data: bytes) -> None:
    """Read a domain and two profiles, write them again, and read what was written."""
    from sim.io.genius import domain_xml, parse_domain, parse_profile, profile_xml
    from sim.io.xml import parse

    texts = [*data.split(_CUT), b"", b""]

    def call() -> None:
        domain = parse_domain(parse(texts[0], "domain.xml"), "domain.xml")
        assert parse_domain(parse(domain_xml(domain))) == domain
        for text in texts[1:3]:
            profile = parse_profile(parse(text, "profile.xml"), domain, "profile.xml")
            assert parse_profile(parse(profile_xml(profile)), domain) == profile

    judged(call)


def genius_seeds() -> list[bytes]:
    """Return a domain with its profiles, alone, together, and as a bomb."""
    from sim.io.genius import domain_xml, profile_xml
    from tests.tobacco import DOMAIN, ENGLAND, ZIMBABWE

    domain, one, two = domain_xml(DOMAIN), profile_xml(ENGLAND), profile_xml(ZIMBABWE)
    bomb = b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><negotiation_template>&b;'
    return [domain, _CUT.join([domain, one]), _CUT.join([domain, one, two]), bomb + domain]


def change_genius(data: bytes, seed: int) -> bytes | None:
    """Change one piece of a file between two marks, or copy, move and drop elements."""
    random = Random(seed)
    pieces = re.split(rb"(<[^>]*>|\"[^\"]*\")", data)
    for _ in range(random.choice((1, 1, 2, 4))):
        at = random.randrange(len(pieces))
        kind = random.randrange(4)
        if kind == 0:
            odd = str(random.choice(ODD)).encode("utf-8", "replace")
            pieces[at] = b'"%b"' % odd if pieces[at].startswith(b'"') else odd
        elif kind == 1:
            pieces[at] = b""
        elif kind == 2:
            pieces[at] = random.choice(pieces)
        else:
            pieces[at] += pieces[at]
    return b"".join(pieces)


def read_conflict(data: bytes) -> None:
    """Read bytes as a conflict, and tell its stable states under either kind of sanctions."""
    path = scratch() / "conflict.yaml"
    path.write_bytes(data)
    for kind in ("joint", "single"):
        judged(partial(islands, "stability", str(path), f"sanctions={kind}"))


def conflict_seeds() -> list[bytes]:
    """Return the shipped conflicts, and a small one whose states are lists of options."""
    from sim.paths import configs_dir

    options = b"""label: "[red]two shops[/]"
states: {quiet: [], first: [cut], second: [follow], both: [cut, follow]}
makers:
  one: {options: [cut], prefers: [first, quiet, both, second]}
  two: {options: [follow], irreversible: [follow], prefers: [second, [quiet, both], first]}
equilibria: {nash: [both]}
"""
    return [options, *(path.read_bytes() for path in sorted((configs_dir() / "game").glob("*")))]
