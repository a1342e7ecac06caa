"""Type `islands negotiate` and `islands stability`.

Tests `sim.report.conflict`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.domain.bargaining import Domain, Figures, Issue, Profile
from sim.experiments.bargaining import POINTS, ROUNDS
from sim.io.genius import domain_xml, profile_xml, read_domain, read_profile
from sim.io.tables import read_parquet
from tests.tobacco import DOMAIN, ENGLAND, ZIMBABWE

Islands = Callable[..., SimpleNamespace]


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    written = {
        "domain.xml": domain_xml(DOMAIN),
        "England.xml": profile_xml(ENGLAND),
        "Zimbabwe.xml": profile_xml(ZIMBABWE),
    }
    for name, data in written.items():
        (tmp_path / name).write_bytes(data)
    return [tmp_path / name for name in written]


@pytest.fixture
def shipped(islands: Islands, monkeypatch: pytest.MonkeyPatch) -> Islands:
    """Type a command that sees the shipped configs."""
    monkeypatch.undo()
    return islands


def test_negotiate_prints_and_writes(shipped: Islands, files: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "talks"
    answer = shipped("negotiate", *files, "rounds=20", f"out={out}", "holder.strategy=conceder")
    assert (answer.code, answer.err) == (0, "")
    assert "claimant England: linear, reservation value 0, discount factor 1" in answer.out
    assert "holder Zimbabwe: conceder" in answer.out
    assert max(map(len, answer.out.splitlines())) <= 120
    points = read_parquet(out / "points.parquet", POINTS, {})
    assert points["package"].tolist() == [377, 376, 376, 377]
    rounds = read_parquet(out / "rounds.parquet", ROUNDS, {})
    assert rounds["answer"].iloc[-1] == "accepted"
    domain = read_domain(out / "domain.xml")
    assert domain == DOMAIN
    assert read_profile(out / "holder.xml", domain).weights == ZIMBABWE.weights
    manifest = json.loads((out / "provenance.json").read_text(encoding="utf-8"))
    assert sorted(manifest["files"]) == sorted(
        path.name for path in out.iterdir() if path.name != "provenance.json"
    )
    again = shipped("negotiate", *files, f"out={out}", "protocol.first_mover=holder")
    assert again.code == 0
    assert "0 holder: " in again.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rounds=1"], "islands: rounds: expected a whole number from 2 to 10,000, got '1'"),
        (["discretise=x"], "islands: discretise: expected a whole number from 2"),
        (["claimant.strategy=bulware"], "did you mean 'boulware'?"),
        (["claimant.strateg.kind=x"], "unknown key 'claimant.strateg'; did you mean 'strategy'?"),
        (["holder.beliefs.caution=often"], "command line: holder.beliefs.caution.value: expected"),
        (["out=."], "islands: command line: out: expected"),
        (["out=../../etc"], "islands: command line: out: expected a folder below this one"),
        (
            ["worlds=9"],
            "islands: expected a key that begins with one of rounds, discretise, out, game, format",
        ),
        (["holdr.strategy=linear"], "'holdr.strategy'; did you mean 'holder"),
        (["game=x.gbt"], "islands: game: expected a file .efg or .nfg, got 'x.gbt'"),
        (
            ["game=x.efg", "rounds=2"],
            "islands: game: expected at most 250,000 nodes (they grow as pack",
        ),
        (["more.xml"], "islands: expected DOMAIN.xml A.xml B.xml, got"),
        (
            ["claimant.beliefs.other_weights.factors.fame=0"],
            "claimant.beliefs.other_weights.factors.fame: expected an interest",
        ),
    ],
)
def test_faults_of_the_command_line(
    shipped: Islands, files: list[Path], arguments: list[str], said: str
) -> None:
    answer = shipped("negotiate", *files, *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert "Traceback" not in answer.err
    assert all(line.startswith("islands: ") for line in answer.err.splitlines())


def test_a_game_is_no_folder(shipped: Islands, files: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "both.efg"
    for arguments in ([f"game={tmp_path / 'kept.efg'}"], [f"game={out}", f"out={out}"]):
        (tmp_path / "kept.efg").mkdir(exist_ok=True)
        answer = shipped("negotiate", *files, "rounds=2", *arguments)
        assert (answer.code, answer.out) == (2, "")
        assert answer.err.startswith("islands: game: expected a file, got the folder")
        assert not out.exists()


def test_a_number_that_plays_no_part_is_named(shipped: Islands, files: list[Path]) -> None:
    answer = shipped("negotiate", *files, "rounds=3", "protocol.proposes=0.7")
    assert answer.out.startswith(
        "Overrides: protocol.proposes=0.7\nOf no effect here: protocol.proposes\n"
    )
    drawn = "protocol.kind=random_proposer"
    assert "no effect" not in shipped("negotiate", *files, drawn, "protocol.proposes=0.7").out


HOSTILE = {
    "truncated": domain_xml(DOMAIN)[:300],
    "entity": b'<!DOCTYPE x [<!ENTITY e SYSTEM "/etc/passwd">]><utility_space>&e;</utility_space>',
    "utf-16 that says utf-8": '<?xml version="1.0" encoding="utf-8"?><a/>'.encode("utf-16"),
    "deep": b"<utility_space>" * 100_000,
    "nothing": b"",
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_hostile_files_get_one_line(
    shipped: Islands, files: list[Path], data: bytes, place: int
) -> None:
    files[place].write_bytes(data)
    answer = shipped("negotiate", *files)
    assert (answer.code, answer.out) == (2, "")
    (line,) = answer.err.splitlines()
    assert line.startswith(f"islands: {files[place]}: ")
    assert "passwd" not in line


def test_a_profile_of_another_domain_is_told_so(
    shipped: Islands, files: list[Path], tmp_path: Path
) -> None:
    other = Domain("other", (Issue(1, "price", "discrete", ("low", "high")),))
    profile = Profile("other", other, (1.0,), (Figures((1.0, 0.0)),))
    files[2].write_bytes(profile_xml(profile))
    answer = shipped("negotiate", *files)
    assert answer.code == 2
    first = answer.err.splitlines()[0]
    assert first.startswith(
        f"islands: {files[2]}: issue.1.name: expected 'size of fund', as in the"
    )


def test_stability_prints_who_would_leave_what(shipped: Islands) -> None:
    answer = shipped("stability", "garrison")
    assert (answer.code, answer.err) == (0, "")
    lines = answer.out.splitlines()
    assert max(map(len, lines)) <= 120
    assert lines[1].startswith("In all four senses nobody would leave s2, s3, s11, s17, s18, s21")
    [key] = [place for place, line in enumerate(lines) if "N Nash: it has none." in line]
    assert lines.index("Sanctions are one move of one of the others.") > key > 20
    said = "N nash       s2, s3, s11, s17, s18, s21, s22  (as its source says)"
    assert said in answer.out.splitlines()
    assert answer.out.count("(as its source says)") == 4
    chained = shipped("stability", "garrison", "sanctions=joint").out
    assert "nobody twice in a row" in chained
    assert "G general    s2, s3, s4, s6, s8, s10, s11, s13, s14, s15, s17, s18," in chained
    assert "source says" not in chained


def test_stability_says_where_a_file_differs_from_its_source(
    shipped: Islands, tmp_path: Path
) -> None:
    path = tmp_path / "two.yaml"
    path.write_text(
        "states: [a, b]\nequilibria: {nash: [a]}\n"
        "makers: {x: {moves: {a: [b]}, prefers: [b, a]}, y: {prefers: [[a, b]]}}\n",
        encoding="utf-8",
    )
    lines = shipped("stability", path).out.splitlines()
    assert "a     · · · · N G M S · · · ·" in lines
    assert "N nash       b  (its source: a)" in lines


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "islands: expected FILE.yaml|NAME, got nothing"),
        (["garison"], "did you mean 'garrison'?"),
        (["garrison", "sanctions=none"], "islands: sanctions: expected one of joint, single, got"),
        (["garrison", "sanction=single"], "did you mean 'sanctions'?"),
        (["garrison", "make=s99"], "islands: make: 's99' is unknown; did you mean 's9'?"),
        (["garrison", "make=s9", "sense=nahs"], "islands: sense: expected one of nash, general, "),
        (["garrison", "sense=nash"], "islands: sense=nash: expected make=STATE beside it"),
        (["garrison", "start=s99"], "islands: start: 's99' is unknown; did you mean 's9'?"),
    ],
)
def test_faults_of_stability(shipped: Islands, arguments: list[str], said: str) -> None:
    answer = shipped("stability", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_stability_tells_what_is_reached_from_the_status_quo(shipped: Islands) -> None:
    lines = shipped("stability", "elmira").out.splitlines()
    assert "From s1, improvements alone lead to s5." in lines[:6]
    assert "In some senses alone nobody would leave s1 and s4 (general, symmetric)." in lines[:6]
    told = lines[lines.index("From s1 by improvements only, nobody twice in a row:") + 2 :]
    assert [line.split()[0] for line in told] == ["s1", "s4", "s5", "s8", "s9"]
    assert told[2] == "s5    N G M S         1 Town to s5"
    lost = "not reached; with moves that are no improvements:"
    assert told[3].endswith(f"– {lost} Ministry to s2, Company to s4, Town to s8")
    moved = shipped("stability", "elmira", "start=s2").out
    assert "2 Company to s4, Town to s8" in moved
    assert "– not reached by any moves" in moved
    assert "From " not in shipped("stability", "garrison").out
    wide = shipped("stability", "garrison", "start=s1").out
    assert max(map(len, wide.splitlines())) <= 120


def test_stability_tells_what_would_make_a_state_an_equilibrium(shipped: Islands) -> None:
    lines = shipped("stability", "elmira", "make=s7").out.splitlines()
    assert "N nash       Ministry       nothing: it is stable" in lines
    assert "             Company        must like no better than s7: s9" in lines
    assert "             Town           nothing: it is stable" in lines
    assert lines[6] == "S sequential  takes the consent of Company; together it is enough"
    one = shipped("stability", "elmira", "make=s8", "sense=sequential").out.splitlines()
    assert one[3] == "S sequential  is an equilibrium as it is"
    assert len([line for line in one if "nothing: it is stable" in line]) == 3
    wide = shipped("stability", "garrison", "make=s23").out
    assert max(map(len, wide.splitlines())) <= 120


def test_changes_that_undo_each_other_are_told(shipped: Islands, tmp_path: Path) -> None:
    path = tmp_path / "undone.yaml"
    path.write_text(
        "states: [a, b, c]\n"
        "makers:\n"
        "  x: {moves: {a: [b]}, prefers: [b, a, c]}\n"
        "  y: {moves: {a: [c], b: [c]}, prefers: [c, b, a]}\n",
        encoding="utf-8",
    )
    last = shipped("stability", path, "make=a", "sense=sequential").out.splitlines()[3]
    assert last.startswith("S sequential  takes the consent of y; together it is not enough: ")
    assert last.endswith(": with all changes x would leave")


def test_what_each_sees_is_told_and_whom_it_surprises(shipped: Islands, tmp_path: Path) -> None:
    path = tmp_path / "blind.yaml"
    path.write_text(
        "states: [a, b, c]\n"
        "makers:\n"
        "  x: {moves: {a: [b]}, prefers: [b, a, c], sees: {y: {prefers: [c, a, b]}}}\n"
        "  y: {moves: {a: [c], b: [c]}, prefers: [[a, b], c]}\n",
        encoding="utf-8",
    )
    lines = shipped("stability", path).out.splitlines()
    assert "N nash       b, c" in lines
    told = lines[lines.index("As each sees the rankings of the others (hypergame):") :]
    assert "a     · G M S N G M S · G M S" in told
    assert "N nash       b (surprises: x expects y to leave); c" in told
    fear = "x expects y to leave, y expects x to leave"  # x fears an answer that y would not give
    assert told[-1] == f"S sequential a (surprises: {fear}); b (surprises: x expects y to leave); c"
    assert "hypergame" not in shipped("stability", "elmira").out


def test_offers_are_written_as_a_game(shipped: Islands, tmp_path: Path) -> None:
    share = Domain("budget", (Issue(1, "share", "discrete", ("low", "half", "high")),))
    one, two = (
        Profile(name, share, (1.0,), (Figures(worth),), 0.25, 0.81)
        for name, worth in (("one", (1.0, 2.0, 4.0)), ("two", (4.0, 2.0, 1.0)))
    )
    files = [tmp_path / name for name in ("domain.xml", "one.xml", "two.xml")]
    for file, data in zip(
        files, (domain_xml(share), profile_xml(one), profile_xml(two)), strict=True
    ):
        file.write_bytes(data)
    for name, rounds, lines in (("x.efg", 3, 214), ("x.nfg", 2, 16_003)):
        game = tmp_path / name
        asked = (f"rounds={rounds}", f"game={game}", "protocol.first_mover=holder")
        assert shipped("negotiate", *files, *asked).code == 0
        text = game.read_text(encoding="utf-8").splitlines()
        assert len(text) == lines
        assert text[1] == '"0: low; 1: half; 2: high"'
    tree = (tmp_path / "x.efg").read_text(encoding="utf-8").splitlines()
    assert tree[3].startswith('p "" 2 1 ')  # the holder begins
    assert 't "" 2 "package 0 in round 0" { 0.25, 1 }' in tree
    assert 't "" 1 "no agreement" { 0.25, 0.25 }' in tree
    assert any(line.startswith('t "" 7 "package 2 in round 1" { 0.925,') for line in tree)


def test_offers_by_whoever_is_drawn_are_written_with_moves_of_chance(
    shipped: Islands, tmp_path: Path
) -> None:
    share = Domain("budget", (Issue(1, "share", "discrete", ("low", "high")),))
    files = [tmp_path / name for name in ("domain.xml", "one.xml", "two.xml")]
    profiles = (
        Profile(name, share, (1.0,), (Figures(worth),))
        for name, worth in (("one", (1.0, 2.0)), ("two", (4.0, 1.0)))
    )
    for file, data in zip(files, (domain_xml(share), *map(profile_xml, profiles)), strict=True):
        file.write_bytes(data)
    drawn = ("rounds=2", "protocol.kind=random_proposer", "protocol.proposes=0.7")
    assert shipped("negotiate", *files, *drawn, f"game={tmp_path / 'x.efg'}").code == 0
    tree = (tmp_path / "x.efg").read_text(encoding="utf-8").splitlines()
    assert tree[3] == 'c "" 1 "" { "claimant one offers" 0.7 "holder two offers" 0.3 } 0'
    refused = shipped("negotiate", *files, *drawn, f"game={tmp_path / 'x.nfg'}")
    assert refused.code == 2
    assert "a file .efg where it is drawn who offers" in refused.err
