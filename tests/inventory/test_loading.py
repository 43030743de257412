"""Finding lab files, merging groups, and what a good file gives."""

from pathlib import Path

import pytest

from plugfest.errors import InventoryError
from plugfest.inventory.loader import examine, load
from plugfest.inventory.locate import available_labs, lab_file
from plugfest.inventory.models import Capability, LabKind

REPOSITORY = Path(__file__).parents[2]
HEAD = "version: 1\nname: small\nkind: embedded\n"


def loaded(text: str, folder: Path = REPOSITORY):
    lab, problems = examine(text, folder)
    assert problems == []
    return lab


@pytest.fixture(autouse=True)
def no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLUGFEST_LAB", raising=False)


def test_embedded_is_the_default() -> None:
    found = load()
    assert found.file == REPOSITORY / "lab_inventory" / "embedded.yaml"
    assert found.lab.kind is LabKind.EMBEDDED
    assert list(found.lab.hosts) == ["h1", "h2", "h3", "h4"]
    assert found.lab.switches["leaf1"].asn == 65101


def test_variable_chooses_the_lab(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUGFEST_LAB", "example_hardware")
    assert load().lab.kind is LabKind.HARDWARE
    assert load("embedded").lab.kind is LabKind.EMBEDDED


def test_names_are_found_from_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert lab_file("embedded") == REPOSITORY / "lab_inventory" / "embedded.yaml"


def test_the_nearest_inventory_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lab_inventory").mkdir()
    (tmp_path / "deep" / "er").mkdir(parents=True)
    own = tmp_path / "lab_inventory" / "embedded.yml"
    own.write_text(HEAD + "devices: {h1: {role: host}}\n")
    monkeypatch.chdir(tmp_path / "deep" / "er")
    assert lab_file("embedded") == own
    assert available_labs()["embedded"] == own
    assert "example_hardware" in available_labs()


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (
            "nowhere",
            "lab: no lab is called 'nowhere' – give a path to a .yaml file or one of the labs in lab_inventory/:",
        ),
        ("no/such.yaml", "lab: the file no/such.yaml does not exist – "),
        ("x" * 300 + ".yaml", "does not exist"),
        ("~nobody/x.yaml", "does not exist"),
        ("../lab_inventory", "lab: the file ../lab_inventory is a folder"),
        ("a;b", "lab: no lab is called 'a;b'"),
        ("a\0b", "lab: expected a name or a path"),
    ],
)
def test_no_such_lab(wanted: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY / "tests")
    with pytest.raises(InventoryError) as caught:
        load(wanted)
    assert expected in str(caught.value)
    assert "embedded, example_hardware" in str(caught.value) or "\0" in wanted


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "lab.yaml").write_bytes(b"name: \xff\n")
    with pytest.raises(InventoryError, match="expected UTF-8 text, found the byte 0xff at offset 6"):
        load(tmp_path / "lab.yaml")


def test_groups_fill_what_a_device_leaves_out() -> None:
    lab = loaded(
        HEAD
        + """
groups:
  hosts:
    role: host
    capabilities: [rdma, lldp]
    ports:
      eth1: {mtu: 9000, speed: 100G}
devices:
  plain: {group: hosts}
  own:
    group: hosts
    capabilities: [capture]
    ports:
      eth1: {mtu: 1500}
      eth2: {}
"""
    )
    plain, own = lab.hosts["plain"], lab.hosts["own"]
    assert plain.capabilities == {Capability.RDMA, Capability.LLDP}
    assert own.capabilities == {Capability.CAPTURE}, "lists replace"
    assert (own.ports["eth1"].mtu, own.ports["eth1"].speed) == (1500, "100G"), "mappings merge, own keys win"
    assert list(own.ports) == ["eth1", "eth2"]


def test_ports_may_be_numbers_and_dates_are_texts() -> None:
    lab = loaded(
        HEAD
        + """
devices:
  h1:
    role: host
    ports: {1: {}}
    nics:
      - {vendor: V, model: M, firmware: 2024-05-01, port: "1"}
"""
    )
    assert lab.hosts["h1"].nics[0].port == "1"
    assert lab.hosts["h1"].nics[0].firmware == "2024-05-01"


def test_links_as_line_and_as_mapping() -> None:
    lab = loaded(
        HEAD
        + """
devices:
  h1: {role: host, ports: {eth1: {}, eth2: {}}}
  h2: {role: host, ports: {eth1: {}, eth2: {}}}
links:
  - h1:eth1 <-> h2:eth1
  - {between: "h1:eth2 <-> h2:eth2", speed: 400G, media: DAC, cable: C-1}
"""
    )
    assert [link.id for link in lab.links] == ["h1:eth1<->h2:eth1", "h1:eth2<->h2:eth2"]
    assert (lab.links[1].speed, lab.links[1].media, lab.links[1].cable) == ("400G", "DAC", "C-1")
    assert lab.links_of("h1") == lab.links


def test_a_lab_survives_a_round_trip_through_json() -> None:
    lab = load("example_hardware").lab
    assert type(lab).model_validate_json(lab.model_dump_json()) == lab


def test_example_hardware_uses_documentation_addresses_only() -> None:
    import ipaddress

    documentation = [
        ipaddress.ip_network(each) for each in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
    ]
    devices = load("example_hardware").lab.devices.values()
    texts = [port.address for device in devices for port in device.ports.values() if port.address]
    texts += [device.ssh.address for device in devices if device.ssh]
    assert len(texts) == 19
    for text in texts:
        address = ipaddress.ip_interface(text).ip
        assert any(address in network for network in documentation), text


def test_every_device_of_example_hardware_has_a_pinned_key() -> None:
    import paramiko

    found = load("example_hardware")
    keys = paramiko.HostKeys(str(found.file.parent / str(found.lab.known_hosts)))
    for name, device in found.lab.devices.items():
        assert device.ssh is not None
        entry = device.ssh.address if device.ssh.port == 22 else f"[{device.ssh.address}]:{device.ssh.port}"
        assert keys.lookup(entry) is not None, name
