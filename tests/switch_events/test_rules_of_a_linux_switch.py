"""A Linux switch's access list and marking, on real packets through the rules of this machine's kernel."""

import pytest

from plugfest.devices.access_rule import AccessRule
from plugfest.devices.changes import Change
from plugfest.devices.frr_linux.packet_events import DROPPED, MARKED, drop_by_acl, mark_all
from plugfest.devices.linux.packet_counters import parse_counters
from tests.injection.namespace import FLOW, frame, pass_through

pytestmark = pytest.mark.usefixtures("own_network")
OTHER = FLOW.model_copy(update={"destination": "10.0.0.3"})


def sent_through(
    change: Change, frames: list[bytes], then: list[tuple[str, ...]]
) -> tuple[list[bytes], dict[str, int]]:
    received, counters = pass_through([*change.do, *then], frames)
    return received, parse_counters(counters)


@pytest.mark.parametrize(
    ("rule", "dropped"),
    [
        (AccessRule(destination="10.0.0.2"), 3),
        (AccessRule(destination="10.0.0.2", dscp=26), 1),
        (AccessRule(source="10.0.0.1"), 4),
        (AccessRule(source="10.0.0.1", source_port=50_001), 0),
        (AccessRule(destination_port=4793), 0),
        (AccessRule(destination="2001:db8::2"), 0),
    ],
    ids=str,
)
def test_an_access_list_drops_and_counts_what_it_names(rule: AccessRule, dropped: int) -> None:
    frames = [frame(0), frame(1, tos=26 << 2 | 2), frame(2, tos=18 << 2 | 2), frame(3, flow=OTHER)]
    _, counters = sent_through(drop_by_acl("leaf1", "out", rule), frames, [])
    assert counters == {DROPPED: dropped}


def test_everything_that_may_be_marked_is_marked_and_counted() -> None:
    octets = [26 << 2 | codepoint for codepoint in range(4)]
    frames = [frame(number, tos=octet) for number, octet in enumerate(octets)]
    received, counters = sent_through(mark_all("leaf1", "in"), frames, [])
    assert [item[15] for item in received] == [octets[0], octets[3], octets[3], octets[3]]
    assert counters == {MARKED: 2}


def test_what_was_changed_is_taken_back() -> None:
    change = mark_all("leaf1", "in")
    received, counters = sent_through(change, [frame(0)], [*change.undo, *change.undo])
    assert received == [frame(0)]
    assert counters == {}
