"""A change to a device as data: how to make it, how to take it back, how to see that it took effect.

A change is written down (`Change.model_dump_json`) before it is made, so that a run that was killed can be undone by
the next one.  Making and undoing are idempotent as far as the device allows: `revert` may come twice.
"""

import re
from typing import Protocol

from plugfest.errors import ConnectionLostError, LabError
from plugfest.records import Record
from plugfest.sessions.deadline import Deadline
from plugfest.sessions.result import CommandResult

Command = tuple[str, ...]
"""Program and arguments, or one line of a network CLI and the answers to the questions it asks."""


class Line(Protocol):
    """What takes the commands of a change: the shell of a Linux device or a switch's command line."""

    @property
    def name(self) -> str:
        """Inventory name of the device."""

    def run(self, *command: str, timeout: float = 30.0, check: bool = True) -> CommandResult:
        """Run one command to its end."""


EFFECT_SECONDS = 5.0
"""Routing daemons install what they were told a moment after they accepted it."""
COMMAND_SECONDS = 300.0
"""A large switch takes minutes to commit or to roll back."""


class ReadBack(Record):
    """A question whose answer shows whether a change is in effect."""

    ask: Command
    made: str
    """Regular expression found in the answer while the change is in effect."""
    undone: str
    """Regular expression found in the answer once the change is undone."""


class Change(Record):
    """One reversible change of one device."""

    device: str
    """Inventory name of the device."""
    description: str
    """What is changed from what to what, for people and for the journal."""
    do: tuple[Command, ...]
    """Commands that make the change, in order."""
    undo: tuple[Command, ...]
    """Commands that take it back, in order."""
    read_back: ReadBack | None = None
    """How to see that it took effect; None where the commands' own success says enough."""


def make(change: Change, session: Line) -> None:
    """Make the change and read it back; its undo must be registered before.  LabError if it has no effect."""
    for command in change.do:
        session.run(*command, timeout=COMMAND_SECONDS)
    if change.read_back:
        _expect(change, session, change.read_back, change.read_back.made, "was made")


def revert(change: Change, session: Line) -> None:
    """Take the change back and read back; all undo commands run even if one fails.  LabError if it persists.

    If the connection breaks all is done again over a new one: undo commands may come twice.
    """
    try:
        _revert(change, session)
    except ConnectionLostError:
        _revert(change, session)


def _revert(change: Change, session: Line) -> None:
    results = [session.run(*command, timeout=COMMAND_SECONDS, check=False) for command in change.undo]
    failures = [result for result in results if not result.ok]
    if change.read_back:
        _expect(change, session, change.read_back, change.read_back.undone, "was undone")
    elif failures:
        first = failures[0]
        raise LabError(f"{change.device}: could not undo '{change.description}': `{first.command}` said: {first.said}")


def _expect(change: Change, session: Line, read_back: ReadBack, pattern: str, what: str) -> None:
    deadline = Deadline(f"{change.device}: '{change.description}' {what}", EFFECT_SECONDS)
    answer = deadline.watch(
        lambda: session.run(*read_back.ask, check=False), until=lambda answer: _found(pattern, answer)
    )
    if not _found(pattern, answer):
        raise LabError(
            f"{deadline.name} but `{answer.command}` does not show it: expected /{pattern}/, got: {answer.said}"
        )


def _found(pattern: str, answer: CommandResult) -> bool:
    return bool(re.search(pattern, answer.out, re.MULTILINE))
