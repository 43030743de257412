from pathlib import Path

import pytest

from plugfest.embedded.cpio import Entry
from plugfest.embedded.keys import LabKeys, new_key_pair
from plugfest.embedded.plan import mac_address, plan_of
from plugfest.embedded.rendering import guest_files
from plugfest.inventory.loader import load
from tests.embedded.labs import embedded, grown


def _files(entries: list[Entry]) -> dict[str, str]:
    return {entry.path: entry.content.decode() for entry in entries if entry.content is not None}


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    plan = plan_of(embedded())
    keys = LabKeys(new_key_pair(), {device.name: new_key_pair() for device in plan.devices})
    return _files(guest_files(plan, keys))


def test_the_fabric_is_one_batch_of_namespaces_and_veth_pairs(files: dict[str, str]) -> None:
    lines = files["lab/fabric"].splitlines()
    assert [line for line in lines if line.startswith("netns")] == [
        f"netns add {name}" for name in ("h1", "h2", "h3", "h4", "leaf1", "leaf2", "spine1", "spine2")
    ]
    near, far = mac_address("embedded", "h1:eth1"), mac_address("embedded", "leaf1:swp1")
    assert (
        f"link add eth1 netns h1 address {near} mtu 4200 type veth"
        f" peer name swp1 netns leaf1 address {far} mtu 4200" in lines
    )
    assert sum("type veth peer name mgmt0" in line for line in lines) == 8
    assert "" not in lines


def test_the_nics_of_the_machine_are_uplink_and_test_ports(files: dict[str, str]) -> None:
    assert [line.split(" ", 1)[1] for line in files["lab/nics"].splitlines()] == [
        "name uplink master management up",
        "name swp3 netns leaf1",
        "name swp4 netns leaf1",
        "name swp3 netns leaf2",
        "name swp4 netns leaf2",
    ]


def test_a_leaf_configures_addresses_bridge_and_management(files: dict[str, str]) -> None:
    assert files["lab/devices/leaf1/etc/plugfest/interfaces"].splitlines() == [
        "link set dev lo up",
        "address add 10.0.0.1/32 dev lo",
        "address add 192.168.127.20/24 dev mgmt0",
        "link set dev mgmt0 up",
        "link add br10 mtu 4200 type bridge stp_state 0",
        "link set dev br10 addrgenmode none",
        "link set dev br10 up",
        "link set dev swp1 mtu 4200 up",
        "address add 10.1.1.1/24 dev swp1",
        "link set dev swp2 mtu 4200 up",
        "address add 10.1.2.1/24 dev swp2",
        "link set dev swp49 mtu 4200 up",
        "link set dev swp50 mtu 4200 up",
        "link set dev swp3 mtu 4200 addrgenmode none master br10",
        "link set dev swp3 up",
        "link set dev swp4 mtu 4200 addrgenmode none master br10",
        "link set dev swp4 up",
    ]


def test_a_host_gets_its_gateway_and_its_rdma_device(files: dict[str, str]) -> None:
    assert files["lab/devices/h4/etc/plugfest/interfaces"].splitlines()[-1] == "route add default via 10.2.2.1"
    assert files["lab/devices/h4/etc/plugfest/rdma"] == "link add rxe4 type rxe netdev eth1\n"


def test_only_switches_route(files: dict[str, str]) -> None:
    spine = files["lab/devices/spine1/etc/frr/frr.conf"]
    assert "router bgp 65000\n bgp router-id 10.0.0.11\n neighbor swp1 interface remote-as external\n" in spine
    assert "lab/devices/h1/etc/frr/frr.conf" not in files
    assert "ip_forward = 1" in files["lab/devices/leaf2/etc/plugfest/sysctl.conf"]
    assert "ip_forward" not in files["lab/devices/h1/etc/plugfest/sysctl.conf"]


def test_lldp_leaves_the_management_port_alone(files: dict[str, str]) -> None:
    configuration = files["lab/devices/leaf1/etc/lldpd.d/plugfest.conf"]
    assert "interface pattern swp1,swp2,swp49,swp50,swp3,swp4\n" in configuration


def test_secrets_are_readable_by_root_only() -> None:
    plan = plan_of(embedded())
    keys = LabKeys(new_key_pair(), {device.name: new_key_pair() for device in plan.devices})
    modes = {entry.path: entry.mode for entry in guest_files(plan, keys)}
    assert modes["lab/devices/h1/etc/ssh/ssh_host_ed25519_key"] == 0o600
    assert modes["lab/devices/h1/root/.ssh"] == 0o700
    assert modes["lab/devices/h1/root/.ssh/authorized_keys"] == 0o600


def test_a_third_spine_becomes_a_third_neighbour(tmp_path: Path) -> None:
    plan = plan_of(load(grown(tmp_path)).lab)
    keys = LabKeys(new_key_pair(), {device.name: new_key_pair() for device in plan.devices})
    files = _files(guest_files(plan, keys))
    assert files["lab/devices/leaf1/etc/frr/frr.conf"].count("interface remote-as external") == 3
    assert "netns add h5" in files["lab/fabric"].splitlines()
    assert "lab/devices/spine3/etc/frr/frr.conf" in files
