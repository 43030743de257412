from typing import Any

import pytest
from scapy.contrib import roce as scapy_roce
from scapy.layers.inet import IP, UDP, IPOption_Router_Alert
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import Dot1Q, Ether
from scapy.packet import Packet, Raw

from plugfest.errors import UsageError
from plugfest.packets import frames, icrc, layers
from plugfest.packets.aeth import AethType, NakCode, describe, syndrome
from plugfest.packets.opcodes import OPCODES, ExtensionHeader, opcode_named

ETHERNET = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
IPV4 = IP(src="192.0.2.1", dst="192.0.2.2", id=0x1234, flags="DF", ttl=64, tos=0x6A)
IPV6 = IPv6(src="2001:db8::1", dst="2001:db8::2", tc=0x6A, fl=0x12345, hlim=64)


def bth(name: str, **fields: Any) -> Packet:
    return layers.Bth(opcode=opcode_named(name), migreq=1, destination_qp=0x11, psn=0xFFFFFE, **fields)


EXTENSIONS = {
    ExtensionHeader.RDETH: layers.Rdeth(ee_context=0xABCDEF),
    ExtensionHeader.DETH: layers.Deth(queue_key=0x11111111, source_qp=0x99),
    ExtensionHeader.XRCETH: layers.Xrceth(shared_receive_queue=0x42),
    ExtensionHeader.FETH: layers.Feth(selectivity=1, placement=2),
    ExtensionHeader.RETH: layers.Reth(virtual_address=0x7F0012345678, remote_key=0x1FE, dma_length=5),
    ExtensionHeader.ATOMIC_ETH: layers.AtomicEth(virtual_address=64, remote_key=7, swap_or_add=3, compare=4),
    ExtensionHeader.AETH: layers.Aeth(type=AethType.NAK, nak_code=NakCode.REMOTE_ACCESS_ERROR),
    ExtensionHeader.ATOMIC_ACK_ETH: layers.AtomicAckEth(original_data=2**63),
    ExtensionHeader.IMMEDIATE: layers.ImmDt(immediate=0xCAFE),
    ExtensionHeader.IETH: layers.Ieth(remote_key=0x1FE),
}


@pytest.mark.parametrize("name", [opcode.name for opcode in OPCODES.values() if opcode.name != "CNP"])
@pytest.mark.parametrize("network", [IPV4, IPV6], ids=["IPv4", "IPv6"])
def test_every_opcode_survives_build_and_dissect(name: str, network: Packet) -> None:
    packet = ETHERNET / network / UDP(sport=49200, chksum=0) / bth(name)
    for header in OPCODES[opcode_named(name)].headers:
        packet /= EXTENSIONS[header].copy()
    frame = bytes(packet / Raw(b"hello"))
    seen = frames.dissect(frame)
    present = [layer.header for layer in seen.iterpayloads() if hasattr(layer, "header")]
    assert tuple(present) == OPCODES[opcode_named(name)].headers
    for header in present:
        want, got = EXTENSIONS[header], seen[type(EXTENSIONS[header])]
        assert [want.getfieldval(field.name) for field in want.fields_desc] == [
            got.getfieldval(field.name) for field in want.fields_desc
        ]
    assert seen[Raw].load == b"hello\0\0\0"
    assert icrc.is_correct(frame) is True
    assert bytes(seen) == frame


@pytest.mark.parametrize("tags", [0, 1, 2])
@pytest.mark.parametrize("network", [IPV4, IPV6, IPV4 / Raw()], ids=["IPv4", "IPv6", "IPv4 options"])
def test_the_icrc_equals_scapys_own(tags: int, network: Packet) -> None:
    if Raw in network:
        network = IP(src="192.0.2.1", dst="192.0.2.2", options=[IPOption_Router_Alert()])
    ethernet = ETHERNET.copy()
    for _ in range(tags):
        ethernet /= Dot1Q(vlan=7, prio=3)
    ours = ethernet / network / UDP(sport=49200) / bth("RC_SEND_ONLY", pad_count=0) / Raw(b"x" * 64)
    theirs_bth = scapy_roce.BTH(opcode=4, migreq=1, dqpn=0x11, psn=0xFFFFFE)
    theirs = ethernet / network / UDP(sport=49200, dport=4791) / theirs_bth / Raw(b"x" * 64)
    assert bytes(ours) == bytes(theirs)
    assert icrc.is_correct(bytes(ours)) is True


def test_migreq_must_be_chosen_when_building() -> None:
    with pytest.raises(UsageError, match="migreq"):
        bytes(ETHERNET / IPV4 / UDP() / layers.Bth())


@pytest.mark.parametrize("port", [53, 69, 123, 1812, 5353, 49200])
def test_the_destination_port_alone_makes_it_roce(port: int) -> None:
    frame = bytes(ETHERNET / IPV4 / UDP(sport=port) / bth("RC_SEND_ONLY") / Raw(b"data"))
    assert layers.Bth in frames.dissect(frame)
    answer = bytes(ETHERNET / IPV4 / UDP(sport=4791, dport=port) / Raw(b"data"))
    assert layers.Bth not in frames.dissect(answer)


def test_a_truncated_frame_reports_no_icrc() -> None:
    frame = bytes(ETHERNET / IPV4 / UDP(sport=49200) / bth("RC_SEND_ONLY") / Raw(b"x" * 256))
    assert frames.dissect(frame)[layers.Bth].icrc is not None
    cut = frames.dissect(frame[:128])
    assert cut[layers.Bth].psn == 0xFFFFFE
    assert cut[layers.Bth].icrc is None
    assert icrc.is_correct(frame[:128], wire_bytes=len(frame)) is None


def test_ethernet_padding_is_not_part_of_the_packet() -> None:
    frame = bytes(ETHERNET / IPV4 / UDP(sport=49200) / bth("RC_SEND_ONLY"))
    assert icrc.is_correct(frame.ljust(64, b"\0")) is True


def test_a_cnp_has_sixteen_reserved_bytes_and_becn() -> None:
    frame = bytes(ETHERNET / IPV4 / UDP(sport=49200) / frames.cnp(0x1234, migreq=1))
    assert len(frame) == 14 + 20 + 8 + 12 + 16 + 4
    seen = frames.dissect(frame)
    assert seen[layers.Bth].becn == 1
    assert (seen[layers.CnpReserved].reserved_high, seen[layers.CnpReserved].reserved_low) == (0, 0)


def test_syndromes_are_put_into_words() -> None:
    assert describe(syndrome(AethType.ACK, 31)) == "ACK, no credit field"
    assert describe(syndrome(AethType.ACK, 13)) == "ACK, 96 credits"
    assert describe(syndrome(AethType.RNR_NAK, 14)) == "RNR NAK, wait 1.28 ms"
    assert describe(syndrome(AethType.NAK, NakCode.PSN_SEQUENCE_ERROR)) == "NAK, psn sequence error"
    assert describe(syndrome(AethType.NAK, 9)) == "NAK, reserved code 9"
    assert describe(0x40) == "reserved syndrome 0x40"


def test_frames_are_explained_in_one_line() -> None:
    nak = bth("RC_ACKNOWLEDGE") / layers.Aeth(type=AethType.NAK, nak_code=0)
    assert frames.explain(bytes(ETHERNET / IPV4 / UDP(sport=49200) / nak)) == (
        "192.0.2.1 > 192.0.2.2 RC_ACKNOWLEDGE QP 0x000011 PSN 16777214 (NAK, psn sequence error)"
    )
