import pytest

from plugfest.devices.records import LldpNeighbor
from plugfest.inventory.models import Link
from plugfest.verdicts import lldp
from plugfest.verdicts.verdict import Outcome

LINK = Link.model_validate("h1:eth1 <-> leaf1:swp1")


def neighbor(local_port: str, system: str, port: str, ttl: int = 20) -> LldpNeighbor:
    return LldpNeighbor(local_port=local_port, chassis_id="02:aa", system_name=system, port_id=port, ttl=ttl)


GOOD = {"h1": [neighbor("eth1", "leaf1", "swp1")], "leaf1": [neighbor("swp1", "h1", "eth1")]}


def test_tables_that_equal_the_cabling_pass() -> None:
    assert lldp.matches_cabling(LINK, GOOD).outcome is Outcome.PASSED


def test_a_swapped_cable_names_both_ends() -> None:
    swapped = {**GOOD, "leaf1": [neighbor("swp1", "h2", "eth1")]}
    assert lldp.matches_cabling(LINK, swapped).explain() == (
        "LLDP at both ends of h1:eth1<->leaf1:swp1 equals the cabling: failed\n"
        "  leaf1:swp1 LLDP neighbour – expected h1:eth1, got h2:eth1"
    )


def test_silence_fails() -> None:
    assert "got no neighbour heard" in lldp.matches_cabling(LINK, {**GOOD, "h1": []}).explain()


def test_two_neighbours_on_one_port_fail() -> None:
    two = {**GOOD, "leaf1": [neighbor("swp1", "h1", "eth1"), neighbor("swp1", "h9", "eth1")]}
    assert "got h1:eth1 and h9:eth1" in lldp.matches_cabling(LINK, two).explain()


def test_a_table_that_was_not_read_is_inconclusive() -> None:
    assert lldp.matches_cabling(LINK, {"h1": GOOD["h1"]}).outcome is Outcome.INCONCLUSIVE


def test_the_name_of_the_port_may_stand_in_its_description() -> None:
    alias = neighbor("eth1", "leaf1.lab.example", "Eth1/1").model_copy(update={"port_description": "swp1"})
    assert lldp.matches_cabling(LINK, {**GOOD, "h1": [alias]}).outcome is Outcome.PASSED
    other = alias.model_copy(update={"port_description": "swp2"})
    assert "got leaf1.lab.example:Eth1/1" in lldp.matches_cabling(LINK, {**GOOD, "h1": [other]}).explain()
    stranger = alias.model_copy(update={"system_name": "leaf11"})
    assert lldp.matches_cabling(LINK, {**GOOD, "h1": [stranger]}).outcome is Outcome.FAILED


def silence(**changes: object) -> lldp.Silence:
    values = {
        "receiver": LINK.b,
        "sender": LINK.a,
        "heard_before": True,
        "ttl": 20,
        "removed_after": 18.0,
        "watched_for": 40.0,
        "interval": 1.0,
        "transmit_interval": 5.0,
    }
    return lldp.Silence.model_validate(values | changes)


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, Outcome.PASSED),
        ({"removed_after": None}, Outcome.FAILED),
        ({"removed_after": 6.0}, Outcome.FAILED),
        ({"heard_before": False}, Outcome.INCONCLUSIVE),
        ({"ttl": None}, Outcome.INCONCLUSIVE),
    ],
)
def test_ageing(changes: dict[str, object], outcome: Outcome) -> None:
    assert lldp.ages_out(LINK, silence(**changes)).outcome is outcome


def test_ageing_says_how_long_the_stale_entry_lived() -> None:
    assert "got still there after 40.0 s" in lldp.ages_out(LINK, silence(removed_after=None)).explain()


@pytest.mark.parametrize(
    ("removed", "outcome"), [(0.5, Outcome.PASSED), (17.0, Outcome.FAILED), (None, Outcome.FAILED)]
)
def test_shutdown(removed: float | None, outcome: Outcome) -> None:
    assert lldp.shutdown_clears(LINK, silence(removed_after=removed)).outcome is outcome


def test_a_link_whose_ends_cannot_be_silenced_apart_is_inconclusive() -> None:
    assert lldp.ages_out(LINK, None).outcome is Outcome.INCONCLUSIVE
    assert lldp.shutdown_clears(LINK, None).outcome is Outcome.INCONCLUSIVE
