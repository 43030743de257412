"""What can be done to a packet, and which packets it is done to."""

import ipaddress
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from plugfest.packets.opcodes import CNP, OPCODES, Transport
from plugfest.packets.serial import PSN_MASK
from plugfest.records import Record
from plugfest.stimuli.injection.psns import EVERY_PSN, Psns
from plugfest.stimuli.rdma_plan import RdmaQueuePairs

MOST_TRANSMISSIONS = 16
"""Transmissions of one PSN that can be told apart."""


class Flow(Record):
    """All packets for one destination queue pair of one NIC."""

    destination: str
    """IP address of the receiver."""
    destination_qp: Annotated[int, Field(ge=0, le=2**24 - 1)]
    first_psn: Annotated[int, Field(ge=0, le=PSN_MASK)]
    """PSN of the first request; answers carry the PSNs of the requests that they answer."""

    @property
    def ipv6(self) -> bool:
        """True if the flow runs over IPv6."""
        return ipaddress.ip_address(self.destination).version == 6

    def __str__(self) -> str:
        return f"{self.destination} QP 0x{self.destination_qp:06x}"


class Towards(StrEnum):
    """Direction of a packet in a connection."""

    RESPONDER = "responder"
    """Requests."""
    REQUESTER = "requester"
    """Acknowledgements, READ responses."""


def flow_of(connection: RdmaQueuePairs, queue_pair: int, towards: Towards) -> Flow:
    """One direction of one queue pair of a prepared connection."""
    ends = connection.queue_pairs[queue_pair]
    requests = towards is Towards.RESPONDER
    gid = connection.responder_gid if requests else connection.requester_gid
    receiver = ends.responder if requests else ends.requester
    return Flow(destination=_address(gid), destination_qp=receiver.qpn, first_psn=ends.requester.psn)


def _address(gid: str) -> str:
    address = ipaddress.IPv6Address(gid)
    return str(address.ipv4_mapped or address)


class PacketKind(StrEnum):
    """Classes of RoCEv2 packets on a reliable connection."""

    ANY = "any"
    WRITE = "write"
    SEND = "send"
    READ_REQUEST = "read request"
    READ_RESPONSE = "read response"
    ATOMIC = "atomic"
    ATOMIC_RESPONSE = "atomic response"
    ACK = "acknowledgement"
    NAK = "negative acknowledgement"
    RNR_NAK = "receiver-not-ready acknowledgement"
    CNP = "congestion notification"

    @property
    def opcodes(self) -> tuple[int, ...]:
        """BTH opcodes of this class, ascending; empty for `ANY`."""
        if self is PacketKind.CNP:
            return (CNP,)
        beginnings = _BEGINNINGS[self]
        reliable = (code for code in OPCODES.values() if code.transport is Transport.RC and code.operation is not None)
        return tuple(
            sorted(
                code.value
                for code in reliable
                if beginnings and code.operation is not None and code.operation.name.startswith(beginnings)
            )
        )

    @property
    def syndrome(self) -> int | None:
        """Bits 6 and 5 of the AETH syndrome in place (IBTA volume 1, table 45); None if they do not matter."""
        return {PacketKind.ACK: 0x00, PacketKind.RNR_NAK: 0x20, PacketKind.NAK: 0x60}.get(self)


_ACKNOWLEDGE = ("ACKNOWLEDGE",)
_BEGINNINGS: dict[PacketKind, tuple[str, ...]] = {
    PacketKind.ANY: (),
    PacketKind.WRITE: ("RDMA_WRITE",),
    PacketKind.SEND: ("SEND",),
    PacketKind.READ_REQUEST: ("RDMA_READ_REQUEST",),
    PacketKind.READ_RESPONSE: ("RDMA_READ_RESPONSE",),
    PacketKind.ATOMIC: ("COMPARE_SWAP", "FETCH_ADD"),
    PacketKind.ATOMIC_RESPONSE: ("ATOMIC_ACKNOWLEDGE",),
    PacketKind.ACK: _ACKNOWLEDGE,
    PacketKind.NAK: _ACKNOWLEDGE,
    PacketKind.RNR_NAK: _ACKNOWLEDGE,
}


