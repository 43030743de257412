import time
from pathlib import Path

import pytest

from plugfest.devices.changes import Change
from plugfest.errors import LabError, SessionError
from plugfest.reservation.journal import UndoJournal, of_living_runs, orphans, unreadable


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
            raise LabError("still there")

    reverted, stuck = journal.play_back(revert)
    assert order == ["third", "second", "first"]
    assert [each.description for each in reverted] == ["third", "first"]
    assert [str(each) for each in stuck] == ["'second' could not be taken back: still there"]
    assert [left.description for left in UndoJournal.read(journal.file).pending.values()] == ["second"]
    assert journal.stuck == tuple(stuck)
    assert journal.play_back(lambda change: None) == ([change("second")], [])
    assert journal.stuck == ()


def test_a_silent_device_is_asked_once_and_the_others_are_put_right(tmp_path: Path) -> None:
    journal = UndoJournal.open(tmp_path, "embedded@1")
    for device in ("leaf1", "leaf2", "leaf1", "leaf2"):
        journal.before(change("mtu").model_copy(update={"device": device}))
    asked = []

    def revert(made: Change) -> None:
        asked.append(made.device)
        if made.device == "leaf1":
            raise SessionError("leaf1: cannot connect")

    reverted, stuck = journal.play_back(revert)
    assert asked == ["leaf2", "leaf1", "leaf2"]
    assert [each.device for each in reverted] == ["leaf2", "leaf2"]
    assert [(each.change.device, each.reason) for each in stuck] == [("leaf1", "leaf1: cannot connect")] * 2


def test_only_the_changes_of_one_user_are_taken_back_early(tmp_path: Path) -> None:
    journal = UndoJournal.open(tmp_path, "embedded@1")
    mine, others = journal.before(change("mine")), journal.before(change("of the suite"))
    assert journal.play_back(lambda change: None, [mine]) == ([change("mine")], [])
    assert journal.pending == {others: change("of the suite")}


def test_a_change_is_not_made_without_its_undo_on_disk(tmp_path: Path) -> None:
    journal = UndoJournal.open(tmp_path / "journals", "embedded@1")
    journal.file.unlink()
    journal.file.mkdir()
    with pytest.raises(LabError, match=r"leaf1: 'mtu' is not made because its undo cannot be written to .*\.jsonl: "):
        journal.before(change("mtu"))
    assert journal.pending == {}


def test_what_was_mended_by_hand_is_forgotten(tmp_path: Path) -> None:
    journal = UndoJournal.open(tmp_path, "odcc")
    journal.before(change("mtu"))
    assert journal.forget() == [change("mtu")]
    assert UndoJournal.read(journal.file).pending == {}


def test_the_journal_says_when_a_change_was_made(tmp_path: Path) -> None:
    journal = UndoJournal.open(tmp_path, "odcc")
    entry = journal.before(change("mtu"))
    at = UndoJournal.read(journal.file).made(entry)
    assert at == journal.made(entry)
    assert at is not None
    assert abs(at - time.time()) < 60


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
    assert orphans(tmp_path, "odcc") == []
    assert len(unreadable(tmp_path)) == 1
    assert file.exists(), "a person has to look at it"


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
    assert [journal.file for journal in of_living_runs(tmp_path, "embedded@1")] == [mine.file]
    assert not earlier_start.file.exists()
    assert elsewhere.file.exists()


def test_the_journal_is_private(tmp_path: Path) -> None:
    journal = UndoJournal.open(tmp_path / "journals", "embedded@1")
    assert journal.file.stat().st_mode & 0o077 == 0
    assert journal.file.parent.stat().st_mode & 0o077 == 0
