"""Target: labels, units, titles and other free texts, shown, drawn and printed."""

from __future__ import annotations

import shutil
from random import Random
from typing import Any

import yaml

from sim.errors import ScenarioError
from sim.io.yaml import parse
from tests.fuzz.guard import inside, judged
from tests.fuzz.place import islands, scratch
from tests.fuzz.reader import Reader

FREE = frozenset(
    (
        *("label", "title", "unit", "description", "question", "assumption", "start", "date"),
        *("stream", "name", "interests", "says", "text", "outlet", "quote"),
    )
)
"""Keys whose values are words that no part of the program reads."""

TEXTS = (
    *(
        "x [/red]",
        "[red]",
        "[link=file:///etc/passwd]x[/link]",
        "[bold",
        "]",
        ":smile:",
        "[@click]",
    ),
    *("$\\frac{$", "$x$", "$", "\\", "$$", "_^", "$\\mathdefault{", "\\$", "%s", "{}", "{0}", "%"),
    *(
        "\x1b[2J",
        "\x1b]0;x\x07",
        "\r",
        "\n",
        "a\nb",
        "\t",
        "\x00",
        "\x7f",
        "\x9b",
        "\u2028",
        "\ufeff",
    ),
    *("\u202ea", "\u200b", "\u0301" * 60, "\U0001f3f3\ufe0f\u200d\U0001f308", "\ufffe", "\ue000"),
    *(
        "x" * 201,
        "x" * 2001,
        "w " * 99,
        "島" * 90,
        "a" * 20_000,
        "",
        " ",
        "-",
        "#",
        "&",
        "<b>",
        "&lt;",
    ),
    *(
        "</script><script>alert(1)</script>",
        "<!--",
        "]]>",
        "{{ 7*7 }}",
        "{% raw %}",
        "`x`",
        "|",
        "'",
    ),
    *('"', "= cmd", "@x", "${now:}", "${oc.env:HOME}", "_target_", "none", "null", "yes", "1e400"),
)
"""What strangers may write where words are expected."""


def read_labels(data: bytes) -> None:
    """Read a scenario after its free texts were changed; show it, draw it and print it."""
    from sim.experiments.ensemble import run
    from sim.experiments.result import load_result
    from sim.io.config import load_scenario
    from sim.plotting.pictures import drawn, fitting
    from sim.report.dossier import dossier
    from sim.report.outcomes import render
    from tests.fuzz.place import printed

    text, _, rest = data.partition(b"\x1e")
    reader = Reader(rest or b"\x00")
    path = scratch() / "worded.yaml"
    path.write_bytes(text)
    choice = reader.byte() % 16
    folder = scratch() / "worded"
    shutil.rmtree(folder, ignore_errors=True)
    loaded: list[Any] = []
    with inside(scratch()):
        if not judged(lambda: loaded.append(load_scenario(path, ["worlds=4", "rounds=3"]))):
            return
        judged(lambda: islands("show", f"scenario={path}"))
        if choice < 8:
            return
        found: list[Any] = []
        brief = loaded[0].model_copy(update={"engine": "array"})
        if not judged(lambda: found.append(run(brief, workers=1))):
            return
        found[0].save(folder)
        result = load_result(folder)
        printed(render(result))
        if choice < 12:
            page = dossier(result, {"funnel.png": b"x", "survival.png": b"x"})
            assert "<script>alert" not in page, "a stranger's script stands in the page"
        else:
            names = fitting(result)
            judged(lambda: drawn(result, (reader.pick([*names]),), "png", {}))


def label_seeds() -> list[bytes]:
    """Return two scenarios, and what is done with each."""
    from sim.io.dump import dump_scenario
    from tests.fuzz.games import small
    from tests.fuzz.second import switched_on

    texts = [dump_scenario(case).encode() for case in (small(), switched_on())]
    return [text + b"\x1e" + bytes([choice, 3]) for text in texts for choice in (0, 8, 12, 15)]


def change_labels(data: bytes, seed: int) -> bytes | None:
    """Put one to three strange texts, or names, in place of others."""
    text = data.partition(b"\x1e")[0]
    try:
        tree: Any = parse(text.decode(), trusted=True)
    except (ScenarioError, ValueError):
        return None
    random = Random(seed)
    for _ in range(random.choice((1, 1, 2, 3))):
        places = _worded(tree)
        if not places:
            return None
        above, key = random.choice(places)
        strange = random.choice(TEXTS)
        if isinstance(above[key], str):
            above[key] = strange if random.random() < 0.7 else f"{above[key]}{strange}"
        else:  # a name of something
            above[key] = {
                (strange if name == random.choice([*above[key]]) else name): value
                for name, value in above[key].items()
            }
    choice = bytes([random.randrange(16), random.randrange(256)])
    try:
        new = yaml.safe_dump(tree, sort_keys=False, allow_unicode=True).encode()
    except (yaml.YAMLError, UnicodeEncodeError):
        return None
    return new + b"\x1e" + choice


_NAMED = frozenset(
    (
        *("deals", "stages", "objects", "clauses", "levels", "segments", "ratifiers", "processes"),
        *("preconditions", "events", "polls", "separable", "observed", "interests"),
    )
)
"""Keys below which names are given."""


def _worded(tree: Any) -> list[tuple[Any, Any]]:
    """Return where free texts stand, and where names are given."""
    found: list[tuple[Any, Any]] = []
    todo = [tree]
    while todo:
        above = todo.pop()
        for key, value in above.items() if isinstance(above, dict) else enumerate(above):
            if (key in FREE and isinstance(value, str)) or (
                key in _NAMED and isinstance(value, dict) and value
            ):
                found.append((above, key))
            if isinstance(value, (dict, list)):
                todo.append(value)
    return found
