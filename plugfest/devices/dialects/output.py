"""What one command printed, line by line, and the errors that name device, command, line number and text."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from plugfest.devices.dialects.terminal import shown_lines
from plugfest.devices.dialects.traits import SessionTraits
from plugfest.errors import CommandError, ParseError

RULER = re.compile(r"\s*[-=+*]{3,}(\s+[-=+*]+)*\s*$")
BYTE_ORDER_MARK = "\ufeff"
"""What some editors write before the text."""
LOGOUT = r"(?:exit|quit|logout)?"
RECORDING_COMMENT = re.compile(r"# ?\w[\w -]*:")


@dataclass(frozen=True)
class Line:
    """One line of output: number from 1 as an editor shows it, text without trailing blanks."""

    number: int
    text: str


@dataclass(frozen=True)
class Output:
    """The answer to one command, free of echo, prompts and pager marks."""

    device: str
    command: str
    lines: tuple[Line, ...]
    arguments: Mapping[str, str] = field(default_factory=dict)
    """What the user's command line named: port, slot, …"""

    @property
    def text(self) -> str:
        """The whole answer."""
        return "\n".join(line.text for line in self.lines) + "\n"

    @property
    def last(self) -> Line:
        """The last line that is not blank."""
        return next(line for line in reversed(self.lines) if line.text)

    def error(self, problem: str, line: Line | None = None) -> ParseError:
        """A ParseError that says where: device, command and, if known, line number and text."""
        where = f"{self.device}: {self.command!r}"
        if line is None:
            return ParseError(f"{where}: {problem}")
        return ParseError(f"{where}: line {line.number}: {problem}: {line.text!r}")

    @contextmanager
    def at(self, line: Line) -> Iterator[None]:
        """Turn any ValueError inside into a ParseError about this line."""
        try:
            yield
        except ValueError as error:
            raise self.error(_first_reason(error), line) from error

    def port(self) -> str:
        """The port the command asked about, for answers that do not repeat it; ParseError if it names none."""
        if "port" not in self.arguments:
            raise self.error("this answer does not say which port it is about: give the command with its port")
        return self.arguments["port"]

    def ends_with_ruler(self) -> "Output":
        """Check that the closing line of dashes is there; without it, the output was cut off."""
        if not RULER.match(self.last.text):
            raise self.error("the output is cut off: a closing line of dashes must follow", self.last)
        return self


def read_output(
    text: str, *, device: str, command: str, traits: SessionTraits, arguments: Mapping[str, str] | None = None
) -> Output:
    """Clean saved or received text: comments, echo, prompts and pager marks go, the device's refusals are raised.

    Raises CommandError if the device rejected the command and ParseError if nothing was printed or the last line
    is cut off.
    """
    lines = [Line(number, shown) for number, shown in shown_lines(text.removeprefix(BYTE_ORDER_MARK), traits.pager)]
    whole = text.endswith("\n") or not lines or re.match(rf"\s*(?:{traits.prompt})", lines[-1].text) is not None
    output = Output(device, command, _answer(lines, command, traits), dict(arguments or {}))
    if not any(line.text for line in output.lines):
        raise output.error("the device printed nothing")
    for line in output.lines:
        if traits.rejection(line.text):
            raise CommandError(f"{device}: {command!r} was rejected: {line.text.strip()}")
    if not (whole or _is_json(output) or _reaches_ruler(output)):
        raise output.error("the last line may be cut off, as it does not end in a newline", output.last)
    return output


def _answer(lines: list[Line], command: str, traits: SessionTraits) -> tuple[Line, ...]:
    """Only the lines the command itself printed."""
    prompt = re.compile(rf"\s*(?:{traits.prompt})\s*{LOGOUT}")
    start, end = 0, len(lines)
    while start < end and (not lines[start].text or RECORDING_COMMENT.match(lines[start].text)):
        start += 1
    if start < end and traits.echo(lines[start].text, command):
        start += 1
    if start < end and traits.timestamp and re.fullmatch(traits.timestamp, lines[start].text):
        start += 1
    while end > start and (not lines[end - 1].text or prompt.fullmatch(lines[end - 1].text)):
        end -= 1
    return tuple(lines[start:end])


def _is_json(output: Output) -> bool:
    """True for what begins and ends like a JSON document: its reader refuses one that was cut off."""
    text = output.text.strip()
    return text[0] + text[-1] in ("{}", "[]")


def _reaches_ruler(output: Output) -> bool:
    """True if the last line is whole although no newline follows it.

    Either it repeats an earlier line of dashes, or its last cell is shorter than its column and ends where the dashes
    above it end: then it is right-aligned, and nothing is missing.
    """
    last = output.last.text
    rulers = [line.text for line in output.lines if RULER.match(line.text) and line is not output.last]
    if not rulers or RULER.match(last):
        return last in rulers
    groups = list(re.finditer(r"[-=]+", rulers[-1]))
    cell = re.search(r"\S+$", last)
    return cell is not None and cell.end() == groups[-1].end() and cell.start() > groups[-1].start()


def _first_reason(error: ValueError) -> str:
    return (
        str(error).splitlines()[0]
        if not hasattr(error, "errors")
        else "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
    )
