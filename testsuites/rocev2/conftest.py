"""What was seen at both ends of a pair; a capture that is not complete makes a test inconclusive, not wrong."""

import pytest

from fixtures.verdict import Judge
from plugfest.captures.point import PointView
from plugfest.inventory.plan import HostPair
from plugfest.planning import conditions
from plugfest.planning.requires import requires
from plugfest.stimuli.exchange import Exchange
from plugfest.verdicts import wire


@pytest.fixture
@requires(conditions.capture_at_both_ends)
def both_ends(host_pair: HostPair, exchange: Exchange, judge: Judge) -> tuple[PointView, PointView]:
    """The views of the client's and of the server's port, judged complete."""
    ports = (str(host_pair.client_port), str(host_pair.server_port))
    missing = [port for port in ports if port not in exchange.views]
    if missing:
        pytest.skip(f"{' and '.join(missing)} cannot be captured at: no capability in the lab file")
    client, server = (exchange.views[port] for port in ports)
    for view, host in ((client, host_pair.client), (server, host_pair.server)):
        judge(wire.capture_complete, view.summary, view.statistics, exchange.packets_counted(host))
    return client, server


@pytest.fixture
def client_view(both_ends: tuple[PointView, PointView]) -> PointView:
    """What the client's port saw."""
    return both_ends[0]


@pytest.fixture
def server_view(both_ends: tuple[PointView, PointView]) -> PointView:
    """What the server's port saw."""
    return both_ends[1]
