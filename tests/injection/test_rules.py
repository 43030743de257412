from pathlib import Path

import pytest
from pydantic import ValidationError

from plugfest.errors import UsageError
from plugfest.inventory.models import PortReference
from plugfest.packets.opcodes import OPCODE_NAMES
from plugfest.stimuli.injection.events import (
    AddressedEvent,
    Corrupt,
    Delay,
    Drop,
    Duplicate,
    Event,
    Flow,
    HeaderField,
    PacketKind,
    Rewrite,
    Towards,
    flow_of,
)
from plugfest.stimuli.injection.injector import changes
from plugfest.stimuli.injection.psns import at, span
from plugfest.stimuli.injection.rules import MOST_EVENTS, removal, script
from plugfest.stimuli.rdma_plan import RdmaEnd, RdmaQueuePair, RdmaQueuePairs

FLOW = Flow(destination="10.2.2.2", destination_qp=0x11, first_psn=0xFFFFFE)
IPV6 = Flow(destination="2001:db8::2", destination_qp=0x11, first_psn=0)

TWO_EVENTS = Path(__file__).with_name("two_events.nft")


def armed(*events: Event, flow: Flow = FLOW) -> list[AddressedEvent]:
    return [AddressedEvent(event=event, flow=flow) for event in events]


def test_the_whole_table() -> None:
    second = Event(action=Drop(), psns=span(1, 3), nth=(2,))
    naks = Event(action=Corrupt(), nth=None, packets=PacketKind.NAK)
    assert script("swp1", armed(second, naks)) == TWO_EVENTS.read_text().rstrip()


def test_the_table_is_removed_even_if_it_is_gone() -> None:
    table = "plugfest_inject_swp1_10"
    assert removal("swp1.10") == f"add table netdev {table}; delete table netdev {table}"


@pytest.mark.parametrize("action", [Corrupt(), Rewrite(field=HeaderField.IDENTIFICATION, value=1)])
def test_ipv6_has_no_identification(action: Corrupt | Rewrite) -> None:
    with pytest.raises(UsageError, match="IPv6"):
        script("swp1", armed(Event(action=action), flow=IPV6))


def test_ipv6_fields_have_their_own_names() -> None:
    ttl = Event(action=Rewrite(field=HeaderField.TTL, value=1))
    text = script("swp1", armed(ttl, flow=IPV6))
    assert "ip6 daddr 2001:db8::2" in text
    assert "ip6 hoplimit set 0x1" in text


@pytest.mark.parametrize("number", [0, MOST_EVENTS + 1])
def test_too_few_and_too_many_events_are_refused(number: int) -> None:
    with pytest.raises(UsageError, match=f"1 to {MOST_EVENTS} events"):
        script("swp1", armed(*[Event(action=Drop())] * number))


def test_every_delay_waits_in_a_band_of_its_own() -> None:
    point = PortReference(device="leaf1", port="swp1")
    delay = Event(action=Delay(milliseconds=5))
    room, table = changes(point, armed(delay, Event(action=Drop()), delay))
    root, first, second = room.do
    assert root[:9] == ("tc", "qdisc", "add", "dev", "swp1", "root", "handle", "1:", "prio")
    assert (first[5:7], second[5:7]) == (("parent", "1:2"), ("parent", "1:3"))
    assert first[-2:] == ("delay", "5.0ms")
    assert "meta mark & 0x1 != 0 meta priority set 1:2" in table.do[0][1]
    assert "meta mark & 0x4 != 0 meta priority set 1:3" in table.do[0][1]


def test_the_mark_of_a_copy_does_not_hide_the_original_from_a_drop() -> None:
    lines = script("swp1", armed(Event(action=Drop()), Event(action=Duplicate()))).splitlines()
    acting = [line.strip() for line in lines if " != 0 " in line][1:]
    assert acting == [
        'meta mark & 0x2 != 0 meta mark set meta mark | 0x80000000 dup to "swp1"',
        "meta mark & 0x1 != 0 drop",
    ]


def test_packet_classes_are_reliable_connection_opcodes() -> None:
    names = {kind: [OPCODE_NAMES[opcode] for opcode in kind.opcodes] for kind in PacketKind}
    assert names[PacketKind.READ_REQUEST] == ["RC_RDMA_READ_REQUEST"]
    assert len(names[PacketKind.READ_RESPONSE]) == 4
    assert len(names[PacketKind.WRITE]) == 6
    assert len(names[PacketKind.SEND]) == 8
    assert names[PacketKind.ATOMIC] == ["RC_COMPARE_SWAP", "RC_FETCH_ADD"]
    assert names[PacketKind.ATOMIC_RESPONSE] == ["RC_ATOMIC_ACKNOWLEDGE"]
    assert names[PacketKind.NAK] == ["RC_ACKNOWLEDGE"]
    assert names[PacketKind.CNP] == ["CNP"]
    assert names[PacketKind.ANY] == []


@pytest.mark.parametrize("nth", [(), (0,), (1, 1), (17,)])
def test_senseless_transmissions_are_refused(nth: tuple[int, ...]) -> None:
    with pytest.raises(ValidationError):
        Event(action=Drop(), nth=nth)


def test_a_value_must_fit_its_field() -> None:
    with pytest.raises(ValidationError, match="DSCP has 6 bits, 64 does not fit"):
        Rewrite(field=HeaderField.DSCP, value=64)


def test_the_plan_counts_what_can_be_counted() -> None:
    assert Event(action=Drop(), psns=at(1, 5), nth=(1, 2)).planned == 4
    assert Event(action=Drop(), psns=at(1), nth=None).planned is None
    assert Event(action=Drop()).planned is None


def test_flows_are_named_by_the_receivers_end() -> None:
    ends = [RdmaEnd(qpn=number, psn=psn, rkey=1, address=1) for number, psn in ((17, 500), (19, 900))]
    connection = RdmaQueuePairs(
        requester_gid="::ffff:10.1.1.2",
        responder_gid="2001:db8::9",
        queue_pairs=(RdmaQueuePair(requester=ends[0], responder=ends[1]),),
    )
    requests, answers = (flow_of(connection, 0, towards) for towards in (Towards.RESPONDER, Towards.REQUESTER))
    assert (requests.destination, requests.destination_qp, requests.first_psn) == ("2001:db8::9", 19, 500)
    assert (answers.destination, answers.destination_qp, answers.first_psn) == ("10.1.1.2", 17, 500)
    assert (requests.ipv6, answers.ipv6) == (True, False)
