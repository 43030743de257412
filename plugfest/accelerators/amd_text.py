"""``amd-smi`` without ``--json``: the same names in capitals, sections by indentation."""

import re
from typing import Any

from plugfest.devices.dialects.output import Output

ENTRY = re.compile(r"(?P<indent> *)(?P<name>[A-Z][\w ()/-]*):(?: (?P<value>.*))?", re.IGNORECASE)
STEP = 4
"""Blanks by which a section's entries are indented."""


def sections(output: Output) -> list[dict[str, Any]]:
    """One dictionary a GPU, names in small letters as in the JSON; what is told of CPUs is left out.

    A line of another form, one that lies in no section and a name that stands twice raise ParseError.
    """
    found: list[dict[str, Any]] = []
    path: list[dict[str, Any]] = []
    for line in output.lines:
        if not line.text:
            continue
        entry = ENTRY.fullmatch(line.text)
        depth, rest = divmod(len(entry["indent"]), STEP) if entry else (0, 1)
        if not entry or rest or depth > len(path) or (depth == 0 and entry["name"] not in ("GPU", "CPU")):
            raise output.error("expected 'GPU: NUMBER', or 'NAME: VALUE' in its section", line)
        name, value = entry["name"].strip().lower().replace(" ", "_"), (entry["value"] or "").strip()
        del path[depth:]
        if depth == 0:
            path.append({name: value})
            found += path if name == "gpu" else []
            continue
        if name in path[-1]:
            raise output.error("this name stands twice in its section", line)
        path[-1][name] = value if value else {}
        path.append(path[-1][name] if not value else {})
    if not found:
        raise output.error("no GPU was found: a line such as 'GPU: 0' must be there")
    return found
