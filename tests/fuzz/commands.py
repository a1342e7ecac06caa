"""Targets: what is typed, as overrides, axes, words of a command, and moves of a game."""

from __future__ import annotations

from contextlib import chdir
from functools import cache, partial
from io import BytesIO, StringIO, TextIOWrapper
from typing import TYPE_CHECKING
from unittest.mock import patch

from tests.fuzz.guard import inside, judged
from tests.fuzz.place import islands, scratch

if TYPE_CHECKING:
    from sim.domain.scenario import Scenario


@cache
def lake() -> str:
    """Return the path of a scenario with all its parts, made from the template."""
    from sim.io.template import write_dispute

    return str(write_dispute("lake", scratch()))


def read_overrides(data: bytes) -> None:
    """Read up to four lines as overrides of a scenario."""
    from sim.io.config import load_run

    texts = _lines(data)
    path = lake()
    judged(lambda: load_run(path, texts))


def read_axes(data: bytes) -> None:
    """Read up to four lines as the axes and settings of a sweep, and lay it out."""
    from sim.cli.options import parse
    from sim.cli.sweep import Sweep
    from sim.experiments.sweep.layout import Source, lay_out

    texts = [f"scenario={lake()}", "worlds=8", *_lines(data)]

    def call() -> None:
        asked = parse(Sweep, texts)
        lay_out(Source(None, []), asked.axes, asked.settings())

    judged(call)


def sit_at_the_desk(data: bytes) -> None:
    """Type bytes in a game that is begun, and go on with the moves that were kept."""
    case, kept = small_case(), scratch() / "game.json"
    kept.unlink(missing_ok=True)
    begun = (f"scenario={case}", "deal=divide", f"side={('claimant', 'holder')[len(data) % 2]}")
    with inside(scratch()):
        for words in (begun, (f"scenario={case}",)):
            with patch("sys.stdin", TextIOWrapper(BytesIO(data), "utf-8")):
                assert judged(partial(islands, "play", *words, f"game={kept}")), "a game ended"


@cache
def small_case() -> str:
    """Return the path of a scenario of few packages and rounds."""
    from sim.io.dump import dump_scenario
    from tests.fuzz.games import small

    path = scratch() / "small.yaml"
    path.write_text(dump_scenario(small()), encoding="utf-8")
    return str(path)


def desk_seeds() -> list[bytes]:
    """Return lines of every kind that is understood, and of none."""
    return [
        b"?\nlist\nlist theirs\nmore\nclauses\nshow 2\n1\nauto 9\n",
        b"pass\ncounter 2\naccept\nyes\nno\nrefuse\nauto\n",
        b"only administration=all\noffer 3\nwithdraw half\ntable again\nquit\n",
        b"show 99999999999999999999\n\xff\xfe\n[red]\n\x1b[2J\n" + b"x" * 5000,
        b"auto 9999\n",
    ]


def go_on_with_a_game(data: bytes) -> None:
    """Read bytes as a game that was kept: play it again, and go on with it."""
    kept = scratch() / "kept.json"
    kept.write_bytes(data)
    with inside(scratch()), patch("sys.stdin", StringIO()):
        for key in ("moves", "game"):
            judged(partial(islands, "play", f"{key}={kept}", f"scenario={small_case()}"))


@cache
def game_seeds() -> list[bytes]:
    """Return games: one over, one begun, and one by the other side."""
    from sim.experiments.play import PlayedWorld, play
    from tests.fuzz.games import small

    def begun(side: str) -> PlayedWorld:
        return play(small(), "divide", side=side, world=1)

    games = (begun("claimant").automatic, begun("claimant"), begun("holder"))
    return [game.to_json().encode() for game in games]


def read_interventions(data: bytes) -> None:
    """Read up to four lines as what is set in a world from a round on."""
    from sim.experiments.branching.interventions import intervention

    texts, case = _lines(data), _isles()
    judged(lambda: intervention(case, texts))


@cache
def _isles() -> Scenario:
    from tests.fuzz.second import switched_on

    return switched_on()


def intervention_seeds() -> list[bytes]:
    """Return something of every kind that can be set."""
    return [
        b"holder.leader=successor\nholder.leader.approval=31.5",
        b"holder.public.opposition=0.4, claimant.leader.discount_factor=0.9",
        b"claimant.preconditions.no_recognition=withdrawn",
        b"environment.processes.pressure=0.5\non_the_table=strait",
        b"holder.offer=x\nclaimant.offer=administration=near",
    ]


def _lines(data: bytes) -> list[str]:
    text = data.decode("utf-8", "surrogateescape")
    return text.split("\n")[:4]


def override_seeds() -> list[bytes]:
    """Return overrides of every form."""
    return [
        b"holder.public.opposition=0.5\nworlds=10**2",
        b"rounds=4\nseed=7\nengine=array",
        b"side@claimant=./x.yaml\nenvironment=fixed",
        b"deals=[lake_line]\nout=../../etc",
        b"++holder.leader.deadline_rounds=none",
        b"~description\ntitle='a b'",
        b"holder.public.segments={a: {share: 1}}",
        b"claimant.leader.discount_factor=1e-300",
        b"protocol.ratification_years.1=[1,2]",
        b"claimant.preferences.weights.territory=1e308\nworkers=2",
    ]


def axis_seeds() -> list[bytes]:
    """Return axes of every form."""
    return [
        b"holder.public.opposition=range(0.3,0.95,0.05)",
        b"holder.leader.deadline_rounds=8,16,none\nseed=1",
        b"claimant.leader.discount_factor=linspace(0.8,1,9)\nprecision=0.02",
        b"holder.public.opposition=interval(0.3,0.9)\ndesign=lhs\nn=7",
        b"uncertain\ndesign=morris\nn=3",
        b"holder.public.opposition=uncertain\ndesign=sobol\nn=4",
        b"protocol.first_mover=claimant,holder\nworlds=8\ndeals=lake_line,status_quo",
        b"holder.public.opposition=choice(0.1,0.2)\nexecutor=dask\nscheduler=tcp://x:1",
        b"rounds=range(1,5)\nsave_worlds=true",
    ]


def type_words(data: bytes) -> None:
    """Type up to four lines as the words of a command that plays nothing long."""
    words = [line for line in _lines(data) if "out" not in line]
    allowed = {"list", "show", "validate", "status", "schema", "report", "plot", "discover", "new"}
    if not words or words[0] not in allowed | {"completion", "-V", ""}:
        return
    here = scratch() / "here"  # `new` writes where one is
    here.mkdir(exist_ok=True)
    with chdir(here), inside(here):
        judged(lambda: islands(*words))


def word_seeds() -> list[bytes]:
    """Return commands."""
    return [
        *(b"list\ndeals", b"list", b"show\nscenario=singapore_2018", b"validate\n./x.yaml"),
        *(b"status\n.", b"schema\nscenario", b"report\n/nowhere", b"plot\nx\nfunnel\nformat=svg"),
        *(b"discover\n.\nevent=zopa", b"new\ndispute\n../x", b"completion\nquery=bash"),
    ]
