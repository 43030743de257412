"""Every condition says yes where the lab file gives what is needed, and why where it does not."""

import pytest

from plugfest.devices.dialects.reading import Question
from plugfest.inventory.loader import load
from plugfest.inventory.models import Capability, Link
from plugfest.inventory.plan import HostPair, Plan
from plugfest.planning import conditions, stimuli
from plugfest.planning.answering import can_answer
from plugfest.planning.requires import Condition, conditions_of, requires
from plugfest.stimuli.injection.events import Towards

REFERENCE = Plan.of(load("odcc_reference").lab)
EMBEDDED = Plan.of(load("embedded").lab)


def pair(plan: Plan, id_: str) -> HostPair:
    return next(each for each in plan.host_pairs if each.id == id_)


def link(plan: Plan, start: str) -> Link:
    return next(each for each in plan.links if each.id.startswith(start))


ACROSS = pair(REFERENCE, "gpu1:enp65s0np0->gpu3")
BACK_TO_BACK = pair(REFERENCE, "gpu1:enp193s0np0->gpu9")
NO_RDMA = pair(REFERENCE, "gpu2->gpu4")
EMULATED = pair(EMBEDDED, "h1->h4")


@pytest.mark.parametrize(
    ("plan", "condition", "subject", "reason"),
    [
        (REFERENCE, conditions.rdma_at_both_ends, ACROSS, None),
        (REFERENCE, conditions.rdma_at_both_ends, NO_RDMA, "gpu4 has no capability rdma in the lab file"),
        (REFERENCE, conditions.capture_at_both_ends, pair(REFERENCE, "gpu2->npu1"), "npu1 has no capability capture"),
        (REFERENCE, conditions.capture_on_the_way, ACROSS, "leaf1 has no capability capture"),
        (REFERENCE, conditions.capture_on_the_way, BACK_TO_BACK, "no switch between gpu1 and gpu9"),
        (EMBEDDED, conditions.capture_on_the_way, EMULATED, None),
        (REFERENCE, conditions.several_paths, ACROSS, None),
        (REFERENCE, conditions.several_paths, BACK_TO_BACK, "has one path only"),
        (REFERENCE, conditions.crosses_routers, ACROSS, None),
        (REFERENCE, conditions.crosses_routers, BACK_TO_BACK, "crosses no router"),
        (REFERENCE, conditions.path_mtu_is_designed, ACROSS, None),
        (REFERENCE, conditions.server_notifies, ACROSS, None),
        (EMBEDDED, conditions.server_notifies, EMULATED, "h4: Linux Soft-RoCE sends no congestion notifications"),
        (REFERENCE, conditions.port_can_be_slowed, ACROSS, "needs a Linux switch with the capability configuration"),
        (EMBEDDED, conditions.port_can_be_slowed, EMULATED, None),
        (EMBEDDED, conditions.harness_is_cabled, None, None),
        (REFERENCE, conditions.harness_is_cabled, None, "test ports of hardware labs need an interface"),
        (EMBEDDED, conditions.switches_are_configurable, None, None),
        (REFERENCE, conditions.switches_are_configurable, None, "leaf1 and leaf2 and leaf3"),
        (REFERENCE, stimuli.injectable(Towards.REQUESTER), ACROSS, None),
        (
            REFERENCE,
            stimuli.injectable(*Towards),
            pair(REFERENCE, "gpu2->gpu3"),
            "events towards the responder of gpu2",
        ),
        (REFERENCE, stimuli.senders(3), ACROSS, None),
        (REFERENCE, stimuli.senders(2), BACK_TO_BACK, "the lab has 1 of 2 hosts that can send to gpu9"),
        (
            REFERENCE,
            stimuli.another_receiver,
            pair(REFERENCE, "gpu9->gpu1:enp193s0np0"),
            "no host that gpu9 could send to",
        ),
        (EMBEDDED, stimuli.survivable, link(EMBEDDED, "leaf1:swp49"), None),
        (REFERENCE, stimuli.survivable, link(REFERENCE, "leaf1:Ethernet480"), "leaf1 has no capability configuration"),
        (REFERENCE, stimuli.survivable, link(REFERENCE, "border1:swp1"), "no pair of hosts has an equal path around"),
    ],
)
def test_condition(plan: Plan, condition: Condition, subject: object, reason: str | None) -> None:
    said = condition(plan, subject)
    assert said is None if reason is None else reason in (said or "")


@pytest.mark.parametrize(
    ("cable", "reason"),
    [
        ("leaf1:Ethernet480", None),
        ("leaf4:FourHundredGigabitEthernet0/127", "leaf4 (ruijie_rgos) cannot be asked for: interfaces"),
        ("gpu1:enp65s0np0", "injector1 (injector) cannot be asked for: interfaces"),
    ],
)
def test_both_ends_must_be_able_to_answer(cable: str, reason: str | None) -> None:
    assert conditions.ends_answer(Question.INTERFACES)(REFERENCE, link(REFERENCE, cable)) == reason


def test_one_end_that_counts_carrier_changes_is_enough() -> None:
    assert conditions.tells_carrier_changes(REFERENCE, link(REFERENCE, "leaf1:Ethernet480")) is None
    said = conditions.tells_carrier_changes(REFERENCE, link(REFERENCE, "leaf1:Ethernet488"))
    assert said == "neither leaf1 nor spine2 counts carrier changes"


def test_ports_that_npus_own_are_not_asked_what_their_tool_does_not_tell() -> None:
    cable = link(REFERENCE, "npu1:npu0")
    assert conditions.tells_mtu(REFERENCE, cable) == "npu1:npu0 belongs to an NPU, whose tool tells no MTU"
    assert conditions.tells_carrier_changes(REFERENCE, cable) == "neither npu1 nor leaf2 counts carrier changes"
    assert conditions.tells_mtu(REFERENCE, link(REFERENCE, "gpu3:ens2f0np0")) is None
    assert "ping does not leave" in str(conditions.client_sends_pings(REFERENCE, pair(REFERENCE, "npu1->gpu3")))
    assert conditions.client_sends_pings(REFERENCE, pair(REFERENCE, "gpu3->npu1")) is None


def test_answers_follow_from_the_dialects() -> None:
    lab = REFERENCE.lab
    assert [name for name in lab.switches if not can_answer(lab, name, Question.LLDP)] == ["leaf4"]
    assert can_answer(lab, "gpu1", Question.INTERFACES)
    assert not can_answer(lab, "gpu1", Question.BGP)
    assert not can_answer(lab, "recorder1", Question.LLDP)


def test_lldp_needs_the_capability() -> None:
    lldp = conditions.ends_have(Capability.LLDP)
    assert lldp(REFERENCE, link(REFERENCE, "gpu1:enp65s0np0")) == "injector1 has no capability lldp in the lab file"


def test_conditions_add_up() -> None:
    @requires(conditions.several_paths)
    @requires(conditions.one_hop_count, conditions.crosses_routers)
    def function() -> None: ...

    expected = (conditions.several_paths, conditions.one_hop_count, conditions.crosses_routers)
    assert conditions_of(function) == expected
    assert conditions_of(print) == ()
