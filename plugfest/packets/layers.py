"""RoCEv2 layers for scapy: every header of IBTA volume 1, chapter 9, with the ICRC built and truncation respected.

For building single frames and explaining them in failure texts; bulk analysis is `plugfest.captures`.  Importing this
module makes scapy dissect UDP *destination* port 4791 as RoCEv2 whatever the source port (real NICs use ports 53, 69
and others that scapy would take for DNS or TFTP).
"""

from typing import Any

from scapy.fields import (
    BitEnumField,
    BitField,
    ByteEnumField,
    ByteField,
    ConditionalField,
    FCSField,
    IntField,
    LongField,
    X3BytesField,
    XIntField,
    XLongField,
    XShortField,
)
from scapy.layers.inet import IP, UDP
from scapy.layers.inet6 import IPv6
from scapy.packet import Packet, Raw, bind_layers, bind_top_down

from plugfest.errors import UsageError
from plugfest.packets import icrc
from plugfest.packets.aeth import AethType, NakCode
from plugfest.packets.opcodes import CNP, OPCODE_NAMES, OPCODES, ROCE_UDP_PORT, ExtensionHeader


class _IcrcField(FCSField):
    """The last four bytes of the UDP payload; absent (None) where the capture cut the frame."""

    def getfield(self, pkt: Packet, s: bytes) -> tuple[bytes, int | None]:  # type: ignore[override]
        """Take the ICRC off the end of `s`, unless the UDP length says that bytes are missing."""
        udp = pkt.underlayer
        missing = isinstance(udp, UDP) and (udp.len or 0) - 8 > 12 + len(s)
        return (s, None) if missing or len(s) < icrc.ICRC_BYTES else super().getfield(pkt, s)


class Bth(Packet):
    """Base transport header with the ICRC that ends the packet.

    `migreq` has no default: NICs treat 0 and 1 differently, so whoever builds a packet must choose.  `pad_count` None
    pads the payload to a multiple of four; `icrc` None computes it when built and means *cut off* when dissected.
    """

    name = "BTH"
    fields_desc = [
        ByteEnumField("opcode", 0x0A, OPCODE_NAMES),
        BitField("solicited_event", 0, 1),
        BitField("migreq", None, 1),
        BitField("pad_count", None, 2),
        BitField("transport_version", 0, 4),
        XShortField("partition_key", 0xFFFF),
        BitField("fecn", 0, 1),
        BitField("becn", 0, 1),
        BitField("reserved_8a", 0, 6),
        X3BytesField("destination_qp", 0),
        BitField("ack_request", 0, 1),
        BitField("reserved_8b", 0, 7),
        X3BytesField("psn", 0),
        _IcrcField("icrc", None, fmt="<I"),
    ]

    def guess_payload_class(self, payload: bytes) -> type[Packet]:
        """The first extension header of the opcode."""
        known = OPCODES.get(self.opcode)
        if self.opcode == CNP:
            return CnpReserved
        return _LAYERS[known.headers[0]] if known and known.headers else Raw

    def post_build(self, pkt: bytes, pay: bytes) -> bytes:
        """Pad the payload, then append the ICRC.  Raises UsageError if `migreq` was left open."""
        if self.migreq is None:
            raise UsageError("Bth(migreq=…) must be given when a packet is built: 0 and 1 take different paths in NICs")
        body = pay[: -icrc.ICRC_BYTES]
        if self.pad_count is None:
            padding = -len(body) % 4
            body += bytes(padding)
            pkt = pkt[:1] + bytes([pkt[1] | padding << 4]) + pkt[2:]
        if self.icrc is not None:
            return pkt + body + icrc.pack(self.icrc)
        return pkt + body + self._icrc(pkt + body)

    def _icrc(self, transport: bytes) -> bytes:
        udp: Any = self.underlayer
        network = udp.underlayer if isinstance(udp, UDP) else None
        if not isinstance(network, IP | IPv6):
            raise UsageError("an ICRC covers the IP header: build Bth inside IP()/UDP() or IPv6()/UDP()")
        outer = network.copy()
        outer[UDP].dport = udp.dport  # until now implied by this layer, which goes
        outer[UDP].remove_payload()
        datagram = bytes(outer / Raw(transport + bytes(icrc.ICRC_BYTES)))
        return icrc.pack(icrc.icrc(datagram))


