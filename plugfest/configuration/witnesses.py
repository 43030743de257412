"""Regular expressions that see in a printed configuration whether a change is in force, for the undo journal."""

import re
from collections.abc import Iterable

from plugfest.configuration.lines import ConfigurationLine, Path
from plugfest.devices.changes import Command, ReadBack

MOST = 12
"""Lines that are looked for: enough to see a change, few enough to search a long configuration quickly."""


def witness(new: Iterable[ConfigurationLine], negation: str, ask: Command) -> ReadBack | None:
    """How to see the new lines in what `ask` prints; None if none of them is ever shown."""
    signs = [_sign(line, negation) for line in new if line.shown][:MOST]
    if not signs:
        return None
    return ReadBack(ask=ask, made=_all(signs), undone=_all([(path, not there) for path, there in signs]))


def _sign(line: ConfigurationLine, negation: str) -> tuple[Path, bool]:
    """A path, and whether it stands in the configuration when the line is in force."""
    if line.text.startswith(f"{negation} "):
        return (*line.views, line.text.removeprefix(f"{negation} ")), False
    return line.path, True


def _all(signs: Iterable[tuple[Path, bool]]) -> str:
    looks = (f"(?{'=' if there else '!'}[\\s\\S]*{_pattern(path, f'v{n}_')})" for n, (path, there) in enumerate(signs))
    return r"\A" + "".join(looks)


def _pattern(path: Path, group: str) -> str:
    """A line inside its views: the lines of a view are indented deeper than the line that opens it."""
    pattern, indent = "", ""
    for level, view in enumerate(path[:-1]):
        own = f"{group}{level}"
        pattern += f"^(?P<{own}>{indent}){_words(view)}\n(?:(?P={own})[ ]+.*\n)*?"
        indent = f"(?P={own})[ ]+"
    return f"{pattern}^{indent}{_words(path[-1])}$"


def _words(line: str) -> str:
    return "[ ]+".join(map(re.escape, line.split())) + "[ ]*"
