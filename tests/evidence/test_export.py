"""An export shows one vendor its own cells and nobody else's name."""

import json
from pathlib import Path

import pytest

from plugfest.devices.records import LldpNeighbor
from plugfest.errors import UsageError
from plugfest.evidence.bundle_writer import BundleWriter
from plugfest.evidence.cell import AcceleratorKind, DevicesUnderTest, NicKind, SwitchKind
from plugfest.evidence.content import CAPTURE, TEXT
from plugfest.evidence.export import EXPORT, export
from plugfest.evidence.files import document, write_whole
from plugfest.evidence.folder import RUN, EvidenceFolder, read_document
from plugfest.evidence.manifest import damages, seal
from plugfest.evidence.pseudonyms import Pseudonyms
from plugfest.evidence.records import Bundle, Export, LabDevice, RunRecord
from plugfest.evidence.replay import Agreement, replay
from plugfest.evidence.run_record import this_harness
from plugfest.inventory.models import Link
from plugfest.sessions.result import CommandResult
from plugfest.sessions.transcript import Transcript
from plugfest.verdicts.judgement import judge
from plugfest.verdicts.lldp import matches_cabling

START = "2026-03-01T02:00:00Z"
ACME = NicKind(vendor="Acme", model="A-9", firmware="28.41.1000")
ZENITH = NicKind(
    vendor="Zenith", model="Z1", firmware="7.7.7", accelerators=(AcceleratorKind(vendor="Orbit", model="O-100"),)
)
TOR = SwitchKind(vendor="Edgeworks", model="EW-64", chip="Ridge 5", nos="OpenNOS 2024.05")
DEVICES = (
    LabDevice(name="acme1", role="host", nics=(ACME,)),
    LabDevice(name="zen", role="host", nics=(ZENITH,)),
    LabDevice(name="tor7", role="switch", switch=TOR),
)
FOREIGN = ("zenith", "z1", "7.7.7", "orbit", "o-100", "edgeworks", "ew-64", "ridge 5", "opennos", "zen", "tor7")


def _neighbour(port: str, system: str, remote_port: str) -> LldpNeighbor:
    return LldpNeighbor(local_port=port, chassis_id=None, system_name=system, port_id=remote_port)


def _bundle(test: str, cell: DevicesUnderTest) -> Bundle:
    return Bundle(
        run="r1", lab="bench", test=test, title="x", suite="l2", case="L2-01", cell=cell, outcome="passed",
        reason="Zenith Z1 behind tor7 answered late", started=START, ended=START, harness=this_harness(),
    )  # fmt: skip


def _said(out: str) -> Transcript:
    result = CommandResult(device="tor7", command="show lldp", out=out, err="", exit_status=0, duration=0.1, started=0)
    return Transcript([result])


@pytest.fixture
def mixed(tmp_path: Path) -> EvidenceFolder:
    """A run with three parties; the cable acme1–tor7 concerns Acme, the cable zen–tor7 does not."""
    folder = tmp_path / "run" / "evidence"
    run = RunRecord(
        run="r1", started=START, lab="bench", kind="hardware", devices=DEVICES, harness=this_harness(), tools={}
    )
    write_whole(folder / RUN, document(run))
    link = Link.model_validate("acme1:eth0 <-> tor7:Ethernet4")
    tables = {
        "acme1": (_neighbour("eth0", "tor7", "Ethernet4"),),
        "tor7": (_neighbour("Ethernet4", "acme1", "eth0"),),
    }
    acme = BundleWriter(folder, "testsuites/l2/test_lldp.py::test_x[acme1:eth0<->tor7:Ethernet4]")
    acme.attach("good.pcap", b"\xd4\xc3\xb2\xa1 acme1 only", CAPTURE)
    acme.attach("telling.pcap", b"\xd4\xc3\xb2\xa1 LLDP: Edgeworks EW-64", CAPTURE)
    acme.attach("tor7 log", "ZENITH-Z1 seen by Edgeworks; password=canary-4410", TEXT)
    acme.attach("plot.png", b"\x89PNG tor7", "image/png")
    acme.finish(
        _bundle("testsuites/l2/test_lldp.py::test_x[acme1:eth0<->tor7:Ethernet4]",
                DevicesUnderTest(nic=ACME, switches=(TOR,), devices=("acme1", "tor7"))),
        [judge(matches_cabling, link, tables)],
        _said("OpenNOS 2024.05 on Ridge 5, neighbour zen (horizenal is a word), token: canary-4411"), [],
    )  # fmt: skip
    zenith = BundleWriter(folder, "testsuites/l2/test_lldp.py::test_x[zen:eth0<->tor7:Ethernet8]")
    cell = DevicesUnderTest(nic=ZENITH, switches=(TOR,), devices=("zen", "tor7"))
    zenith.finish(_bundle("testsuites/l2/test_lldp.py::test_x[zen:eth0<->tor7:Ethernet8]", cell), [], Transcript(), [])
    evidence = EvidenceFolder(folder)
    seal(evidence)
    return evidence


