"""The reference of a mixed lab is what it claims to be, and nothing in it belongs to anybody."""

import ipaddress
import re
from collections import Counter

from plugfest.inventory.loader import load
from plugfest.inventory.models import Bastion, CaptureHost, Injector, Lab
from plugfest.inventory.plan import Plan, Relation
from plugfest.sessions.endpoint import Endpoint
from plugfest.sessions.host_keys import PinnedKeys

REFERENCE = load("odcc_reference")
LAB = REFERENCE.lab
PLAN = Plan.of(LAB)
DOCUMENTATION = [
    ipaddress.ip_network(text) for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]
"""RFC 5737 and RFC 3849."""
DOCUMENTATION_AS_NUMBERS = range(64496, 64512)
"""RFC 5398."""


def documented(address: str) -> bool:
    plain = ipaddress.ip_interface(address).ip
    return any(plain in network for network in DOCUMENTATION if network.version == plain.version)


def test_it_holds_what_a_mixed_lab_has() -> None:
    kinds = Counter(type(device) for device in LAB.devices.values())
    assert (kinds[Bastion], kinds[Injector], kinds[CaptureHost]) == (1, 1, 2)
    switches = LAB.switches.values()
    assert len({switch.model for switch in switches}) == 8
    assert len({switch.nos.split()[0] for switch in switches}) == 8
    nics = {(nic.vendor, nic.model) for host in LAB.hosts.values() for nic in host.nics}
    assert len(nics) == 11
    assert len({item.vendor for host in LAB.hosts.values() for item in host.accelerators}) >= 8


def test_every_kind_of_cell_is_there() -> None:
    relations = Counter(pair.relation for pair in PLAN.host_pairs)
    assert relations == {Relation.ACROSS_SPINES: 48, Relation.SAME_LEAF: 10, Relation.BACK_TO_BACK: 4}
    assert any(pair.injectors for pair in PLAN.host_pairs)
    assert {len(pair.paths) for pair in PLAN.host_pairs} == {1, 2}


def test_all_numbers_are_reserved_for_documentation() -> None:
    ports = [port.address for device in LAB.devices.values() for port in device.ports.values() if port.address]
    management = [device.ssh.address for device in LAB.devices.values() if device.ssh]
    router_ids = [switch.router_id for switch in LAB.switches.values() if switch.router_id]
    gateways = [device.gateway for device in LAB.devices.values() if device.gateway]
    addresses = [*ports, *management, *router_ids, *gateways]
    assert len(addresses) > 60
    assert [address for address in addresses if not documented(address)] == []
    numbers = {switch.asn for switch in LAB.switches.values() if switch.asn}
    assert numbers and all(number in DOCUMENTATION_AS_NUMBERS for number in numbers)


def test_every_device_has_a_pinned_key_of_its_own() -> None:
    known_hosts = REFERENCE.file.parent / str(LAB.known_hosts)
    pinned = {}
    for name, device in LAB.devices.items():
        assert device.ssh is not None
        place = {"address": device.ssh.address, "port": device.ssh.port}
        endpoint = Endpoint(name=name, user="nobody", agent=True, known_hosts=known_hosts, **place)
        assert PinnedKeys(endpoint).preferred(("ssh-rsa", "ssh-ed25519")) == ("ssh-ed25519", "ssh-rsa"), name
        pinned[name] = PinnedKeys(endpoint).pinned_name
    keys = [line.split()[2] for line in known_hosts.read_text().splitlines() if not line.startswith("#")]
    assert len(set(keys)) == len(keys) == len(set(pinned.values()))


def test_every_section_is_explained() -> None:
    text = REFERENCE.file.read_text(encoding="utf-8")
    sections = re.findall(r"(?m)^((?:#.*\n)*)([a-z_]+):(.*)$", text)
    assert {name for _, name, _ in sections} == {*Lab.model_fields, "groups"}
    assert [name for above, name, rest in sections if "#" not in above + rest and name != "description"] == []


def test_every_way_to_refer_to_a_secret_is_shown() -> None:
    entries = LAB.credentials.values()
    for source in ("key_file", "agent", "password_env", "password_command"):
        assert any(getattr(entry, source) for entry in entries), source
