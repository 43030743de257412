"""Makes the one reversible change that brings an intent about, from what is configured now."""

import shlex
from dataclasses import dataclass

from plugfest.configuration.lines import ConfigurationLine, entered
from plugfest.configuration.linux_undo import linux_undo
from plugfest.configuration.opposites import opposite_lines
from plugfest.configuration.readers import reader_called
from plugfest.configuration.readers.configuration_lines import LinesReader, new_lines
from plugfest.configuration.readers.finding import Answers
from plugfest.configuration.readers.set_commands import SetCommandsReader
from plugfest.configuration.rendering import Rendering
from plugfest.configuration.way_back import restored, typed, unset
from plugfest.configuration.witnesses import witness
from plugfest.devices.changes import Change, Command, Line
from plugfest.devices.dialects.reading import Evidence

PRINTING_SECONDS = 120.0
"""Long configurations of modular switches take their time."""


@dataclass(frozen=True)
class Prepared:
    """A rendering, what the switch showed before, and the change that is still needed."""

    rendering: Rendering
    before: Answers
    change: Change | None
    """None: everything is in force already."""


def ask(rendering: Rendering, line: Line) -> Answers:
    """Every question of the rendering's reader; a refused one is answered with None.  Nothing is changed."""
    answers: dict[Command, str | None] = {}
    for question in reader_called(rendering.style.reader).questions(rendering):
        result = line.run(*question, check=False, timeout=PRINTING_SECONDS)
        answers[question] = result.out if result.ok else None
    return answers


def commands(rendering: Rendering, name: str) -> tuple[Command, ...]:
    """What is typed to bring the intent about, without what is asked before."""
    style = rendering.style
    if style.reader == "Linux":
        return tuple(tuple(shlex.split(line.text)) for line in rendering.lines)
    return typed(style, name, entered(rendering.lines, style.leave_view))


def prepare(rendering: Rendering, line: Line, name: str) -> Prepared:
    """The change named `name`; a restore point is kept where the switch can, and nothing else is done yet.

    Raises CommandError where the switch does not show what the way back needs.
    """
    before = ask(rendering, line)
    reader = reader_called(rendering.style.reader)
    if isinstance(reader, LinesReader):
        return Prepared(rendering, before, _of_lines(rendering, line, name, reader, before[reader.question(rendering)]))
    findings = tuple(reader.findings(rendering, before))
    if findings and all(finding.ok for finding in findings):
        return Prepared(rendering, before, None)
    undo = linux_undo(rendering, before) if rendering.style.reader == "Linux" else restored(rendering, line, name)
    return Prepared(rendering, before, _change(rendering, name, undo))


def _of_lines(rendering: Rendering, line: Line, name: str, reader: LinesReader, text: str | None) -> Change | None:
    """The change of a switch that shows its configuration as lines; without that view (None) all counts as new."""
    shown = reader.shown(text or "")
    new = tuple(new_lines(rendering, shown)) if text is not None else rendering.lines
    if not new:
        return None
    if rendering.style.take_back is not None:
        undo = restored(rendering, line, name)
    elif isinstance(reader, SetCommandsReader):
        undo = unset(rendering, new, shown)
    else:
        undo = typed(rendering.style, name, opposite_lines(rendering, text or ""))
    seen = witness(new, _certain(rendering), shown, rendering.style.negation, reader.question(rendering))
    return _change(rendering, name, undo).model_copy(update={"read_back": None if text is None else seen})


def _certain(rendering: Rendering) -> tuple[ConfigurationLine, ...]:
    """Lines that the switch is known to show as they are entered; NVUE may gather ports into ranges."""
    if rendering.style.reader == "set commands" or rendering.style.evidence is Evidence.NONE:
        return ()
    return tuple(line for part in rendering.parts if part.evidence is not Evidence.NONE for line in part.lines)


def _change(rendering: Rendering, name: str, undo: tuple[Command, ...]) -> Change:
    target, intent = rendering.target, rendering.intent
    return Change(
        device=target.device,
        description=f"intent {intent.name} ({intent.title}) on {', '.join(target.ports)} of {target.device}",
        do=commands(rendering, name),
        undo=undo,
    )
