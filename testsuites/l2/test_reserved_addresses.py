"""Frames to link-local reserved addresses stay on the link."""

import pytest

from fixtures.lab import TestPorts
from fixtures.verdict import Judge
from plugfest.inventory.bridged import BridgedPorts
from plugfest.stimuli.reserved_frames import probe_reserved
from plugfest.verdicts import layer2


@pytest.mark.case("L2-11")
@pytest.mark.reference("IEEE 802.1Q-2018 table 8-1")
def test_reserved_frames_stay_on_the_link(bridged_ports: BridgedPorts, test_ports: TestPorts, judge: Judge) -> None:
    """PFC, PAUSE, LACP, authentication and LLDP frames are not bridged, while a broadcast is."""
    probes = probe_reserved(test_ports(bridged_ports.ingress), test_ports(bridged_ports.egress))
    judge(layer2.reserved_frames_stay_on_link, bridged_ports.id, probes)
