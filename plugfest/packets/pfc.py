"""Priority-based flow control frames (IEEE 802.1Qbb; IEEE 802.3 annex 31D): build, read and check their form."""

from plugfest.errors import ParseError, UsageError
from plugfest.records import Record

PFC_DESTINATION = "01:80:c2:00:00:01"
MAC_CONTROL_ETHERTYPE = 0x8808
PFC_OPCODE = 0x0101
PRIORITIES = 8
QUANTUM_BITS = 512
"""One pause quantum is the time of 512 bits at the link's speed (annex 31B.2)."""
_SHORTEST_FRAME = 60


class PriorityFlowControl(Record):
    """The content of one PFC frame."""

    class_enable: int
    """Class-enable vector, 16 bits as on the wire: bit n enables `timers[n]`; the upper byte must be zero."""
    timers: tuple[int, ...]
    """Eight pause times in quanta by priority; 0 resumes the class."""

    @property
    def paused(self) -> tuple[int, ...]:
        """Priorities this frame stops."""
        return tuple(p for p, time in enumerate(self.timers) if self.class_enable >> p & 1 and time)

    @property
    def resumed(self) -> tuple[int, ...]:
        """Priorities this frame releases."""
        return tuple(p for p, time in enumerate(self.timers) if self.class_enable >> p & 1 and not time)


def pause_seconds(quanta: int, bits_per_second: float) -> float:
    """How long `quanta` stop a class on a link of that speed."""
    return quanta * QUANTUM_BITS / bits_per_second


def pfc_frame(quanta: dict[int, int], source: str) -> bytes:
    """A PFC frame of 60 bytes (before the FCS) that sets the pause time in quanta of each priority in `quanta`.

    Raises UsageError for a priority outside 0–7 or a time outside 0–65535.
    """
    from scapy.contrib.mac_control import MACControlClassBasedFlowControl
    from scapy.layers.l2 import Ether

    for priority, time in quanta.items():
        if priority not in range(PRIORITIES) or time not in range(65536):
            raise UsageError(f"PFC priority {priority} with {time} quanta: priorities are 0–7, times 0–65535")
    content = MACControlClassBasedFlowControl()
    for priority, time in quanta.items():
        content.setfieldval(f"c{priority}_enabled", 1)
        content.setfieldval(f"c{priority}_pause_time", time)
    ethernet = Ether(dst=PFC_DESTINATION, src=source, type=MAC_CONTROL_ETHERTYPE)
    return bytes(ethernet / content).ljust(_SHORTEST_FRAME, b"\0")


def is_pfc(frame: bytes) -> bool:
    """True if the untagged frame is MAC control with the PFC opcode."""
    return frame[12:16] == MAC_CONTROL_ETHERTYPE.to_bytes(2, "big") + PFC_OPCODE.to_bytes(2, "big")


def parse_pfc(frame: bytes) -> PriorityFlowControl:
    """Read a PFC frame.  Raises ParseError if it is not one or is too short for eight timers."""
    if not is_pfc(frame) or len(frame) < 34:
        raise ParseError(f"not a PFC frame with eight timers: {frame[:34].hex()} ({len(frame)} bytes)")
    timers = tuple(int.from_bytes(frame[at : at + 2], "big") for at in range(18, 34, 2))
    return PriorityFlowControl(class_enable=int.from_bytes(frame[16:18], "big"), timers=timers)


def malformations(frame: bytes) -> tuple[str, ...]:
    """Everything about a PFC frame that annex 31D forbids, in words; empty for a well-formed frame.

    `frame` is without FCS, so the shortest legal one has 60 bytes.
    """
    content = parse_pfc(frame)
    destination = frame[:6].hex(":")
    found = []
    if destination != PFC_DESTINATION:
        found.append(f"destination {destination}, must be {PFC_DESTINATION}")
    if frame[6] & 1 or not any(frame[6:12]):
        found.append(f"source {frame[6:12].hex(':')} is not the address of a port")
    if content.class_enable >> PRIORITIES:
        found.append(f"class-enable vector 0x{content.class_enable:04x}: the upper byte must be zero")
    if len(frame) < _SHORTEST_FRAME:
        found.append(f"{len(frame)} bytes, must be at least {_SHORTEST_FRAME}")
    if any(frame[34:_SHORTEST_FRAME]):
        found.append("padding after the timers is not zero")
    return tuple(found)