class _ExtensionHeaderLayer(Packet):
    """An extended transport header: what follows is decided by the opcode of the BTH above."""

    header: ExtensionHeader

    def guess_payload_class(self, payload: bytes) -> type[Packet]:
        """The next extension header of the opcode, or the payload."""
        bth: Any = self.underlayer
        while bth is not None and not isinstance(bth, Bth):
            bth = bth.underlayer
        headers = OPCODES[bth.opcode].headers if bth is not None and bth.opcode in OPCODES else ()
        later = [header for header in headers if header > self.header]
        return _LAYERS[later[0]] if later else Raw


class Rdeth(_ExtensionHeaderLayer):
    """Reliable datagram extended transport header."""

    name, header = "RDETH", ExtensionHeader.RDETH
    fields_desc = [ByteField("reserved", 0), X3BytesField("ee_context", 0)]


class Deth(_ExtensionHeaderLayer):
    """Datagram extended transport header."""

    name, header = "DETH", ExtensionHeader.DETH
    fields_desc = [XIntField("queue_key", 0), ByteField("reserved", 0), X3BytesField("source_qp", 0)]


class Xrceth(_ExtensionHeaderLayer):
    """XRC extended transport header."""

    name, header = "XRCETH", ExtensionHeader.XRCETH
    fields_desc = [ByteField("reserved", 0), X3BytesField("shared_receive_queue", 0)]


class Feth(_ExtensionHeaderLayer):
    """FLUSH extended transport header."""

    name, header = "FETH", ExtensionHeader.FETH
    fields_desc = [BitField("reserved", 0, 26), BitField("selectivity", 0, 2), BitField("placement", 0, 4)]


class Reth(_ExtensionHeaderLayer):
    """RDMA extended transport header."""

    name, header = "RETH", ExtensionHeader.RETH
    fields_desc = [XLongField("virtual_address", 0), XIntField("remote_key", 0), IntField("dma_length", 0)]


class AtomicEth(_ExtensionHeaderLayer):
    """Atomic extended transport header."""

    name, header = "AtomicETH", ExtensionHeader.ATOMIC_ETH
    fields_desc = [
        XLongField("virtual_address", 0),
        XIntField("remote_key", 0),
        LongField("swap_or_add", 0),
        LongField("compare", 0),
    ]


class Aeth(_ExtensionHeaderLayer):
    """ACK extended transport header, its syndrome split by type."""

    name, header = "AETH", ExtensionHeader.AETH
    fields_desc = [
        BitField("reserved", 0, 1),
        BitEnumField("type", AethType.ACK, 2, {int(kind): kind.name for kind in AethType}),
        ConditionalField(BitField("credit_code", 31, 5), lambda aeth: aeth.type == AethType.ACK),
        ConditionalField(BitField("timer_code", 0, 5), lambda aeth: aeth.type == AethType.RNR_NAK),
        ConditionalField(BitField("reserved_code", 0, 5), lambda aeth: aeth.type == AethType.RESERVED),
        ConditionalField(
            BitEnumField("nak_code", 0, 5, {int(code): code.name for code in NakCode}),
            lambda aeth: aeth.type == AethType.NAK,
        ),
        X3BytesField("message_sequence_number", 0),
    ]


class AtomicAckEth(_ExtensionHeaderLayer):
    """Atomic ACK extended transport header."""

    name, header = "AtomicAckETH", ExtensionHeader.ATOMIC_ACK_ETH
    fields_desc = [LongField("original_data", 0)]


class ImmDt(_ExtensionHeaderLayer):
    """Immediate data."""

    name, header = "ImmDt", ExtensionHeader.IMMEDIATE
    fields_desc = [XIntField("immediate", 0)]


class Ieth(_ExtensionHeaderLayer):
    """Invalidate extended transport header."""

    name, header = "IETH", ExtensionHeader.IETH
    fields_desc = [XIntField("remote_key", 0)]


class CnpReserved(Packet):
    """The sixteen reserved bytes of a congestion notification packet: all zero (annex A17.9.3)."""

    name = "CNP reserved"
    fields_desc = [XLongField("reserved_high", 0), XLongField("reserved_low", 0)]


_LAYERS: dict[ExtensionHeader, type[Packet]] = {
    layer.header: layer for layer in (Rdeth, Deth, Xrceth, Feth, Reth, AtomicEth, Aeth, AtomicAckEth, ImmDt, Ieth)
}


def _recognise_by_destination_port() -> None:
    """Put RoCEv2 before every guess by source port, and drop none of scapy's other guesses."""
    bind_top_down(UDP, Bth, dport=ROCE_UDP_PORT)
    UDP.payload_guess = [({"dport": ROCE_UDP_PORT}, Bth), *UDP.payload_guess]
    bind_layers(Bth, CnpReserved, opcode=CNP)


_recognise_by_destination_port()
