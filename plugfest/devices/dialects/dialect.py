"""A network operating system's dialect: session traits and everything we can read, by command."""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from plugfest.devices.changes import Change
from plugfest.devices.dialects.output import read_output
from plugfest.devices.dialects.reading import Question, Reading, shown
from plugfest.devices.dialects.traits import PLACE, SessionTraits
from plugfest.devices.qos_records import EcnProfile
from plugfest.errors import UsageError
from plugfest.records import Record

UNPAGED = re.compile(r"\s*\|\s*(?:no-more|no-page|nomore|more|less|cat)\s*$")
JSON = re.compile(r"\s*\|\s*json(?:-pretty)?(?:\s+(?:native|pretty))?\s*$")
"""How a command line asks for JSON: its layout makes no difference."""


MarkAll = Callable[[str, Sequence[EcnProfile]], Change]
"""Makes a switch of that name, which has these marking profiles, mark everything that is ECN-capable."""


@dataclass(frozen=True)
class Dialect:
    """What we know of one network operating system."""

    name: str
    title: str
    """Vendor and product as people say it."""
    traits: SessionTraits
    readings: tuple[Reading, ...]
    note: str = ""
    """What a user must know before trusting it."""
    wanted: tuple[str, ...] = ()
    """Read commands without a parser whose outputs a probe records, so that parsers can be written from them."""
    row_options: re.Pattern[str] | None = None
    """Options that only say which rows are shown or how much is said around them: any command takes them."""
    mark_all: MarkAll | None = None
    """How to mark everything; None where we do not know it, or not how to take it back."""

    def answering(self, question: Question) -> tuple[Reading, ...]:
        """Readings that answer a question, best first; empty if the dialect cannot answer it."""
        return tuple(reading for reading in self.readings if question in reading.answers)

    def find(self, command: str) -> tuple[Reading, Mapping[str, str]]:
        """The reading for a command line and its arguments; words may be cut short where that leaves no choice.

        UsageError suggests the nearest known commands.
        """
        command = JSON.sub(" | json", PLACE.sub("", UNPAGED.sub("", command)))
        if self.row_options:
            command = self.row_options.sub("", command)
        for reading in self.readings:
            arguments = reading.arguments(command)
            if arguments is not None:
                return reading, arguments
        meant = self._meant(command)
        if len(meant) != 1:
            raise UsageError(self._unknown(command, [reading.command for reading, _ in meant]))
        return meant[0]

    def _meant(self, command: str) -> list[tuple[Reading, Mapping[str, str]]]:
        """What an abbreviated command may stand for: a word written out wins over one that begins like it."""
        found = [(reading, *cut) for reading in self.readings if (cut := reading.abbreviated(command))]
        most = max((whole for _, _, whole in found), default=0)
        return [(reading, arguments) for reading, arguments, whole in found if whole == most]

    def parse(self, command: str, text: str, *, device: str) -> Sequence[Record]:
        """Records of one command's output.

        Raises UsageError for a command we do not know, CommandError if the device rejected it, and ParseError,
        naming device, command, line number and text, if the output has a form we do not know.
        """
        reading, arguments = self.find(command)
        output = read_output(text, device=device, command=command, traits=self.traits, arguments=arguments)
        try:
            return tuple(reading.parse(output))
        except ValueError as error:
            raise output.error(str(error)) from error

    def _unknown(self, command: str, meant: list[str]) -> str:
        near = (
            meant
            or self._abbreviated(command)
            or difflib.get_close_matches(
                command.lower(),
                [shown(form) for reading in self.readings for form in reading.commands],
                n=3,
                cutoff=0.5,
            )
        )
        hint = (
            f"did you mean {' or '.join(map(repr, near))}?"
            if near
            else (f"see `plugfest device commands --dialect {self.name}`")
        )
        return f"{self.name} has no reading for {command!r}: {hint}"

    def _abbreviated(self, command: str) -> list[str]:
        """Known commands of which each typed word is the beginning of a word: ``dis int b``."""
        typed = command.lower().split()
        return [reading.command for reading in self.readings if _begins(typed, reading.command.split())]


def _begins(typed: list[str], known: list[str]) -> bool:
    known = [word for word in known if word.islower() and not word.startswith("[")]
    return len(typed) >= len(known) > 0 and all(word.startswith(part) for part, word in zip(typed, known, strict=False))
