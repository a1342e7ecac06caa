"""XML of strangers: one line for whatever is wrong with it, and nothing of theirs is followed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.io.xml import MAX_BYTES, parse, read

BOMB = "<!DOCTYPE l [{}]><l>&e9;</l>".format(
    '<!ENTITY e0 "lol">' + "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
)
HOSTILE = {
    "bomb": (BOMB, "without a document type"),
    "file": ('<!DOCTYPE l [<!ENTITY e SYSTEM "file:///etc/passwd">]><l>&e;</l>', "document type"),
    "network": ('<!DOCTYPE l SYSTEM "http://localhost:9/l.dtd"><l/>', "without a document type"),
    "parameter": ('<!DOCTYPE l [<!ENTITY % p SYSTEM "p.dtd">%p;]><l/>', "document type"),
    "unknown entity": ("<l>&e;</l>", "well-formed XML, got undefined entity"),
    "truncated": ("<l><m>", "line 1, column 7: expected well-formed XML, got no element found"),
    "empty": ("", "no element found"),
    "blank": (" \n\t", "no element found"),
    "two roots": ("<l/><l/>", "junk after document element"),
    "deep": ("<l>" * 300_000, "at most 40 elements deep"),
    "many": ("<l>" + "<m/>" * 200_000 + "</l>", "at most 200,000 elements"),
    "attribute twice": ("<l m='1' m='2'/>", "duplicate attribute"),
    "zero byte": ("<l>\0</l>", "invalid token"),
}


def complaint(data: bytes) -> str:
    with pytest.raises(ScenarioError) as caught:
        parse(data, "strange.xml")
    assert len(str(caught.value).splitlines()) == 1
    assert str(caught.value).startswith("strange.xml: ")
    return str(caught.value)


@pytest.mark.parametrize(("text", "said"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_and_broken_files_get_one_line(text: str, said: str) -> None:
    assert said in complaint(text.encode())


@pytest.mark.parametrize("before", ["\ufeff", "\ufeff\n", "\n\ufeff", "\ufeff \r\n\t\n"])
def test_a_byte_order_mark_and_blank_lines_are_passed_over(before: str) -> None:
    text = f'{before}<?xml version="1.0"?>\n<l m="é"/>'
    assert parse(text.encode()).get("m") == "é"


@pytest.mark.parametrize(
    ("encoding", "declared", "said"),
    [
        ("latin-1", "", "XML is in UTF-8 unless its first line says otherwise"),
        ("utf-16", None, ""),
        ("latin-1", "iso-8859-1", ""),
        ("utf-8", "nonsense", "unknown encoding: nonsense"),
        ("utf-8", "hex", "known encoding"),
        ("utf-8", "idna", "known encoding"),
        ("big5", "big5", "known encoding"),
        ("utf-8", "utf-7", "known encoding"),
    ],
)
def test_encodings(encoding: str, declared: str | None, said: str) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    word = "word" if encoding == "big5" else "wörd"
    data = f'{head}<l m="{word}"/>'.encode(encoding)
    if said:
        assert said in complaint(data)
    else:
        assert parse(data).get("m") == word


def test_blank_lines_before_the_declaration_are_passed_over() -> None:
    assert parse(b'\n\n<?xml version="1.0"?><l/>').tag == "l"


def test_files_that_are_none_or_too_large_are_not_opened(tmp_path: Path) -> None:
    big = tmp_path / "big.xml"
    with big.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    pipe = tmp_path / "pipe.xml"
    os.mkfifo(pipe)
    for path, said in (
        (big, "at most 5 MB"),
        (tmp_path, "a folder"),
        (tmp_path / "none.xml", "nothing of that name"),
        (pipe, "nothing of that name"),
    ):
        with pytest.raises(ScenarioError, match=said):
            read(path)


@given(st.binary(max_size=200) | st.text(alphabet="<>/&;!?'\"= ab1[]-", max_size=60))
def test_any_bytes_give_a_tree_or_one_line(data: bytes | str) -> None:
    text = data.encode() if isinstance(data, str) else data
    try:
        parse(text, "any.xml")
    except ScenarioError as error:
        said = str(error).splitlines()
    else:
        said = ["any.xml: fine"]
    assert [line[:9] for line in said] == ["any.xml: "]
