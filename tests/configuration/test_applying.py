"""Applying, reading back and taking back through the real SSH stack, on a simulated switch of every dialect."""

from pathlib import Path

import pytest

from plugfest.configuration.applying import bring_about, judge
from plugfest.configuration.comparison import contradicted, unverified
from plugfest.configuration.dialects import STYLES
from plugfest.devices.changes import revert
from plugfest.devices.simulated.configuration import Sabotage
from plugfest.errors import CommandError, ConnectionLostError, LabError
from plugfest.reservation.journal import UndoJournal
from plugfest.verdicts.verdict import Outcome
from tests.configuration.switches import FULL, bench, rendered, state

SIMULATED = (*FULL, "asternos")
HALFWAY = {
    "sonic": "sudo config interface pfc priority Ethernet8 4 off",
    "huawei_vrp": "dcb pfc enable mode manual",
    "h3c_comware": "priority-flow-control enable",
    "cumulus_nvue": "nv set interface swp4 qos pfc profile plugfest",
    "arista_eos": "priority-flow-control on",
    "cisco_nxos": "priority-flow-control mode on",
}
"""A line in the middle of the lossless intent, by dialect."""


@pytest.fixture
def journal(tmp_path: Path) -> UndoJournal:
    return UndoJournal.open(tmp_path / "undo", "bench")


@pytest.mark.parametrize("dialect", SIMULATED)
def test_an_intent_is_applied_read_back_and_taken_back(dialect: str, tmp_path: Path, journal: UndoJournal) -> None:
    with bench(dialect, tmp_path) as at:
        before = state(at.configured)
        judged, undo = bring_about(rendered(dialect), at.cli, journal)
        assert contradicted(judged) == ()
        assert any(reason.outcome is Outcome.PASSED for reason in judged.reasons)
        assert state(at.configured) != before
        assert [change.device for change in journal.pending.values()] == ["leaf1"]
        undo()
        assert state(at.configured) == before
        assert journal.pending == {}
        undo()  # a second time does nothing
        assert state(at.configured) == before


@pytest.mark.parametrize("dialect", FULL)
def test_what_is_in_force_already_is_not_pushed_again(dialect: str, tmp_path: Path, journal: UndoJournal) -> None:
    with bench(dialect, tmp_path) as at:
        _, undo = bring_about(rendered(dialect), at.cli, journal)
        typed = len(at.switch.typed)
        judged, nothing = bring_about(rendered(dialect), at.cli, journal)
        assert contradicted(judged) == ()
        assert set(at.switch.typed[typed:]) == {str(STYLES[dialect].ask)}
        assert len(journal.pending) == 1
        nothing()
        undo()


@pytest.mark.parametrize("dialect", FULL)
def test_a_refused_line_is_an_error_and_everything_is_taken_back_at_once(
    dialect: str, tmp_path: Path, journal: UndoJournal
) -> None:
    with bench(dialect, tmp_path, Sabotage(refuse=HALFWAY[dialect])) as at:
        before = state(at.configured)
        with pytest.raises(CommandError, match="leaf1") as caught:
            bring_about(rendered(dialect), at.cli, journal)
        assert state(at.configured) == before
        assert "taken back at once" in "".join(caught.value.__notes__)
    assert journal.pending == {}


@pytest.mark.parametrize("dialect", FULL)
def test_a_connection_lost_in_mid_push_is_made_again_to_take_everything_back(
    dialect: str, tmp_path: Path, journal: UndoJournal
) -> None:
    with bench(dialect, tmp_path, Sabotage(cut_at=HALFWAY[dialect])) as at:
        before = state(at.configured)
        with pytest.raises(ConnectionLostError):
            bring_about(rendered(dialect), at.cli, journal)
        assert state(at.configured) == before
        assert at.switch.logins == 2
    assert journal.pending == {}


@pytest.mark.parametrize("dialect", FULL)
def test_a_line_that_is_accepted_and_not_done_is_noticed(dialect: str, tmp_path: Path, journal: UndoJournal) -> None:
    with bench(dialect, tmp_path, Sabotage(forget=HALFWAY[dialect])) as at:
        before = state(at.configured)
        if STYLES[dialect].evidence == "unverified":
            judged, undo = bring_about(rendered(dialect), at.cli, journal)
            assert any(HALFWAY[dialect] in reason.got for reason in unverified(judged))
            undo()
        else:
            with pytest.raises(LabError, match="leaf1"):
                bring_about(rendered(dialect), at.cli, journal)
        assert state(at.configured) == before


@pytest.mark.parametrize("dialect", FULL)
def test_the_next_run_takes_back_what_a_killed_one_left(dialect: str, tmp_path: Path, journal: UndoJournal) -> None:
    with bench(dialect, tmp_path) as at:
        before = state(at.configured)
        bring_about(rendered(dialect), at.cli, journal)
        orphan = UndoJournal.read(journal.file)
        at.cli.abandon()
        for entry, change in orphan.pending.items():
            revert(change, at.cli)
            orphan.undone(entry)
        assert state(at.configured) == before


def test_an_answer_begins_with_what_was_asked_for_and_not_with_the_question(tmp_path: Path) -> None:
    """netmiko leaves the echo in place on Comware, behind the last character of the prompt."""
    with bench("h3c_comware", tmp_path) as at:
        assert at.cli.run("display current-configuration").out.splitlines()[0] == "qos map-table dscp-dot1p"
        for command in ("system-view", "interface FourHundredGigE1/0/3", "mtu 1501", "return"):
            assert at.cli.run(command).out.strip() == ""


@pytest.mark.parametrize("dialect", FULL)
def test_reading_back_changes_nothing(dialect: str, tmp_path: Path) -> None:
    with bench(dialect, tmp_path) as at:
        before = state(at.configured)
        judged = judge(rendered(dialect), at.cli)
        assert state(at.configured) == before
        assert judged.outcome is not Outcome.PASSED


@pytest.mark.parametrize("dialect", ["arista_eos", "h3c_comware"])
def test_an_unverified_template_is_taken_back_as_surely(dialect: str, tmp_path: Path, journal: UndoJournal) -> None:
    """Whatever the switch calls the lines, none that was not there before may stay."""
    with bench(dialect, tmp_path) as at:
        before = state(at.configured)
        _, undo = bring_about(rendered(dialect, "ecn_marking"), at.cli, journal)
        (change,) = journal.pending.values()
        assert change.read_back is not None
        assert state(at.configured) != before
        undo()
        assert state(at.configured) == before


@pytest.mark.parametrize("dialect", ["ruijie_rgos", "zte_zxros", "centec"])
def test_thin_dialects_switch_ports(dialect: str, tmp_path: Path, journal: UndoJournal) -> None:
    with bench(dialect, tmp_path) as at:
        before = state(at.configured)
        judged, undo = bring_about(rendered(dialect, "ports_down"), at.cli, journal)
        assert judged.outcome is Outcome.PASSED
        undo()
        assert "shutdown" not in " ".join(sorted(state(at.configured)[0]))  # type: ignore[index]
        assert dialect != "ruijie_rgos" or state(at.configured) == before
