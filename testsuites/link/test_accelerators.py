"""Every accelerator that the lab file names: present, well, and beside the NICs that are cabled."""

import pytest

from fixtures.verdict import Judge
from plugfest.devices.protocols import Unsupported
from plugfest.devices.roster import Roster
from plugfest.inventory.models import Lab
from plugfest.verdicts import accelerators as verdicts


@pytest.mark.case("TEL-02")
@pytest.mark.reference("the makers' management tools")
def test_accelerators_are_present_and_well(accelerator_host: str, lab: Lab, devices: Roster, judge: Judge) -> None:
    """As many accelerators as the lab file names answer their maker's tool, and none of them is unwell."""
    try:
        seen = devices.host(accelerator_host).accelerators()
    except Unsupported as reason:
        pytest.skip(str(reason))
    judge(verdicts.present_and_healthy, accelerator_host, lab.hosts[accelerator_host].accelerators, seen)


@pytest.mark.case("TEL-02")
@pytest.mark.reference("lab file")
def test_rdma_devices_are_on_the_cabled_ports(accelerator_host: str, lab: Lab, devices: Roster, judge: Judge) -> None:
    """Each RDMA device that the lab file names belongs to the port that is cabled, and is active."""
    if not any(nic.rdma_device for nic in lab.hosts[accelerator_host].nics):
        pytest.skip(f"{accelerator_host}: the lab file names no RDMA device; its accelerators own their ports")
    seen = devices.host(accelerator_host).rdma_devices()
    judge(verdicts.nics_as_cabled, accelerator_host, lab.hosts[accelerator_host].nics, seen)