@pytest.fixture
def acme_part(mixed: EvidenceFolder, tmp_path: Path) -> EvidenceFolder:
    return export(mixed, "acme", tmp_path / "for-acme")


def _everything(folder: Path) -> str:
    """All names and contents of an export, but for the check's name and its own notes."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    names = [path.relative_to(folder).as_posix() for path in files]
    return "\n".join(names + [path.read_bytes().decode(errors="replace") for path in files]).lower()


def test_only_the_vendor_s_cells_are_exported(acme_part: EvidenceFolder) -> None:
    [bundle] = acme_part.bundles()
    assert bundle.record.cell.nic == ACME
    assert {device.name for device in acme_part.run.devices} == {"acme1", "switch-A"}
    assert list(damages(acme_part)) == []


def test_other_parties_names_are_nowhere(acme_part: EvidenceFolder) -> None:
    text = _everything(acme_part.path)
    assert "acme a-9" in text.replace('"acme",\n   "model": "', "acme ")
    words = text.replace("horizenal", "")
    assert [name for name in FOREIGN if name in words] == []
    assert "horizenal" in text


def test_names_are_replaced_consistently_so_that_the_verdict_still_replays(acme_part: EvidenceFolder) -> None:
    [bundle] = acme_part.bundles()
    assert bundle.record.test.endswith("[acme1:eth0<->switch-A:Ethernet4]")
    assert bundle.record.reason == "Vendor-A NIC-A behind switch-A answered late"
    assert bundle.transcript().results[0].device == "switch-A"
    [replayed] = replay(acme_part, this_harness())
    assert replayed.agreement is Agreement.IDENTICAL, replayed.why
    assert "switch-A" in replayed.claim


def test_secrets_are_absent(acme_part: EvidenceFolder) -> None:
    text = _everything(acme_part.path)
    assert "canary" not in text
    assert "token: ***" in text


def test_captures_are_kept_unless_a_packet_names_another_party(acme_part: EvidenceFolder) -> None:
    [bundle] = acme_part.bundles()
    assert (bundle.folder / "captures" / "good.pcap").read_bytes() == b"\xd4\xc3\xb2\xa1 acme1 only"
    withheld = read_document(acme_part.path / EXPORT, Export).withheld
    assert {(each.name, each.why) for each in withheld} == {
        ("telling.pcap", "a packet in it names another party"),
        ("plot.png", "names in it cannot be found by a program"),
    }


def test_the_export_names_the_seal_it_was_taken_from(mixed: EvidenceFolder, acme_part: EvidenceFolder) -> None:
    sealed = json.loads((mixed.path / "manifest.json").read_text())["seal"]
    assert read_document(acme_part.path / EXPORT, Export).seal == sealed


def test_further_texts_can_be_hidden(mixed: EvidenceFolder, tmp_path: Path) -> None:
    part = export(mixed, "Acme", tmp_path / "out", ["Ethernet4"])
    assert "ethernet4" not in _everything(part.path)


def test_changed_evidence_and_unknown_vendors_are_refused(mixed: EvidenceFolder, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="tested nothing of Initech; vendors in it: Acme, Edgeworks, Orbit, Zenith"):
        export(mixed, "Initech", tmp_path / "a")
    (mixed.path / RUN).write_text((mixed.path / RUN).read_text() + " ")
    with pytest.raises(UsageError, match="only sealed, unchanged evidence is exported"):
        export(mixed, "Acme", tmp_path / "b")


def test_a_neutral_name_is_never_one_that_a_device_has() -> None:
    devices = (*DEVICES, LabDevice(name="host-A", role="host", nics=(ACME,)))
    run = RunRecord(run="r", started=START, lab="b", kind="hardware", devices=devices, harness=this_harness(), tools={})
    names = Pseudonyms(run, "Acme")
    assert names.text("zen and host-A") == "host-B and host-A"
