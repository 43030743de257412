import pytest

from plugfest.devices.records import InterfaceCounters, InterfaceState
from plugfest.inventory.models import Link
from plugfest.verdicts import link as verdicts
from plugfest.verdicts.verdict import Outcome

LINK = Link.model_validate("h1:eth1 <-> leaf1:swp1")


def counters(**changes: int | None) -> InterfaceCounters:
    values: dict[str, int | None] = dict.fromkeys(InterfaceCounters.model_fields, 0)
    return InterfaceCounters.model_validate(values | changes)


def state(name: str, moved: int = 0, **changes: object) -> InterfaceState:
    values = {
        "name": name,
        "admin_up": True,
        "oper_up": True,
        "mtu": 4200,
        "mac": "02:00:00:00:00:01",
        "speed_mbps": 10_000,
        "duplex": "full",
        "counters": counters(rx_packets=100 + moved, tx_packets=100 + moved),
    }
    return InterfaceState.model_validate(values | changes)


def ends(a: InterfaceState | None, b: InterfaceState | None) -> verdicts.Ends:
    return verdicts.Ends(a=a, b=b)


def test_a_link_with_both_ends_up_passes() -> None:
    verdict = verdicts.oper_up(LINK, ends(state("eth1"), state("swp1")))
    assert verdict.outcome is Outcome.PASSED
    assert len(verdict.reasons) == 4


def test_a_down_end_is_named() -> None:
    verdict = verdicts.oper_up(LINK, ends(state("eth1"), state("swp1", oper_up=False)))
    assert verdict.outcome is Outcome.FAILED
    assert "leaf1:swp1 oper state – expected up, got down" in verdict.explain()


def test_a_missing_port_fails_instead_of_being_skipped() -> None:
    verdict = verdicts.oper_up(LINK, ends(state("eth1"), None))
    assert "leaf1:swp1 – expected a port of this name on the device, got no such port" in verdict.explain()


@pytest.mark.parametrize(
    ("a", "b", "designed", "outcome"),
    [
        (4200, 4200, 4200, Outcome.PASSED),
        (4200, 4200, None, Outcome.PASSED),
        (4200, 1500, None, Outcome.FAILED),
        (1500, 1500, 4200, Outcome.FAILED),
        (None, 4200, None, Outcome.INCONCLUSIVE),
    ],
)
def test_mtu(a: int | None, b: int | None, designed: int | None, outcome: Outcome) -> None:
    assert verdicts.mtu_agrees(LINK, ends(state("eth1", mtu=a), state("swp1", mtu=b)), designed).outcome is outcome


@pytest.mark.parametrize(
    ("a", "b", "designed", "outcome"),
    [
        (10_000, 10_000, 10_000, Outcome.PASSED),
        (10_000, 25_000, None, Outcome.FAILED),
        (10_000, 10_000, 25_000, Outcome.FAILED),
        (None, None, None, Outcome.INCONCLUSIVE),
    ],
)
def test_speed(a: int | None, b: int | None, designed: int | None, outcome: Outcome) -> None:
    seen = ends(state("eth1", speed_mbps=a), state("swp1", speed_mbps=b))
    assert verdicts.speed_agrees(LINK, seen, designed).outcome is outcome


def test_half_duplex_at_one_end_fails() -> None:
    verdict = verdicts.speed_agrees(LINK, ends(state("eth1"), state("swp1", duplex="half")), None)
    assert "duplex – expected equal at both ends, got full and half" in verdict.explain()


def test_quiet_error_counters_pass_only_if_traffic_moved() -> None:
    before = ends(state("eth1"), state("swp1"))
    moved = ends(state("eth1", moved=9), state("swp1", moved=9))
    assert verdicts.errors_do_not_grow(LINK, before, moved).outcome is Outcome.PASSED
    assert verdicts.errors_do_not_grow(LINK, before, before).outcome is Outcome.INCONCLUSIVE


def test_a_growing_error_counter_is_named_with_its_growth() -> None:
    before = ends(state("eth1"), state("swp1"))
    bad = state("swp1", counters=counters(rx_packets=200, tx_packets=200, rx_errors=3))
    verdict = verdicts.errors_do_not_grow(LINK, before, ends(state("eth1", moved=9), bad))
    assert "leaf1:swp1 growth of rx_errors – expected 0, got 3" in verdict.explain()


def test_error_counters_that_do_not_exist_are_not_called_zero() -> None:
    blind = state("swp1", counters=None)
    verdict = verdicts.errors_do_not_grow(LINK, ends(blind, blind), ends(blind, blind))
    assert verdict.outcome is Outcome.INCONCLUSIVE


def test_a_flap_between_two_readings_fails() -> None:
    before = ends(state("eth1"), state("swp1"))
    flapped = state("swp1", counters=counters(carrier_changes=2))
    verdict = verdicts.does_not_flap(LINK, before, ends(state("eth1"), flapped))
    assert "leaf1:swp1 carrier changes while watching – expected 0, got 2" in verdict.explain()
    assert verdicts.does_not_flap(LINK, before, before).outcome is Outcome.PASSED


def test_one_end_that_counts_carrier_changes_speaks_for_the_cable() -> None:
    silent = state("swp1", counters=counters(carrier_changes=None))
    before = ends(state("eth1"), silent)
    flapped = ends(state("eth1", counters=counters(carrier_changes=3)), silent)
    assert verdicts.does_not_flap(LINK, before, before).outcome is Outcome.PASSED
    assert "h1:eth1 carrier changes" in verdicts.does_not_flap(LINK, before, flapped).explain()
    mute = ends(state("eth1", counters=counters(carrier_changes=None)), silent)
    assert verdicts.does_not_flap(LINK, mute, mute).outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(("speed", "outcome"), [(400_000, Outcome.PASSED), (1_000, Outcome.INCONCLUSIVE)])
def test_duplex_need_not_be_told_where_there_is_only_one(speed: int, outcome: Outcome) -> None:
    seen = ends(state("eth1", speed_mbps=speed), state("swp1", speed_mbps=speed, duplex=None))
    assert verdicts.speed_agrees(LINK, seen, None).outcome is outcome


def test_a_port_that_runs_was_not_switched_off_whatever_is_told_of_it() -> None:
    silent = state("swp1", admin_up=None)
    assert verdicts.oper_up(LINK, ends(state("eth1"), silent)).outcome is Outcome.PASSED
    down = state("swp1", admin_up=None, oper_up=False)
    assert (
        "leaf1:swp1 oper state – expected up, got down" in verdicts.oper_up(LINK, ends(state("eth1"), down)).explain()
    )
