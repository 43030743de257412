"""LLDP: the tables tell the truth about the cabling, and forget what is gone."""

import pytest

from fixtures.verdict import Judge
from plugfest.inventory.models import Link
from plugfest.verdicts import lldp
from plugfest.verdicts.lldp import Tables
from testsuites.l2.conftest import Silences


@pytest.mark.case("L2-01")
@pytest.mark.reference("IEEE 802.1AB-2016 8.5")
def test_lldp_matches_cabling(link: Link, lldp_tables: Tables, judge: Judge) -> None:
    """Both ends of the cable name each other, port by port."""
    judge(lldp.matches_cabling, link, lldp_tables)


@pytest.mark.case("L2-02")
@pytest.mark.reference("IEEE 802.1AB-2016 9.2.7.7")
def test_lldp_entry_ages_out(link: Link, frozen_senders: Silences, judge: Judge) -> None:
    """A neighbour that falls silent is forgotten at its time to live, not before."""
    judge(lldp.ages_out, link, frozen_senders.get(link.id))


@pytest.mark.case("L2-02")
@pytest.mark.reference("IEEE 802.1AB-2016 9.1.2")
def test_lldp_shutdown_clears_entry(link: Link, departed_senders: Silences, judge: Judge) -> None:
    """A neighbour that says goodbye is forgotten at once."""
    judge(lldp.shutdown_clears, link, departed_senders.get(link.id))
