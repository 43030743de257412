"""What the script prints becomes a condition, strictly."""

import pytest

from plugfest.errors import ParseError
from plugfest.sanity.linux import read, show_condition
from plugfest.sanity.records import Design
from plugfest.sessions.result import CommandResult

DESIGN = Design(device="spine9", ports=("swp1", "swp2"), bgp_ports=("swp1", "swp2"), injects=True)
TAG = "0a1b2c3d-4711-1790000000"
ANSWER = f"""\
== clock
1790000500.250000000
== small
/proc/sys/kernel/random/boot_id:5e0a6f6e-9c0e-4d0e-8a55-0d7a3a1b2c3d
/proc/1/stat:1 (init (x) y) S 0 1 1 0 -1 4194560 1023 9 0 0 2 5 0 0 20 0 1 0 731 5300224 420 18446744073709551615
/proc/sys/kernel/tainted:512
/proc/vmstat:oom_kill 3
/proc/net/tcp:   0: 00000000:00B3 00000000:0000 0A 00000000:00000000 00:00000000 00000000   101
/proc/net/tcp6:   1: 80FE0000000000002E05FEFFFE010203:00B3 80FE0000000000002E05FEFFFE0A0B0C:9C40 01 00000000:00000000
/proc/net/tcp6:   2: 80FE0000000000002E05FEFFFE010204:9C42 80FE0000000000002E05FEFFFE0A0B0D:00B3 01 00000000:00000000
== files
/tmp/plugfest.{TAG}.Ab3dEf9hIj.pcap
/var/crash/bgpd.17
== disk
Filesystem     1024-blocks   Used Available Capacity Mounted on
overlay             262144  10240    251904       4% /
tmpfs               500000      0    500000       0% /tmp
== links
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default
5: swp1@if4: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 4200 qdisc netem state UP mode DEFAULT group default
6: swp2@if9: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 4200 qdisc noqueue state LOWERLAYERDOWN mode DEFAULT group default
== rules
table netdev plugfest_inject_swp1
== programs
"""
PROGRAMS = (
    f"/proc/41/environ:PLUGFEST_TAG={TAG}\0/proc/1/comm:init\n\0/proc/41/comm:python3\n\0/proc/9/comm:tcpdump\n\0"
)


def said(text: str) -> CommandResult:
    return CommandResult(
        device="spine9", command="sanity", out=text, err="", exit_status=0, duration=0.5, started=1_790_000_500.0
    )


def test_everything_is_read() -> None:
    condition = read(said(ANSWER + PROGRAMS), DESIGN)
    assert condition.clock_offset == pytest.approx(0.0)
    assert condition.boot == "5e0a6f6e-9c0e-4d0e-8a55-0d7a3a1b2c3d/731"
    assert condition.kernel is not None
    assert (condition.kernel.tainted, condition.kernel.out_of_memory) == (512, 3)
    assert condition.links == {"swp1": "up", "swp2": "lowerlayerdown"}
    assert condition.bgp_connections == 2
    assert condition.rules == ("table netdev plugfest_inject_swp1",)
    assert condition.queues == {"lo": "noqueue", "swp1": "netem", "swp2": "noqueue"}
    assert condition.free_megabytes == {"/": 246, "/tmp": 488}
    assert condition.core_dumps == ("/var/crash/bgpd.17",)
    assert condition.files is not None
    assert [(str(each.tag), each.path) for each in condition.files] == [(TAG, f"/tmp/plugfest.{TAG}.Ab3dEf9hIj.pcap")]
    assert condition.programs is not None
    assert [(each.pid, each.name, each.tag and str(each.tag)) for each in condition.programs] == [
        (9, "tcpdump", None),
        (41, "python3", TAG),
    ]


def test_a_program_that_ends_while_we_look_is_none() -> None:
    ended = f"/proc/40/environ:PLUGFEST_TAG={TAG}\0"
    assert read(said(ANSWER + ended + PROGRAMS), DESIGN).programs == read(said(ANSWER + PROGRAMS), DESIGN).programs


def test_a_port_that_is_not_there_is_absent() -> None:
    other = Design(device="spine9", ports=("swp7",))
    condition = read(said(ANSWER + PROGRAMS), other)
    assert condition.links == {"swp7": "absent"}
    assert condition.rules is None


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (("== links\n", ""), "expected the sections clock, small, files, disk, links, rules, programs"),
        (("tmpfs               500000", "tmpfs"), "six columns"),
        (("/proc/9/comm", "grep: /proc/9"), "unknown line"),
    ],
)
def test_another_form_is_refused(damage: tuple[str, str], words: str) -> None:
    with pytest.raises(ParseError, match=words):
        read(said((ANSWER + PROGRAMS).replace(*damage)), DESIGN)


def test_rules_are_asked_for_only_where_there_can_be_any() -> None:
    assert show_condition(DESIGN)[-1] == "rules"
    assert show_condition(DESIGN.model_copy(update={"injects": False}))[-1] == ""
