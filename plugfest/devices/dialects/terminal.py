"""Turns what a terminal received into what it showed: pager prompts, backspaces, colours and carriage returns undone.

Only control characters and pager prompts are removed.  What is left is judged by the strict parsers.
"""

import re

MOVE_LEFT = re.compile(r"\x1b\[(\d*)D")
ERASE_TO_END = re.compile(r"\x1b\[0?K")
OTHER_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|[\x00\x07]")
STYLE_REMAINS = re.compile(r"\[[034]m")
"""What is left of slanted or underlined text where it was copied from a terminal's window."""


def shown_lines(text: str, pager: str) -> list[tuple[int, str]]:
    """Line number (from 1) and text of every line as shown; lines that were only a pager prompt are left out."""
    prompt = re.compile(rf"\s*(?:{pager})")
    lines = []
    for number, received in enumerate(text.split("\n"), start=1):
        line = _shown(received.rstrip("\r")).rstrip()
        found = prompt.match(line)
        if found:
            line = line[found.end() :]
        if line or not found:
            lines.append((number, line))
    return lines


def _shown(received: str) -> str:
    """One line after backspaces and carriage returns: each moves the cursor, the next character overwrites."""
    if "\x1b" in received:
        received = MOVE_LEFT.sub(lambda found: "\b" * int(found[1] or 1), received)
        received = OTHER_ESCAPES.sub("", ERASE_TO_END.sub("\x7f", received))
    if not {"\b", "\r", "\x7f"} & set(received):
        return received
    cells: list[str] = []
    column = 0
    for character in received:
        if character == "\b":
            column = max(0, column - 1)
        elif character == "\r":
            column = 0
        elif character == "\x7f":
            del cells[column:]
        else:
            cells[column : column + 1] = [character]
            column += 1
    return "".join(cells)
