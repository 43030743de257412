from pathlib import Path

import pytest

from plugfest.devices.changes import Change
from plugfest.errors import LabError
from plugfest.reservation.journal import UndoJournal, orphans


def change(what: str) -> Change:
    return Change(device="leaf1", description=what, do=(("do", what),), undo=(("undo", what),))


def dead(journal: UndoJournal) -> None:
    """Make the journal look as if its process had been killed."""
    text = journal.file.read_text().replace(f'"pid": {journal.owner.pid}', '"pid": 4194305')
    journal.file.write_text(text)


def test_a_change_is_on_disk_before_it_is_made_and_gone_after_undo(tmp_path: Path) -> None:
    journal = UndoJournal.open(tmp_path, "embedded@1")
    entry = journal.before(change("mtu"))
    assert UndoJournal.read(journal.file).pending == {entry: change("mtu")}
    journal.undone(entry)
    assert UndoJournal.read(journal.file).pending == {}
    journal.close()
    assert list(tmp_path.iterdir()) == []


def test_play_back_runs_newest_first_and_keeps_what_failed(tmp_path: Path) -> None:
    journal = UndoJournal.open(tmp_path, "embedded@1")
    for what in ("first", "second", "third"):
        journal.before(change(what))
    order = []

    def revert(made: Change) -> None:
        order.append(made.description)
        if made.description == "second":
            raise LabError("unreachable")

    with pytest.raises(LabError, match="unreachable"):
        journal.play_back(revert)
    assert order == ["third", "second", "first"]
    assert [left.description for left in UndoJournal.read(journal.file).pending.values()] == ["second"]


def test_a_line_cut_short_by_a_crash_is_ignored(tmp_path: Path) -> None:
    journal = UndoJournal.open(tmp_path, "embedded@1")
    journal.before(change("whole"))
    with journal.file.open("a") as stream:
        stream.write('{"made": "12')
    assert [left.description for left in UndoJournal.read(journal.file).pending.values()] == ["whole"]


def test_a_file_that_is_no_journal_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text("hello\n")
    with pytest.raises(LabError, match="not an undo journal"):
        UndoJournal.read(file)


def test_orphans_are_journals_of_dead_runs_in_the_same_lab(tmp_path: Path) -> None:
    mine = UndoJournal.open(tmp_path, "embedded@1")
    mine.before(change("still running"))
    killed = UndoJournal.open(tmp_path, "embedded@1")
    killed.before(change("left behind"))
    dead(killed)
    earlier_start = UndoJournal.open(tmp_path, "embedded@0")
    earlier_start.before(change("void"))
    dead(earlier_start)
    elsewhere = UndoJournal.open(tmp_path, "odcc")
    elsewhere.before(change("not ours"))
    dead(elsewhere)
    assert [journal.file for journal in orphans(tmp_path, "embedded@1")] == [killed.file]
    assert not earlier_start.file.exists()
    assert elsewhere.file.exists()


def test_the_journal_is_private(tmp_path: Path) -> None:
    journal = UndoJournal.open(tmp_path / "journals", "embedded@1")
    assert journal.file.stat().st_mode & 0o077 == 0
    assert journal.file.parent.stat().st_mode & 0o077 == 0
