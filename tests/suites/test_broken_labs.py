"""Break one thing in the embedded lab, and the right test fails with words that a lab engineer understands.

Each case is a real run of the suites; the same tests pass on the healthy lab (test_healthy_lab.py).
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from plugfest.devices.changes import Change
from plugfest.devices.roster import Roster
from tests.suites.conftest import RunSuite

pytestmark = pytest.mark.lab


@dataclass(frozen=True)
class Broken:
    """What is broken, which test must notice, and what it must say."""

    changes: Callable[[Roster], list[Change]]
    select: tuple[str, ...]
    test: str
    words: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.test.partition("[")[0]


def shell(device: str, description: str, do: str, undo: str) -> Change:
    """A change by shell commands on a Linux device."""
    return Change(device=device, description=description, do=(("sh", "-c", do),), undo=(("sh", "-c", undo),))


def swap_names(device: str, first: str, second: str) -> Change:
    """Exchange the names of two ports: for everybody else the cables are swapped."""
    down = "; ".join(f"ip link set {port} down" for port in (first, second))
    renames = (
        f"ip link set {first} name swapping; ip link set {second} name {first}; ip link set swapping name {second}"
    )
    up = "; ".join(f"ip link set {port} up" for port in (first, second))
    swap = f"{down}; {renames}; {up}; lldpcli update"
    return shell(device, f"{first} and {second} swapped", swap, swap)


def rule(device: str, port: str, statement: str) -> Change:
    """One nftables statement on what enters a port."""
    table = (
        f"add table netdev broken; add chain netdev broken in {{ type filter hook ingress device {port} priority 0; }}"
    )
    do = f"nft '{table}; add rule netdev broken in {statement}'"
    return shell(device, f"{statement} on {port}", do, "nft delete table netdev broken")


def forget_path_mtu(host: str) -> Change:
    """Hosts remember a path MTU that they once learned for ten minutes: without what is broken, and with it."""
    return shell(host, "learned path MTUs forgotten", "ip route flush cache", "ip route flush cache")


def vtysh(asn: int, line: str) -> str:
    """Enter one line into the IPv4 part of a switch's BGP configuration."""
    lines = ("configure terminal", f"router bgp {asn}", "address-family ipv4 unicast", line)
    return "vtysh " + " ".join(f"-c '{each}'" for each in lines)


