"""The undo journal: every change is on disk before it is made, so that the next run can undo what a killed one left.

One file per run and lab instance, one JSON line per event.  A line is flushed to the disk before the function that
writes it returns.  A change that cannot be taken back stays in the journal with the reason: the devices it concerns
are out of use until somebody succeeds (`plugfest lab restore`), the others go on.
"""

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from uuid import uuid4

import psutil
from pydantic import ValidationError

from plugfest.devices.changes import Change
from plugfest.errors import LabError, PlugfestError, SessionError
from plugfest.folders import state_folder
from plugfest.records import Record
from plugfest.sessions.tag import alive


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
        return alive(self.pid, self.process_started)


class Stuck(Record):
    """A change that could not be taken back."""

    change: Change
    reason: str
    """What happened, in words."""

    def __str__(self) -> str:
        return f"'{self.change.description}' could not be taken back: {self.reason}"


class UndoJournal:
    """Changes that were made and not yet taken back, of one run."""

    def __init__(self, file: Path, owner: Owner) -> None:
        self.file, self.owner = file, owner
        self._pending: dict[str, Change] = {}
        self._stuck: dict[str, Stuck] = {}
        self._made: dict[str, float] = {}
        self.devices: list[str] = []
        """Device of every change that was written down, oldest first; also of those that were taken back."""

    @classmethod
    def open(cls, folder: Path, lab: str) -> "UndoJournal":
        """Start the journal of this process in `folder`."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = Owner(pid=os.getpid(), process_started=psutil.Process().create_time(), lab=lab)
        # Under its own name the file is never without its first line, not even for a moment.
        journal = cls(folder / f"{uuid4()}.new", owner)
        journal._write({"owner": owner.model_dump()})
        journal.file = journal.file.rename(journal.file.with_suffix(".jsonl"))
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

    @property
    def stuck(self) -> tuple[Stuck, ...]:
        """Pending changes that could not be taken back when it was tried last."""
        return tuple(self._stuck.values())

    @property
    def stuck_entries(self) -> tuple[str, ...]:
        """Entry ids of the stuck changes."""
        return tuple(self._stuck)

    def made(self, entry: str) -> float | None:
        """When a pending change was made, in seconds since the epoch; None if the journal does not say."""
        return self._made.get(entry)

    def before(self, change: Change) -> str:
        """Write down a change that is about to be made; returns its entry id.

        LabError, and the change must not be made, if it cannot be written.
        """
        entry, now = str(uuid4()), time.time()
        try:
            self._write({"made": entry, "at": now, "change": change.model_dump()})
        except OSError as error:
            raise LabError(
                f"{change.device}: '{change.description}' is not made because its undo cannot be written to "
                f"{self.file}: {error.strerror}"
            ) from None
        self._pending[entry], self._made[entry] = change, now
        self.devices.append(change.device)
        return entry

    def undone(self, entry: str) -> None:
        """Write down that a change was taken back."""
        self._pending.pop(entry)
        self._stuck.pop(entry, None)
        try:
            self._write({"undone": entry})
        except OSError as error:  # then it is taken back once more, which does no harm
            raise LabError(f"{self.file}: cannot write that a change was taken back: {error.strerror}") from None

    def play_back(
        self, revert: Callable[[Change], None], entries: Iterable[str] | None = None
    ) -> tuple[list[Change], list[Stuck]]:
        """Take back all pending changes (or those of `entries`), newest first: what was taken back, and what stays.

        A device that does not answer is asked once only.
        """
        chosen = set(self._pending if entries is None else entries)
        reverted, silent = list[Change](), dict[str, SessionError]()
        for entry, change in reversed(self.pending.items()):
            if entry not in chosen:
                continue
            try:
                if change.device in silent:
                    raise silent[change.device]
                revert(change)
            except PlugfestError as error:
                if isinstance(error, SessionError):
                    silent[change.device] = error
                self._stuck[entry] = Stuck(change=change, reason=str(error))
                continue
            self.undone(entry)
            reverted.append(change)
        return reverted, [stuck for entry, stuck in self._stuck.items() if entry in chosen]

    def forget(self) -> list[Change]:
        """Strike all pending changes off because somebody mended the devices by hand; returns them."""
        forgotten = list(self._pending.values())
        for entry in list(self._pending):
            self.undone(entry)
        return forgotten

    def close(self) -> None:
        """Remove the file if nothing is pending."""
        if not self._pending:
            self.file.unlink(missing_ok=True)

    def _replay(self, line: dict[str, object]) -> None:
        if "made" in line:
            entry, at = str(line["made"]), line.get("at")
            self._pending[entry] = Change.model_validate_json(json.dumps(line["change"]))
            if isinstance(at, int | float):
                self._made[entry] = float(at)
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
    """Journals of runs that ended without undoing, oldest first; those of another instance of the lab are removed."""
    found = []
    for journal in _readable(folder):
        if journal.owner.alive:
            continue
        if journal.owner.lab == lab and journal.pending:
            found.append(journal)
        elif journal.owner.lab.partition("@")[0] == lab.partition("@")[0]:
            journal.file.unlink(missing_ok=True)
    return sorted(found, key=lambda journal: journal.owner.process_started)


def of_living_runs(folder: Path, lab: str) -> list[UndoJournal]:
    """Journals with pending changes whose run goes on and will take them back itself."""
    return [each for each in _readable(folder) if each.owner.alive and each.owner.lab == lab and each.pending]


def unreadable(folder: Path) -> list[str]:
    """One sentence for every file that is no undo journal: nobody knows which lab it was about."""
    return [str(found) for found in _read_all(folder) if isinstance(found, LabError)]


def _readable(folder: Path) -> list[UndoJournal]:
    return [found for found in _read_all(folder) if isinstance(found, UndoJournal)]


def _read_all(folder: Path) -> Iterator[UndoJournal | LabError]:
    for file in sorted(folder.glob("*.jsonl")):
        try:
            yield UndoJournal.read(file)
        except FileNotFoundError:
            continue  # its run has just ended
        except LabError as error:
            yield error
