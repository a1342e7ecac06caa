"""What the one loader reads, and what it refuses without harm."""

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.io import yaml


def refusal(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        yaml.parse(text, "x.yaml")
    return str(caught.value)


def test_plain_data_of_every_kind() -> None:
    text = "a: [1, -2.5, 1e-3, 10_000]\nb: {c: true, d: null, e: 'no', f: 12:30, g: 2018-11-14}\n"
    expected = {"c": True, "d": None, "e": "no", "f": "12:30", "g": "2018-11-14"}
    assert yaml.parse(text) == {"a": [1, -2.5, 0.001, 10_000], "b": expected}


@pytest.mark.parametrize("word", ["08", "0x1F", "1_0", "none", "1.2.3", "=", "<<"])
def test_text_that_looks_like_a_number_stays_text(word: str) -> None:
    assert yaml.parse(f"a: {word}") == {"a": word}


def test_off_is_a_key_of_a_quantity_and_of_nothing_else() -> None:
    assert yaml.parse("{value: 1, unit: share, off: 0}") == {"value": 1, "unit": "share", "off": 0}
    assert "x.yaml: a.off: expected a name in quotes" in refusal("a: {off: 0}")


@pytest.mark.parametrize("word", ["yes", "No", "ON", "true", "null", "~", "3", "1.5"])
def test_yaml_words_and_numbers_are_no_names(word: str) -> None:
    assert "expected a name in quotes" in refusal(f"levels:\n  {word}: 1\n")
    assert yaml.parse(f"'{word}': 1") == {word: 1}


def test_syntax_error_has_line_and_column() -> None:
    assert refusal("a: 1\nb: [2\nc: 3\n").startswith("x.yaml: line 3, column 2: expected valid")


def test_duplicate_keys_are_all_named() -> None:
    lines = refusal("a: 1\nb: {c: 1, c: 2}\na: 2\n").splitlines()
    assert lines == [
        "x.yaml: b.c: expected each key once, got 'c' again (first in line 2) (line 2, column 11)",
        "x.yaml: expected each key once, got 'a' again (first in line 1) (line 3, column 1)",
    ]


def test_billion_laughs() -> None:
    bomb = "a0: &a0 [lol]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
    )
    assert "expected the value itself, got the alias *a0" in refusal(bomb)
    assert "alias" in refusal("a: &a [*a]")


@pytest.mark.parametrize("text", ["[" * 100_000, "a: " + "{b: " * 500 + "1" + "}" * 500])
def test_deep_nesting(text: str) -> None:
    assert "at most 200,000 values, 40 levels deep, got more" in refusal(text)


def test_too_many_values() -> None:
    assert "at most 200,000 values" in refusal(f"a: [{'1,' * 250_000}]")


@pytest.mark.parametrize("key", ["_target_", "_args_", "_partial_"])
def test_nothing_is_ever_called(key: str) -> None:
    assert "a file never calls code" in refusal(f"holder: {{x: {{{key}: os.system}}}}")


def test_tags_and_interpolations() -> None:
    assert "got the tag" in refusal("a: !!python/object/apply:os.system [ls]")
    assert "a value without interpolation" in refusal("a: '${oc.env:HOME}'")
    assert yaml.parse("a: ${now:%Y}", trusted=True) == {"a": "${now:%Y}"}


@pytest.mark.parametrize(
    ("text", "got"),
    [("", "nothing"), ("[1]", "[1]"), ("x", "'x'"), ("a: 1\n---\nb: 2", "a second one")],
)
def test_one_mapping_and_nothing_else(text: str, got: str) -> None:
    assert f"got {got}" in refusal(text)


def test_a_file_of_50_mb_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "big.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("the file was read"))
    with pytest.raises(ScenarioError, match="expected at most 2 MB, got a file of 50"):
        yaml.read(path)


def test_what_is_no_text_file(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="a YAML file, got a folder"):
        yaml.read(tmp_path)
    with pytest.raises(ScenarioError, match="got nothing of that name"):
        yaml.read(tmp_path / "none.yaml")
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"a: \xe9")
    with pytest.raises(ScenarioError, match="text in UTF-8, got the byte 0xe9 at offset 3"):
        yaml.read(path)
    path.write_bytes(b"a: \x00")
    with pytest.raises(ScenarioError, match="valid YAML"):
        yaml.read(path)


def test_the_loader_in_pure_python_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml as pyyaml

    monkeypatch.setattr(yaml, "_LOADER", pyyaml.SafeLoader)
    yaml._held.cache_clear()
    test_plain_data_of_every_kind()
    test_billion_laughs()
    assert refusal("a: 1\nb: [2\nc: 3\n").startswith("x.yaml: line 3, column ")
    assert "40 levels deep" in refusal("[" * 100_000)


def test_what_a_text_holds_is_remembered_but_never_shared() -> None:
    text = "a: {b: [1, {c: 2}]}\nd: remembered\n"
    first = yaml.parse(text)
    first["a"]["b"][1]["c"] = 3
    first["a"]["b"].append(4)
    assert yaml.parse(text) == {"a": {"b": [1, {"c": 2}]}, "d": "remembered"}
    for _ in range(2):  # a faulty one is refused each time, under the name that it has then
        assert refusal("a: 1\na: 2\n").startswith("x.yaml: expected each key once")
    yaml.parse("a: ${b}\n", trusted=True)
    assert "without interpolation" in refusal("a: ${b}\n")
