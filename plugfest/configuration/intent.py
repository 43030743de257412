"""A vendor-neutral intent: what ports and queues of a switch should be set to, with units in the names.

Thresholds are bytes, probabilities and weights per cent, times milliseconds.  What is left out is left alone.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from plugfest.configuration.aspects import Aspect
from plugfest.inventory.fields import Name, PortName, Speed, Text
from plugfest.records import Record

Priority = Annotated[int, Field(ge=0, le=7)]
"""Priority of IEEE 802.1Q; here also the number of the queue that serves it."""
Dscp = Annotated[int, Field(ge=0, le=63)]
Percent = Annotated[int, Field(ge=1, le=100)]
DEFAULT_PRIORITY = 0
"""Where a switch puts a DSCP that no line of the map names."""
WHOLE = 100


def _number(key: object) -> object:
    """Keys of a YAML mapping arrive as texts."""
    return int(key) if isinstance(key, str) and key.isdecimal() and len(key) < 4 else key


PriorityKey = Annotated[Priority, BeforeValidator(_number)]
DscpKey = Annotated[Dscp, BeforeValidator(_number)]


class Pfc(Record):
    """Lossless priorities."""

    priorities: Annotated[tuple[Priority, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _once(self) -> Self:
        if len(set(self.priorities)) != len(self.priorities):
            raise ValueError(f"expected each priority once, found {list(self.priorities)} – remove the repetition")
        return self


class EcnCurve(Record):
    """Marking curve of one queue: none below `minimum_bytes`, all above `maximum_bytes`, linear between."""

    priority: Priority
    minimum_bytes: Annotated[int, Field(gt=0)]
    """Often called Kmin."""
    maximum_bytes: Annotated[int, Field(gt=0)]
    """Often called Kmax."""
    probability_percent: Percent
    """Marking probability just below `maximum_bytes`, often called Pmax."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.minimum_bytes >= self.maximum_bytes:
            raise ValueError(
                f"expected minimum_bytes below maximum_bytes, found {self.minimum_bytes} and {self.maximum_bytes}"
                " – raise maximum_bytes"
            )
        return self


class Classification(Record):
    """How a packet gets its priority."""

    trust: Literal["dscp"] = "dscp"
    """The mark that is believed; RoCEv2 is routed, so it is DSCP."""
    dscp: Annotated[Mapping[DscpKey, Priority], Field(min_length=1)]
    """Priority by DSCP; a DSCP that is not named keeps the priority it has."""


class Scheduling(Record):
    """How queues share a port (ETS)."""

    weights_percent: Annotated[Mapping[PriorityKey, Percent], Field(min_length=1)]
    """Share of the bandwidth that strict queues leave, by priority; sums up to 100."""
    strict: tuple[Priority, ...] = ()
    """Priorities that are served before all others."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        total = sum(self.weights_percent.values())
        if total != WHOLE:
            raise ValueError(f"expected weights that sum up to 100 per cent, found {total} – change a weight")
        both = sorted(set(self.weights_percent) & set(self.strict))
        if both:
            raise ValueError(f"expected a weight or strict service, found both for priority {both[0]} – keep one")
        return self


class Watchdog(Record):
    """When a paused queue is taken out of the lossless service, and when it returns."""

    detection_milliseconds: Annotated[int, Field(ge=10, le=60_000)]
    restoration_milliseconds: Annotated[int, Field(ge=10, le=60_000)]
    action: Literal["drop", "forward"] = "drop"


class LosslessProfile(Record):
    """Everything that makes a priority lossless for RoCEv2, as one whole that is checked as one."""

    classification: Classification | None = None
    pfc: Pfc | None = None
    ecn: tuple[EcnCurve, ...] = ()
    scheduling: Scheduling | None = None
    watchdog: Watchdog | None = None

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        self._curves_once()
        self._lossless_priorities_carry_traffic()
        self._queues_are_served()
        if self.watchdog and not self.pfc:
            raise ValueError(
                "expected pfc beside watchdog, found none – a watchdog guards lossless priorities: add pfc"
            )
        return self

    def _curves_once(self) -> None:
        priorities = [curve.priority for curve in self.ecn]
        repeated = sorted({priority for priority in priorities if priorities.count(priority) > 1})
        if repeated:
            raise ValueError(f"expected one ecn curve a priority, found several for {repeated[0]} – keep one")

    def _lossless_priorities_carry_traffic(self) -> None:
        """PFC on a priority that no packet gets protects nothing."""
        if not (self.pfc and self.classification):
            return
        mapped = {*self.classification.dscp.values(), DEFAULT_PRIORITY}
        idle = sorted(set(self.pfc.priorities) - mapped)
        if idle:
            raise ValueError(
                f"expected a DSCP mapped to the lossless priority {idle[0]}, found none"
                " – add it to classification.dscp or take the priority out of pfc"
            )

    def _queues_are_served(self) -> None:
        """A queue with traffic but without weight starves on switches that share out exactly what they are told."""
        if not (self.scheduling and self.classification):
            return
        served = {*self.scheduling.weights_percent, *self.scheduling.strict}
        starved = sorted({*self.classification.dscp.values(), DEFAULT_PRIORITY} - served)
        if starved:
            raise ValueError(
                f"expected a weight or strict service for priority {starved[0]}, found none"
                " – add it to scheduling, as packets are mapped to it"
            )


class Breakout(Record):
    """A port split into several."""

    lanes: Literal[2, 4, 8]
    """Number of ports it becomes."""
    speed: Speed
    """Speed of each of them, such as 200G."""


class Lldp(Record):
    """LLDP of the ports."""

    enabled: bool
    dcbx: bool | None = None
    """Whether PFC and ETS are announced in it (DCBX, IEEE version); None leaves that alone."""

    @model_validator(mode="after")
    def _carried(self) -> Self:
        if self.dcbx and not self.enabled:
            raise ValueError("expected dcbx only with lldp enabled, found enabled: false – DCBX travels in LLDP")
        return self


class PortProfile(Record):
    """What is set on each port."""

    mtu_bytes: Annotated[int, Field(ge=576, le=65_535)] | None = None
    """IP MTU: the largest IP packet, without Ethernet header."""
    admin: Literal["up", "down"] | None = None
    breakout: Breakout | None = None
    lldp: Lldp | None = None


class Intent(Record):
    """One thing to bring about on a switch."""

    name: Name
    title: Text
    """What it is for, in one line."""
    ports: Annotated[tuple[PortName, ...], Field(min_length=1)] | None = None
    """Ports it holds for; without it those of the switch that the lab file cables."""
    lossless: LosslessProfile | None = None
    port: PortProfile | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.aspects:
            raise ValueError("expected something to configure, found nothing – add lossless or port settings")
        return self

    @property
    def aspects(self) -> tuple[Aspect, ...]:
        """What it says something about, in the order in which it is applied."""
        lossless, port = self.lossless or LosslessProfile(), self.port or PortProfile()
        said = {
            Aspect.BREAKOUT: port.breakout,
            Aspect.MTU: port.mtu_bytes,
            Aspect.ADMIN: port.admin,
            Aspect.SCHEDULING: lossless.scheduling,
            Aspect.CLASSIFICATION: lossless.classification,
            Aspect.PFC: lossless.pfc,
            Aspect.ECN: lossless.ecn or None,
            Aspect.WATCHDOG: lossless.watchdog,
            Aspect.LLDP: port.lldp,
        }
        return tuple(aspect for aspect, value in said.items() if value is not None)
