"""Build whole RoCEv2 frames, and put frames into words."""

from typing import TYPE_CHECKING, Any

from plugfest.packets.aeth import describe
from plugfest.packets.opcodes import OPCODE_NAMES

if TYPE_CHECKING:
    from scapy.packet import Packet


def dissect(frame: bytes) -> "Packet":
    """An Ethernet frame as scapy layers, RoCEv2 included; never fails, what is not understood stays Raw."""
    from scapy.layers.l2 import Ether

    from plugfest.packets import layers  # noqa: F401 - teaches scapy to recognise RoCEv2

    return Ether(frame)


def cnp(destination_qp: int, **bth_fields: Any) -> "Packet":
    """A congestion notification packet from the BTH on; `migreq` must be among `bth_fields` or set before building."""
    from plugfest.packets.layers import Bth, CnpReserved
    from plugfest.packets.opcodes import CNP

    return Bth(opcode=CNP, becn=1, destination_qp=destination_qp, **bth_fields) / CnpReserved()


def explain(frame: bytes) -> str:
    """One line about a frame: addresses, opcode, queue pair, PSN, and what an AETH says."""
    from plugfest.packets.layers import Aeth, Bth

    packet = dissect(frame)
    if Bth not in packet:
        return str(packet.summary())
    bth, network = packet[Bth], packet[Bth].underlayer.underlayer
    name = OPCODE_NAMES.get(bth.opcode, f"opcode 0x{bth.opcode:02x}")
    words = f"{network.src} > {network.dst} {name} QP 0x{bth.destination_qp:06x} PSN {bth.psn}"
    if Aeth in packet:
        words += f" ({describe(bytes(packet[Aeth])[0])})"
    return words
