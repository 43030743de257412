"""Answers of ``name : value`` lines: names stand beside their values, so only those that are known are kept."""

import re
from collections.abc import Collection, Mapping

from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.row import Row

PROPERTY = re.compile(r"\s*(?P<name>[A-Za-z\d][\w .()/%-]*?)\s*: ?(?P<value>.*)")


def blocks(
    output: Output, cells: Mapping[str, str], *, first: Collection[str], prose: str = r"(?!)"
) -> tuple[Row, ...]:
    """Rows of the known properties; one of the names in `first` that stands a second time begins a new block.

    A line of another form, and a known name that stands twice in a block, raise ParseError.
    """
    found: list[tuple[Line, dict[str, str]]] = []
    for line in output.lines:
        match = PROPERTY.fullmatch(line.text)
        if not match:
            if line.text and not re.fullmatch(prose, line.text.strip()):
                raise output.error("expected a line 'NAME : VALUE'", line)
            continue
        name, value = match["name"], match["value"].strip()
        if not found or (name in first and cells[name] in found[-1][1]):
            found.append((line, {}))
        if name not in cells:
            continue
        if cells[name] in found[-1][1]:
            raise output.error(f"{name!r} stands twice", line)
        found[-1][1][cells[name]] = value
    return tuple(Row(line, known) for line, known in found)
