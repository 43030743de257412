"""Makes a port of a Linux switch slow, with a queue that marks or drops by random early detection (RED)."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from plugfest.devices.changes import Change, Command, ReadBack
from plugfest.devices.linux.device import LinuxDevice
from plugfest.devices.roster import Roster
from plugfest.inventory.models import Capability, PortReference
from plugfest.inventory.plan import HostPair
from plugfest.records import Record

AVERAGE_PACKET = 1000
"""Bytes; RED's average moves by packets of this size."""
TOKEN_BYTES = 5000
"""More than the largest frame of the lab, or it could never leave."""


class Red(Record):
    """A marking curve over the average queue: nothing below `minimum`, all from `maximum` on, linear between."""

    minimum: Annotated[int, Field(gt=0)]
    """Bytes, often called Kmin."""
    maximum: Annotated[int, Field(gt=0)]
    """Bytes, often called Kmax."""
    probability: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Marking probability just below `maximum`, often called Pmax."""
    ecn: bool = True
    """False: drop what could be marked."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.minimum >= self.maximum:
            raise ValueError(f"expected minimum < maximum, got {self.minimum} and {self.maximum}")
        return self

    def arguments(self, limit: int) -> Command:
        """Arguments of ``tc qdisc … red``; `burst` is the least that tc accepts, so that the average follows fast."""
        burst = self.minimum // AVERAGE_PACKET + 2
        numbers = {"limit": limit, "min": self.minimum, "max": self.maximum, "avpkt": AVERAGE_PACKET, "burst": burst}
        words = [word for name, value in numbers.items() for word in (name, str(value))]
        return (*words, "probability", f"{self.probability:g}", *(("ecn",) if self.ecn else ()))


class Bottleneck(Record):
    """A slow port."""

    megabits: Annotated[float, Field(gt=0, le=1000)]
    """Rate in Mbit/s; emulated fabrics forward some 50 at most."""
    limit: Annotated[int, Field(gt=0)] = 2_000_000
    """Bytes that the queue holds before it drops at its tail."""
    red: Red | None = None

    def __str__(self) -> str:
        curve = f", RED {self.red.minimum}-{self.red.maximum} bytes" if self.red else ""
        return f"{self.megabits:g} Mbit/s{curve}"


def narrow(port: PortReference, bottleneck: Bottleneck) -> Change:
    """The change that makes what leaves `port` pass a bottleneck; the port must have no queue of its own yet."""
    add = ("tc", "qdisc", "add", "dev", port.port)
    rate = ("rate", f"{bottleneck.megabits:g}mbit", "burst", str(TOKEN_BYTES), "limit", str(bottleneck.limit))
    shaper = (*add, "root", "handle", "1:", "tbf", *rate)
    queue = (*add, "parent", "1:1", "handle", "10:")
    marking = ((*queue, "red", *bottleneck.red.arguments(bottleneck.limit)),) if bottleneck.red else ()
    return Change(
        device=port.device,
        description=f"{port}: {bottleneck}",
        do=(shaper, *marking),
        undo=(("tc", "qdisc", "del", "dev", port.port, "root"),),
        read_back=ReadBack(
            ask=("tc", "qdisc", "show", "dev", port.port),
            made=r"^qdisc red 10:" if marking else r"^qdisc tbf 1:",
            undone=r"\A(?![\s\S]*^qdisc (?:tbf|red) )",
        ),
    )


def slow_port(devices: Roster, pair: HostPair) -> PortReference | None:
    """The port by which packets leave for the server, if it belongs to a switch that we can slow down; else None."""
    port = pair.paths[0].segments[-1].sender
    able = Capability.CONFIGURATION in devices.lab.device(port.device).capabilities
    return port if able and isinstance(devices[port.device], LinuxDevice) else None
