"""Configuration text as switches show it: indentation says which view a line belongs to."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

DEFAULT = " !default"
"""Marks a line of a template that the switch does not show, because it only repeats a default."""
NOT_LINES = re.compile(r"[!#].*|")

Path = tuple[str, ...]
"""A line with the lines that open its views, outermost first."""


@dataclass(frozen=True)
class ConfigurationLine:
    """One line to be entered, in its views."""

    path: Path
    shown: bool = True
    """False: the switch does not show it, as it is a default."""

    @property
    def text(self) -> str:
        """The line itself."""
        return self.path[-1]

    @property
    def views(self) -> Path:
        """The lines that open its views."""
        return self.path[:-1]


def read_lines(text: str) -> tuple[ConfigurationLine, ...]:
    """Every line with its views; comments (``!``, ``#``) and blank lines are left out."""
    return tuple(_read(text.splitlines()))


def _read(lines: Iterable[str]) -> Iterator[ConfigurationLine]:
    open_views: list[tuple[int, str]] = []
    for raw in lines:
        shown = not raw.rstrip().endswith(DEFAULT)
        line = raw.rstrip() if shown else raw.rstrip().removesuffix(DEFAULT)
        words = " ".join(line.split())
        if NOT_LINES.fullmatch(words):
            continue
        depth = len(line) - len(line.lstrip())
        while open_views and open_views[-1][0] >= depth:
            open_views.pop()
        yield ConfigurationLine((*(text for _, text in open_views), words), shown)
        open_views.append((depth, words))


def entered(lines: Sequence[ConfigurationLine], leave_view: str) -> tuple[str, ...]:
    """The lines in the order they are typed, with the commands that leave inner views between them."""
    typed: list[str] = []
    inside: Path = ()
    for line in lines:
        common = _common(inside, line.views)
        typed += [leave_view] * (len(inside) - common)
        typed += line.views[common:]
        typed.append(line.text)
        inside = line.views if not _opens(line, lines) else line.path
    return (*typed, *[leave_view] * len(inside))


def _common(one: Path, other: Path) -> int:
    same = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        same += 1
    return same


def _opens(line: ConfigurationLine, lines: Sequence[ConfigurationLine]) -> bool:
    """True if later lines stand inside this one, so that it opened a view."""
    return any(other.views[: len(line.path)] == line.path for other in lines)
