"""Ports that the design puts into one VLAN exchange frames."""

import pytest

from fixtures.lab import TestPorts
from fixtures.verdict import Judge
from plugfest.devices.roster import Roster
from plugfest.inventory.bridged import BridgedPorts
from plugfest.stimuli.reserved_frames import probe_reserved
from plugfest.verdicts import layer2


def _received(devices: Roster, port: BridgedPorts) -> int | None:
    counters = devices.switch(port.ingress.device).interfaces()[port.ingress.port].counters
    return counters.rx_packets if counters else None


@pytest.mark.reference("IEEE 802.1Q-2018 8.6")
def test_ports_of_one_vlan_are_bridged(
    bridged_ports: BridgedPorts, test_ports: TestPorts, devices: Roster, judge: Judge
) -> None:
    """Ordinary frames that the switch received at one port leave by the other one."""
    before = _received(devices, bridged_ports)
    probes = probe_reserved(test_ports(bridged_ports.ingress), test_ports(bridged_ports.egress))
    after = _received(devices, bridged_ports)
    grown = None if before is None or after is None else after - before
    judge(layer2.one_vlan_is_bridged, bridged_ports.id, probes, grown)
