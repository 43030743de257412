"""Every cable: up, agreed upon, clean and steady."""

import pytest

from fixtures.verdict import Judge
from plugfest.inventory.design import designed_mtu, designed_speed_mbps
from plugfest.inventory.models import Lab, Link
from plugfest.planning import conditions
from plugfest.planning.requires import requires
from plugfest.verdicts import link as verdicts
from testsuites.link.conftest import Watch


@pytest.mark.case("PHY-01")
@pytest.mark.reference("IEEE 802.3-2022 clause 73")
def test_link_is_up(link: Link, watch: Watch, judge: Judge) -> None:
    """Both ends of the cable are administratively and operationally up."""
    judge(verdicts.oper_up, link, watch.ends(link, watch.after))


@pytest.mark.case("PHY-01")
@pytest.mark.reference("IEEE 802.3-2022 clause 73")
def test_speed_agrees(link: Link, lab: Lab, watch: Watch, judge: Judge) -> None:
    """Both ends run at one speed and duplex: the designed one, where the lab file names it."""
    judge(verdicts.speed_agrees, link, watch.ends(link, watch.after), designed_speed_mbps(lab, link))


@pytest.mark.case("L2-07")
@pytest.mark.reference("RFC 4821")
@requires(conditions.tells_mtu)
def test_mtu_agrees(link: Link, lab: Lab, watch: Watch, judge: Judge) -> None:
    """Both ends have one MTU: the designed one, where the lab file names it."""
    judge(verdicts.mtu_agrees, link, watch.ends(link, watch.after), designed_mtu(lab, link))


@pytest.mark.case("PHY-09")
@pytest.mark.reference("RFC 2863 ifInErrors, ifOutErrors")
def test_error_counters_do_not_grow(link: Link, watch: Watch, judge: Judge) -> None:
    """While packets cross the cable, no error counter of either end grows."""
    judge(verdicts.errors_do_not_grow, link, watch.ends(link, watch.before), watch.ends(link, watch.after))


@pytest.mark.case("PHY-08")
@pytest.mark.reference("RFC 2863 ifOperStatus")
@requires(conditions.tells_carrier_changes)
def test_link_does_not_flap(link: Link, watch: Watch, judge: Judge) -> None:
    """The link loses no carrier while watched."""
    judge(verdicts.does_not_flap, link, watch.ends(link, watch.before), watch.ends(link, watch.after))
