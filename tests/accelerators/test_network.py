"""Which NIC is near which accelerator, and the ports that NPUs own."""

import pytest

from plugfest.accelerators.host import AcceleratorHost
from plugfest.accelerators.network import Nearness, PciePath, nearness, nic_paths, parse_links
from plugfest.accelerators.npu_ports import NpuPorts
from plugfest.accelerators.records import Accelerator
from plugfest.devices.protocols import Unsupported
from plugfest.devices.records import LldpNeighbor
from plugfest.errors import ParseError
from tests.accelerators.host import FakeHost, recorded
from tests.devices.recorded import said

SWITCH = "../../../devices/pci0000:15/0000:15:01.0/0000:16:00.0"
LINKS = f"""/sys/class/infiniband/mlx5_0 {SWITCH[3:]}/0000:17:01.0/0000:19:00.0/infiniband/mlx5_0
/sys/class/net/ens3f0np0 {SWITCH[3:]}/0000:17:01.0/0000:19:00.0/net/ens3f0np0
/sys/class/net/eth9 ../../devices/pci0000:8a/0000:8a:02.0/0000:8b:00.0/net/eth9
/sys/class/net/lo ../../devices/virtual/net/lo
/sys/bus/pci/devices/0000:18:00.0 {SWITCH}/0000:17:00.0/0000:18:00.0
/sys/bus/pci/devices/0000:19:00.0 {SWITCH}/0000:17:01.0/0000:19:00.0
"""


def path(root: str, *steps: str) -> PciePath:
    return PciePath(root=f"pci0000:{root}", steps=steps)


@pytest.mark.parametrize(
    ("b", "expected"),
    [
        (path("15", "root", "up", "down2", "nic"), Nearness.PIX),
        (path("15", "root", "up", "down2", "up2", "down5", "nic"), Nearness.PXB),
        (path("15", "other", "nic"), Nearness.PHB),
        (path("8a", "root", "up", "down2", "nic"), Nearness.SYS),
    ],
)
def test_nearness(b: PciePath, expected: Nearness) -> None:
    assert nearness(path("15", "root", "up", "down1", "gpu"), b) is expected
    assert nearness(b, path("15", "root", "up", "down1", "gpu")) is expected


def test_accelerator_rdma_device_and_net_device_belong_together() -> None:
    found = nic_paths([Accelerator(index=0, bus="0000:18:00.0"), Accelerator(index=1)], parse_links(said(LINKS)))
    assert [(each.rdma_device, each.netdev, each.nearness) for each in found] == [
        ("mlx5_0", "ens3f0np0", Nearness.PIX),
        (None, "eth9", Nearness.SYS),
    ]


def test_an_unknown_line_is_refused() -> None:
    with pytest.raises(ParseError, match="unknown line"):
        parse_links(said(LINKS + "surprise\n"))


NPUS = (4,)


def answers(form: str) -> dict[str, str]:
    """Recorded answers of port 4 under another order of arguments."""
    told = recorded("ascend")
    return {
        form.format(what=what): told[f"hccn_tool -i 4 -{what} -g"] for what in ("link", "speed", "ip", "stat", "lldp")
    }


@pytest.mark.parametrize("form", ["hccn_tool -i 4 -{what} -g", "hccn_tool -g -{what} -i 4 -u 0 -p 0"])
def test_ports_of_npus_are_told_as_any_other_port(form: str) -> None:
    refusal = {f"hccn_tool -i 4 -{what} -g": "Usage: hccn_tool [-i <id>]\n" for what in ("link", "speed", "ip", "stat")}
    session = FakeHost(answers(form), refusal)
    ports = NpuPorts(AcceleratorHost("gpu1", session), NPUS)
    state = ports.interfaces()["npu4"]
    assert (state.oper_up, state.speed_mbps, state.addresses) == (False, 200_000, ("198.51.100.74/28",))
    assert state.counters is not None
    assert state.counters.fcs_errors == 3
    (neighbor,) = ports.lldp_neighbors()
    assert isinstance(neighbor, LldpNeighbor)
    assert (neighbor.local_port, neighbor.system_name, neighbor.port_id) == ("npu4", "leaf-a7", "200GE1/0/7")
    assert ports.rdma_counters("npu4").values["roce_out_of_order_num"] == 6


def test_a_port_without_address_has_none_and_a_silent_tool_is_told() -> None:
    told = answers("hccn_tool -i 4 -{what} -g") | {"hccn_tool -i 4 -ip -g": "\n"}
    assert NpuPorts(AcceleratorHost("gpu1", FakeHost(told)), NPUS).interfaces()["npu4"].addresses == ()
    with pytest.raises(Unsupported, match="hccn_tool tells nothing of `-link` of NPU 4"):
        NpuPorts(AcceleratorHost("gpu1", FakeHost({}, {"hccn_tool -x": ""})), NPUS).interfaces()
