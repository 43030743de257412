"""How a command line over SSH behaves: what netmiko and the parsers must know before the first command."""

import re
from enum import StrEnum

from plugfest.records import Record

REMAINS_OF_A_PROMPT = " <>[]#$~*"
"""Drivers that look for the host name leave the prompt's last character before the echo."""
PLACE = re.compile(r"^\s*(?:sudo\s+(?:-n\s+)?)?(?:/[\w./-]+/)?(?=\w)")
"""How people start a program with its full path, or as another user."""


class CommitModel(StrEnum):
    """When a configuration command takes effect."""

    IMMEDIATE = "immediate"
    """Each line takes effect as it is entered."""
    COMMIT = "commit"
    """Lines go to a candidate that `commit` makes active (VRP8)."""
    APPLY = "apply"
    """`nv set` fills a pending revision that `nv config apply` makes active (NVUE)."""
    COMMANDS = "commands"
    """There is no configuration mode: every change is a shell command of its own (SONiC)."""


class SessionTraits(Record):
    """What a dialect's command line looks like from the outside.  All patterns are regular expressions."""

    netmiko_type: str
    """`device_type` of netmiko whose driver logs in, turns paging off and finds the prompt."""
    prompt: str
    """A whole line that is nothing but a prompt."""
    paging_off: str | None
    """Command the driver sends so that long output arrives in one piece; None where there is no pager."""
    pager: str = r"-+ ?\(?[Mm][Oo][Rr][Ee]\)? ?-+|--More--"
    """What a pager prints when it waits."""
    timestamp: str | None = None
    """A line that some releases print before the answer."""
    commit: CommitModel = CommitModel.IMMEDIATE
    errors: tuple[str, ...]
    """How a line begins that says a command was rejected."""
    password_change: str | None = None
    """Question after login that must be answered with `n` before the prompt comes."""
    swallows_stdin: tuple[str, ...] = ()
    """Programs that read standard input to its end: one of them per connection, or with input from /dev/null."""
    enable: bool = False
    """True: the command `enable` gives a login the right to configure."""
    logout: str = "exit"
    """Command that ends the session."""

    @property
    def error_phrases(self) -> re.Pattern[str]:
        """All error phrases as one pattern that finds them at the beginning of any line."""
        return re.compile("|".join(f"^(?:{pattern})" for pattern in self.errors), re.MULTILINE)

    def rejection(self, line: str) -> bool:
        """True if this line of output says that the device rejected the command."""
        return any(re.match(pattern, line) for pattern in self.errors)

    def echo(self, line: str, command: str) -> bool:
        """True if the line repeats the command, with or without the prompt before it, or an abbreviation of it."""
        found = re.match(rf"\s*(?:{self.prompt})\s*(\S.*)$", line)
        if found:
            return _abbreviates(found[found.lastindex or 0], command)
        return line.lstrip(REMAINS_OF_A_PROMPT).split() == command.split()


def _abbreviates(typed: str, command: str) -> bool:
    """True if what was typed begins like the command: ``dis ip routing-table`` for ``display ip routing-table``."""
    words, known = (PLACE.sub("", text.lower()).split() for text in (typed, command))
    return bool(words and known) and known[0].startswith(words[0])
