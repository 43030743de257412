"""The link and l2 suites end to end against a simulated mixed lab, through the real sessions, drivers and parsers.

Every dialect that can be asked is in it: what a healthy fabric passes and what a fabric with one thing wrong in many
places fails is known to the test.
"""

from collections import Counter
from collections.abc import Iterator

import pytest

from plugfest.devices.simulated.fabric import Announcement, Fault
from tests.simulated.runs import Case, reference, run

SUITES = ("testsuites/link", "testsuites/l2", "testsuites/routing/test_bgp.py::test_bgp_session_runs_as_cabled")
JUDGED = ("passed", "failed")
ASKED = ("sonic", "huawei_vrp", "h3c_comware", "asternos", "arista_eos", "cisco_nxos", "frr_linux")

SWAPPED = Announcement(
    system_name="spine2",
    chassis_mac="00:00:5e:00:53:01",
    port_id="Ethernet1/1",
    port_id_kind="interface",
    port_description="",
)
FAULTS = (
    Fault(port="leaf1:Ethernet480", values={"neighbor": SWAPPED}),
    Fault(port="leaf2:400GE1/0/3", values={"mtu": 1500}),
    Fault(port="leaf3:TwoHundredGigE1/0/1", values={"oper_up": False}),
    Fault(port="spine1:Ethernet3/1", values={"speed_mbps": 200_000}),
    Fault(port="spine1:Ethernet2/1", values={}, growing=frozenset({"carrier_changes"})),
    Fault(port="spine2:Ethernet1/2", values={}, growing=frozenset({"errors"})),
    Fault(port="tor1:Ethernet4", values={"neighbor": None}),
    Fault(port="border1:swp1", values={"admin_up": False, "oper_up": False}),
)
CAUGHT = {
    "test_lldp_matches_cabling[leaf1:Ethernet480<->spine1:Ethernet1/1]": (
        "leaf1:Ethernet480 LLDP neighbour – expected spine1:Ethernet1/1, got spine2:Ethernet1/1"
    ),
    "test_mtu_agrees[gpu3:ens2f0np0<->leaf2:400GE1/0/3]": "leaf2:400GE1/0/3 MTU in bytes – expected 9000, got 1500",
    "test_link_is_up[gpu4:ens3f0<->leaf3:TwoHundredGigE1/0/1]": "leaf3:TwoHundredGigE1/0/1 oper state – expected up, ",
    "test_lldp_matches_cabling[gpu4:ens3f0<->leaf3:TwoHundredGigE1/0/1]": "got no neighbour heard",
    "test_speed_agrees[leaf3:FourHundredGigE1/0/63<->spine1:Ethernet3/1]": (
        "spine1:Ethernet3/1 speed in Mbit/s – expected 400000, got 200000"
    ),
    "test_link_does_not_flap[leaf2:400GE1/0/7<->spine1:Ethernet2/1]": "spine1:Ethernet2/1 carrier changes while",
    "test_error_counters_do_not_grow[leaf2:400GE1/0/8<->spine2:Ethernet1/2]": "spine2:Ethernet1/2 growth of fcs_errors",
    "test_lldp_matches_cabling[npu2:ens7f0<->tor1:Ethernet4]": "tor1:Ethernet4 LLDP neighbour – expected npu2:ens7f0",
    "test_link_is_up[border1:swp1<->spine1:Ethernet31/1]": "border1:swp1 admin state – expected up, got down",
    "test_lldp_matches_cabling[border1:swp1<->spine1:Ethernet31/1]": "got no neighbour heard",
    "test_bgp_session_runs_as_cabled[border1:swp1<->spine1:Ethernet31/1]": "spine1:Ethernet31/1 BGP state – expected",
}
"""What each fault makes fail, and what the test says."""
UNMEASURED = {
    "test_speed_agrees[gpu4:ens3f0<->leaf3:TwoHundredGigE1/0/1]",
    "test_speed_agrees[border1:swp1<->spine1:Ethernet31/1]",
}
"""A port that is down tells no speed: inconclusive, and never passed."""


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Case]]:
    """A run without faults."""
    yield run(tmp_path_factory.mktemp("healthy"), *SUITES)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Case]]:
    """A run with a fault in seven switches."""
    yield run(tmp_path_factory.mktemp("faulty"), *SUITES, faults=FAULTS)


def test_a_healthy_mixed_fabric_is_green(healthy: list[Case]) -> None:
    assert [case for case in healthy if case.outcome not in ("passed", "skipped")] == []


def test_every_dialect_is_judged_and_not_just_skipped(healthy: list[Case]) -> None:
    """Link state, speed, MTU, errors and neighbours of every switch that can be asked."""
    judged = Counter(
        (device, case.name.split("[")[0]) for case in healthy if case.outcome == "passed" for device in case.devices
    )
    lab = reference()
    for name, switch in lab.switches.items():
        if switch.dialect not in ASKED:
            continue
        injected = any("injector1" in (link.a.device, link.b.device) for link in lab.links_of(name))
        mirrored = any("recorder" in str(link) for link in lab.links_of(name))
        cables = len(lab.links_of(name)) - injected - mirrored
        for test in ("link_is_up", "speed_agrees", "mtu_agrees", "error_counters_do_not_grow", "lldp_matches_cabling"):
            with_ruijie = sum("leaf4" in (link.a.device, link.b.device) for link in lab.links_of(name))
            of_npus = sum("npu0" in (link.a.port, link.b.port) for link in lab.links_of(name)) if "mtu" in test else 0
            assert judged[name, f"test_{test}"] == cables - with_ruijie - of_npus, (name, test)


def test_sessions_between_makers_are_judged(healthy: list[Case]) -> None:
    """Every cable between routers that can be asked: six operating systems at its ends."""
    judged = [case for case in healthy if case.name.startswith("test_bgp_session") and case.outcome == "passed"]
    assert len(judged) == 7
    dialects = {reference().switches[name].dialect for case in judged for name in case.devices}
    assert dialects == {"sonic", "huawei_vrp", "h3c_comware", "arista_eos", "cisco_nxos", "frr_linux"}


def test_every_skip_says_what_is_missing_and_where(healthy: list[Case]) -> None:
    skipped = [case.text for case in healthy if case.outcome == "skipped"]
    known = (
        "belongs to an NPU",
        "has no accelerator host",
        "cannot be asked for: ",
        "counts carrier changes",
        "has no capability",
        "have no capability",
        "has no bridged",
    )
    assert [text for text in skipped if not any(words in text for words in known)] == []
    assert any("leaf4 (ruijie_rgos) cannot be asked for: interfaces" in text for text in skipped)
    assert len(skipped) < len(healthy) / 2


@pytest.mark.parametrize("name", CAUGHT)
def test_a_fault_is_caught_with_the_right_device_named(name: str, faulty: list[Case]) -> None:
    (case,) = (case for case in faulty if case.name == name)
    assert case.outcome == "failed"
    assert CAUGHT[name] in case.text


def test_nothing_else_fails(faulty: list[Case]) -> None:
    run = [case.name for case in faulty if case.outcome != "skipped"]
    path = {name for name in run if name.startswith("test_mtu_boundary_is_sharp") and "gpu3" in name}
    failed = {case.name for case in faulty if case.outcome == "failed"}
    assert failed == CAUGHT.keys() | path
    assert len(path) == 13
    assert {case.name for case in faulty if case.outcome == "broken"} == UNMEASURED
