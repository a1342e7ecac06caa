"""What a process remembers: the very same answers, within their room, and nothing that went."""

from __future__ import annotations

import gc
from weakref import ref

import numpy as np

from sim.memo import Memo, memoize_by_identity, memoize_by_value


def test_what_was_asked_for_last_stays() -> None:
    some: Memo[str] = Memo(3)
    for key in "abc":
        some.add(key, key.upper())
    assert some.get("a") == "A"
    some.add("d", "D", size=2)
    assert [some.get(key) for key in "abcd"] == ["A", None, None, "D"]


def test_an_answer_given_twice_takes_its_room_once() -> None:
    some: Memo[str] = Memo(2)
    for _ in range(5):
        some.add("a", "A")
    some.add("b", "B")
    assert (some.get("a"), some.get("b")) == ("A", "B")


def test_what_an_answer_is_about_lives_as_long_as_it() -> None:
    class Thing: ...

    some: Memo[int] = Memo(1)
    thing = Thing()
    seen = ref(thing)
    some.add(id(thing), 1, holds=thing)
    del thing
    gc.collect()
    assert seen() is not None
    some.add("another", 2)
    gc.collect()
    assert seen() is None


def test_values_are_told_apart_by_shape_kind_and_order() -> None:
    asked = []

    @memoize_by_value
    def total(*parts: np.ndarray) -> np.ndarray:
        asked.append(parts)
        return np.array([sum(float(part.sum()) for part in parts)])

    one = np.ones((2, 3))
    assert total(one) is total(one.copy())
    total(one.T)
    total(one.astype(np.int64))
    total(one, np.zeros(1))
    total(np.zeros(1), one)
    assert len(asked) == 5
    assert not total(one).flags.writeable


def test_large_answers_do_not_push_out_small_ones() -> None:
    twice = memoize_by_identity(lambda x: 2 * x)
    small = np.ones(8)
    answer = twice(small)
    large = [np.ones(2**20) for _ in range(12)]
    answers = [twice(each) for each in large]
    assert twice(small) is answer
    assert twice(large[-1]) is answers[-1]
    assert twice(large[0]) is not answers[0]


def test_an_array_that_many_answers_hold_takes_its_room_once() -> None:
    shared, own = np.ones(8), [np.ones(2) for _ in range(10)]
    some: Memo[int] = Memo(shared.nbytes + 3 * own[0].nbytes)
    for place in range(3):
        some.add(place, place + 1, size=0, arrays=(shared, own[place]))
    assert [some.get(place) for place in range(3)] == [1, 2, 3]
    for place in range(3, 10):  # when the last that holds it goes, its room is free again
        some.add(place, place + 1, size=0, arrays=(own[place],))
    assert [some.get(place) for place in range(10)] == [None] * 3 + [*range(4, 11)]
