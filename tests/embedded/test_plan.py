from pathlib import Path

import pytest

from plugfest.embedded.plan import mac_address, plan_of
from plugfest.errors import EmbeddedLabError
from plugfest.inventory.loader import load
from plugfest.inventory.models import Lab
from tests.embedded.labs import embedded, grown


def test_every_device_gets_a_management_address_and_every_port_its_own_mac() -> None:
    plan = plan_of(embedded())
    assert [device.management_address for device in plan.devices[:2]] == ["192.168.127.16/24", "192.168.127.17/24"]
    macs = [port.mac for device in plan.devices for port in device.ports]
    macs += [device.management_mac for device in plan.devices] + [plan.management_mac]
    assert len(set(macs)) == len(macs) == 4 + 6 + 6 + 2 + 2 + 8 + 1
    assert all(mac.startswith("02:") for mac in macs)


def test_mac_addresses_depend_on_the_names_alone() -> None:
    assert mac_address("embedded", "leaf1:swp1") == mac_address("embedded", "leaf1:swp1")
    assert mac_address("embedded", "leaf1:swp1") != mac_address("other", "leaf1:swp1")


def test_bgp_runs_on_cables_between_switches_with_an_as_number_only() -> None:
    ports = {device.name: device.bgp_ports for device in plan_of(embedded()).devices}
    assert ports["leaf1"] == ("swp49", "swp50")
    assert ports["spine2"] == ("swp1", "swp2")
    assert ports["h1"] == ()


def test_test_ports_are_neither_cabled_nor_unplugged() -> None:
    plan = plan_of(embedded())
    assert list(plan.test_ports) == ["leaf1:swp3", "leaf1:swp4", "leaf2:swp3", "leaf2:swp4"]
    leaf = next(device for device in plan.devices if device.name == "leaf1")
    assert not leaf.port("swp3").cabled and not leaf.port("swp3").uncabled
    assert leaf.vlans == (10,)
    assert leaf.lldp_ports == ("swp1", "swp2", "swp49", "swp50", "swp3", "swp4")


def test_a_fifth_host_and_a_third_spine_make_a_larger_guest(tmp_path: Path) -> None:
    plan = plan_of(load(grown(tmp_path)).lab)
    devices = {device.name: device for device in plan.devices}
    assert len(plan.devices) == 10
    assert len(plan.cables) == 11
    assert devices["leaf1"].bgp_ports == ("swp49", "swp50", "swp51")
    assert [nic.device for nic in devices["h5"].rdma] == ["rxe5"]


def _changed(**changes: object) -> Lab:
    lab = embedded()
    h1 = lab.device("h1").model_copy(update=changes)
    return lab.model_copy(update={"devices": {**lab.devices, "h1": h1}})


def test_what_an_embedded_lab_cannot_be_is_told_at_once() -> None:
    h1, h2 = embedded().hosts["h1"], embedded().hosts["h2"]
    port = h1.ports["eth1"]
    lab = _changed(
        ports={
            "eth1": port.model_copy(update={"test_port": True}),
            "a-name-too-long-for-linux": port,
            "mgmt0": port.model_copy(update={"address": "192.168.127.9/24"}),
        },
        nics=h2.nics,
        gateway="the-leaf",
    )
    with pytest.raises(EmbeddedLabError) as caught:
        plan_of(lab)
    assert str(caught.value).splitlines() == [
        "this lab cannot be built as an embedded lab:",
        "  RDMA device rxe2 is on h1 and on h2; its name must be unique in the lab",
        "  h1: port 'a-name-too-long-for-linux' cannot be the name of a Linux network interface"
        " (1 to 15 characters, not lo or mgmt0)",
        "  h1: port 'mgmt0' cannot be the name of a Linux network interface (1 to 15 characters, not lo or mgmt0)",
        "  h1: port eth1 is a test port and also has a cable; remove one of them",
        "  h1: port mgmt0 has address 192.168.127.9/24, which is inside the management network 192.168.127.0/24",
        "  h1: gateway 'the-leaf' is not an IP address",
    ]


def test_a_hardware_lab_is_refused() -> None:
    lab = load("example_hardware").lab
    with pytest.raises(EmbeddedLabError, match="is a lab of kind hardware; expected one of kind embedded"):
        plan_of(lab)
