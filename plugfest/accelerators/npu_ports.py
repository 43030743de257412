"""Network ports that Ascend NPUs own: asked through ``hccn_tool``, told in the records of any other port."""

from collections.abc import Iterable
from typing import TypeVar

from plugfest.accelerators.ascend import FAMILY
from plugfest.accelerators.host import AcceleratorHost
from plugfest.devices.physical_records import Module, PortCounters
from plugfest.devices.protocols import Unsupported
from plugfest.devices.records import InterfaceState, LldpNeighbor, RdmaCounters
from plugfest.errors import CommandError, ParseError
from plugfest.records import Record

R = TypeVar("R", bound=Record)

FORMS = (
    "hccn_tool -i {index} -{what} -g",
    "hccn_tool -g -{what} -i {index} -u 0 -p 0",
)
"""A1 to A3, then A5, which is asked for the first port of its first I/O die."""


class NpuPorts:
    """Some ports ``npuN`` of one host; the order of arguments is found with the first question and then kept.

    N is what ``hccn_tool -i`` takes: the number of the card, on A3 the physical id of the chip.
    """

    def __init__(self, host: AcceleratorHost, numbers: Iterable[int]) -> None:
        self._host = host
        self._form: str | None = None
        self.numbers = tuple(numbers)

    def interfaces(self) -> dict[str, InterfaceState]:
        """Link, speed, addresses and counters of every port, by name; what hccn_tool refuses is None."""
        found = {}
        for number in self.numbers:
            state = self._only(InterfaceState, "link", number)
            more: dict[str, object] = {
                "name": f"npu{number}",
                "speed_mbps": self._field(number, "speed", "speed_mbps"),
                "addresses": self._field(number, "ip", "addresses") or (),
            }
            counted = [told.counters for told in self._told(PortCounters, "stat", number) if told.counters]
            more["counters"] = counted[0] if counted else None
            found[f"npu{number}"] = state.model_copy(update=more)
        return found

    def lldp_neighbors(self) -> tuple[LldpNeighbor, ...]:
        """Neighbours that the ports hear; a port that hears none is left out."""
        return tuple(
            neighbor.model_copy(update={"local_port": f"npu{number}"})
            for number in self.numbers
            for neighbor in self._told(LldpNeighbor, "lldp", number)
        )

    def modules(self) -> tuple[Module, ...]:
        """Optical modules of the ports."""
        return tuple(module for number in self.numbers for module in self._told(Module, "optical", number))

    def rdma_counters(self, port: str) -> RdmaCounters:
        """RoCE counters of one port under hccn_tool's own names; Unsupported if it tells none."""
        number = int(port.removeprefix("npu"))
        return self._only(RdmaCounters, "stat", number).model_copy(update={"device": port})

    def _field(self, number: int, what: str, name: str) -> object:
        told = self._told(InterfaceState, what, number)
        return getattr(told[0], name) if told else None

    def _only(self, kind: type[R], what: str, number: int) -> R:
        told = self._told(kind, what, number)
        if not told:
            raise Unsupported(
                f"{self._host.name}: hccn_tool tells nothing of `-{what}` of NPU {number}; is the login root?"
            )
        return told[0]

    def _told(self, kind: type[R], what: str, number: int) -> tuple[R, ...]:
        """Records of one question; none where the tool refuses it or, as for a port without address, is silent."""
        for form in (self._form,) if self._form else FORMS:
            command = form.format(index=number, what=what)
            text = self._host.answer(FAMILY, command)
            try:
                records = FAMILY.dialect.parse(command, text, device=self._host.name) if text.strip() else ()
            except CommandError:
                continue
            except ParseError:
                if self._form or form == FORMS[-1]:
                    raise
                continue
            if records:
                self._form = form
            return tuple(record for record in records if isinstance(record, kind))
        return ()
