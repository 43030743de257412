"""Every action, on real packets through the rules of this machine's kernel."""

import pytest

from plugfest.stimuli.injection.events import (
    Corrupt,
    Delay,
    Drop,
    Duplicate,
    Event,
    Flow,
    HeaderField,
    MarkCe,
    PacketKind,
    Rewrite,
)
from plugfest.stimuli.injection.psns import EVERY_PSN, absolute, at, every, span
from tests.injection.namespace import FLOW, frame, inject, queueing_works

pytestmark = pytest.mark.usefixtures("own_network")
WRAPPING = [0xFFFFFE, 0xFFFFFF, 0, 1, 2, 3]
"""The first six PSNs of the flow: they cross the wrap."""
FRAMES = [frame(psn) for psn in WRAPPING]


def test_packets_are_dropped_across_the_wrap() -> None:
    outcome = inject([Event(action=Drop(), psns=span(1, 3))], FRAMES)
    assert outcome.psns == [0xFFFFFE, 2, 3]
    assert outcome.report.events[0].happened == outcome.report.events[0].planned == 3
    assert outcome.report.events[0].as_planned


def test_only_the_chosen_transmissions_are_dropped() -> None:
    outcome = inject([Event(action=Drop(), psns=at(2), nth=(1, 3))], [frame(psn) for psn in (0, 1, 0, 0, 0)])
    assert outcome.psns == [1, 0, 0]
    assert (outcome.report.events[0].happened, outcome.report.events[0].passed) == (2, 4)


def test_every_transmission_is_dropped_as_often_as_it_comes() -> None:
    outcome = inject([Event(action=Drop(), psns=absolute(0), nth=None)], [frame(psn) for psn in (0, 1, 0, 0)])
    assert outcome.psns == [1]
    assert outcome.report.events[0].happened == 3
    assert outcome.report.events[0].planned is None


def test_other_flows_and_kinds_are_left_alone() -> None:
    other_qp, other_host = (
        FLOW.model_copy(update={"destination_qp": 18}),
        FLOW.model_copy(update={"destination": "10.0.0.3"}),
    )
    frames = [frame(0, flow=other_qp), frame(0, flow=other_host), frame(0, opcode=0x04), frame(0)]
    outcome = inject([Event(action=Drop(), psns=EVERY_PSN, packets=PacketKind.WRITE)], frames)
    assert outcome.frames == frames[:3]


def test_negative_acknowledgements_are_told_from_positive_ones() -> None:
    ack, rnr, nak = (frame(0, opcode=0x11, payload=bytes([syndrome, 0, 0, 1])) for syndrome in (0x1F, 0x2C, 0x60))
    events = [
        Event(action=Drop(), packets=kind, nth=None) for kind in (PacketKind.NAK, PacketKind.RNR_NAK, PacketKind.ACK)
    ]
    assert inject(events[:1], [ack, rnr, nak]).frames == [ack, rnr]
    assert inject(events[1:2], [ack, rnr, nak]).frames == [ack, nak]
    assert inject(events[2:], [ack, rnr, nak]).frames == [rnr, nak]


def test_ecn_marks_keep_the_icrc_intact() -> None:
    outcome = inject([Event(action=MarkCe(), psns=every(2, packets=6))], FRAMES)
    assert [received[15] & 3 for received in outcome.frames] == [3, 2, 3, 2, 3, 2]
    assert outcome.intact == [True] * 6


def test_corruption_breaks_nothing_but_the_icrc() -> None:
    outcome = inject([Event(action=Corrupt(), psns=at(1))], FRAMES)
    assert outcome.intact == [True, False, True, True, True, True]
    damaged, original = outcome.frames[1], FRAMES[1]
    assert damaged[18:20] == bytes(byte ^ 0xFF for byte in original[18:20])
    assert _internet_sum(damaged[14:34]) == 0xFFFF
    assert damaged[26:] == original[26:]


def test_a_duplicate_is_one_more_equal_packet() -> None:
    outcome = inject([Event(action=Duplicate(), psns=at(2, 4))], FRAMES)
    assert outcome.psns == [0xFFFFFE, 0xFFFFFF, 0, 0, 1, 2, 2, 3]
    assert outcome.frames[2] == outcome.frames[3] == FRAMES[2]
    assert (outcome.report.events[0].happened, outcome.report.events[0].passed) == (2, 2)


