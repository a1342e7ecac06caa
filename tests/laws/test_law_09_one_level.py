"""Law 9: where publics favour everything and nothing domestic is at work, there is one level."""

from __future__ import annotations

from hypothesis import given

from tests.laws.generator import disputes
from tests.laws.play import LAW, SIDES, Changes, play, same

OFF = (
    "leader.audience_cost",
    "public.backlash.growth",
    "public.advocacy",
    "beliefs.own_support_error",
    "beliefs.other_support_error",
)


@LAW
@given(disputes())
def test_law_9_with_publics_in_favour_of_everything_the_game_is_the_one_level_game(
    dispute: Changes,
) -> None:
    quiet = {f"{side}.{key}": 0 for side in SIDES for key in OFF}
    two_levels = {**dispute, **quiet}
    for side in SIDES:
        for segment in two_levels[f"{side}.public.segments"].values():
            segment["threshold"] = {**segment["threshold"], "value": -100}
        ratifiers = two_levels[f"{side}.ratifiers"]
        two_levels[f"{side}.ratifiers"] = {
            name: item for name, item in ratifiers.items() if item["kind"] in _BY_SUPPORT
        }
        for item in two_levels[f"{side}.ratifiers"].values():
            item |= {"noise": {**item["noise"], "value": 0}} if "noise" in item else {}
    one_level = {**two_levels, **{f"{side}.ratifiers": {} for side in SIDES}}
    same(play(two_levels), play(one_level))


_BY_SUPPORT = ("referendum", "leader", "region", "parliament")
