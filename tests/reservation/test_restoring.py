import json
from pathlib import Path

from plugfest.devices.changes import Change
from plugfest.errors import LabError
from plugfest.reservation.journal import UndoJournal, orphans
from plugfest.reservation.restoring import Restoration


def left_by_a_killed_run(folder: Path, *devices: str, started: float = 1.0) -> None:
    journal = UndoJournal.open(folder, "odcc")
    for device in devices:
        journal.before(Change(device=device, description=f"MTU of {device}", do=(), undo=()))
    owner = journal.owner.model_copy(update={"pid": 4_194_305, "process_started": started})
    _, *lines = journal.file.read_text().splitlines()
    journal.file.write_text("\n".join((json.dumps({"owner": owner.model_dump()}), *lines, "")))


def test_later_runs_are_taken_back_first_and_journals_that_are_done_with_vanish(tmp_path: Path) -> None:
    left_by_a_killed_run(tmp_path, "leaf3", "leaf4", started=3.0)
    left_by_a_killed_run(tmp_path, "leaf1", "leaf2", started=1.0)
    left_by_a_killed_run(tmp_path, "leaf2", "leaf3", started=2.0)
    order = []
    restored = Restoration(tmp_path, "odcc", lambda change: order.append(change.device)).carry_out()
    assert order == ["leaf4", "leaf3", "leaf3", "leaf2", "leaf2", "leaf1"]
    assert [each.device for each in restored.reverted] == order
    assert restored.stuck == ()
    assert list(tmp_path.glob("*.jsonl")) == []


def test_what_resists_stays_and_is_tried_again(tmp_path: Path) -> None:
    left_by_a_killed_run(tmp_path, "leaf1", "leaf2")
    resisting = {"leaf1"}

    def revert(change: Change) -> None:
        if change.device in resisting:
            raise LabError("busy")

    restoration = Restoration(tmp_path, "odcc", revert)
    restored = restoration.carry_out()
    assert [each.device for each in restored.reverted] == ["leaf2"]
    assert [(each.change.device, each.reason) for each in restoration.stuck] == [("leaf1", "busy")]
    assert [change.device for each in orphans(tmp_path, "odcc") for change in each.pending.values()] == ["leaf1"]
    resisting.clear()
    assert [each.device for each in restoration.carry_out().reverted] == ["leaf1"]
    assert restoration.stuck == ()


def test_another_lab_and_a_living_run_are_left_alone(tmp_path: Path) -> None:
    left_by_a_killed_run(tmp_path, "leaf1")
    mine = UndoJournal.open(tmp_path, "embedded@1")
    mine.before(Change(device="leaf1", description="MTU", do=(), undo=()))
    touched = []
    Restoration(tmp_path, "embedded@1", touched.append).carry_out()
    assert touched == []
    assert len(list(tmp_path.glob("*.jsonl"))) == 2
