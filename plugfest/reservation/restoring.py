"""Puts a lab back to what it was before runs that were killed, by their undo journals; one process at a time."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from filelock import FileLock

from plugfest.devices.changes import Change
from plugfest.inventory.models import Lab, LabKind
from plugfest.records import Record
from plugfest.reservation.journal import Stuck, UndoJournal, orphans

Revert = Callable[[Change], None]
LOCK_SECONDS = 600.0


class Restored(Record):
    """What became of the changes that ended runs had left in a lab."""

    reverted: tuple[Change, ...] = ()
    stuck: tuple[Stuck, ...] = ()


def lab_instance(lab: Lab) -> str:
    """Name of the lab and, where it can be started anew, which start: a new one knows nothing of old changes."""
    if lab.kind is LabKind.HARDWARE:
        return lab.name
    from plugfest.embedded.lifecycle import running

    embedded = running()
    return f"{lab.name}@{embedded.started if embedded else 'not running'}"


def restoring(folder: Path) -> AbstractContextManager[object]:
    """Only one process at a time plays back; filelock.Timeout after ten minutes."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return FileLock(folder / "restoring.lock", timeout=LOCK_SECONDS)


class Restoration:
    """The journals of ended runs of one lab; what cannot be taken back now is tried again when asked for."""

    def __init__(self, folder: Path, instance: str, revert: Revert) -> None:
        self._folder, self._instance, self._revert = folder, instance, revert
        self._left: list[UndoJournal] = []

    def carry_out(self) -> Restored:
        """Play back whatever ended runs have left; journals that are done with are removed."""
        if not orphans(self._folder, self._instance):
            self._left = []
            return Restored()
        with restoring(self._folder):
            self._left = orphans(self._folder, self._instance)
            reverted = [change for journal in reversed(self._left) for change in self._play_back(journal)]
            self._left = [journal for journal in self._left if journal.pending]
        return Restored(reverted=tuple(reverted), stuck=self.stuck)

    @property
    def stuck(self) -> tuple[Stuck, ...]:
        """What could not be taken back."""
        return tuple(stuck for journal in self._left for stuck in journal.stuck)

    def _play_back(self, journal: UndoJournal) -> list[Change]:
        reverted, _ = journal.play_back(self._revert)
        journal.close()
        return reverted
