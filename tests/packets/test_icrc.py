"""Golden vectors: frames with fixed bytes, their ICRC confirmed by scapy's and the kernel's implementations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugfest.packets import icrc

IPV4_WRITE = bytes.fromhex(
    "0200000000020200000000010800450000441234400040112f61c0000201c0000202c03012b700300000"
    "0a70ffff0000004d00000005000000000000000000000000000000056869"
    "6a6b6c000000"
)
VLAN_FREE_HEADER = 14


def with_icrc(frame: bytes) -> bytes:
    return frame + icrc.pack(icrc.icrc(frame[VLAN_FREE_HEADER:] + bytes(4)))


COMPLETE = with_icrc(IPV4_WRITE)


def changed(frame: bytes, at: int, mask: int) -> bytes:
    return frame[:at] + bytes([frame[at] ^ mask]) + frame[at + 1 :]


IP_AT, UDP_AT, BTH_AT = 14, 34, 42


@pytest.mark.parametrize(
    ("field", "at"),
    [
        ("TOS", IP_AT + 1),
        ("TTL", IP_AT + 8),
        ("IP checksum", IP_AT + 10),
        ("UDP checksum", UDP_AT + 6),
        ("FECN, BECN and reserved bits", BTH_AT + 4),
    ],
)
def test_fields_that_change_on_the_way_are_outside(field: str, at: int) -> None:
    assert icrc.is_correct(changed(COMPLETE, at, 0xFF)) is True, field


@pytest.mark.parametrize(
    ("field", "at"),
    [
        ("IP identification", IP_AT + 4),
        ("source address", IP_AT + 12),
        ("UDP source port", UDP_AT),
        ("opcode", BTH_AT),
        ("MigReq and pad count", BTH_AT + 1),
        ("P_Key", BTH_AT + 2),
        ("destination QP", BTH_AT + 5),
        ("AckReq", BTH_AT + 8),
        ("PSN", BTH_AT + 9),
        ("payload", BTH_AT + 30),
        ("the ICRC itself", len(COMPLETE) - 1),
    ],
)
def test_everything_else_is_inside(field: str, at: int) -> None:
    assert icrc.is_correct(changed(COMPLETE, at, 0x01)) is False, field


def test_what_is_not_a_complete_roce_packet_cannot_be_checked() -> None:
    assert icrc.is_correct(b"") is None
    assert icrc.is_correct(COMPLETE[:60]) is None
    assert icrc.is_correct(changed(COMPLETE, UDP_AT + 3, 0x01)) is None
    assert icrc.is_correct(changed(COMPLETE, IP_AT + 6, 0x20)) is None


@given(st.binary(max_size=200))
def test_no_bytes_raise(frame: bytes) -> None:
    assert icrc.is_correct(frame) in (None, False)


def test_only_ip_has_an_icrc() -> None:
    with pytest.raises(ValueError, match="version 4 or 6, not 5"):
        icrc.icrc(b"\x55" + bytes(60))