def test_every_transmission_is_doubled_once_and_not_for_ever() -> None:
    outcome = inject([Event(action=Duplicate(), nth=None)], FRAMES[:3])
    assert outcome.psns == [0xFFFFFE, 0xFFFFFE, 0xFFFFFF, 0xFFFFFF, 0, 0]


def test_a_delayed_packet_is_overtaken() -> None:
    if not queueing_works():
        pytest.skip("this machine's kernel has no prio or netem queueing discipline")
    first, second = Delay(milliseconds=120), Delay(milliseconds=40)
    outcome = inject([Event(action=first, psns=at(0)), Event(action=second, psns=at(3))], FRAMES)
    assert outcome.psns == [0xFFFFFF, 0, 2, 3, 1, 0xFFFFFE]
    assert outcome.intact == [True] * 6


@pytest.mark.parametrize(
    ("field", "value", "where", "expected", "intact"),
    [
        (HeaderField.DSCP, 26, 15, 26 << 2 | 2, True),
        (HeaderField.ECN, 0, 15, 0, True),
        (HeaderField.TTL, 1, 22, 1, True),
        (HeaderField.UDP_SOURCE_PORT, 0xC000, 34, 0xC0, False),
        (HeaderField.OPCODE, 0x08, 42, 0x08, False),
        (HeaderField.MIGREQ, 1, 43, 0x40, False),
        (HeaderField.PARTITION_KEY, 0x7FFF, 44, 0x7F, False),
        (HeaderField.DESTINATION_QP, 0x123456, 47, 0x12, False),
        (HeaderField.PSN, 0x654321, 51, 0x65, False),
    ],
)
def test_a_field_is_rewritten(field: HeaderField, value: int, where: int, expected: int, intact: bool) -> None:
    outcome = inject([Event(action=Rewrite(field=field, value=value), psns=at(2))], FRAMES)
    assert outcome.frames[2][where] == expected
    assert outcome.frames[2] != FRAMES[2]
    assert outcome.intact == [True, True, intact, True, True, True]
    assert field.breaks_icrc is not intact
    assert [*outcome.frames[:2], *outcome.frames[3:]] == [*FRAMES[:2], *FRAMES[3:]]


def test_events_on_one_packet_do_not_hide_it_from_each_other() -> None:
    events = [Event(action=Drop(), psns=at(0), nth=(1,)), Event(action=MarkCe(), psns=at(0), nth=(2,))]
    events.append(Event(action=Drop(), psns=at(0), nth=(3,)))
    outcome = inject(events, [frame(0xFFFFFE) for _ in range(4)])
    assert [received[15] & 3 for received in outcome.frames] == [3, 2]
    assert [count.happened for count in outcome.report.events] == [1, 1, 1]
    assert [count.passed for count in outcome.report.events] == [4, 4, 4]


def test_ipv6_packets_are_found_too() -> None:
    from scapy.layers.inet import UDP
    from scapy.layers.inet6 import IPv6
    from scapy.layers.l2 import Ether
    from scapy.packet import Raw

    from plugfest.packets.layers import Bth

    flow = Flow(destination="2001:db8::2", destination_qp=0x11, first_psn=5)
    network = IPv6(src="2001:db8::1", dst="2001:db8::2", tc=2)
    headers = UDP(sport=50_000, dport=4791, chksum=0) / Bth(opcode=7, destination_qp=0x11, psn=6, migreq=0)
    packet = bytes(Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / network / headers / Raw(b"data"))
    outcome = inject([Event(action=MarkCe(), psns=at(1))], [packet], [flow])
    assert outcome.report.events[0].as_planned
    assert outcome.frames[0][14:16] == bytes.fromhex("6030")
    assert outcome.intact == [True]


def _internet_sum(header: bytes) -> int:
    total = sum(int.from_bytes(header[at : at + 2], "big") for at in range(0, len(header), 2))
    return (total & 0xFFFF) + (total >> 16)
