"""RoCEv2 frames and capture files built by hand, independently of the code under test."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

CLIENT, SERVER = "192.0.2.1", "198.51.100.2"
CLIENT_QP, SERVER_QP = 0x11, 0x22
QP_STEP = 0x100
"""From one queue pair of a connection to the next, by their place in it."""
MICROSECOND = 1_000
START = 1_700_000_000_000_000_000


def ethernet(payload: bytes, ethertype: int, vlans: tuple[int, ...] = ()) -> bytes:
    tags = b"".join(struct.pack("!HH", 0x8100, vlan) for vlan in vlans)
    return bytes.fromhex("020000000002020000000001") + tags + struct.pack("!H", ethertype) + payload


def udp(payload: bytes, source_port: int = 49200, destination_port: int = 4791) -> bytes:
    return struct.pack("!HHHH", source_port, destination_port, 8 + len(payload), 0) + payload


def ipv4(payload: bytes, source: str, destination: str, tos: int = 2, ttl: int = 64, identification: int = 0) -> bytes:
    addresses = ip_address(source).packed + ip_address(destination).packed
    header = struct.pack("!BBHHHBBH", 0x45, tos, 20 + len(payload), identification & 0xFFFF, 0x4000, ttl, 17, 0)
    words = struct.unpack("!10H", header + addresses)
    total = sum(words)
    total = (total & 0xFFFF) + (total >> 16)
    checksum = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
    return header[:10] + struct.pack("!H", checksum) + addresses + payload


def ipv6(payload: bytes, source: str, destination: str, tos: int = 2, ttl: int = 64) -> bytes:
    first = 6 << 28 | tos << 20
    header = struct.pack("!IHBB", first, len(payload), 17, ttl)
    return header + ip_address(source).packed + ip_address(destination).packed + payload


def bth(opcode: int, qp: int, psn: int, rest: bytes = b"", pad: int = 0, ack_request: int = 0) -> bytes:
    words = struct.pack("!BBHII", opcode, 0x40 | pad << 4, 0xFFFF, qp, ack_request << 31 | psn & 0xFFFFFF)
    return words + rest + bytes(4)


@dataclass
class Conversation:
    """A client and a server, one queue pair each; every call appends a frame."""

    frames: list[tuple[int, bytes]]
    clock: int = START
    identification: int | None = None
    """None: always zero.  A number: counted up by the client's packets."""
    mtu: int = 256

    def wait(self, nanoseconds: int) -> None:
        self.clock += nanoseconds

    def client(
        self,
        opcode: int,
        psn: int,
        rest: bytes = b"",
        tos: int = 2,
        same_identification: bool = False,
        place: int = 0,
    ) -> None:
        if self.identification is not None and not same_identification:
            self.identification += 1
        packet = udp(bth(opcode, SERVER_QP + QP_STEP * place, psn, rest), source_port=49200 + place)
        self._add(ipv4(packet, CLIENT, SERVER, tos, identification=self.identification or 0))

    def server(self, opcode: int, psn: int, rest: bytes = b"", tos: int = 2, place: int = 0) -> None:
        packet = udp(bth(opcode, CLIENT_QP + QP_STEP * place, psn, rest))
        self._add(ipv4(packet, SERVER, CLIENT, tos))

    def _add(self, packet: bytes) -> None:
        self.frames.append((self.clock, ethernet(packet, 0x0800)))
        self.clock += MICROSECOND

    def write(self, psn: int, part: str, packets: int = 0) -> None:
        """One packet of a WRITE; `packets` is the length of the whole message, needed at its start."""
        opcode = {"first": 0x06, "middle": 0x07, "last": 0x08, "only": 0x0A}[part]
        header = reth(packets * self.mtu) if part in ("first", "only") else b""
        self.client(opcode, psn, header + bytes(self.mtu))

    def ack(self, psn: int) -> None:
        self.server(0x11, psn, aeth(0x1F))

    def nak(self, psn: int, code: int = 0) -> None:
        self.server(0x11, psn, aeth(0x60 | code))

    def rnr_nak(self, psn: int, timer: int = 14) -> None:
        self.server(0x11, psn, aeth(0x20 | timer))

    def cnp(self) -> None:
        self.server(0x81, 0, bytes(16), tos=0)

    def save(self, path: Path) -> Path:
        return save_pcap(path, self.frames)


def reth(length: int) -> bytes:
    return struct.pack("!QII", 0x7F0000000000, 0x1234, length)


def aeth(syndrome: int, message: int = 0) -> bytes:
    return struct.pack("!I", syndrome << 24 | message)


def conversation(mtu: int = 256, counting: bool = False) -> Conversation:
    return Conversation([], identification=100 if counting else None, mtu=mtu)


def save_pcap(
    path: Path, frames: Iterable[tuple[int, bytes]], order: str = "<", nano: bool = True, snap: int = 262144
) -> Path:
    """Write a pcap file in either byte order and resolution."""
    magic, tick = (0xA1B23C4D, 1) if nano else (0xA1B2C3D4, 1000)
    content = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snap, 1)
    for time, frame in frames:
        second, fraction = divmod(time, 1_000_000_000)
        content += struct.pack(order + "IIII", second, fraction // tick, min(snap, len(frame)), len(frame))
        content += frame[:snap]
    path.write_bytes(content)
    return path


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    body += bytes(-len(body) % 4)
    length = 12 + len(body)
    return struct.pack(order + "II", kind, length) + body + struct.pack(order + "I", length)


def option(code: int, value: bytes, order: str = "<") -> bytes:
    return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)


def section(order: str = "<") -> bytes:
    return block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(order: str = "<", link: int = 1, options: bytes = b"") -> bytes:
    return block(1, struct.pack(order + "HHI", link, 0, 0) + options, order)


def enhanced(ticks: int, frame: bytes, number: int = 0, order: str = "<") -> bytes:
    head = struct.pack(order + "IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame))
    return block(6, head + frame, order)
