"""NICs behave as is known of them: what changes with a firmware is seen here first."""

import pytest

from fixtures.facts import JudgeBehaviour
from plugfest.captures.point import PointView
from plugfest.facts.seen import seen_on_the_wire
from plugfest.inventory.plan import HostPair


@pytest.mark.reference("device facts")
def test_nics_behave_as_known(
    host_pair: HostPair, client_view: PointView, server_view: PointView, judge_behaviour: JudgeBehaviour
) -> None:
    """Both NICs behave in one way on all queue pairs, and as their device facts state."""
    ends = (
        (host_pair.client_port, host_pair.client_nic, host_pair.client_address, client_view),
        (host_pair.server_port, host_pair.server_nic, host_pair.server_address, server_view),
    )
    for port, nic, address, view in ends:
        assert address, f"{port} has no address in the lab file"
        judge_behaviour(port, nic, seen_on_the_wire(address, view.traces))
