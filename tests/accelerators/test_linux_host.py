"""What a Linux host of a lab answers about accelerators, NPU ports and the report's versions."""

from pathlib import Path

from plugfest.devices.linux.host import LinuxHost
from plugfest.inventory.loader import load
from plugfest.inventory.models import Lab
from plugfest.nics.pci import SHOW_UEVENTS
from tests.accelerators.host import FakeHost, recorded, uevent

LAB = """version: 1
name: npus
kind: hardware
known_hosts: hosts
credentials: {root: {user: root, agent: true}}
devices:
  npu1:
    role: host
    ssh: {address: 192.0.2.1, credential: root}
    accelerators: [{vendor: Huawei, model: Ascend 910, count: 3}]
    ports: {npu4: {address: 198.51.100.74/28}}
  npu2:
    role: host
    ssh: {address: 192.0.2.2, credential: root}
    ports: {npu4: {address: 198.51.100.75/28}}
links: ["npu1:npu4 <-> npu2:npu4"]
"""
ASCEND = "".join(uevent(f"0000:{bus}:00.0", "19E5", "D803") for bus in ("9d", "9f", "99"))


def lab(folder: Path) -> Lab:
    (folder / "hosts").write_text("192.0.2.1 ssh-ed25519 AAAA\n")
    (folder / "lab.yaml").write_text(LAB)
    return load(folder / "lab.yaml").lab


def answers() -> dict[str, str]:
    told = recorded("ascend")
    ports = {command: text for command, text in told.items() if command.startswith("hccn_tool -i 4")}
    empty = {
        "ip -j -d -s -s addr show": "[]",
        "ethtool '*'": "",
        "lldpcli -f json0 show neighbors details": '{"lldp": []}',
    }
    return {SHOW_UEVENTS: ASCEND, "npu-smi info": told["npu-smi info"], **ports, **empty}


def test_ports_of_npus_are_ports_of_the_host(tmp_path: Path) -> None:
    host = LinuxHost(lab(tmp_path), "npu1", FakeHost(answers()))
    assert set(host.interfaces()) == {"npu4"}
    assert host.interfaces()["npu4"].addresses == ("198.51.100.74/28",)
    assert [neighbor.local_port for neighbor in host.lldp_neighbors()] == ["npu4"]
    assert host.rdma_counters("npu4").values["roce_rx_cnp_pkt_num"] == 412


def test_accelerators_of_a_host_and_their_versions(tmp_path: Path) -> None:
    host = LinuxHost(lab(tmp_path), "npu1", FakeHost(answers()))
    assert [each.physical_id for each in host.accelerators()] == [0, 1, 2]
    assert host._accelerator_versions()["accelerators"] == "3x Ascend910"


def test_a_host_whose_tool_is_missing_says_so_in_the_report(tmp_path: Path) -> None:
    host = LinuxHost(lab(tmp_path), "npu1", FakeHost({SHOW_UEVENTS: ASCEND}))
    assert "npu-smi is missing" in host._accelerator_versions()["accelerators"]
    assert LinuxHost(lab(tmp_path), "npu2", FakeHost({}))._accelerator_versions() == {}