class HeaderField(StrEnum):
    """Header fields that can be rewritten, by their name in nftables."""

    DSCP = "ip dscp"
    ECN = "ip ecn"
    TTL = "ip ttl"
    IDENTIFICATION = "ip id"
    UDP_SOURCE_PORT = "udp sport"
    OPCODE = "@th,64,8"
    MIGREQ = "@th,73,1"
    PARTITION_KEY = "@th,80,16"
    DESTINATION_QP = "@th,104,24"
    PSN = "@th,136,24"

    @property
    def bits(self) -> int:
        """Width of the field."""
        return {"ip dscp": 6, "ip ecn": 2, "ip ttl": 8, "ip id": 16, "udp sport": 16}.get(self) or int(
            self.rpartition(",")[2]
        )

    @property
    def breaks_icrc(self) -> bool:
        """True if the field is covered by the invariant CRC, so that a receiver must drop the packet."""
        return self not in (HeaderField.DSCP, HeaderField.ECN, HeaderField.TTL)


class Drop(Record):
    """The packet vanishes."""

    kind: Literal["drop"] = "drop"


class MarkCe(Record):
    """ECN becomes *congestion experienced*."""

    kind: Literal["mark CE"] = "mark CE"


class Corrupt(Record):
    """The IPv4 identification is inverted: every checksum on the way holds, only the ICRC at the receiver fails."""

    kind: Literal["corrupt"] = "corrupt"


class Duplicate(Record):
    """The packet leaves twice."""

    kind: Literal["duplicate"] = "duplicate"


class Delay(Record):
    """The packet leaves later; what follows in time overtakes it."""

    kind: Literal["delay"] = "delay"
    milliseconds: Annotated[float, Field(gt=0, le=10_000)]


class Rewrite(Record):
    """A header field gets another value."""

    kind: Literal["rewrite"] = "rewrite"
    field: HeaderField
    value: Annotated[int, Field(ge=0)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.value >> self.field.bits:
            raise ValueError(f"{self.field.name} has {self.field.bits} bits, {self.value} does not fit")
        return self


Action = Annotated[Drop | MarkCe | Corrupt | Duplicate | Delay | Rewrite, Field(discriminator="kind")]


class Event(Record):
    """One action on the chosen transmissions of the chosen packets of one direction of one queue pair."""

    action: Action
    psns: Psns = EVERY_PSN
    nth: tuple[Annotated[int, Field(ge=1, le=MOST_TRANSMISSIONS)], ...] | None = (1,)
    """Which transmissions of each PSN, counted from 1; None means all of them."""
    packets: PacketKind = PacketKind.ANY
    towards: Towards = Towards.RESPONDER
    queue_pair: Annotated[int, Field(ge=0)] = 0
    """Place of the queue pair in the connection."""

    @model_validator(mode="after")
    def _some_transmission(self) -> Self:
        if self.nth == () or (self.nth is not None and len(set(self.nth)) != len(self.nth)):
            raise ValueError(f"expected different transmissions, got {self.nth}")
        return self

    @property
    def planned(self) -> int | None:
        """How often it must happen; None if that depends on how often the endpoints send."""
        return None if self.nth is None or self.psns.count is None else self.psns.count * len(self.nth)

    def __str__(self) -> str:
        which = "every transmission" if self.nth is None else "transmission " + ", ".join(map(str, self.nth))
        kind = "packets" if self.packets is PacketKind.ANY else f"{self.packets}s"
        return f"{self.action.kind} {which} of {kind} with {self.psns} to the {self.towards}"


class AddressedEvent(Record):
    """An event and the flow it concerns, once the queue pair numbers are known."""

    event: Event
    flow: Flow