CASES = {
    "a cable end is switched off": Broken(
        lambda lab: [lab.switch("spine1").set_admin("swp1", up=False)],
        ("testsuites/link", "-k", "link_is_up"),
        "test_link_is_up[leaf1:swp49<->spine1:swp1]",
        ("spine1:swp1 admin state – expected up, got down", "leaf1:swp49 oper state – expected up, got down"),
    ),
    "one end has a smaller MTU": Broken(
        lambda lab: [lab.switch("leaf1").set_mtu("swp1", 1500)],
        ("testsuites/link", "-k", "mtu_agrees"),
        "test_mtu_agrees[h1:eth1<->leaf1:swp1]",
        ("leaf1:swp1 MTU in bytes – expected 4200, got 1500", "got 4200 and 1500"),
    ),
    "the fabric has a smaller MTU than designed": Broken(
        lambda lab: [lab.switch("leaf2").set_mtu("swp2", 1500), *map(forget_path_mtu, ("h1", "h4"))],
        ("testsuites/l2/test_mtu.py", "-k", "h1 and h4"),
        "test_mtu_boundary_is_sharp[h1->h4]",
        ("h1->h4 4200-byte packets – expected all 3 answered, got refused",),
    ),
    "two cables are swapped": Broken(
        lambda lab: [swap_names("leaf1", "swp1", "swp2")],
        ("testsuites/l2/test_lldp.py", "-k", "matches_cabling"),
        "test_lldp_matches_cabling[h1:eth1<->leaf1:swp1]",
        ("leaf1:swp1 LLDP neighbour – expected h1:eth1, got h2:eth1",),
    ),
    "LLDP is off at one port": Broken(
        lambda lab: [lab.host("h3").set_lldp("eth1", enabled=False)],
        ("testsuites/l2/test_lldp.py", "-k", "matches_cabling"),
        "test_lldp_matches_cabling[h3:eth1<->leaf2:swp1]",
        ("leaf2:swp1 LLDP neighbour – expected h3:eth1, got no neighbour heard",),
    ),
    "a switch forwards LLDP": Broken(
        lambda lab: [
            shell(
                "leaf1",
                "LLDP is bridged",
                "for mask in /sys/class/net/*/bridge/group_fwd_mask; do echo 0x4000 > $mask; done",
                "for mask in /sys/class/net/*/bridge/group_fwd_mask; do echo 0 > $mask; done",
            )
        ],
        ("testsuites/l2/test_reserved_addresses.py",),
        "test_reserved_frames_stay_on_the_link[leaf1:swp3->leaf1:swp4]",
        ("LLDP (01-80-C2-00-00-0E) – expected never forwarded, got 5 of 5",),
    ),
    "a BGP session is shut down": Broken(
        lambda lab: [lab.switch("leaf2").set_bgp_neighbor("swp50", up=False)],
        ("testsuites/routing/test_bgp.py", "-k", "session"),
        "test_bgp_session_runs_as_cabled[leaf2:swp50<->spine2:swp2]",
        ("leaf2:swp50 BGP state – expected Established, got Idle",),
    ),
    "a leaf uses one of two equal paths": Broken(
        lambda lab: [
            shell("leaf1", "one path only", vtysh(65101, "maximum-paths 1"), vtysh(65101, "maximum-paths 64"))
        ],
        ("testsuites/routing", "-k", "next_hops or (spread and h1 and h4)"),
        "test_queue_pairs_spread_over_all_paths[h1->h4]",
        ("RoCEv2 packets – expected more than 0, got 0",),
    ),
    "a route is missing": Broken(
        lambda lab: [lab.switch("leaf1").blackhole("10.2.2.0/24")],
        ("testsuites/l2/test_mtu.py", "-k", "h1 and h4"),
        "test_mtu_boundary_is_sharp[h1->h4]",
        ("4200-byte packets – expected all 3 answered",),
    ),
    "DSCP is bleached at one hop": Broken(
        lambda lab: [rule("leaf2", "swp2", "udp dport 4791 ip dscp set 0")],
        ("testsuites/rocev2", "-k", "dscp and h4 and h1"),
        "test_dscp_and_ecn_arrive_as_sent[h4->h1]",
        ("request DSCP – expected 26, got 0",),
    ),
    "one hop damages frames": Broken(
        lambda lab: [
            rule("leaf2", "swp2", "udp dport 4791 @th,64,8 0x0a limit rate 1/second burst 1 packets ip id set 7")
        ],
        ("testsuites/rocev2", "-k", "icrc_is and h4 and h1"),
        "test_every_icrc_is_correct[h4->h1]",
        ("frames with a wrong ICRC – expected 0, got",),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_right_test_fails_with_the_right_words(
    case: Broken, roster: Roster, broken: Callable[[Change], None], run_suite: RunSuite
) -> None:
    for change in case.changes(roster):
        broken(change)
    run = run_suite(*case.select)
    assert run.exit_status == 1
    message = run.message(case.test)
    assert "[INTEROP]" in message
    for words in case.words:
        assert words in message, message


def test_a_lab_that_cannot_be_reached_is_broken_not_failed(
    broken: Callable[[Change], None], run_suite: RunSuite
) -> None:
    stop = "pid=$(cat /run/sshd.pid); kill -STOP $pid; (sleep 90; kill -CONT $pid) </dev/null >/dev/null 2>&1 &"
    broken(shell("spine2", "SSH server frozen", stop, "kill -CONT $(cat /run/sshd.pid)"))
    run = run_suite("testsuites/link", "-k", "link_is_up")
    assert run.exit_status == 1
    message = run.message("test_link_is_up[leaf1:swp50<->spine2:swp1]")
    assert "[LAB] spine2" in message
    assert "[INTEROP]" not in message
