"""The way back where a switch keeps no restore point: opposite lines, made from what was configured before."""

from collections.abc import Iterable, Sequence

from plugfest.configuration.lines import ConfigurationLine, entered, read_lines
from plugfest.configuration.readers.configuration_lines import in_force
from plugfest.configuration.rendering import Rendering, render


def opposite_lines(rendering: Rendering, before: str) -> tuple[str, ...]:
    """Lines that take back what is new, then the old lines about the same things once more.

    `before` is the configuration as it was.  Parts that were in force before are left alone.
    """
    style, old = rendering.style, read_lines(before)
    shown = frozenset(line.path for line in old)
    new = {
        part.aspect for part in rendering.parts if not all(in_force(line, shown, style.negation) for line in part.lines)
    }
    opposite = render(rendering.intent, rendering.target, opposite=True)
    lines = [line for part in reversed(opposite.parts) if part.aspect in new for line in part.lines]
    return entered([*lines, *_again(old, lines)], style.leave_view)


def _again(old: Sequence[ConfigurationLine], lines: Iterable[ConfigurationLine]) -> list[ConfigurationLine]:
    """Old lines of the same views that begin with a word the opposite lines are about."""
    topics = {(line.views, word) for line in lines for word in line.text.split()[:2]}
    return [line for line in old if line.views and (line.views, line.text.split()[0]) in topics]


def unset_commands(new: Sequence[str], before: frozenset[str]) -> tuple[str, ...]:
    """NVUE commands that take new ``nv set`` lines back: what was not there is unset, what was different set again."""
    unset: dict[str, None] = {}
    again: dict[str, None] = {}
    old = [line.split()[2:] for line in sorted(before)]
    for line in new:
        words = line.split()[2:]
        size = next((size for size in range(1, len(words)) if not any(_begins(each, words[:size]) for each in old)), 0)
        if size:
            unset[f"nv unset {' '.join(words[:size])}"] = None
        else:
            again |= {f"nv set {' '.join(each)}": None for each in old if _begins(each, words[:-1])}
    return (*unset, *again)


def _begins(words: Sequence[str], prefix: Sequence[str]) -> bool:
    return list(words[: len(prefix)]) == list(prefix)
