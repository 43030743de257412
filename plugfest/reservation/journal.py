"""The undo journal: every change is on disk before it is made, so that the next run can undo what a killed one left.

One file per run and lab instance, one JSON line per event.  A line is flushed to the disk before the function that
writes it returns.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psutil
from pydantic import ValidationError

from plugfest.devices.changes import Change
from plugfest.errors import LabError
from plugfest.folders import state_folder
from plugfest.records import Record


def journal_folder() -> Path:
    """Folder of the undo journals of this user."""
    return state_folder() / "undo"


class Owner(Record):
    """The process whose changes a journal holds, and the lab they were made in."""

    pid: int
    process_started: float
    """Start time of the process in seconds since the epoch; tells it from a later one with the same pid."""
    lab: str
    """Lab name and, for labs that can be started anew, which start of it."""

    @property
    def alive(self) -> bool:
        """True while the process that owns the journal runs."""
        try:
            return psutil.Process(self.pid).create_time() == self.process_started
        except psutil.NoSuchProcess:
            return False


class UndoJournal:
    """Changes that were made and not yet taken back, of one run."""

    def __init__(self, file: Path, owner: Owner) -> None:
        self.file, self.owner = file, owner
        self._pending: dict[str, Change] = {}

    @classmethod
    def open(cls, folder: Path, lab: str) -> "UndoJournal":
        """Start the journal of this process in `folder`."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = Owner(pid=os.getpid(), process_started=psutil.Process().create_time(), lab=lab)
        journal = cls(folder / f"{uuid4()}.jsonl", owner)
        journal._write({"owner": owner.model_dump()})
        return journal

    @classmethod
    def read(cls, file: Path) -> "UndoJournal":
        """A journal from its file; a last line cut short by a crash was never acted upon and is ignored."""
        lines = file.read_text().splitlines()
        try:
            journal = cls(file, Owner.model_validate(json.loads(lines[0])["owner"]))
            for line in map(json.loads, _whole(lines[1:])):
                journal._replay(line)
        except (IndexError, KeyError, TypeError, ValueError, ValidationError) as error:
            raise LabError(f"{file}: not an undo journal: {error}; look at it, then delete it") from None
        return journal

    @property
    def pending(self) -> dict[str, Change]:
        """Changes still to be taken back, by entry id, oldest first."""
        return dict(self._pending)

    def before(self, change: Change) -> str:
        """Write down a change that is about to be made; returns its entry id."""
        entry = str(uuid4())
        self._write({"made": entry, "change": change.model_dump()})
        self._pending[entry] = change
        return entry

    def undone(self, entry: str) -> None:
        """Write down that a change was taken back."""
        self._write({"undone": entry})
        del self._pending[entry]

    def play_back(self, revert: Callable[[Change], None]) -> list[Change]:
        """Take back all pending changes, newest first, and return them.

        All are tried; the first LabError is raised at the end and its change stays in the journal.
        """
        reverted, errors = [], []
        for entry, change in reversed(self.pending.items()):
            try:
                revert(change)
            except LabError as error:
                errors.append(error)
                continue
            self.undone(entry)
            reverted.append(change)
        if errors:
            raise errors[0]
        return reverted

    def close(self) -> None:
        """Remove the file if nothing is pending."""
        if not self._pending:
            self.file.unlink(missing_ok=True)

    def _replay(self, line: dict[str, object]) -> None:
        if "made" in line:
            self._pending[str(line["made"])] = Change.model_validate_json(json.dumps(line["change"]))
        else:
            self._pending.pop(str(line["undone"]))

    def _write(self, line: dict[str, object]) -> None:
        with os.fdopen(os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a") as stream:
            stream.write(json.dumps(line) + "\n")
            stream.flush()
            os.fsync(stream.fileno())


def _whole(lines: list[str]) -> list[str]:
    if not lines:
        return lines
    try:
        json.loads(lines[-1])
    except ValueError:
        return lines[:-1]
    return lines


def orphans(folder: Path, lab: str) -> list[UndoJournal]:
    """Journals of runs that ended without undoing; those of another instance of the lab are void and removed."""
    found = []
    for file in sorted(folder.glob("*.jsonl")):
        journal = UndoJournal.read(file)
        if journal.owner.alive:
            continue
        if journal.owner.lab == lab and journal.pending:
            found.append(journal)
        elif journal.owner.lab.partition("@")[0] == lab.partition("@")[0]:
            file.unlink()
    return found
