"""Random impairments of a whole port with netem: long haul delay, and loss by chance.

Nothing here is exact: what happened is only known from netem's own counters.  To do something to one chosen packet
use `plugfest.stimuli.injection`.
"""

from typing import Annotated

from pydantic import Field, TypeAdapter

from plugfest.devices.answers import Shape, read_json, unknown_form
from plugfest.devices.changes import Change, ReadBack
from plugfest.inventory.models import PortReference
from plugfest.records import Record
from plugfest.sessions.result import CommandResult

Percent = Annotated[float, Field(ge=0, le=100)]
QUEUE_PACKETS = 100_000
"""More than any lab keeps on the way, so that netem itself never overflows."""


class Impairment(Record):
    """What happens to every packet that leaves a port."""

    delay_ms: Annotated[float, Field(ge=0, le=10_000)] = 0
    """One way."""
    jitter_ms: Annotated[float, Field(ge=0, le=10_000)] = 0
    """Uniform around the delay; reorders packets."""
    loss: Percent = 0
    duplicate: Percent = 0
    corrupt: Percent = 0
    """Packets with one inverted bit."""
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] | None = None
    """Start of netem's random numbers, where the kernel can be told (6.6 or later)."""

    def arguments(self) -> tuple[str, ...]:
        """Arguments of ``tc qdisc … netem``."""
        words = ["limit", str(QUEUE_PACKETS)]
        if self.delay_ms or self.jitter_ms:
            words += ["delay", f"{self.delay_ms:g}ms", *([f"{self.jitter_ms:g}ms"] if self.jitter_ms else [])]
        for name in ("loss", "duplicate", "corrupt"):
            if share := getattr(self, name):
                words += [name, f"{share:g}%"]
        return (*words, *(("seed", str(self.seed)) if self.seed is not None else ()))

    def __str__(self) -> str:
        return " ".join(self.arguments()[2:]) or "nothing"


def impair(port: PortReference, impairment: Impairment) -> Change:
    """The change that impairs what leaves `port`; it must have no queueing discipline of its own yet."""
    return Change(
        device=port.device,
        description=f"{port}: netem {impairment}",
        do=(("tc", "qdisc", "add", "dev", port.port, "root", "handle", "1:", "netem", *impairment.arguments()),),
        undo=(("tc", "qdisc", "del", "dev", port.port, "root"),),
        read_back=ReadBack(
            ask=("tc", "qdisc", "show", "dev", port.port), made=r"^qdisc netem ", undone=r"\A(?![\s\S]*^qdisc netem )"
        ),
    )


def show_impaired(port: str) -> tuple[str, ...]:
    """The command that `parse_impaired` reads."""
    return ("tc", "-j", "-s", "qdisc", "show", "dev", port)


class Impaired(Record):
    """What netem counted."""

    sent: int
    """Packets that left."""
    dropped: int
    """Packets that it lost on purpose."""


class _Qdisc(Shape):
    kind: str
    packets: int
    drops: int


_QDISCS: TypeAdapter[list[_Qdisc]] = TypeAdapter(list[_Qdisc])


def parse_impaired(result: CommandResult) -> Impaired:
    """The counters of the port's netem; ParseError if it has none."""
    found = [qdisc for qdisc in read_json(result, _QDISCS) if qdisc.kind == "netem"]
    if len(found) != 1:
        raise unknown_form(result, f"expected one netem, got {len(found)}")
    return Impaired(sent=found[0].packets, dropped=found[0].drops)
