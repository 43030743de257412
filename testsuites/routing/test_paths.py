"""Data plane: traffic takes the planned ways, all of them, and crosses as many routers as designed."""

import pytest

from fixtures.verdict import Judge
from plugfest.captures.point import PointView
from plugfest.inventory.plan import HostPair
from plugfest.planning import conditions
from plugfest.planning.requires import requires
from plugfest.stimuli.exchange import MANY, Exchange
from plugfest.verdicts import path, routing, wire

HOP_LIMIT = 64
"""TTL with which Linux and most NICs send by default."""


def _many(exchange: Exchange, view: PointView) -> int:
    traces = view.requests_to(pair.responder.qpn for pair in exchange.many.connection.queue_pairs)
    return sum(trace.packets for trace in traces)


def _onward(exchange: Exchange) -> dict[str, int]:
    missing = [port for port in exchange.onward if port not in exchange.views]
    if missing or not exchange.onward:
        pytest.skip(f"nothing to capture at between the ends: {', '.join(missing) or 'no switch on the way'}")
    return {port: _many(exchange, exchange.views[port]) for port in exchange.onward}


def _view(exchange: Exchange, port: object) -> PointView:
    if str(port) not in exchange.views:
        pytest.skip(f"{port} cannot be captured at: no capability in the lab file")
    return exchange.views[str(port)]


@pytest.mark.case("LB-02")
@pytest.mark.reference("lab file")
@requires(conditions.capture_at_both_ends, conditions.capture_on_the_way)
def test_traffic_takes_the_planned_paths(host_pair: HostPair, exchange: Exchange, judge: Judge) -> None:
    """Every packet that the client sent is seen again where the first switch should send it on."""
    sent = _many(exchange, _view(exchange, host_pair.client_port))
    judge(path.takes_planned_paths, host_pair.id, sent, _onward(exchange))


@pytest.mark.case("LB-02")
@pytest.mark.reference("RFC 2992")
@requires(conditions.several_paths, conditions.capture_on_the_way)
def test_queue_pairs_spread_over_all_paths(host_pair: HostPair, exchange: Exchange, judge: Judge) -> None:
    """Sixteen queue pairs use every equal path."""
    judge(routing.spread_over_paths, f"queue pairs {host_pair.id} use all paths", _onward(exchange), MANY)


@pytest.mark.case("LB-01")
@pytest.mark.reference("RFC 1812 5.3.1")
@requires(conditions.one_hop_count, conditions.capture_at_both_ends)
def test_ttl_equals_hops(host_pair: HostPair, exchange: Exchange, judge: Judge) -> None:
    """Packets arrive with the TTL they were sent with less the routers on the way."""
    assert host_pair.routed_hops is not None
    server = _view(exchange, host_pair.server_port)
    judge(wire.time_to_live, server.traces, HOP_LIMIT - host_pair.routed_hops)
