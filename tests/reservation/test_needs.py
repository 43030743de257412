"""What tests need: from subjects to devices, and which needs go together."""

import pytest

from plugfest.inventory.loader import load
from plugfest.inventory.plan import Plan
from plugfest.reservation.needs import Needs, devices_of

HARDWARE = Plan.of(load("example_hardware").lab)
EMBEDDED = Plan.of(load("embedded").lab)


def needs(exclusive: str = "", shared: str = "") -> Needs:
    return Needs(exclusive=frozenset(exclusive.split()), shared=frozenset(shared.split()))


@pytest.mark.parametrize(
    ("one", "other", "conflict"),
    [
        (needs("h1 h2", "leaf1"), needs("h3 h4", "leaf1"), False),
        (needs("h1"), needs("h1"), True),
        (needs("h1"), needs(shared="h1"), True),
        (needs(shared="leaf1"), needs("leaf1"), True),
        (needs("h1", "h1"), needs(shared="h1"), True),
        (needs(), needs("h1"), False),
    ],
)
def test_exclusive_needs_conflict_with_everything(one: Needs, other: Needs, conflict: bool) -> None:
    assert one.conflicts(other) is conflict
    assert other.conflicts(one) is conflict


def test_the_union_meets_both() -> None:
    both = needs("h1", "leaf1 leaf2").union(needs("leaf1", "h1 spine1"))
    assert both == needs("h1 leaf1", "leaf2 spine1")
    assert both.devices == {"h1", "leaf1", "leaf2", "spine1"}


def test_hosts_are_exclusive_and_switches_shared_until_something_changes() -> None:
    pair = devices_of(next(pair for pair in HARDWARE.host_pairs if pair.id == "gpu1->gpu2"), HARDWARE)
    assert Needs.of(HARDWARE.lab, pair, changing=False) == needs("gpu1 gpu2", "injector1 leaf1")
    assert Needs.of(HARDWARE.lab, pair, changing=True) == needs("gpu1 gpu2 injector1 leaf1")


def test_a_wire_includes_its_injector() -> None:
    cables = {link.id: devices_of(link, HARDWARE) for link in HARDWARE.links if "injector1" in link.id}
    assert list(cables.values()) == [{"gpu1", "injector1"}, {"injector1", "leaf1"}]
    wire = next(link for link in HARDWARE.host_links if link.a.device == "gpu1")
    assert devices_of(wire, HARDWARE) == {"gpu1", "injector1", "leaf1"}
    assert devices_of(EMBEDDED.bgp_links[0], EMBEDDED) == {"leaf1", "spine1"}


def test_other_subjects() -> None:
    assert devices_of(EMBEDDED.routes[0], EMBEDDED) == {"leaf1"}
    assert devices_of("h3", EMBEDDED) == {"h3"}
    assert devices_of("none", EMBEDDED) == frozenset()
    assert devices_of(4096, EMBEDDED) == frozenset()
