"""What NICs are free to do in their own way: the values that device facts state and runs measure."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from plugfest.records import Record

Dscp = Annotated[int, Field(ge=0, le=63)]


class CnpScope(StrEnum):
    """What a receiver of marked packets paces its congestion notifications by."""

    QUEUE_PAIR = "queue pair"
    DESTINATION = "destination address"
    PORT = "port"


class TimeoutModel(StrEnum):
    """When a requester sends again that nobody answers."""

    STANDARD = "standard"
    """After 4.096 µs × 2^T to four times as long (InfiniBand Architecture Vol. 1, 9.7.6.1.3)."""
    ADAPTIVE = "adaptive"
    """After a time of the device's own, at first shorter."""
    FLOOR = "floor"
    """As the standard says, but never before a time of the device's own."""


class NicBehaviour(Record):
    """Behaviour of one model of NIC with one firmware; None is *not known* in facts and *unmeasured* in a run."""

    migreq: Literal[0, 1] | None = None
    """MigReq bit of the packets it sends."""
    initial_ttl: Annotated[int, Field(ge=1, le=255)] | None = None
    """IP time to live, or hop limit, of the packets it sends."""
    source_port_per_queue_pair: bool | None = None
    """Every queue pair keeps one UDP source port."""
    answers_keep_dscp: bool | None = None
    """Acknowledgements carry the DSCP of the requests that they answer."""
    answers_are_ecn_capable: bool | None = None
    """Acknowledgements may be marked by the fabric."""
    recovery: Literal["go_back_n", "selective_repeat"] | None = None
    """What it sends again after a loss: everything since, or what is missing."""
    timeout_model: TimeoutModel | None = None
    timeout_floor_ms: Annotated[float, Field(gt=0)] | None = None
    """Shortest time before it sends again unasked, whatever was configured."""
    notifies_congestion: bool | None = None
    """It answers marked packets with congestion notification packets (CNPs)."""
    notifies_without_marks: bool | None = None
    """It sends CNPs with NAKs too, without any mark."""
    cnp_dscp: Dscp | None = None
    cnp_scope: CnpScope | None = None
    cnp_minimum_interval_us: Annotated[float, Field(ge=0)] | None = None
    """CNPs of one scope are never closer together."""
    default_dscp: Dscp | None = None
    """DSCP of traffic for which nobody chose one."""
    default_priority: Annotated[int, Field(ge=0, le=7)] | None = None
    """Priority of traffic for which nobody chose one."""
    counters: dict[str, str] | None = None
    """Names of its counters by the event that they count."""

    @model_validator(mode="after")
    def _floor_belongs_to_its_model(self) -> "NicBehaviour":
        if self.timeout_floor_ms is not None and self.timeout_model is not TimeoutModel.FLOOR:
            raise ValueError("timeout_floor_ms is for the timeout_model floor – state it, or leave the time out")
        return self

    @property
    def known(self) -> dict[str, object]:
        """What is known, by name."""
        return {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}
