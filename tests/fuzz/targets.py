"""What is fuzzed: bytes go in, and anything but a result or a clean refusal is a finding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.fuzz import built_on, commands, exchange, folders, labels, texts, trees


@dataclass(frozen=True)
class Target:
    """One way in.

    Parameters
    ----------
    run : callable
        Takes bytes.
    seeds : callable
        Returns where to start from.
    mutate : callable, optional
        Takes bytes and a seed, returns changed bytes that are still well formed.
    """

    run: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    mutate: Callable[[bytes, int], bytes | None] | None = None


TARGETS: dict[str, Target] = {
    "scenario": Target(texts.read_text, texts.text_seeds, trees.mutated_yaml),
    "second": Target(texts.read_text, texts.second_seeds, trees.mutated_yaml),
    "labels": Target(labels.read_labels, labels.label_seeds, labels.change_labels),
    "defaults": Target(built_on.read_defaults, built_on.default_seeds),
    "record": Target(texts.read_record, texts.record_seeds, trees.mutated_yaml),
    "overrides": Target(commands.read_overrides, commands.override_seeds),
    "axes": Target(commands.read_axes, commands.axis_seeds),
    "genius": Target(exchange.read_genius, exchange.genius_seeds, exchange.change_genius),
    "conflict": Target(exchange.read_conflict, exchange.conflict_seeds, trees.mutated_yaml),
    "interventions": Target(commands.read_interventions, commands.intervention_seeds),
    "desk": Target(commands.sit_at_the_desk, commands.desk_seeds),
    "game": Target(commands.go_on_with_a_game, commands.game_seeds, trees.mutated_json),
    "words": Target(commands.type_words, commands.word_seeds),
    "run_folder": Target(folders.open_run, folders.folder_seeds),
    "agenda_folder": Target(folders.open_agenda, folders.folder_seeds),
    "sweep_folder": Target(folders.open_sweep, folders.folder_seeds),
    "branch_folder": Target(folders.open_branches, folders.folder_seeds),
    "conditions_folder": Target(
        folders.open_conditions, folders.conditions_seeds, trees.mutated_json
    ),
}
