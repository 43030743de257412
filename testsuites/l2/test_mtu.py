"""The path MTU is what the design says: packets of that size arrive, one byte more is refused loudly."""

import pytest

from fixtures.verdict import Judge
from plugfest.devices.roster import Roster
from plugfest.inventory.design import designed_path_mtu
from plugfest.inventory.models import Lab
from plugfest.inventory.plan import HostPair
from plugfest.planning import conditions
from plugfest.planning.requires import requires
from plugfest.stimuli.mtu_probe import probe_boundary
from plugfest.verdicts import mtu


@pytest.mark.case("L2-07")
@pytest.mark.reference("RFC 1191")
@requires(conditions.path_mtu_is_designed, conditions.client_sends_pings)
def test_mtu_boundary_is_sharp(host_pair: HostPair, lab: Lab, devices: Roster, judge: Judge) -> None:
    """The largest designed packet crosses the fabric unfragmented; a larger one gives an error, not silence."""
    path_mtu = designed_path_mtu(lab, host_pair)
    assert path_mtu is not None and host_pair.server_address is not None
    probes = probe_boundary(devices.pool.session(host_pair.client), host_pair.server_address, path_mtu)
    judge(mtu.boundary_is_sharp, host_pair.id, path_mtu, probes)
