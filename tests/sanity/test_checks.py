"""Each check on a healthy and a sick device."""

from pathlib import Path

import pytest

from plugfest.devices.records import BgpNeighbor, BgpState
from plugfest.sanity.checks import concerns, findings
from plugfest.sanity.controller import full_disks
from plugfest.sanity.records import Condition, Design, KernelTrouble, Program
from plugfest.sessions.tag import own_tag

DESIGN = Design(device="leaf1", ports=("swp1", "swp49"), bgp_ports=("swp49",), injects=True)
SESSION = BgpNeighbor(
    neighbor="swp49",
    interface="swp49",
    remote_asn=65000,
    local_asn=65101,
    state=BgpState.ESTABLISHED,
    uptime_seconds=40,
    prefixes_received=3,
)
OURS = Program(pid=7, name="tcpdump", tag=own_tag())
HEALTHY = Condition(
    device="leaf1",
    taken=1000.0,
    clock_offset=0.4,
    boot="a/1",
    kernel=KernelTrouble(tainted=0, out_of_memory=0),
    links={"swp1": "up", "swp49": "unknown"},
    bgp=(SESSION,),
    rules=("table inet filter",),
    queues={"swp1": "noqueue", "swp49": "mq", "wan0": "netem"},
    programs=(OURS,),
    files=(),
    free_megabytes={"/": 9000, "/tmp": 51},
    core_dumps=("/var/crash/old",),
)

SICK = {
    "reachable": ({"unreachable": "leaf1: cannot connect"}, "leaf1: cannot connect"),
    "restarted": ({"boot": "a/2"}, "leaf1 – expected to run on, was restarted"),
    "clock": ({"clock_offset": -61.2}, "leaf1 clock – expected within 30 s of ours, got -61 s"),
    "links": ({"links": {"swp1": "lowerlayerdown"}}, "leaf1:swp1 link – expected up, got lowerlayerdown"),
    "bgp": (
        {"bgp": (SESSION.model_copy(update={"state": BgpState.ACTIVE}),)},
        "leaf1 BGP session swp49 – expected Established, got Active",
    ),
    "rules": (
        {"rules": ("table netdev plugfest_inject_swp1",)},
        "leaf1 packet rules – expected none of ours, got table netdev plugfest_inject_swp1",
    ),
    "queues": ({"queues": {"swp1": "netem"}}, "leaf1:swp1 queue – expected none of ours, got netem"),
    "programs": (
        {"programs": (OURS.model_copy(update={"tag": None}),)},
        "leaf1 traffic tools – expected none of others, got tcpdump (process 7)",
    ),
    "disk": ({"free_megabytes": {"/tmp": 3}}, "leaf1 /tmp – expected at least 50 MB free, got 3 MB"),
    "core dumps": (
        {"core_dumps": ("/var/crash/old", "/var/crash/bgpd")},
        "leaf1 – expected no new core dumps, got /var/crash/bgpd",
    ),
    "kernel": (
        {"kernel": KernelTrouble(tainted=1 << 7, out_of_memory=0)},
        "leaf1 kernel – expected no mishap since the last look, got an oops or BUG",
    ),
}


def test_a_healthy_device_has_no_findings() -> None:
    assert findings(HEALTHY, DESIGN) == ()
    assert findings(HEALTHY, DESIGN, HEALTHY) == ()


@pytest.mark.parametrize("check", SICK)
def test_a_sick_device_says_what_was_expected_and_seen(check: str) -> None:
    update, sentence = SICK[check]
    [found] = findings(HEALTHY.model_copy(update=update), DESIGN, HEALTHY)
    assert (found.check, found.sentence) == (check, sentence)


@pytest.mark.parametrize("check", ["restarted", "core dumps", "kernel"])
def test_what_was_so_when_we_first_looked_is_nobodys_fault(check: str) -> None:
    update, _ = SICK[check]
    assert findings(HEALTHY.model_copy(update=update), DESIGN) == ()


def test_memory_that_ran_out_is_seen_by_its_victims() -> None:
    now = HEALTHY.model_copy(update={"kernel": KernelTrouble(tainted=0, out_of_memory=2)})
    assert "killed programs" in findings(now, DESIGN, HEALTHY)[0].sentence


def test_sessions_that_vanished_are_missed() -> None:
    [found] = findings(HEALTHY.model_copy(update={"bgp": ()}), DESIGN)
    assert found.sentence == "leaf1 BGP sessions – expected 1, got none"


def test_what_a_device_cannot_tell_is_not_held_against_it() -> None:
    assert findings(Condition(device="leaf1", taken=0.0), DESIGN, HEALTHY) == ()


def test_a_suite_that_judges_links_runs_on_a_lab_with_a_dead_link() -> None:
    [dead] = findings(HEALTHY.model_copy(update={"links": {"swp1": "down"}}), DESIGN)
    assert concerns(dead, "recovery")
    assert not concerns(dead, "link")


def test_this_machine_needs_room(monkeypatch: pytest.MonkeyPatch) -> None:
    [sentence] = full_disks([Path("/proc")])  # a file system without any room
    assert sentence == "this machine: /proc – expected at least 64 MB free, got 0 MB"
    monkeypatch.setattr("plugfest.sanity.controller.FREE_MEGABYTES", 0)
    assert list(full_disks([Path("/tmp/not/there/yet")])) == []
