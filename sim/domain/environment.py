"""The environment of the talks and the rules at the table, as declared."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.domain.frozen import Frozen
from sim.domain.quantity import NonNegative, Real, Share


class Switch(Frozen):
    """A process that can be switched off.

    Parameters
    ----------
    enabled : bool
        Whether the process runs at all.
    """

    enabled: bool = True


class ApprovalSwitch(Switch):
    """Whether approvals move."""


class TurnoverSwitch(Switch):
    """Whether leaders leave office."""


class EntrenchmentSwitch(Switch):
    """Whether the status quo hardens (each side's `reservation.entrenchment.gain`)."""


class AgeingSwitch(Switch):
    """Whether those affected grow old (each side's `reservation.urgency.growth`)."""


class Sanctions(Switch):
    """Sanctions between the sides' camps.

    Parameters
    ----------
    in_force : bool
        At the start.
    lifted_year, imposed_year : Quantity
        Yearly hazards of being lifted and imposed.
    """

    in_force: bool
    lifted_year: NonNegative
    imposed_year: NonNegative


class Oil(Switch):
    """The oil price relative to the start, in logs: mean-reverting.

    Parameters
    ----------
    sd : Quantity
        Stationary standard deviation of the log price.
    persistence_month : Quantity
        Monthly AR(1) coefficient.
    drift : Quantity
        Log change towards which the price reverts.
    """

    sd: NonNegative
    persistence_month: Share
    drift: Real


class Pressure(Switch):
    """Pressure of outside powers against a settlement: mean-reverting, in standard units.

    Parameters
    ----------
    start, mean : Quantity
        Level now, and in the long run.
    sd : Quantity
        Stationary standard deviation.
    persistence_month : Quantity
        Monthly AR(1) coefficient.
    """

    start: Real
    mean: Real
    sd: NonNegative
    persistence_month: Share


class Crises(Switch):
    """Crises that suspend talks.

    Parameters
    ----------
    hazard_year : Quantity
        Crises a year.
    years : Quantity
        Mean length.
    """

    hazard_year: NonNegative
    years: NonNegative


class Event(Switch):
    """Something dated that moves the surroundings.

    Parameters
    ----------
    enabled : bool
        Whether it happens.
    label : str
        In words.
    round : int
        When, in rounds from the start of talks.
    claimant_approval, holder_approval : Quantity, optional
        Points of approval.
    pressure : Quantity, optional
        Change of outside pressure.
    sanctions : {"imposed", "lifted"}, optional
        What happens to sanctions.
    suspend_rounds : int
        For how many rounds talks are suspended.
    source, assumption
        Where the event is from.
    """

    label: str
    round: Annotated[int, Field(ge=0)]
    claimant_approval: Real | None = None
    holder_approval: Real | None = None
    pressure: Real | None = None
    sanctions: Literal["imposed", "lifted"] | None = None
    suspend_rounds: Annotated[int, Field(ge=0)] = 0
    source: tuple[str, ...] = ()
    assumption: str | None = None


class Environment(Frozen):
    """What happens around the talks; each process can be switched off.

    Parameters
    ----------
    name, label : str
        Identifier and title.
    approval, turnover : Switch
        The processes themselves are described with each side's leader.
    entrenchment, ageing : Switch
        Described with each side's reservation value; switched off, nothing is gained or lost by
        the mere passing of time.
    sanctions, oil, pressure, crises
        Processes shared by both sides.
    events : mapping of name to Event
        Dated events.
    """

    name: str
    label: str
    approval: ApprovalSwitch = ApprovalSwitch()
    turnover: TurnoverSwitch = TurnoverSwitch()
    entrenchment: EntrenchmentSwitch = EntrenchmentSwitch()
    ageing: AgeingSwitch = AgeingSwitch()
    sanctions: Sanctions
    oil: Oil
    pressure: Pressure
    crises: Crises
    events: dict[str, Event] = {}


class Protocol(Frozen):
    """The rules of the table.

    Parameters
    ----------
    name, label : str
        Identifier and title.
    kind : {"alternating_offers"}
        Which protocol.
    first_mover : {"claimant", "holder"}
        Who makes the offer of round 0.
    round_years : float
        Length of a round in years.
    ratification_years : mapping of whole years to Quantity
        Probability that a text is voted on so many years after its signature; normalised.
    effect_years : mapping of years to Quantity, optional
        The same of the entry into force of texts on which no ratifier votes; as
        `ratification_years` if left out.
    resume_rounds : int
        Rounds after a rejection or a walk-back before talks resume.
    """

    name: str
    label: str
    kind: Literal["alternating_offers"] = "alternating_offers"
    first_mover: Literal["claimant", "holder"]
    round_years: Annotated[float, Field(gt=0, le=10)]
    ratification_years: Annotated[dict[str, Share], Field(min_length=1)]
    effect_years: Annotated[dict[str, Share], Field(min_length=1)] | None = None
    resume_rounds: Annotated[int, Field(ge=0)]
