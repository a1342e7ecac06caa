"""Scenarios: all that one run needs, and the version of their schema."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from html import escape
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from sim.domain.agenda import Agenda, agenda_of, lesser_texts
from sim.domain.deal import Deal
from sim.domain.dispute import Dispute
from sim.domain.environment import Environment, Protocol
from sim.domain.evidence import Register
from sim.domain.frozen import FileName, Frozen
from sim.domain.history import Calibration
from sim.domain.interest import Role
from sim.domain.narration import amount, several
from sim.domain.observation import Statement
from sim.domain.quantity import OVERRIDE, Quantity, key_path
from sim.domain.resolve import Dependence, Resolve
from sim.domain.side import Precondition, Side
from sim.memo import Memo

__all__ = [
    "SCHEMA_VERSION",
    "Scenario",
    "models_of",
    "quantities_of",
]

SCHEMA_VERSION = 2
"""Raised by one whenever a file that was valid no longer is, or means something else.

Whoever raises it enters in `configs/replaced.yaml` every key that went, so that an old file is told
what to write.
"""


class Scenario(Frozen):
    """A case: what is simulated, for how many worlds and rounds, from which seed.

    Parameters
    ----------
    schema_version : int
        The version of this schema for which the file was written; absent, the newest.
    name, title, description : str
        Identifier, title and a paragraph in words.
    start : str
        Date of round 0.
    dispute : Dispute
    claimant, holder : Side
    environment : Environment
    protocol : Protocol
    deals : mapping of name to Deal
        The structures to play, each on the same worlds.
    on_the_table : mapping of structure to float
        How likely each structure was to be the one negotiated; only ratios matter. A settlement
        share is conditional on its structure, a base rate is not: a hindcast uses this mixture,
        and checks that its structures are among `deals` (a run may leave some out).
    agenda : {"single", "open", "tabled"}
        Whether each structure is played by itself ("if this were on the table"), all lie on the
        table at once, or one at a time, first by the weights of `on_the_table`.
    lesser_texts : bool
        Whether on an agenda separable clauses may be left out.
    calibration : Calibration, optional
        Factors on numbers of a kind, fitted to history or tried out; absent, all numbers are
        taken as they stand.
    dependence : {"independent", "declared", "strong"}
        Whether the uncertain numbers of a side go with its resolve: not at all, by loadings as
        `resolve` declares them, or by strong ones (0.9).
    resolve : Resolve, optional
        How far they do; needed unless they are independent.
    dependence_check : bool
        Where they are not independent, also say what a run's shares are under each of the three,
        by its first worlds.
    ladder : {"last_text", "in_force"}
        What counts as in force at the end, below territory and title: the last text, with what
        the texts before it may have said, or what those have said in the very world.
    observed : mapping of name to Statement
        What is known of the start, each with its tolerance (see `sim.domain.observation`).
    conditioned : bool
        Whether worlds must reproduce it: each is drawn anew until it does, at most 64 times.
    evidence : mapping of id to Fact
        The register that sources refer to.
    worlds, rounds, seed : int
        Monte-Carlo worlds, rounds of the simulated window, and the one seed.
    engine : {"auto", "array", "compiled"}
        How rounds are worked out; the results are the same to the bit.
    """

    schema_version: Annotated[int, Field(ge=1)] = SCHEMA_VERSION
    name: FileName
    title: str
    description: str = ""
    start: str
    dispute: Dispute
    claimant: Side
    holder: Side
    environment: Environment
    protocol: Protocol
    deals: Annotated[dict[str, Deal], Field(min_length=1)]
    on_the_table: dict[str, Annotated[float, Field(ge=0)]] = {}
    agenda: Agenda = "single"
    lesser_texts: bool = True
    calibration: Calibration | None = None
    dependence: Dependence = "independent"
    resolve: Resolve | None = None
    dependence_check: bool = True
    ladder: Literal["last_text", "in_force"] = "last_text"
    observed: dict[str, Statement] = {}
    conditioned: bool = False
    evidence: Register = {}
    worlds: Annotated[int, Field(ge=1, le=10_000_000)]
    rounds: Annotated[int, Field(ge=1, le=10_000)]
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    engine: Literal["auto", "array", "compiled"] = "auto"

    def __repr__(self) -> str:
        """Say what it is in one line; `islands show` tells all."""
        deals = several(len(self.deals), "structure")
        size = f"{deals}, {self.worlds:,} worlds × {self.rounds} rounds"
        return f"<Scenario {self.name}: {size}>"

    def __str__(self) -> str:
        """Say what it is in one line."""
        return repr(self)

    def _repr_html_(self) -> str:
        """Show a notebook what is asked, of whom and about which structures."""
        sides = " and ".join(escape(side.label) for side in (self.claimant, self.holder))
        deals = "".join(
            f"<li>{escape(deal.label)} ({name})</li>" for name, deal in self.deals.items()
        )
        size = f"{self.worlds:,} worlds of {self.rounds} rounds from {escape(self.start)}"
        head = f"<strong>{escape(self.title)}</strong><br>{sides}; {size}"
        return f"<p>{head}</p><p>{escape(self.description)}</p><ul>{deals}</ul>"

    @cached_property
    def overrides(self) -> tuple[str, ...]:
        """Return what stands otherwise than the scenario's files say, as ``key=value``.

        Known from the numbers that are marked so, unless the loader has said it all. It is no part
        of the scenario: neither equality nor the dump depends on it.
        """
        marked = (item for item in self.quantities() if OVERRIDE in item[1].source)
        return tuple(f"{key}={amount(number)}" for key, number in marked)

    @property
    def idle(self) -> tuple[str, ...]:
        """Return the keys of numbers that were set otherwise than in files, and play no part."""
        playing = {key for key, _ in self.quantities()}
        said = (key for key, number in quantities_of(self) if OVERRIDE in number.source)
        return tuple(key for key in said if key not in playing)

    def loaded_with(self, overrides: Iterable[str]) -> Scenario:
        """Return the same scenario, which knows with what overrides it was loaded."""
        result = self.model_copy()
        result.__dict__["overrides"] = tuple(overrides)
        return result

    @property
    def structures(self) -> dict[str, Deal]:
        """Return what is played, by name: `deals`, or the one agenda that they make together."""
        return agenda_of(self.agenda, self.texts)

    @property
    def texts(self) -> dict[str, Deal]:
        """Return the structures that may be signed, by name: on an agenda also lesser ones."""
        return self.deals | lesser_texts(self.deals) if self._may_lessen else self.deals

    @property
    def _may_lessen(self) -> bool:
        return self.agenda != "single" and self.lesser_texts

    @property
    def at_once(self) -> Scenario:
        """Return the scenario as it is looked at in all worlds at once: every table is one."""
        return self.model_copy(update={"agenda": "open"}) if self.agenda == "tabled" else self

    def side(self, role: Role) -> Side:
        """Return the side in a role."""
        return self.claimant if role is Role.CLAIMANT else self.holder

    def preconditions(self, role: Role) -> dict[str, Precondition]:
        """Return a side's preconditions with what they block, as accumulation has it if it is on.

        Parameters
        ----------
        role : Role

        Returns
        -------
        mapping of name to Precondition
            The same object for the same side.
        """
        own = self.side(role).preconditions
        return _accumulating(own) if self._is_on("accumulation") else own

    def quantities(self) -> Iterator[tuple[str, Quantity]]:
        """Yield every quantity that plays a part, with its dotted key, in the order of the schema.

        Those of `resolve` play none where a side's numbers are independent, those of a process that
        is off as long as nobody switches it on, patience where the table does not change, whose
        turn it is where sides take turns, and linkage where nothing can be left out.
        """
        idle: dict[str, Any] = {"resolve": None} if self.dependence == "independent" else {}
        unused = {"patience": self.agenda != "tabled", "proposes": not self.protocol.draws_turns}
        none = {name: None for name, is_unused in unused.items() if is_unused}
        idle["protocol"] = self.protocol.model_copy(update=none)
        if not self._may_lessen:
            idle |= {role.value: _unlinked(self.side(role)) for role in Role}
        replaced = self._replaced()
        off = [keys for switch, keys in _ONLY_WITH.items() if not self._is_on(switch)]
        for key, quantity in quantities_of(self.model_copy(update=idle)):
            if key not in replaced and not any(keys.match(key) for keys in off):
                yield key, quantity

    def _replaced(self) -> list[str]:
        """Return the keys of numbers in whose place another process has come."""
        led = [role for role in Role if self._is_on("cues") and self.side(role).public.cues]
        return [f"{role.value}.public.advocacy" for role in led]

    def _is_on(self, switch: str) -> bool:
        if switch == "drafting":
            return self.protocol.drafting is not None and self.protocol.drafting.enabled
        return bool(getattr(self.environment, switch).enabled)

    def with_values(self, values: dict[str, Quantity]) -> Scenario:
        """Return the scenario with some quantities replaced, validated anew.

        Parameters
        ----------
        values : mapping of dotted key to Quantity
            Every key must name a quantity of the scenario.

        Raises
        ------
        KeyError
            If a key names no quantity.
        """
        known = {key for key, _ in self.quantities()}
        unknown = sorted(set(values) - known)
        if unknown:
            raise KeyError(f"no quantity named {', '.join(unknown)}")
        data = self.model_dump(by_alias=True, exclude={"evidence"})
        for key, quantity in values.items():
            _assign(data, key_path(key), quantity.model_dump())
        return Scenario.model_validate({**data, "evidence": self.evidence})

    def replaced(self, values: Mapping[str, Quantity]) -> Scenario:
        """Return the scenario with some quantities replaced, for values that were checked before.

        Nothing is validated, and every part without a replaced quantity is the very same object,
        so that what depends on it need not be worked out again.

        Parameters
        ----------
        values : mapping of dotted key to Quantity

        Raises
        ------
        KeyError
            If a key names no quantity.
        """
        result = self
        for key, quantity in values.items():
            result = _replaced(result, key, quantity)
        return result


_SIDE = r"(claimant|holder)\."
_ONLY_WITH = {
    "successions": re.compile(
        _SIDE + r"leader\.successor\.(discount_factor|audience_cost|resolve_persistence)$"
    ),
    "drafting": re.compile(r"protocol\.drafting\."),
    "red_lines": re.compile(_SIDE + r"beliefs\.red_lines\."),
    "positions": re.compile(_SIDE + r"(preconditions\.[^.]+\.moves|movement)\."),
    "cues": re.compile(_SIDE + r"public\.cues\."),
    "accumulation": re.compile(_SIDE + r"preconditions\.[^.]+\.lifted_by\."),
    "quotas": re.compile(_SIDE + r"ratifiers\.[^.]+\.quota_fall$"),
    "ratifier_errors": re.compile(_SIDE + r"ratifiers\.[^.]+\.error$"),
    "amendments": re.compile(_SIDE + r"ratifiers\.[^.]+\.amends\."),
    "fading": re.compile(_SIDE + r"reservation\.urgency\.(peak|half_life)_years$"),
}
"""Keys of the quantities that play no part unless a process is switched on."""


_until_lifted: Memo[dict[str, Precondition]] = Memo(64)


def _accumulating(own: dict[str, Precondition]) -> dict[str, Precondition]:
    """Return preconditions with what they block until a state lifts them."""
    known = _until_lifted.get(id(own))
    if known is None:
        found = {
            name: item.model_copy(update={"blocks": item.lifted_by.blocks})
            if item.lifted_by and item.lifted_by.blocks
            else item
            for name, item in own.items()
        }
        known = _until_lifted.add(id(own), found, holds=own)
    return known


def _unlinked(side: Side) -> Side:
    commitment = side.commitment.model_copy(update={"linkage_cost": None})
    return side.model_copy(update={"commitment": commitment})


def _replaced(value: Any, key: str, quantity: Quantity) -> Any:
    """Return a value with the quantity under a key replaced; all other parts stay what they are."""
    if not key:
        return quantity
    parts = value if isinstance(value, dict) else type(value).model_fields
    named = [part for part in parts if f"{key}.".startswith(f"{part}.")]
    name = max(named, key=len, default=None)  # a name may hold a dot, as 0.25 beside 0
    if name is None or isinstance(value, Quantity):
        raise KeyError(f"no quantity at {key}")
    rest = key[len(name) + 1 :]
    if isinstance(value, dict):
        return {**value, name: _replaced(value[name], rest, quantity)}
    return value.model_copy(update={name: _replaced(getattr(value, name), rest, quantity)})


def quantities_of(value: object, path: str = "") -> Iterator[tuple[str, Quantity]]:
    """Yield the quantities below a value, each with its dotted key."""
    for key, item in models_of(value, path):
        if isinstance(item, Quantity):
            yield key, item


def models_of(value: object, path: str = "") -> Iterator[tuple[str, BaseModel]]:
    """Yield all that is said below a value, evidence left out, each with its dotted key."""
    if isinstance(value, BaseModel):
        yield path, value
        for name in () if isinstance(value, Quantity) else type(value).model_fields:
            if name != "evidence":
                yield from models_of(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from models_of(item, f"{path}.{name}")


def _assign(data: dict[str, Any], keys: Sequence[str], value: object) -> None:
    for key in keys[:-1]:
        data = data[key]
    data[keys[-1]] = value
