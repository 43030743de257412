"""Answers of devices for the tests: recorded files, or texts, as the results that parsers read."""

from pathlib import Path

from plugfest.sessions.command_line import for_people
from plugfest.sessions.result import CommandResult

RECORDINGS = Path(__file__).parent / "recordings" / "linux"


def said(text: str, *argv: str, device: str = "leaf1", err: str = "", exit_status: int = 0) -> CommandResult:
    """A finished command that printed `text`."""
    command = for_people(argv) if argv else "show something"
    return CommandResult(
        device=device, command=command, out=text, err=err, exit_status=exit_status, duration=0.1, started=1.0
    )


def recorded(file: str, *argv: str, device: str = "leaf1") -> CommandResult:
    """A finished command that printed what is in a file of `RECORDINGS`."""
    return said((RECORDINGS / file).read_text(), *argv, device=device)
