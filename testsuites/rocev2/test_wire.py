"""What the endpoints put on the wire: form, integrity, order and spread of their packets."""

import pytest

from fixtures.verdict import Judge
from plugfest.captures.point import PointView
from plugfest.inventory.plan import HostPair
from plugfest.planning import conditions
from plugfest.planning.requires import requires
from plugfest.stimuli.exchange import Exchange
from plugfest.verdicts import path, wire


def _requests(exchange: Exchange, view: PointView) -> dict[str, int]:
    """Request packets of every announced queue pair, by its number at the server."""
    results = (exchange.verbs, exchange.many)
    numbers = [pair.responder.qpn for result in results for pair in result.connection.queue_pairs]
    return {
        f"QP 0x{number:06x}": sum(t.packets for t in view.requests_to([number])) for number in dict.fromkeys(numbers)
    }


@pytest.mark.case("WIRE-01")
@pytest.mark.reference("IBTA annex A17.3")
def test_frames_are_encapsulated_as_rocev2(client_view: PointView, server_view: PointView, judge: Judge) -> None:
    """IP, UDP and BTH fields are as the standard demands, in both directions."""
    judge(wire.encapsulation, client_view.traces)
    judge(wire.encapsulation, server_view.traces)


@pytest.mark.case("WIRE-02")
@pytest.mark.reference("IBTA volume 1, 7.8.1")
def test_every_icrc_is_correct(client_view: PointView, server_view: PointView, judge: Judge) -> None:
    """The invariant CRC of every frame, computed again from its bytes, is the one it carries."""
    for view in (client_view, server_view):
        assert view.icrc, f"{view.point} was not captured with whole frames"
        judge(wire.icrc_correct, view.icrc)


@pytest.mark.case("WIRE-03")
@pytest.mark.reference("IBTA annex A17.3.3")
@requires(conditions.crosses_routers)
def test_icrc_survives_routers(host_pair: HostPair, exchange: Exchange, server_view: PointView, judge: Judge) -> None:
    """Routers lower the TTL, and the ICRC behind them is still correct."""
    assert server_view.icrc and exchange.difference
    judge(path.icrc_survives_routers, host_pair.id, host_pair.routed_hops, exchange.difference, server_view.icrc)


@pytest.mark.case("WIRE-06")
@pytest.mark.reference("IBTA volume 1, 9.7.4")
def test_opcodes_and_psns_are_in_order(client_view: PointView, server_view: PointView, judge: Judge) -> None:
    """First, middle and last packets follow each other and PSNs count up by one, also where 24 bits wrap."""
    judge(wire.sequence_legal, client_view.traces)
    judge(wire.sequence_legal, server_view.traces)


@pytest.mark.case("WIRE-08")
@pytest.mark.reference("IBTA annex A17.3.2")
def test_udp_source_ports_spread(exchange: Exchange, client_view: PointView, judge: Judge) -> None:
    """Each queue pair keeps one UDP source port, and sixteen queue pairs use many different ones."""
    many = client_view.requests_to(pair.responder.qpn for pair in exchange.many.connection.queue_pairs)
    judge(wire.source_port_constant, client_view.traces)
    judge(wire.source_port_entropy, many)


@pytest.mark.case("QOS-02")
@pytest.mark.reference("RFC 2474; RFC 3168")
def test_dscp_and_ecn_arrive_as_sent(exchange: Exchange, server_view: PointView, judge: Judge) -> None:
    """The traffic class that the sender chose arrives: DSCP unchanged, ECN still ECN-capable."""
    traffic_class = exchange.verbs.plan.traffic_class
    sent = server_view.requests_to(pair.responder.qpn for pair in exchange.verbs.connection.queue_pairs)
    judge(wire.dscp_as_sent, sent, traffic_class >> 2)
    judge(wire.ecn_capable, sent)
    assert exchange.difference
    judge(wire.marking_transparent, exchange.difference)


@pytest.mark.case("TEL-09")
@pytest.mark.reference("lab file")
def test_nothing_is_lost_on_the_way(
    host_pair: HostPair, exchange: Exchange, client_view: PointView, server_view: PointView, judge: Judge
) -> None:
    """Every packet that left one end arrived at the other, once and in order."""
    assert exchange.difference
    sent, received = (_requests(exchange, view) for view in (client_view, server_view))
    judge(path.every_queue_pair_arrives, host_pair.id, sent, received)
    judge(path.nothing_lost, host_pair.id, exchange.difference)
