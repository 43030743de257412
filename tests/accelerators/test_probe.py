"""The first look at a host: read-only, all detected families, recordings that are tests at once."""

from pathlib import Path

from plugfest.accelerators.detection import families
from plugfest.accelerators.host import typed
from plugfest.accelerators.network import SHOW_LINKS
from plugfest.accelerators.probing import probe_host
from plugfest.nics.dialect import FAMILY as TOOLS
from plugfest.nics.pci import SHOW_UEVENTS
from plugfest.sessions.command_line import for_people
from tests.accelerators.host import FakeHost, recorded, uevent
from tests.devices.dialects.saved import Saved

LINKS = """/sys/class/net/ens3f0np0 ../../devices/pci0000:80/0000:80:01.0/0000:81:00.0/net/ens3f0np0
/sys/class/infiniband/mlx5_0 ../../devices/pci0000:80/0000:80:01.0/0000:81:00.0/infiniband/mlx5_0
"""


def host(**more: str) -> FakeHost:
    metax = uevent("0000:0e:00.0", "9999", "4001", "30200")
    answers = recorded("rdma_host") | recorded("metax") | {SHOW_UEVENTS: metax, for_people(SHOW_LINKS): LINKS}
    return FakeHost(answers | more)


def test_probe_reads_tools_and_detected_families_and_saves_recordings(tmp_path: Path) -> None:
    secret = {"mx-smi topo -n": "password: hunter2hunter2\na new matrix\n"}
    findings = probe_host("gpu1", host(**secret), folder=tmp_path)
    told = {finding.command: finding for finding in findings}
    assert told["mx-smi -L"].records == 2
    assert told["ethtool -S ens3f0np0"].records == 3
    assert told["dcb -j -s pfc show dev ens3f0np0"].records == 9
    assert "a new matrix" in told["mx-smi topo -n"].problem or "line 1" in told["mx-smi topo -n"].problem
    assert not any(command.startswith(("nvidia-smi", "npu-smi", "ib_write")) for command in told)
    texts = [file.read_text() for file in tmp_path.rglob("*.txt")]
    assert len(texts) == sum(finding.file is not None for finding in findings)
    assert not any("hunter2" in text for text in texts)
    for file in tmp_path.rglob("good_*.txt"):
        assert Saved(file).parse() == Saved(file).expected


def test_one_dialect_alone_and_tools_that_are_missing(tmp_path: Path) -> None:
    session = host()
    findings = probe_host("gpu1", session, folder=tmp_path, only="metax")
    assert {finding.command.split()[0] for finding in findings} == {"mx-smi"}
    (missing,) = probe_host("gpu1", session, folder=tmp_path, only="cambricon")
    assert missing.line() == "not parsed  cnmon: not installed"


def test_a_probe_types_reading_commands_only(tmp_path: Path) -> None:
    arguments = [{"index": "0", "chip": "0"}, {"netdev": "eth0"}, {"rdma_device": "mlx5_0"}]
    words = ("set", "reset", "-s down", "recovery", "write", "-pm", "-e ", "loopback", "add", "del ")
    for known in (TOOLS, *families()):
        for reading in known.dialect.readings:
            for command in typed(reading.commands[0], arguments):
                assert not any(f" {word}" in f"{command} " for word in words), command
                assert not command.startswith("ib_"), command
    session = host()
    probe_host("gpu1", session, folder=tmp_path)
    assert not any(">" in line or ";" in line for line in session.typed)
