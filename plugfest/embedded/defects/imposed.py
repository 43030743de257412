"""Defects that are in the running lab now, on disk, so that another command can take them away."""

from pydantic import TypeAdapter

from plugfest.devices.changes import Change, make, revert
from plugfest.embedded.defects.registry import Defect
from plugfest.embedded.folders import state_folder
from plugfest.embedded.state import RunningLab
from plugfest.errors import UsageError
from plugfest.records import Record
from plugfest.reservation.journal import journal_folder, orphans
from plugfest.sessions.pool import SessionPool

_FILE = "defects.json"


class Imposed(Record):
    """One defect in one running lab."""

    name: str
    lab_started: float
    """Start of the lab it was imposed on: a lab that was started anew is free of it."""
    changes: tuple[Change, ...]


_LIST: TypeAdapter[list[Imposed]] = TypeAdapter(list[Imposed])


def imposed(lab: RunningLab) -> list[Imposed]:
    """The defects that `lab` has now."""
    file = state_folder() / _FILE
    known = _LIST.validate_json(file.read_bytes()) if file.exists() else []
    return [item for item in known if item.lab_started == lab.started]


def impose(lab: RunningLab, defect: Defect) -> None:
    """Impose `defect`; written down before it is made.  UsageError if the lab has it already."""
    present = imposed(lab)
    if any(item.name == defect.name for item in present):
        raise UsageError(f"the lab has the defect {defect.name} already; take it away with: plugfest lab defect clear")
    _save([*present, Imposed(name=defect.name, lab_started=lab.started, changes=defect.changes)])
    with SessionPool(lab.endpoints) as pool:
        for change in defect.changes:
            make(change, pool.session(change.device))


def clear(lab: RunningLab) -> list[str]:
    """Take all defects away, the last one first; their names."""
    present = imposed(lab)
    with SessionPool(lab.endpoints) as pool:
        for item in reversed(present):
            for change in reversed(item.changes):
                revert(change, pool.session(change.device))
    _save([])
    return [item.name for item in present]


def forget(lab: RunningLab) -> None:
    """`lab` was put back to pristine: nothing is left of any defect, nor of what an ended run had not taken back."""
    _save([])
    for journal in orphans(journal_folder(), f"{lab.name}@{lab.started}"):
        journal.file.unlink()


def _save(items: list[Imposed]) -> None:
    (state_folder() / _FILE).write_bytes(_LIST.dump_json(items, indent=2))
