"""Switches that print their configuration as lines in views: what was entered must stand there.

Templates hold lines as the switch shows them.  A line that takes something back is shown by the absence of what it
takes back, a default by the absence of its opposite.
"""

from collections.abc import Iterable, Iterator

from plugfest.configuration.lines import ConfigurationLine, Path, read_lines
from plugfest.configuration.readers.finding import Answers, Finding
from plugfest.configuration.rendering import Part, Rendering
from plugfest.devices.changes import Command
from plugfest.devices.dialects.reading import Evidence


class LinesReader:
    """Reads the running configuration."""

    def question(self, rendering: Rendering) -> Command:
        """The command that prints the configuration."""
        return (str(rendering.style.ask),)

    def questions(self, rendering: Rendering) -> tuple[Command, ...]:
        """That one command."""
        return (self.question(rendering),)

    def findings(self, rendering: Rendering, answers: Answers) -> Iterable[Finding]:
        """One finding an aspect and outermost view."""
        text = answers[self.question(rendering)]
        shown = None if text is None else self.shown(text)
        for part in rendering.parts:
            for place, lines in _by_place(part.lines).items():
                yield _finding(rendering, part, place, lines, shown)

    def shown(self, text: str) -> frozenset[Path]:
        """Every line of a configuration with its views."""
        return frozenset(line.path for line in read_lines(text))


def _by_place(lines: Iterable[ConfigurationLine]) -> dict[str, list[ConfigurationLine]]:
    places: dict[str, list[ConfigurationLine]] = {}
    for line in lines:
        places.setdefault(line.views[0] if line.views else "switch", []).append(line)
    return places


def _finding(
    rendering: Rendering, part: Part, place: str, lines: list[ConfigurationLine], shown: frozenset[Path] | None
) -> Finding:
    expected = "; ".join(line.text for line in lines)
    if shown is None:
        why = f"`{rendering.style.ask}` was refused"
        return Finding(aspect=part.aspect, place=place, expected=expected, got=None, why=why)
    missing = [line.text for line in lines if not in_force(line, shown, rendering.style.negation)]
    if not missing:
        return Finding(aspect=part.aspect, place=place, expected=expected, got=expected)
    got, why = f"not there: {'; '.join(missing)}", ""
    if Evidence.NONE in (part.evidence, rendering.style.evidence):
        got, why = "", f"{got} – the template is unverified, so the switch may show it in other words"
    return Finding(aspect=part.aspect, place=place, expected=expected, got=got or None, why=why)


def in_force(line: ConfigurationLine, shown: frozenset[Path], negation: str) -> bool:
    """True if the configuration shows the line, or the absence that stands for it."""
    if line.text.startswith(f"{negation} "):
        return (*line.views, line.text.removeprefix(f"{negation} ")) not in shown
    if line.shown:
        return line.path in shown
    return not any(path[-1] in opposites(line.text, negation) for path in shown if path[:-1] == line.views)


def opposites(text: str, negation: str) -> frozenset[str]:
    """The lines that take `text` back: ``no lldp transmit``, ``no lldp``."""
    words = text.split()
    return frozenset(" ".join((negation, *words[:count])) for count in range(1, len(words) + 1))


def new_lines(rendering: Rendering, shown: frozenset[Path]) -> Iterator[ConfigurationLine]:
    """Lines of the rendering that are not in force yet."""
    return (line for line in rendering.lines if not in_force(line, shown, rendering.style.negation))


READER = LinesReader()
