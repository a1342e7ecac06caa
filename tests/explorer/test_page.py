"""The page in a real browser: move, read, step, compare, take along, and leave nothing behind."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from zipfile import ZipFile

import pytest

import sim
from sim.experiments.debriefing import debrief
from sim.experiments.result import load_result
from sim.explorer.pool import SIZES
from sim.io.dump import dump_scenario
from sim.report.play import debriefing_words
from tests.browser import chromium
from tests.disputes import pie
from tests.experiments.test_debriefing import PLANTED, stubborn

pytest.importorskip("solara", reason="needs the extra explore")
playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")

# One server serves all of these: they stay on one worker.
pytestmark = pytest.mark.xdist_group("page")

SCENARIO = "canada_denmark_2018"
KEY = "claimant.preconditions.about_half.firmness"
PATIENCE = 180_000
"""Milliseconds until a wait fails: the first worlds may have to wait for the engine's compiler."""
ISLANDS = [sys.executable, "-c", "import sys; from sim.cli import main; sys.exit(main())"]


@dataclass
class Served:
    process: subprocess.Popen[str]
    address: str

    def workers(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(word) for word in listed.split()]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("scenarios")
    (folder / "broken.yaml").write_text("title: [\n")
    (folder / "planted.yaml").write_text(dump_scenario(pie(PLANTED)))
    words = ["explore", f"scenario={SCENARIO}", "port=0", "browser=false", "workers=2"]
    process = subprocess.Popen(
        [*ISLANDS, *words],
        env={**os.environ, "ISLANDS_SCENARIOS": str(folder), "HOME": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+/", line)
    assert found, line
    try:
        yield Served(process, found.group())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Any, served: Served) -> Iterator[Any]:
    """Open the page; whatever it does, no request of it leaves this machine and none fails."""
    with browser.new_context(viewport={"width": 1000, "height": 900}) as context:
        page = opened(context, served)
        hosts: set[str | None] = set()
        failed: list[str] = []
        page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
        page.on("websocket", lambda ws: hosts.add(urlsplit(ws.url).hostname))
        page.on("response", lambda reply: reply.status >= 400 and failed.append(reply.url))
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.goto(served.address)
        page.get_by_test_id("numbers-A").wait_for()
        yield page
        assert hosts <= {"127.0.0.1", None}
        assert failed == []


def opened(context: Any, served: Served) -> Any:
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    return page


@dataclass
class Read:
    """What is on the page: how many worlds, and the unrounded cells of the table."""

    worlds: int
    cells: dict[str, float]


def read(page: Any, moved: dict[str, float], least: int = 1) -> Read:
    """Wait until the page shows a setting in enough worlds, and read it all at once."""
    table = page.wait_for_function(
        """([moved, least]) => {
            const table = document.querySelector("[data-testid='numbers-A']");
            if (table?.dataset.moved !== moved || Number(table.dataset.worlds) < least) return null;
            const cells = [...table.querySelectorAll("[data-value]")];
            return {
                worlds: Number(table.dataset.worlds),
                cells: cells.map((cell) => [cell.dataset.testid, Number(cell.dataset.value)]),
            };
        }""",
        arg=[json.dumps([moved]), least],
    ).json_value()
    return Read(table["worlds"], dict(table["cells"]))


def played(worlds: int, *overrides: str) -> dict[str, float]:
    """Return what the page ought to show."""
    scenario = sim.load_scenario(SCENARIO, overrides)
    return shares(sim.run(scenario, worlds=worlds, workers=1, reversal_draws=0).outcomes)


def shares(table: Any) -> dict[str, float]:
    return {
        f"A/{row['deal']}/{name}": row[name]
        for row in table.to_dict("records")
        for name in ("settled", "interim", "preconditions", "publics")
    }


def ended(pid: int) -> bool:
    """Wait until a process has ended."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 60)[0])
    finally:
        os.close(handle)


def slide(page: Any, key: str, value: str) -> None:
    page.get_by_test_id("search").fill(key)
    page.get_by_test_id(f"slider/{key}").fill(value)


def test_what_is_moved_is_played_told_and_taken_along(
    page: Any, served: Served, tmp_path: Path
) -> None:
    before = read(page, {})
    assert played(before.worlds).items() <= before.cells.items()
    slide(page, KEY, "0.8")
    after = read(page, {KEY: 0.8}, least=1024)
    assert played(after.worlds, f"{KEY}=0.8").items() <= after.cells.items()
    assert after.cells != before.cells
    assert page.get_by_test_id(f"value/{KEY}").inner_text() == "0.8 probability"
    assert page.locator("img.funnel").evaluate("image => image.naturalWidth") > 600

    with page.expect_download() as download:
        page.get_by_test_id("scenario-A").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    words = ["run", f"scenario={file}", f"out={tmp_path / 'again'}", "workers=1"]
    done = subprocess.run([*ISLANDS, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    again = load_result(tmp_path / "again")
    assert again.scenario.worlds >= after.worlds
    assert shares(again.outcomes) == played(again.scenario.worlds, f"{KEY}=0.8")

    with page.expect_download() as download:
        page.get_by_test_id("results-A").click()
    download.value.save_as(tmp_path / "results.zip")
    with ZipFile(tmp_path / "results.zip") as packed:
        packed.extractall(tmp_path / "results")
    results = load_result(tmp_path / "results")
    assert shares(results.outcomes) == played(results.scenario.worlds, f"{KEY}=0.8")

    page.get_by_test_id(f"reset/{KEY}").click()
    reset = read(page, {})
    assert played(reset.worlds).items() <= reset.cells.items()


def test_the_game_is_chosen_on_the_page(page: Any) -> None:
    """Rounds and a strategy are played as on the command line, and undone."""
    page.get_by_text("The game").click()
    rounds = page.get_by_test_id("game/rounds")
    rounds.fill("6")
    rounds.press("Enter")
    page.get_by_test_id("game/holder.strategy").select_option("boulware")
    table = page.get_by_test_id("numbers-A")
    chosen = json.dumps([{"holder.strategy": "boulware", "rounds": "6"}])
    playwright.expect(table).to_have_attribute("data-chosen", chosen, timeout=PATIENCE)
    got = read(page, {})
    expected = played(got.worlds, "rounds=6", "strategy@holder.strategy=boulware")
    assert expected.items() <= got.cells.items()
    rounds.fill("")
    rounds.press("Enter")
    page.get_by_test_id("game/holder.strategy").select_option("")
    playwright.expect(table).to_have_attribute("data-chosen", "[{}]", timeout=PATIENCE)


def test_what_is_asked_faster_than_the_page_is_drawn_is_not_lost(page: Any) -> None:
    """Two structures and two numbers in one turn of the browser, which knows neither yet."""
    page.get_by_test_id(f"slider/{KEY}").wait_for(state="attached")
    other = "holder.beliefs.caution"
    page.evaluate(
        """([names, sliders]) => {
            const at = (id) => document.querySelector(`[data-testid="${id}"]`);
            for (const name of names) at("structure/" + name).click();
            for (const [key, value] of Object.entries(sliders)) {
                at("slider/" + key).value = value;
                at("slider/" + key).dispatchEvent(new Event("change"));
            }
        }""",
        [["hans_line", "status_quo"], {KEY: 0.8, other: 0.5}],
    )
    got = read(page, {KEY: 0.8, other: 0.5})
    assert {key.split("/")[1] for key in got.cells}.isdisjoint({"hans_line", "status_quo"})


@pytest.mark.parametrize("width", [800, 1280])
def test_results_stay_in_sight_while_numbers_are_moved(page: Any, width: int) -> None:
    """Nothing is wider than the window, and words keep more than a few letters a line."""
    page.set_viewport_size({"width": width, "height": 900})
    page.get_by_test_id("search").fill(KEY.rpartition(".")[2])
    page.get_by_test_id(f"slider/{KEY}").fill("0.8")
    read(page, {KEY: 0.8})
    page.locator("[data-testid='verdict'], .funnel").first.wait_for()
    page.get_by_test_id(f"slider/{KEY}").evaluate("slider => slider.scrollIntoView()")
    seen = page.evaluate(
        """() => {
            const box = (one) => one.getBoundingClientRect();
            const within = (one) => box(one).bottom > 0 && box(one).top < innerHeight;
            return {
                wide: document.documentElement.scrollWidth > innerWidth,
                results: within(document.querySelector("[data-testid='verdict'], .funnel")),
                labels: [...document.querySelectorAll(".slider label")].map((l) => box(l).width),
            };
        }"""
    )
    assert not seen["wide"]
    assert seen["results"]
    assert min(seen["labels"]) > 90
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/page_{width}.png")


def test_a_world_is_stepped_through_in_words(page: Any) -> None:
    page.get_by_test_id("world-structure").select_option("hans_line")
    page.get_by_test_id("world").fill("3")
    page.get_by_test_id("world").press("Tab")
    heading, narration = page.get_by_test_id("round"), page.get_by_test_id("narration")
    tale = sim.run(sim.load_scenario(SCENARIO), worlds=4, workers=1).trace("hans_line", 3)
    rounds = sorted(set(tale["round"].tolist()))
    last = re.compile(rf"Round 0 of\s+0 to {rounds[-1]}$")
    playwright.expect(heading).to_have_text(last, timeout=PATIENCE)
    first = narration.inner_text()
    page.get_by_test_id("next").click()
    playwright.expect(heading).to_have_attribute("data-round", str(rounds[1]))
    assert narration.inner_text()
    page.get_by_test_id("back").click()
    playwright.expect(heading).to_have_attribute("data-round", "0")
    assert narration.inner_text() == first
    playwright.expect(page.get_by_test_id("back")).to_be_disabled()
    page.get_by_test_id("jump").fill(str(len(rounds) - 1))
    playwright.expect(heading).to_have_attribute("data-round", str(rounds[-1]))
    playwright.expect(page.get_by_test_id("next")).to_be_disabled()
    playwright.expect(page.get_by_test_id("ending")).to_contain_text("How this world ends")


@pytest.mark.nightly
def test_two_settings_stand_side_by_side(page: Any) -> None:
    page.get_by_test_id("compare").click()
    slide(page, KEY, "0.2")
    table = page.get_by_test_id("compared")
    moved = json.dumps([{}, {KEY: 0.2}])
    worlds = f"{SIZES[-1]} {SIZES[-1]}"
    playwright.expect(table).to_have_attribute("data-moved", moved, timeout=PATIENCE)
    playwright.expect(table).to_have_attribute("data-worlds", worlds, timeout=PATIENCE)
    got = {
        name: float(page.get_by_test_id(f"{name}/hans_line/settled").get_attribute("data-value"))
        for name in ("A", "B", "change")
    }
    declared, softer = played(SIZES[-1]), played(SIZES[-1], f"{KEY}=0.2")
    place = "A/hans_line/settled"
    assert (got["A"], got["B"]) == (declared[place], softer[place])
    assert got["change"] == pytest.approx(softer[place] - declared[place])
    page.get_by_test_id("compare").click()
    assert softer.items() <= read(page, {KEY: 0.2}, SIZES[-1]).cells.items()


def test_two_browsers_have_a_state_of_their_own(page: Any, browser: Any, served: Served) -> None:
    with browser.new_context() as context:
        other = opened(context, served)
        other.goto(served.address)
        slide(other, KEY, "0.8")
        page.get_by_test_id("no-structure").evaluate("button => button.click()")
        nothing = page.get_by_text("Choose at least one structure")
        playwright.expect(nothing).to_be_visible(timeout=PATIENCE)
        there = read(other, {KEY: 0.8})
        assert played(there.worlds, f"{KEY}=0.8").items() <= there.cells.items()
        assert page.get_by_test_id("moved").inner_text().startswith("All numbers")
        page.get_by_test_id("structure/hans_shared").evaluate("box => box.click()")
        rows = page.get_by_test_id("numbers-A").locator("tbody tr")
        playwright.expect(rows).to_have_count(1, timeout=PATIENCE)
        found = read(page, {})
    assert {key.split("/")[1] for key in found.cells} == {"hans_shared"}


def test_a_broken_scenario_is_told_and_the_page_goes_on(page: Any) -> None:
    page.get_by_test_id("scenario").select_option("broken")
    fault = page.get_by_test_id("fault")
    playwright.expect(fault).to_contain_text("broken.yaml: line 2", timeout=PATIENCE)
    assert "islands: " in fault.inner_text()
    assert page.get_by_test_id("scenario").input_value() == SCENARIO
    page.get_by_test_id("scenario").select_option("norway_russia_2010")
    page.get_by_test_id("A/barents_equal_split/settled").wait_for()
    playwright.expect(fault).to_have_count(0)


def act(page: Any, hook: str) -> str:
    """Press a button of the game, and wait for the next question."""
    panel = page.get_by_test_id("play-one")
    turn = panel.get_attribute("data-turn")
    page.get_by_test_id(hook).click()
    playwright.expect(panel).not_to_have_attribute("data-turn", turn, timeout=PATIENCE)
    return str(page.get_by_test_id("head").get_attribute("data-question"))


def seen_whole(page: Any, name: str) -> None:
    """Look whether anything is wider than the window, narrow and wide."""
    for width in (1280, 800):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=f"{folder}/{name}_{width}.png", full_page=True)


def test_a_side_is_played_to_its_debriefing(page: Any, tmp_path: Path) -> None:
    """One whole world, with a planted debriefing; what does not fit is asked again."""
    page.get_by_test_id("scenario").select_option("planted")
    page.get_by_test_id("play").click()
    fault = page.get_by_test_id("play-fault")
    for data, told in [
        (b'"' * 110_000, "odd.json: expected a game of at most 120000 bytes, got 220002"),
        (b"[" * 130_000, "odd.json: expected a game of at most 120000 bytes, got 130000"),
        (b'{"world": }', "odd.json: line 1, column 11: expected JSON, got '}'"),
    ]:
        page.get_by_test_id("load").set_input_files(
            {"name": "odd.json", "mimeType": "application/json", "buffer": data}
        )
        playwright.expect(fault).to_contain_text(told, timeout=PATIENCE)
    page.get_by_test_id("begin").click()
    head = page.get_by_test_id("head")
    playwright.expect(head).to_contain_text("Round 0 of 3 (2000-01): your turn to offer")
    playwright.expect(fault).to_have_count(0)
    page.get_by_test_id("order").select_option("all")
    page.get_by_test_id("offer/1").click()
    refused = page.get_by_test_id("not-so")
    playwright.expect(refused).to_contain_text("Expected a text worth signing to you")
    playwright.expect(page.get_by_test_id("order")).to_have_value("all")
    page.get_by_test_id("show/3").click()
    playwright.expect(page.get_by_test_id("whole")).to_contain_text("Worth +0.3 to you")
    seen_whole(page, "play_turn")
    assert act(page, "offer/4") == "answer"
    assert act(page, "undo") == "turn"
    asked, deeds = "turn", {"turn": "do/pass", "answer": "do/refuse"}
    while asked:
        asked = act(page, deeds[asked])
    game = stubborn()
    for lines in debriefing_words(debrief(game)).values():
        for line in lines:
            playwright.expect(page.get_by_test_id("debriefing")).to_contain_text(line)
    seen_whole(page, "play_over")

    kept = saved(page, "save", tmp_path)
    case = saved(page, "save-scenario", tmp_path)
    there = sim.load_game(kept, str(case))
    assert [move.does for move in there.moves] == [move.does for move in game.moves]
    page.get_by_test_id("outcomes").click()
    page.get_by_test_id("numbers-A").wait_for()
    page.get_by_test_id("play").click()
    playwright.expect(head).to_have_text("The game is over.")
    page.get_by_test_id("leave").click()
    page.get_by_test_id("load").set_input_files(kept)
    playwright.expect(head).to_have_text("The game is over.", timeout=PATIENCE)


def saved(page: Any, hook: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_test_id(hook).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [
        ({"Host": "rebound.example"}, None, 400),
        ({"Origin": "http://other.example"}, None, 403),
        ({"Content-Length": "1000000"}, b"x", 413),
    ],
)
def test_strangers_are_refused(
    served: Served, headers: dict[str, str], body: bytes | None, code: int
) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(Request(served.address, data=body, headers=headers), timeout=60)
    with refused.value as answer:
        assert answer.code == code


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for processes as Linux can")
def test_ctrl_c_ends_it_and_all_its_processes(browser: Any, served: Served) -> None:
    """The last test of this file, with a page still open."""
    with browser.new_context() as context:
        other = opened(context, served)
        other.goto(served.address)
        other.get_by_test_id("numbers-A").wait_for()
        workers = served.workers()
        assert len(workers) >= 2
        served.process.send_signal(signal.SIGINT)
        assert served.process.wait(timeout=60) == 130
    assert [pid for pid in workers if not ended(pid)] == []
