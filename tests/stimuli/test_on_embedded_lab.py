"""Traffic tools and changes on real devices: Soft-RoCE hosts and FRR switches of the embedded lab."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from plugfest.devices.changes import make, revert
from plugfest.devices.linux.host import LinuxHost
from plugfest.devices.roster import Roster
from plugfest.embedded.state import RunningLab
from plugfest.errors import CommandError
from plugfest.inventory.loader import load
from plugfest.sessions.pool import SessionPool
from plugfest.stimuli.guest.operations import Verb
from plugfest.stimuli.perftest import PerftestSide, run_perftest
from plugfest.stimuli.perftest_options import PerftestOptions, Program
from plugfest.stimuli.ping import ping
from plugfest.stimuli.rdma_endpoint import RdmaConnection, rdma_endpoint
from plugfest.stimuli.rdma_plan import RdmaOperation, RdmaPlan, RdmaResult
from plugfest.stimuli.tcpdump import capture

pytestmark = pytest.mark.lab

FIVE_SIZES = (1, 1024, 4096, 65_536, 1_048_576)
ALL_VERBS = tuple(
    RdmaOperation(verb=verb, size=size, messages=4) for verb in Verb for size in ((8,) if verb.atomic else FIVE_SIZES)
)
ADDRESS_OF_H4 = "10.2.2.2"
DROP_WRITES = """\
table netdev plugfest_test {
  chain ingress {
    type filter hook ingress device swp1 priority 0;
    udp dport 4791 @th,64,8 0x0a counter drop
  }
}
"""


@pytest.fixture(scope="module")
def roster(embedded_lab: RunningLab) -> Iterator[Roster]:
    """The devices of the running lab."""
    with SessionPool(embedded_lab.endpoints) as pool:
        yield Roster(load("embedded").lab, pool)


def side(roster: Roster, name: str) -> PerftestSide:
    host = roster.host(name)
    assert isinstance(host, LinuxHost)
    (device,) = host.rdma_devices()
    gid = host.roce_gid(device.name)
    return PerftestSide(roster.pool.session(name), device.name, gid.index, host.management_address())


def exchange(roster: Roster, requester: str, responder: str, plan: RdmaPlan) -> RdmaResult:
    one, other = side(roster, requester), side(roster, responder)
    with (
        rdma_endpoint(one.session, one.rdma_device, one.gid_index) as first,
        rdma_endpoint(other.session, other.rdma_device, other.gid_index) as second,
    ):
        return RdmaConnection(first, second, plan).run()


@pytest.mark.parametrize("program", Program)
def test_every_perftest_program_runs_between_leaves(roster: Roster, program: Program) -> None:
    result = run_perftest(program, side(roster, "h1"), side(roster, "h4"), PerftestOptions(iterations=20))
    (row,) = result.rows
    assert (row.iterations, result.failed) == (20, None)
    measured = row.typical_us if program.latency else row.messages_per_second
    assert measured is not None and measured > 0
    (pair,) = result.queue_pairs
    assert (pair.client.gid, pair.server.gid) == ("::ffff:10.1.1.2", "::ffff:10.2.2.2")
    assert result.server is not None
    assert (result.server.local, result.server.remote) == (result.client.remote, result.client.local)


@pytest.mark.parametrize(("requester", "responder"), [("h1", "h2"), ("h1", "h4"), ("h4", "h1")])
def test_all_verbs_in_all_sizes_arrive_intact_across_the_psn_wrap(
    roster: Roster, requester: str, responder: str
) -> None:
    plan = RdmaPlan(operations=ALL_VERBS, path_mtu=4096, start_psn=0xFFFFF0, queue_pairs=2, traffic_class=106)
    result = exchange(roster, requester, responder, plan)
    assert {str(item.operation): item.problems for item in result.operations} == {str(item): () for item in ALL_VERBS}
    assert all(pair.requester.psn == 0xFFFFF0 for pair in result.connection.queue_pairs)


def test_lost_writes_end_in_exceeded_retries_and_every_try_is_counted(roster: Roster) -> None:
    leaf1 = roster.pool.session("leaf1")
    leaf1.run("nft", "-f", "-", stdin=DROP_WRITES)
    try:
        plan = RdmaPlan(
            operations=(RdmaOperation(verb=Verb.SEND, size=64), RdmaOperation(verb=Verb.WRITE, size=64, messages=3)),
            retry_count=3,
            timeout=14,
        )
        sent, written = exchange(roster, "h1", "h4", plan).operations
        rules = leaf1.run("nft", "list", "table", "netdev", "plugfest_test").out
    finally:
        leaf1.run("nft", "delete", "table", "netdev", "plugfest_test", check=False)
    assert sent.problems == ()
    assert written.requester.completions == {"RETRY_EXC_ERR": 1, "WR_FLUSH_ERR": 2}
    assert written.responder.mismatch is not None
    assert "counter packets 12 " in rules


def test_a_capture_holds_exactly_what_was_sent(roster: Roster, tmp_path: Path) -> None:
    with capture(roster.pool.session("leaf1"), "swp1", 128, f"icmp and host {ADDRESS_OF_H4}") as running:
        replies = ping(roster.pool.session("h1"), ADDRESS_OF_H4, packet_bytes=4200, count=5)
        statistics = running.stop(tmp_path / "swp1.pcap")
    assert (replies.received, replies.ttls) == (5, (61,) * 5)
    assert (statistics.captured, statistics.received_by_filter, statistics.nothing_dropped) == (10, 10, True)
    # 24 bytes of file header; 16 of packet header and 128 of each packet.
    assert (tmp_path / "swp1.pcap").stat().st_size == 24 + 10 * (16 + 128)


def test_what_is_changed_takes_effect_and_is_taken_back(roster: Roster) -> None:
    leaf1, h1 = roster.switch("leaf1"), roster.pool.session("h1")
    for change in (
        leaf1.set_mtu("swp1", 1500),
        leaf1.blackhole("10.2.2.0/24"),
        roster.host("h1").remove_route("0.0.0.0/0"),
    ):
        session = roster.pool.session(change.device)
        try:
            make(change, session)
            assert ping(h1, ADDRESS_OF_H4, packet_bytes=4200, count=2, wait_seconds=1).received == 0, change.description
        finally:
            revert(change, session)
        assert ping(h1, ADDRESS_OF_H4, packet_bytes=4200).received == 3, change.description


def test_a_tool_that_cannot_run_leaves_nothing_behind(roster: Roster) -> None:
    client, server = side(roster, "h1"), side(roster, "h4")
    with pytest.raises(CommandError, match=r"IB device rxe9 not found"):
        run_perftest(Program.WRITE_BW, client._replace(rdma_device="rxe9"), server)
    with pytest.raises(
        CommandError, match=r"h1: preparing queue pairs on h1: PyverbsRDMAError: Failed to find device rxe9"
    ):
        exchange_on_missing_device(client, server)
    for session in (client.session, server.session):
        processes = session.run("ps", "-eo", "args").out
        assert "ib_write_bw" not in processes and "rdma_endpoint" not in processes
        assert "plugfest." not in session.run("ls", "/tmp").out


def exchange_on_missing_device(client: PerftestSide, server: PerftestSide) -> None:
    with (
        rdma_endpoint(client.session, "rxe9", 1) as first,
        rdma_endpoint(server.session, server.rdma_device, server.gid_index) as second,
    ):
        RdmaConnection(first, second, RdmaPlan(operations=(RdmaOperation(verb=Verb.READ, size=8),))).prepare()
