"""Stores a run in the lab database, from its evidence."""

from collections.abc import Iterable
from math import isfinite

from sqlalchemy.orm import Session

from plugfest.evidence.cell import UNKNOWN, DevicesUnderTest, NicKind
from plugfest.evidence.folder import EvidenceFolder, StoredBundle, read_document
from plugfest.evidence.manifest import MANIFEST
from plugfest.evidence.records import Manifest
from plugfest.history.tables import Figure, Result, Run

NONE = "–"
"""Shown where a test has no such device."""


def store_run(database: Session, evidence: EvidenceFolder) -> Run:
    """Store a run, or store it again after its evidence was completed; of repeated tests the last attempt counts."""
    record = evidence.run
    known = database.get(Run, record.run)
    if known is not None:
        database.delete(known)
        database.flush()
    manifest = evidence.path / MANIFEST
    run = Run(
        id=record.run,
        lab=record.lab,
        kind=record.kind,
        started=record.started,
        harness=str(record.harness),
        seal=read_document(manifest, Manifest).seal if manifest.exists() else None,
        folder=str(evidence.path),
    )
    run.results = [_result(bundle) for bundle in evidence.last_attempts()]
    database.add(run)
    database.flush()
    return run


def _result(bundle: StoredBundle) -> Result:
    record = bundle.record
    return Result(
        test=record.test,
        title=record.title,
        suite=record.suite,
        case=record.case or NONE,
        outcome=record.outcome.value,
        reason=record.reason,
        known_issue=record.known_issue,
        seconds=(record.ended - record.started).total_seconds(),
        bundle=bundle.folder.name,
        allure=record.allure,
        figures=_figures(bundle),
        **axes_of(record.cell),
    )


def axes_of(cell: DevicesUnderTest) -> dict[str, str]:
    """The parts of a cell as texts, by column of the result table."""
    return {
        "cell": cell.id,
        "nic": _model(cell.nic),
        "nic_firmware": _firmware(cell.nic),
        "accelerator": _joined(str(each) for each in cell.nic.accelerators) if cell.nic else NONE,
        "switch": _joined(switch.chip for switch in cell.switches),
        "nos": _joined(switch.nos for switch in cell.switches),
        "medium": _joined(cell.media),
        "peer": _model(cell.peer),
        "peer_firmware": _firmware(cell.peer),
    }


def _figures(bundle: StoredBundle) -> list[Figure]:
    found = {
        (judgement.verdict.claim, name): value
        for judgement in bundle.judgements()
        for name, value in judgement.verdict.figures.items()
        if isfinite(value)  # databases disagree on the other numbers
    }
    return [Figure(claim=claim, name=name, value=value) for (claim, name), value in found.items()]


def _model(nic: NicKind | None) -> str:
    return f"{nic.vendor} {nic.model}" if nic else NONE


def _firmware(nic: NicKind | None) -> str:
    return nic.firmware if nic and nic.firmware != UNKNOWN else NONE


def _joined(parts: Iterable[str]) -> str:
    return " + ".join(dict.fromkeys(parts)) or NONE
