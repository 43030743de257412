"""The drivers read again what devices of the embedded lab once answered."""

from pathlib import Path

from plugfest.devices.frr_linux.switch import FrrLinuxSwitch
from plugfest.devices.linux.host import LinuxHost
from plugfest.devices.records import BgpState, RdmaGid
from plugfest.inventory.loader import load
from plugfest.sessions.replay import ReplaySession
from plugfest.sessions.transcript import Transcript

LAB = load("embedded").lab
TRANSCRIPT = Transcript.from_json((Path(__file__).parent / "recordings" / "embedded_lab.json").read_text())


def host() -> LinuxHost:
    return LinuxHost(LAB, "h1", ReplaySession("h1", TRANSCRIPT))


def switch() -> FrrLinuxSwitch:
    return FrrLinuxSwitch(LAB, "leaf1", ReplaySession("leaf1", TRANSCRIPT))


def test_facts_name_the_software() -> None:
    facts = switch().facts()
    assert (facts.chip, facts.software) == ("Linux bridge and router", "Debian GNU/Linux forky/sid, FRR 10.7.1")
    assert host().facts().details == {
        "kernel": "Linux 7.2.12+deb14-amd64",
        "system": "Debian GNU/Linux forky/sid",
        "iproute2": "7.2.0",
        "lldpd": "1.0.23",
        "perftest": "6.24",
        "tcpdump": "4.99.6",
    }


def test_every_designed_port_is_up_with_its_mtu() -> None:
    ports = switch().interfaces()
    designed = LAB.switches["leaf1"].ports
    assert {name: ports[name].mtu for name in designed} == {name: port.mtu for name, port in designed.items()}
    assert all(ports[name].oper_up and ports[name].speed_mbps == 10000 for name in ("swp1", "swp49", "swp50"))


def test_lldp_equals_the_cabling() -> None:
    assert [(item.local_port, item.system_name, item.port_id) for item in switch().lldp_neighbors()] == [
        ("swp1", "h1", "eth1"),
        ("swp2", "h2", "eth1"),
        ("swp49", "spine1", "swp1"),
        ("swp50", "spine2", "swp1"),
    ]


def test_both_spines_are_established_and_used() -> None:
    leaf1 = switch()
    assert [(item.hostname, item.state) for item in leaf1.bgp_neighbors()] == [
        ("spine1", BgpState.ESTABLISHED),
        ("spine2", BgpState.ESTABLISHED),
    ]
    for routes in (leaf1.routes(), leaf1.kernel_routes()):
        (remote,) = (route for route in routes if route.prefix == "10.2.2.0/24")
        assert sorted(str(hop.interface) for hop in remote.next_hops) == ["swp49", "swp50"]


def test_the_hosts_rdma_device_has_its_rocev2_gid_and_counters() -> None:
    h1 = host()
    assert h1.roce_gid("rxe1") == RdmaGid(index=1, gid="::ffff:10.1.1.2", type="RoCE v2")
    assert h1.rdma_counters("rxe1").values["rcvd_pkts"] == 1117


def test_the_management_address_is_not_on_the_fabric() -> None:
    assert host().management_address() == "192.168.127.16"


def test_marks_of_the_bottleneck_are_counted() -> None:
    assert [queue.ecn_marked_packets for queue in switch().queues("swp1")] == [None, 1349]
