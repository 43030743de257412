"""Regular expressions that see in a printed configuration whether a change is in force, for the undo journal."""

import re
from collections.abc import Collection, Sequence

from plugfest.configuration.lines import ConfigurationLine, Path
from plugfest.configuration.readers.configuration_lines import opposites
from plugfest.devices.changes import Command, ReadBack

MOST = 12
"""Lines that are looked for: enough to see a change, few enough to search a long configuration quickly."""
ANYTHING = r"\A"
Sign = tuple[Path, bool]
"""A line with its views, and whether it stands in the configuration while the change is in force."""


def witness(
    new: Sequence[ConfigurationLine],
    certain: Collection[ConfigurationLine],
    shown: frozenset[Path],
    negation: str,
    ask: Command,
) -> ReadBack | None:
    """How to see in what `ask` prints that the new lines are in force, and that they no longer are.

    `shown` is the configuration before.  Only `certain` lines must appear: a switch may show others in words of its
    own.  But whatever was not there before must be gone afterwards, except for emptied views, which some switches keep.
    None if no line leaves a sign.
    """
    views = {line.views[:depth] for line in new for depth in range(1, len(line.views) + 1)}
    signs = {line: sign for line in new if line.path not in views and (sign := _sign(line, shown, negation))}
    if not signs:
        return None
    made = [sign for line, sign in signs.items() if line in certain]
    gone = [(path, not there) for path, there in signs.values()]
    return ReadBack(ask=ask, made=_all(made), undone=_all(gone))


def _sign(line: ConfigurationLine, shown: frozenset[Path], negation: str) -> Sign | None:
    if line.text.startswith(f"{negation} "):
        return (*line.views, line.text.removeprefix(f"{negation} ")), False
    if line.shown:
        return line.path, True
    against = (path for path in shown if path[:-1] == line.views and path[-1] in opposites(line.text, negation))
    return next(((path, False) for path in against), None)


def _all(signs: Sequence[Sign]) -> str:
    looks = [f"(?{'=' if there else '!'}[\\s\\S]*{_pattern(path, f'v{n}_')})" for n, (path, there) in enumerate(signs)]
    return ANYTHING + "".join(looks[:MOST])


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
