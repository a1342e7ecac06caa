"""Games typed at a terminal: transcripts, what is kept, and that no line ends a game.

Tests `sim.cli.play`, `sim.cli.desk` and `sim.report.play`.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.cli.desk import Desk
from sim.errors import RunError
from sim.experiments.play import PlayedWorld, load_game, play
from sim.model.talks import playing
from tests.agents.publics import segment
from tests.cli.conftest import Islands
from tests.disputes import DEADLINES, ONE, TWO, pie, stance
from tests.laws.play import LAW
from tests.model.test_campaigns import LED, VOTE

Typed = Callable[..., SimpleNamespace]
BEGIN = ("scenario=base", "rounds=8", "side=claimant", "world=1", "deal=peace_now")


@pytest.fixture
def typed(islands: Islands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Typed:
    """Type a command, and then lines; get its exit code, output and complaints."""
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def run(lines: str, *arguments: Any) -> SimpleNamespace:
        monkeypatch.setattr("sys.stdin", io.StringIO(lines))
        return islands("play", *arguments)

    return run


def test_a_game_is_told_and_asked_round_by_round(typed: Typed) -> None:
    said = typed("?\nlist all\nshow 1\nclauses\npass\n", *BEGIN)
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert max(map(len, lines)) <= 80
    for part in (
        "You are ",
        "Round 0 of 7",
        "? helps.",
        "> pass",
        "what it says",
        "offer nothing in this round",
        "The game is kept. To go on: islands play game=game.json scenario=base rounds=8",
    ):
        assert part in said.out, part
    kept = json.loads(Path("game.json").read_text(encoding="utf-8"))
    assert kept["moves"][0] == {"round": 0, "does": "pass"}


def test_a_game_that_is_left_goes_on_and_ends_as_if_it_had_not_been(typed: Typed) -> None:
    whole = typed("pass\nauto\n" + "auto\n" * 20, *BEGIN, "game=whole.json")
    assert "The game is over." in whole.out
    left = typed("pass\nquit\n", *BEGIN, "game=parts.json")
    assert "The game is kept." in left.out
    rest = typed("auto\n" * 20, "game=parts.json", "scenario=base", "rounds=8")
    assert (rest.code, rest.err) == (0, "")
    assert "The game is over." in rest.out
    files = [Path(name).read_bytes() for name in ("whole.json", "parts.json")]
    assert files[0] == files[1]
    again = typed("", "moves=whole.json", "scenario=base", "rounds=8")
    assert again.code == 0
    debriefings = [said.out.partition("What came of it")[2] for said in (whole, rest, again)]
    assert debriefings[0]
    assert debriefings[0].partition("\nThe game is in")[0].strip() == debriefings[2].strip()
    for head in ("What was left", "What was believed", "What your own strategy would have done"):
        assert head in debriefings[2]


def test_moves_that_stop_short_are_told_up_to_there(typed: Typed) -> None:
    typed("pass\n", *BEGIN)
    said = typed("", "moves=game.json", "scenario=base", "rounds=8")
    assert said.code == 0
    assert "the game is not over" in said.out


class Interrupted(io.StringIO):
    """Lines after which somebody presses Ctrl-C."""

    def readline(self, size: int | None = -1, /) -> str:
        line = super().readline(-1 if size is None else size)
        if not line:
            raise KeyboardInterrupt
        return line


def test_control_c_keeps_the_game(
    typed: Typed, islands: Islands, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed("", *BEGIN, "game=mine.json")
    monkeypatch.setattr("sys.stdin", Interrupted("pass\n"))
    said = islands("play", "game=mine.json", "scenario=base", "rounds=8")
    assert (said.code, said.err) == (0, "")
    assert "To go on: islands play game=mine.json" in said.out
    assert len(json.loads(Path("mine.json").read_text(encoding="utf-8"))["moves"]) == 1


def test_of_two_who_play_one_game_the_second_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    scenario, path = pie({"rounds": 8, "engine": "array"}), tmp_path / "game.json"
    first = Desk(path, ())
    game = play(scenario, side="claimant")
    first.keep(game)
    second = Desk(path, ())
    more = game.move("pass")
    first.keep(more)
    with pytest.raises(RunError, match="another process has written this game meanwhile"):
        second.keep(game.move(*advice(game)))
    assert load_game(path, scenario).to_json() == more.to_json()
    late = Desk(tmp_path / "new.json", ())
    more.save(tmp_path / "new.json")
    with pytest.raises(RunError, match="another process"):
        late.keep(game)


def advice(game: PlayedWorld) -> tuple[str, str | None]:
    assert game.sight is not None
    move = game.sight.advice[0]
    return move.does, move.what


VERBS = "offer pass accept refuse counter table withdraw yes no auto more only clauses show ? help"
REST = "mine theirs near all 1 2 3 99 0 -1 1e9 administration=0.5000 no_shares = [red] ä list quti"
ODD = ("\x1b[2J", "\U0001d7d9", "\0", "[/]")
WORDS = st.sampled_from([*VERBS.split(), *REST.split(), *ODD])
LINES = st.lists(
    st.one_of(st.lists(WORDS, max_size=3).map(" ".join), st.text(max_size=30)), max_size=20
)
THREE = {"deals.divide.stages.pie.negotiable": {"administration": ["0.4000", "0.5000", "0.6000"]}}


def voted(least: float) -> dict[str, Any]:
    """Return a holder whose public votes for texts that leave it so much of the pie."""
    segments = {"all": segment("rest", least, 0.0, territory=1.0)}
    return {"holder.ratifiers": {"vote": VOTE}, "holder.public.segments": segments}


HELD: dict[str, Any] = {
    **LED,
    "claimant.preconditions.no_shares": stance(1.0, 1.0),
    "deals.divide.stages.pie.negotiable": {"administration": ["0.4000", "0.5000", "0.6000"]},
    "rounds": 8,
    "engine": "array",
}
"""A side with a precondition to withdraw and a leader who may campaign."""


@settings(
    LAW,
    max_examples=LAW.max_examples // 4,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(lines=LINES, side=st.sampled_from(("claimant", "holder")))
def test_no_line_ends_a_game(
    lines: list[str],
    side: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    scenario, path = pie(HELD), tmp_path / "game.json"
    whole = [line for line in lines if line.lower().split()[:1] not in (["quit"], ["q"], ["exit"])]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join([*whole, *["auto"] * 20, ""])))
    game = play(scenario, side=side, ask=Desk(path, ()).ask)
    said = capsys.readouterr()
    assert game.over
    assert said.err == ""
    assert "\x1b" not in said.out
    assert load_game(path, scenario).to_json() == game.to_json()


def at_a_desk(
    lines: str, side: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, ...]:
    """Type lines in the game of a pie; return what was done."""
    scenario = pie({**DEADLINES, **HELD, "claimant.preconditions": {}, TWO: 0.1})
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    game = play(scenario, side=side, ask=Desk(path, ()).ask)
    return tuple(f"{move.does} {move.what or ''}".strip() for move in game.moves)


def test_a_counter_is_a_refusal_and_the_next_offer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done = at_a_desk("counter 9\ncounter 1\n", "holder", tmp_path / "g.json", monkeypatch)
    said = capsys.readouterr().out
    assert done[0] == "refuse"
    assert done[1].startswith("offer ")
    assert "You counter with text 1." in said
    assert "Expected counter and the number of a text from 1 to 3." in said


def test_a_counter_that_cannot_be_offered_is_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = pie({**DEADLINES, **HELD, "claimant.preconditions": {}, TWO: 0.45})
    monkeypatch.setattr("sys.stdin", io.StringIO("counter 3\npass\n"))
    game = play(scenario, side="holder", ask=Desk(tmp_path / "g.json", ()).ask)
    assert [move.does for move in game.moves][:2] == ["refuse", "pass"]
    assert (
        "You cannot counter with text 3: expected a text worth signing" in capsys.readouterr().out
    )


def test_what_is_not_understood_is_said_in_one_line_and_asked_again(typed: Typed) -> None:
    said = typed(
        "ofer 3\nrefuse\n999\noffer\nwithdraw x\nlist odd\nonly x=y\nauto x\nshow 0\n", *BEGIN
    )
    assert said.code == 0
    told = " ".join(said.out.split())
    for part in (
        "got 'ofer 3'; ? helps.",
        "It is your turn: no offer of theirs is on the table. Expected one of offer, pass,",
        "Expected the number of a text from 1 to",
        "Expected withdraw and one of",
        "Expected list, or list and one of",
        "Expected only CLAUSE=LEVEL.",
        "Expected auto, or auto and a number of rounds.",
        "Expected show and the number of a text",
    ):
        assert part in told, part


def test_the_strategy_says_why_it_offers_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for changes, said in [
        ({ONE: 2.0}, "there is no text that you could sign."),
        (voted(9.0), "nothing that you could sign is believed to pass both votes."),
        (voted(0.5), "it still asks for +0."),
    ]:
        scenario = pie({**DEADLINES, **THREE, "rounds": 4, "engine": "array", **changes})
        monkeypatch.setattr("sys.stdin", io.StringIO("auto 9\n"))
        play(scenario, side="claimant", ask=Desk(tmp_path / "game.json", ()).ask)
        told = " ".join(capsys.readouterr().out.split())
        assert told.count(f"Your strategy offers nothing: {said}") == 1, told


def test_a_world_is_played_once_to_its_first_question(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[str] = []
    once = playing

    def counted(*arguments: Any, **more: Any) -> Any:
        built.append("built")
        return once(*arguments, **more)

    monkeypatch.setattr("sim.experiments.play.playing", counted)
    assert typed("", *BEGIN).code == 0
    assert built == ["built"]
    assert Path("game.json").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "scenario: expected a scenario, as scenario=NAME, got none"),
        ((), "side: expected claimant or holder, got none"),
        (("scenario=base", "deal=nowhere"), "side: expected claimant or holder, got none"),
        (("scenario=base", "deal=nowhere"), "deal: expected one of"),
        (("scenario=nowhere",), "side: expected claimant or holder, got none"),
        (("scenario=base", "side=holder", "world=10000000"), "number from 0 to 9,999,999"),
        (("scenario=base",), "side: expected claimant or holder, got none"),
        (("side=claimant",), "scenario: expected a scenario, as scenario=NAME, got none"),
        (("side=third", "scenario=base"), "side: expected one of claimant, holder"),
        (("side=holder", "scenario=base", "world=x"), "world: expected a whole number"),
        (("side=holder", "scenario=base", "deal=nowhere"), "deal: expected one of"),
        (("side=holder", "scenario=base", "deal=agenda"), "'agenda', which needs agenda=open or"),
        (("side=holder", "scenario=base", "agenda=open", "deal=status_quo"), "which lies on it"),
        (("moves=nothing.json",), "nothing.json: expected a game, got nothing of that name"),
        (("game=../x.json", "side=holder", "scenario=base"), "without '..'"),
    ],
)
def test_what_is_at_fault_is_told_before_anything_is_asked(
    typed: Typed, words: tuple[str, ...], said: str
) -> None:
    answered = typed("pass\n", *words)
    assert answered.code == 2
    assert said in answered.err
    assert not [*Path().glob("*.json")]


def test_all_that_is_wrong_with_a_command_is_told_at_once(typed: Typed) -> None:
    words = ("side=third", "world=x", "deal=nowhere", "scenario=base")
    for said, keys in [
        (words[:4], ("side", "world", "deal")),
        (words[:2], ("side", "world")),
        ((*words[:1], "scenario=base", "rouns=3"), ("side", "rouns")),
        ((*words[:2], "game=mine.json"), ("side", "world")),
    ]:
        lines = typed("", *said).err.splitlines()
        assert len(lines) == len(keys), lines
        assert all(
            f"{key}: " in line or f"'{key}'" in line for key, line in zip(keys, lines, strict=True)
        )


def test_a_folder_is_no_game(typed: Typed) -> None:
    Path("kept").mkdir()
    for words in (("game=kept",), (*BEGIN, "game=kept"), ("moves=kept",)):
        answered = typed("pass\n", *words)
        assert answered.code == 2
        assert "got a folder" in answered.err or "got the folder kept" in answered.err


def test_no_game_is_written_over(typed: Typed) -> None:
    typed("pass\n", *BEGIN)
    typed("", *BEGIN)
    assert {path.name for path in Path().glob("*.json")} == {"game.json", "game_2.json"}
    said = typed("", *BEGIN, "game=game.json")
    assert said.code == 2
    assert "game: expected a new file" in said.err
    other = typed("", "game=game.json", "scenario=base", "rounds=9")
    assert other.code == 2
    assert "expected a game of base as it is now" in other.err
