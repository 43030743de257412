"""Brings an intent about: journal, push, read back, compare; anything that goes wrong is taken back at once."""

from collections.abc import Callable
from uuid import uuid4

from plugfest.configuration.comparison import compare, contradicted
from plugfest.configuration.preparing import Prepared, ask, prepare
from plugfest.configuration.readers import reader_called
from plugfest.configuration.rendering import Rendering
from plugfest.devices.changes import Change, Line, make, revert
from plugfest.errors import LabError
from plugfest.reservation.journal import UndoJournal
from plugfest.sessions.network_cli import NetworkCli
from plugfest.verdicts.verdict import Verdict

Undo = Callable[[], None]


def change_name() -> str:
    """A name that no other change has, short enough for the names of checkpoints and sessions."""
    return f"plugfest-{uuid4().hex[:8]}"


def judge(rendering: Rendering, line: Line) -> Verdict:
    """What the switch shows now, compared with the intent.  Nothing is changed."""
    return compare(rendering, reader_called(rendering.style.reader).findings(rendering, ask(rendering, line)))


def bring_about(rendering: Rendering, line: Line, journal: UndoJournal) -> tuple[Verdict, Undo]:
    """Apply the intent and read it back; returns the comparison and the function that takes the change back.

    Raises CommandError if a line is refused, ConnectionLostError if the switch goes away, and LabError if it then
    shows something else; the switch is then already as it was before.
    """
    prepared = prepare(rendering, line, change_name())
    if prepared.change is None:
        return judge(rendering, line), lambda: None
    entry = journal.before(prepared.change)
    try:
        judged = _push(prepared, prepared.change, line)
    except LabError as error:
        _at_once(prepared.change, line, error)
        journal.undone(entry)
        raise
    return judged, lambda: _take_back(journal, entry, line)


def _push(prepared: Prepared, change: Change, line: Line) -> Verdict:
    make(change, line)
    judged = judge(prepared.rendering, line)
    wrong = contradicted(judged)
    if wrong:
        shown = "; ".join(map(str, wrong[:3]))
        raise LabError(f"{change.device}: intent {prepared.rendering.intent.name} is not in force: {shown}")
    return judged


def _at_once(change: Change, line: Line, error: LabError) -> None:
    """Take back what half a push left; the terminal is in an unknown view, so a new one is opened."""
    if isinstance(line, NetworkCli):
        line.abandon()
    try:
        revert(change, line)
    except LabError as second:
        raise LabError(f"{error}\nand it could not be taken back; the undo journal holds it: {second}") from error
    error.add_note(f"{change.device}: everything was taken back at once")


def _take_back(journal: UndoJournal, entry: str, line: Line) -> None:
    change = journal.pending.get(entry)
    if change is not None:
        revert(change, line)
        journal.undone(entry)
