"""What reading back says about one part of an intent."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from plugfest.configuration.aspects import Aspect
from plugfest.configuration.rendering import Rendering
from plugfest.devices.changes import Command
from plugfest.records import Record

Answers = Mapping[Command, str | None]
"""What each question printed; None: the device refused it."""


class Finding(Record):
    """One comparison of what the intent says with what the switch shows."""

    aspect: Aspect
    place: str
    """Port, view or ``switch``."""
    expected: str
    got: str | None
    """None: the switch does not show it."""
    why: str = ""
    """Why it is not shown."""

    @property
    def ok(self) -> bool | None:
        """True if as expected, None if it cannot be told."""
        return None if self.got is None else self.got == self.expected


class ConfigurationReader(Protocol):
    """Asks once, judges many: the questions first, then everything that follows from the answers."""

    def questions(self, rendering: Rendering) -> tuple[Command, ...]:
        """Commands that change nothing and show what the intent is about."""

    def findings(self, rendering: Rendering, answers: Answers) -> Iterable[Finding]:
        """One finding a part and place; ParseError-free: an answer of unknown form is not shown."""
