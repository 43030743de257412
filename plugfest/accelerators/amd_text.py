"""``amd-smi`` without ``--json``: the same names in capitals, sections by indentation."""

import re
from typing import Any

from plugfest.devices.dialects.output import Line, Output

ENTRY = re.compile(r"(?P<indent> *)(?P<name>[A-Z][\w ()/-]*):(?: (?P<value>.*))?", re.IGNORECASE)
STEP = 4
"""Blanks by which a section's entries are indented."""


def sections(output: Output) -> list[dict[str, Any]]:
    """One dictionary a GPU, names in small letters as in the JSON; what is told of CPUs is left out.

    A line of another form, one that lies in no section and a name that stands twice raise ParseError.
    """
    devices: list[dict[str, Any]] = []
    path: list[dict[str, Any]] = []
    for line in filter(lambda line: line.text, output.lines):
        depth, name, value = _entry(output, line)
        if depth > len(path) or (depth == 0 and name not in ("gpu", "cpu")):
            raise output.error("expected 'GPU: NUMBER', or 'NAME: VALUE' in its section", line)
        del path[depth:]
        if depth == 0:
            path.append({name: value})
            devices += path
        elif name in path[-1]:
            raise output.error("this name stands twice in its section", line)
        elif value:
            path[-1][name] = value
        else:
            path.append(path[-1].setdefault(name, {}))
    found = [device for device in devices if "gpu" in device]
    if not found:
        raise output.error("no GPU was found: a line such as 'GPU: 0' must be there")
    return found


def _entry(output: Output, line: Line) -> tuple[int, str, str]:
    """Depth, name and value of a line; a section has no value."""
    entry = ENTRY.fullmatch(line.text)
    depth, rest = divmod(len(entry["indent"]), STEP) if entry else (0, 1)
    if not entry or rest:
        raise output.error("expected 'NAME: VALUE', indented by its section", line)
    return depth, entry["name"].strip().lower().replace(" ", "_"), (entry["value"] or "").strip()
