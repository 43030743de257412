"""From argument lists to text that a POSIX shell reads back as exactly these arguments."""

import shlex
from collections.abc import Sequence

from plugfest.errors import UsageError


def for_people(argv: Sequence[str]) -> str:
    """The command line as a person would type it; for messages and transcripts."""
    return shlex.join(argv)


def for_shell(argv: Sequence[str]) -> str:
    """The command line as it is sent: the first word always in quotes, so that it is never a keyword or assignment.

    Raises UsageError for an empty command and for NUL characters, which no argument can hold.
    """
    if not argv:
        raise UsageError("a command needs at least the name of a program")
    for argument in argv:
        _refuse_nul(argument)
    program = "'" + argv[0].replace("'", "'\"'\"'") + "'"
    return " ".join([program, *map(shlex.quote, argv[1:])])


def with_input(argv: Sequence[str], stdin: str | None) -> str:
    """The command line with `stdin` as its standard input; None means an empty one."""
    if stdin is None:
        return f"( {for_shell(argv)} ) </dev/null"
    _refuse_nul(stdin)
    return f"printf %s {shlex.quote(stdin)} | ( {for_shell(argv)} )"


def _refuse_nul(text: str) -> None:
    if "\0" in text:
        raise UsageError(f"a NUL character cannot be sent to a shell: {text!r}")
