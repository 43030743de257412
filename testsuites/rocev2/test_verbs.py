"""What the endpoints themselves say: every pair connects, and every verb moves every byte."""

import pytest

from fixtures.verdict import Judge
from plugfest.inventory.plan import HostPair
from plugfest.stimuli.exchange import Exchange
from plugfest.verdicts import rdma


@pytest.mark.case("WIRE-10")
@pytest.mark.reference("InfiniBand Architecture Vol. 1 12.9.7; annex A17")
def test_connection_is_set_up(host_pair: HostPair, exchange: Exchange, judge: Judge) -> None:
    """The pair brings up RoCEv2 queue pairs with the addresses of the lab file, in this direction."""
    addresses = (host_pair.client_address, host_pair.server_address)
    judge(rdma.connects, host_pair.id, exchange.verbs.connection, *addresses)
    judge(rdma.connects, host_pair.id, exchange.many.connection, *addresses)


@pytest.mark.case("WIRE-12")
@pytest.mark.reference("InfiniBand Architecture Vol. 1 9.4")
def test_every_verb_moves_every_byte(host_pair: HostPair, exchange: Exchange, judge: Judge) -> None:
    """Write, read, send and atomics from 1 byte to 1 MiB complete, and both memories agree; so on many queue pairs."""
    judge(rdma.all_data_arrives, host_pair.id, exchange.verbs)
    judge(rdma.all_data_arrives, host_pair.id, exchange.many)


@pytest.mark.case("COL-01")
@pytest.mark.reference("InfiniBand Architecture Vol. 1 9.7.5")
def test_nothing_is_lost_or_repeated(host_pair: HostPair, exchange: Exchange, judge: Judge) -> None:
    """On a healthy path no NIC counts a retry, a duplicate or a sequence error."""
    judge(rdma.no_recovery_needed, host_pair.id, exchange.nic_before, exchange.nic_after)
