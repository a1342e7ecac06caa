"""One vocabulary: the eight outcomes are called the same in tables, pictures and sentences."""

import re
from pathlib import Path

import pytest

from sim.domain.narration import funnel
from sim.domain.outcome import OUTCOME_LABELS, OUTCOMES, Outcome

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = re.compile(
    r"no\\n?\s?barg\.|re-\\nject|not\\nrea|inte-\\nrim|pub-\\nlics|re-\\nneged|pre-\\ncond"
    r"|unratifiable|just not agreed|nothing worth signing to both|vote fails"
)
"""What outcomes were called once."""
READ = [*(ROOT / "sim").rglob("*.py"), *(ROOT / "docs").glob("*.md"), ROOT / "README.md"]


@pytest.mark.parametrize("folder", ["sim", "docs", "README.md"])
def test_no_other_word_stands_anywhere(folder: str) -> None:
    read = [path for path in READ if (ROOT / folder) in (path, *path.parents)]
    assert read
    found = {path.name: ELSEWHERE.findall(path.read_text(encoding="utf-8")) for path in read}
    assert {name: words for name, words in found.items() if words} == {}


def test_every_outcome_has_one_label_and_a_short_one_in_whole_words() -> None:
    assert [*OUTCOME_LABELS] == [*OUTCOMES]
    for label in OUTCOME_LABELS.values():
        assert len(label.column) <= len(label.legend)
        assert re.fullmatch(r"[a-z ]+", label.column)
    assert len({label.column for label in OUTCOME_LABELS.values()}) == len(OUTCOMES)


def test_explanations_say_the_same_label() -> None:
    for outcome in Outcome:
        (said,) = funnel({outcome: 1})
        assert said == f"1 of 1 worlds (100 %): {outcome.label}: {outcome.value}."
