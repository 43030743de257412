"""The running embedded lab, asked from outside: devices, fabric, RDMA, test ports."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from plugfest.cli.lab import app
from plugfest.embedded.convergence import missing_routes
from plugfest.embedded.lifecycle import reset, restart_device
from plugfest.embedded.state import RunningLab
from plugfest.sessions.deadline import Deadline
from plugfest.sessions.pool import SessionPool
from plugfest.sessions.session import Session
from plugfest.stimuli.test_port import TestPort

pytestmark = [pytest.mark.lab, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def pool(embedded_lab: RunningLab) -> Iterator[SessionPool]:
    with SessionPool(embedded_lab.endpoints) as pool:
        yield pool


def _json(session: Session, *argv: str) -> list[dict[str, object]]:
    answer: list[dict[str, object]] = json.loads(session.run(*argv).out)
    return answer


@pytest.mark.parametrize("name", ["h1", "h4", "leaf1", "spine2"])
def test_a_device_looks_like_a_machine_of_its_own(pool: SessionPool, name: str) -> None:
    session = pool.session(name)
    assert session.run("hostname").out == f"{name}\n"
    processes = session.run("ps", "-eo", "pid=,comm=").out.splitlines()
    assert processes[0].split() == ["1", "init"]
    assert [line.split()[1] for line in processes].count("bgpd") == (0 if name.startswith("h") else 1)
    for folder in ("/etc", "/run", "/tmp", "/var"):
        session.write(f"{folder}/mark", name.encode())
    other = pool.session("leaf2")
    assert [
        path for path in ("/etc/mark", "/tmp/mark", "/var/mark") if other.run("test", "-e", path, check=False).ok
    ] == []
    session.run("rm", "/etc/mark", "/run/mark", "/tmp/mark", "/var/mark")


def test_tools_are_there(pool: SessionPool) -> None:
    for name, tools in {
        "leaf1": ("vtysh", "ip", "tc", "nft", "tcpdump", "lldpcli", "bridge", "ethtool", "less", "nano"),
        "h1": ("ibv_devinfo", "ib_write_bw", "ibv_rc_pingpong", "rdma", "rping", "iperf3", "ping", "python3"),
    }.items():
        for tool in tools:
            assert pool.session(name).run("which", tool, check=False).ok, f"{name} lacks {tool}"
    assert pool.session("h1").run("python3", "-c", "import pyverbs.device").ok


def test_the_clock_is_right(pool: SessionPool) -> None:
    before = time.time()
    told = float(pool.session("h1").run("date", "+%s.%N").out)
    assert before - 2 < told < time.time() + 2


def test_bgp_has_every_route_and_next_hop(embedded_lab: RunningLab, pool: SessionPool) -> None:
    routes = {
        device.name: _json(pool.session(device.name), "ip", "-json", "-4", "route", "show", "proto", "bgp")
        for device in embedded_lab.plan.devices
        if device.asn is not None
    }
    assert missing_routes(embedded_lab.plan, routes) == []


def test_hosts_reach_each_other_across_the_fabric_with_the_designed_mtu(pool: SessionPool) -> None:
    session = pool.session("h1")
    answer = session.run("ping", "-c", "2", "-i", "0.2", "-W", "2", "-M", "do", "-s", "4172", "10.2.2.2").out
    assert "2 received" in answer
    assert "ttl=61" in answer
    assert not session.run("ping", "-c", "1", "-W", "1", "-M", "do", "-s", "4173", "10.2.2.2", check=False).ok


def test_soft_roce_is_on_every_host(embedded_lab: RunningLab, pool: SessionPool) -> None:
    for device in embedded_lab.plan.devices:
        for nic in device.rdma:
            links = _json(pool.session(device.name), "rdma", "-j", "link", "show")
            mine = [link for link in links if link.get("netdev") == nic.port]
            assert [(link["ifname"], link["state"]) for link in mine] == [(nic.device, "ACTIVE")]


def test_a_host_s_fabric_port_hides_nothing_from_captures(pool: SessionPool) -> None:
    features = pool.session("h1").run("ethtool", "-k", "eth1").out
    assert "tcp-segmentation-offload: off" in features
    assert "generic-receive-offload: off" in features
    assert "tx-checksumming: off" in features


def _frame(mark: bytes) -> bytes:
    return bytes.fromhex("ffffffffffff02005e00530188b5") + mark.ljust(46, b"\0")


@pytest.mark.parametrize(("there", "back"), [("leaf1:swp3", "leaf1:swp4"), ("leaf2:swp4", "leaf2:swp3")])
def test_frames_cross_a_bridge_between_two_test_ports(embedded_lab: RunningLab, there: str, back: str) -> None:
    frame = _frame(f"{there} to {back}".encode())
    with TestPort(embedded_lab.test_ports[there]) as ingress, TestPort(embedded_lab.test_ports[back]) as egress:
        ingress.send(frame)
        deadline = Deadline(f"the frame crosses from {there} to {back}", 10)
        while (received := egress.receive(deadline)) != frame:
            assert received[12:14] == b"\x88\xcc", "only our frame and the switch's own LLDP leave the port"


def test_a_large_frame_reaches_the_switch(embedded_lab: RunningLab, pool: SessionPool) -> None:
    leaf = pool.session("leaf1")

    def received() -> int:
        return int(leaf.run("cat", "/sys/class/net/swp3/statistics/rx_bytes").out)

    before = received()
    with TestPort(embedded_lab.test_ports["leaf1:swp3"]) as port:
        port.send(_frame(b"x" * 4186))
        Deadline("the switch counts the frame", 10).wait_for(received, until=lambda count: count >= before + 4200)


def test_a_test_port_hears_the_switch_s_lldp(embedded_lab: RunningLab) -> None:
    with TestPort(embedded_lab.test_ports["leaf2:swp3"]) as port:
        frame = port.receive(Deadline("the switch announces itself within its interval of 5 s", 15))
        while frame[12:14] != b"\x88\xcc":
            frame = port.receive(Deadline("the switch announces itself", 15))
    assert b"leaf2" in frame and b"swp3" in frame


def test_a_device_restarts_as_new_while_others_run_on(embedded_lab: RunningLab) -> None:
    with SessionPool(embedded_lab.endpoints) as pool:
        h2 = pool.session("h2")
        h2.write("/etc/mark", b"before")
        h2.run("tc", "qdisc", "add", "dev", "eth1", "root", "netem", "delay", "1ms")
        uptime = pool.session("h3").run("ps", "-o", "etimes=", "1").out
    restart_device(embedded_lab, "h2")
    with SessionPool(embedded_lab.endpoints) as pool:
        h2 = pool.session("h2")
        assert not h2.run("test", "-e", "/etc/mark", check=False).ok
        assert "netem" not in h2.run("tc", "qdisc", "show", "dev", "eth1").out
        Deadline("h2 reaches h1 again", 30).wait_for(
            lambda: h2.run("ping", "-c", "1", "-W", "1", "10.1.1.2", check=False).ok
        )
        assert "rxe2" in h2.run("rdma", "link", "show").out
        assert int(pool.session("h3").run("ps", "-o", "etimes=", "1").out) >= int(uptime)


def test_reset_puts_everything_back(embedded_lab: RunningLab) -> None:
    with SessionPool(embedded_lab.endpoints) as pool:
        pool.session("leaf1").run("ip", "link", "set", "swp49", "down")
        pool.session("h1").write("/tmp/mark", b"before")
    reset(embedded_lab)
    with SessionPool(embedded_lab.endpoints) as pool:
        state = _json(pool.session("leaf1"), "ip", "-json", "link", "show", "swp49")[0]["operstate"]
        assert state == "UP"
        assert not pool.session("h1").run("test", "-e", "/tmp/mark", check=False).ok
        assert abs(float(pool.session("h1").run("date", "+%s.%N").out) - time.time()) < 5


def test_ports_are_on_loopback_only(embedded_lab: RunningLab) -> None:
    for endpoint in embedded_lab.endpoints.values():
        with socket.create_connection((endpoint.address, endpoint.port), 10) as connection:
            assert connection.getpeername()[0] == "127.0.0.1"


def test_the_guest_reaches_nothing_outside(pool: SessionPool, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        program = f"import socket; socket.create_connection(('192.168.127.1', {port}), 3)"
        # An earlier test may have reset the lab under the kept connection: then this command is simply sent again.
        assert not pool.session("h1").run("python3", "-c", program, check=False, timeout=60, idempotent=True).ok
        listener.settimeout(0.1)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_the_command_tells_how_the_lab_is(embedded_lab: RunningLab) -> None:
    result = CliRunner().invoke(app, ["status"])
    assert result.exit_code == 0, result.output
    assert f"h1: ssh root@127.0.0.1 -p {embedded_lab.endpoints['h1'].port}" in result.output
    assert f"process {embedded_lab.pid}" in result.output
    assert "plugfest" not in CliRunner().invoke(app, ["up"]).output.split("runs already")[0]
