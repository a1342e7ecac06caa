"""The page of a run carries all in itself, and takes no stranger's text for HTML."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.domain.scenario import Scenario
from sim.experiments.ensemble import run
from sim.io.dump import dump_scenario
from sim.report.brief import Brief, HtmlTable, brief_page
from tests.browser import chromium
from tests.disputes import pie

Islands = Callable[..., SimpleNamespace]

EVIL = '<script>alert(1)</script><img src="http://there/a.png">[bold]"&'
VOID = {"meta", "img", "br"}


class Reader(HTMLParser):
    """Note elements, what they load and what is read on the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        links = [str(value) for name, value in attrs if name in ("src", "href", "srcset")]
        self.links += [link for link in links if not link.startswith("#")]  # that is on the page
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def strange() -> Scenario:
    """Return a scenario whose every text is what a stranger might send."""
    scenario = pie()
    deals = {
        name: deal.model_copy(update={"label": EVIL, "description": EVIL})
        for name, deal in scenario.deals.items()
    }
    holder = scenario.holder.model_copy(update={"label": EVIL})
    dispute = scenario.dispute.model_copy(update={"label": EVIL})
    changes = {"title": EVIL, "description": EVIL, "deals": deals}
    return scenario.model_copy(update={**changes, "holder": holder, "dispute": dispute})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(strange(), worlds=16).save(tmp_path_factory.mktemp("runs") / "strange")


def read(islands: Islands, *arguments: object) -> Reader:
    answer = islands("report", *arguments)
    assert answer.code == 0, answer.err
    path = Path(answer.out.removeprefix("Report in ").strip())
    return Reader(path.read_text(encoding="utf-8"))


def test_strange_text_stays_text(islands: Islands, folder: Path) -> None:
    page = read(islands, folder)
    assert page.open == []
    assert "script" not in page.tags
    assert page.tags.count("img") == 2
    assert page.text.count(EVIL) > 3


def test_nothing_is_loaded(islands: Islands, folder: Path, tmp_path: Path) -> None:
    page = read(islands, folder, f"out={tmp_path / 'there' / 'page.html'}")
    assert len(page.links) == 2
    assert all(link.startswith("data:image/png;base64,iVBOR") for link in page.links)
    assert not {"link", "script", "iframe", "object", "embed", "base", "form"} & set(page.tags)
    source = (tmp_path / "there" / "page.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in source
    assert "url(" not in source
    assert "@import" not in source


def test_the_page_says_what_a_reader_needs(islands: Islands, folder: Path) -> None:
    page = read(islands, folder)
    for words in (
        "How worlds end, % of worlds",
        "The ladder",
        "Limits of the model",
        "The scenario in words",
        "claimant: ",
        "Sources",
        "How to reproduce it",
        "islands run scenario=./scenario.yaml out=again",
    ):
        assert words in page.text
    resolved = (folder / "config.yaml").read_text(encoding="utf-8")
    assert resolved in page.text
    assert "worlds: 16" in resolved


def test_a_page_for_paper_gives_no_command_to_type(islands: Islands, folder: Path) -> None:
    assert "islands conditions scenario=" in read(islands, folder).text
    brief = read(islands, folder, "appendix=false").text
    assert "What came of it" in brief
    assert not re.search(r"islands [a-z]+\b", brief)


def test_the_page_lies_beside_the_run(islands: Islands, folder: Path) -> None:
    before = {path.name for path in folder.iterdir()}
    read(islands, f"{folder}/")
    assert {path.name for path in folder.iterdir()} == before
    assert folder.with_name("strange.html").is_file()


def test_pictures_of_the_folder_are_taken(islands: Islands, tmp_path: Path) -> None:
    also = {"funnel.png": b"one", "survival.png": b"two", "in_force.png": b"two"}
    run(pie(), worlds=16).save(tmp_path / "run", also=also)
    page = read(islands, tmp_path / "run")
    assert page.links == ["data:image/png;base64,b25l", "data:image/png;base64,dHdv"]
    assert dump_scenario(pie())[:20] in page.text


@pytest.mark.parametrize("arguments", [(), ("out=a.html",), ("nowhere",), ("run", "ot=a")])
def test_what_is_wrong_is_said(islands: Islands, arguments: tuple[str, ...]) -> None:
    answer = islands("report", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("islands: ")


def test_no_folder_is_written_over(islands: Islands, folder: Path) -> None:
    assert islands("report", folder, f"out={folder}").code == 2


@pytest.mark.parametrize("width", [1200, 400])
def test_a_browser_shows_the_page_from_a_file_and_asks_for_nothing(
    islands: Islands, folder: Path, tmp_path: Path, width: int
) -> None:
    path = tmp_path / "page.html"
    read(islands, folder, f"out={path}")
    with chromium() as browser:
        page = browser.new_page(viewport={"width": width, "height": 800})
        asked: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path.as_uri())
        shown = page.evaluate("[...document.images].map(image => image.naturalWidth)")
        across = page.evaluate("document.documentElement.scrollWidth")
    assert [url for url in asked if not url.startswith(("file://", "data:image/png"))] == []
    assert complaints == []
    assert len(shown) == 2
    assert min(shown) > 300
    assert across <= width


def test_the_brief_stands_alone_and_names_what_was_changed(
    islands: Islands, tmp_path: Path
) -> None:
    key = "holder.leader.audience_cost"
    known = dict(pie().quantities())
    run(pie().replaced({key: known[key].at(3.5)}), worlds=16).save(tmp_path / "run")
    page = read(islands, tmp_path / "run", "appendix=false")
    assert "What came of it" in page.text
    assert "Ask what it would take" not in page.text
    assert page.text.count(f"{key}=3.5") == 3
    assert "Limits of the model" in page.text
    assert page.tags.count("img") == 2
    assert "How worlds end" not in page.text
    assert "Appendix" in read(islands, tmp_path / "run").text


def test_the_appendix_begins_with_its_contents_and_folds_what_is_long(
    islands: Islands, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    page = read(islands, folder, f"out={path}")
    source = path.read_text(encoding="utf-8")
    named = set(re.findall(r'href="#(\w+)"', source))
    assert named == set(re.findall(r'<h2 id="(\w+)"', source)) != set()
    assert page.tags.count("details") > 6  # each part of the scenario, and the whole
    assert "stands below" not in page.text
    assert "does no better than base rates" not in page.text


def test_paper_has_the_first_rows_of_a_long_table() -> None:
    rows = [(str(turn), "x") for turn in range(30)]
    brief = Brief("A title", "", "", (), (HtmlTable("many", ("a", "b"), rows, printed=12),))
    page = brief_page(brief, {})
    assert page.count('<tr class="rest">') == 18
    assert "The first 12 of 30; all are in the file." in page
