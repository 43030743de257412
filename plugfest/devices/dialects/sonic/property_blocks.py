"""SONiC: `Title: name` followed by a table without header, ruler above and below: buffers and WRED profiles."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.row import Row
from plugfest.devices.dialects.sonic.prose import COMMAND

RULER = re.compile(r"\s*-+  +-+")
TITLE = re.compile(r"(\w[\w ]*?)(?: for namespace \S+)?:(?: \*{0,2}([^*\s]+)\*{0,2})?")
AROUND = re.compile(rf"Total \w+: \d+|{COMMAND}|No buffer (?:pool|profile) information available")
"""What stands around the blocks; a switch without pools or profiles says so."""
PROPERTY = re.compile(r"(\w+)  +(\S.*)")


Known = Mapping[str, bool]
"""Properties that may occur; True: the value must be a whole number."""
NUMBER = re.compile(r"-?\d+")


@dataclass(frozen=True)
class Block:
    """One titled table: kind (Pool, Profile), name and properties."""

    kind: str
    name: str
    row: Row


def property_blocks(output: Output, kinds: tuple[str, ...], known: Known) -> tuple[Block, ...]:
    """All blocks; ParseError for a line outside blocks, an unknown property or a block that is not closed."""
    lines = [line for line in output.lines if line.text and not AROUND.fullmatch(line.text.strip())]
    blocks = []
    while lines:
        block, lines = _block(output, lines, kinds, known)
        blocks.append(block)
    return tuple(blocks)


def _block(output: Output, lines: list[Line], kinds: tuple[str, ...], known: Known) -> tuple[Block, list[Line]]:
    title = TITLE.fullmatch(lines[0].text.strip())
    if not title or title[1] not in kinds:
        raise output.error(f"expected a title: {', '.join(kinds)}", lines[0])
    closing = next((index for index, line in enumerate(lines[2:], 2) if RULER.fullmatch(line.text)), None)
    if closing is None or not RULER.fullmatch(lines[1].text):
        raise output.error("the table under this title is cut off", lines[0])
    cells: dict[str, str] = {}
    for line in lines[2:closing]:
        _property(output, line, known, cells)
    return Block(title[1], title[2] or "", Row(lines[0], cells)), lines[closing + 1 :]


def _property(output: Output, line: Line, known: Known, cells: dict[str, str]) -> None:
    found = PROPERTY.fullmatch(line.text.strip())
    if not found:
        _refuse(output, line, "expected a property and its value")
    if found[1] not in known:
        _refuse(output, line, f"unknown property {found[1]!r}")
    if found[1] in cells:
        _refuse(output, line, f"{found[1]!r} occurs twice")
    if known[found[1]] and not NUMBER.fullmatch(found[2]):
        _refuse(output, line, f"{found[2]!r} is not a whole number")
    cells[found[1]] = found[2]


def _refuse(output: Output, line: Line, problem: str) -> NoReturn:
    raise output.error(problem, line)
