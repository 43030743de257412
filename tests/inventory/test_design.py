import pytest

from plugfest.inventory.design import (
    designed_mtu,
    designed_path_mtu,
    designed_speed_mbps,
    ports_by_neighbor,
    speed_mbps,
)
from plugfest.inventory.loader import load
from plugfest.inventory.models import Lab, Link
from plugfest.inventory.plan import Plan


@pytest.mark.parametrize(("text", "mbps"), [("100M", 100), ("2.5G", 2500), ("400G", 400_000), ("1.6T", 1_600_000)])
def test_speeds(text: str, mbps: int) -> None:
    assert speed_mbps(text) == mbps


def lab(**port: object) -> Lab:
    host = {"role": "host", "ports": {"e1": port}}
    return Lab.model_validate({"version": 1, "name": "x", "kind": "embedded", "devices": {"a": host, "b": host}})


def test_a_links_design_comes_from_the_link_or_its_ports() -> None:
    link = Link.model_validate("a:e1 <-> b:e1")
    assert designed_mtu(lab(mtu=9000), link) == 9000
    assert designed_speed_mbps(lab(speed="25G"), link) == 25_000
    assert designed_mtu(lab(), link) is None
    fast = Link.model_validate({"between": "a:e1 <-> b:e1", "speed": "100G"})
    assert designed_speed_mbps(lab(), fast) == 100_000


def test_the_path_mtu_is_the_smallest_on_the_way() -> None:
    embedded = load("embedded").lab
    pair = next(pair for pair in Plan.of(embedded).host_pairs if pair.id == "h1->h4")
    assert designed_path_mtu(embedded, pair) == 4200
    spine = embedded.devices["spine1"]
    lowered = spine.model_copy(
        update={"ports": {**spine.ports, "swp1": spine.ports["swp1"].model_copy(update={"mtu": 1500})}}
    )
    narrow = embedded.model_copy(update={"devices": {**embedded.devices, "spine1": lowered}})
    assert designed_path_mtu(narrow, pair) == 1500


def test_a_neighbours_address_leads_to_the_local_port() -> None:
    lab = load("odcc_reference").lab
    ports = ports_by_neighbor(lab, "leaf1")
    assert ports["203.0.113.64"] == "Ethernet480"
    assert ports["203.0.113.72"] == "Ethernet488"
    assert set(ports.values()) == {"Ethernet8", "Ethernet480", "Ethernet488"}
