"""Makes the one reversible change that brings an intent about, from what is configured now."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from plugfest.configuration.lines import ConfigurationLine, entered
from plugfest.configuration.linux_undo import linux_undo
from plugfest.configuration.opposites import opposite_lines, unset_commands
from plugfest.configuration.readers import reader_called
from plugfest.configuration.readers.configuration_lines import LinesReader, new_lines
from plugfest.configuration.readers.finding import Answers
from plugfest.configuration.rendering import Rendering
from plugfest.configuration.witnesses import witness
from plugfest.devices.changes import Change, Command, Line
from plugfest.devices.dialects.reading import Evidence
from plugfest.errors import CommandError

PRINTING_SECONDS = 120.0
"""Long configurations of modular switches take their time."""
COMMIT = re.compile(r"^\s*1\s+(\d{6,})\s", re.MULTILINE)
"""First row of VRP's list of commits."""


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
    typed = entered(rendering.lines, style.leave_view)
    return tuple((each.format(name=name),) for each in style.enter) + tuple((line,) for line in (*typed, *style.commit))


def prepare(rendering: Rendering, line: Line, name: str) -> Prepared:
    """The change named `name`; a restore point is kept where the switch can, and nothing else is done yet.

    Raises CommandError where the switch does not show what the way back needs.
    """
    before = ask(rendering, line)
    if rendering.style.reader in ("lines", "set commands"):
        return Prepared(rendering, before, _of_lines(rendering, line, name, before))
    undo = (
        linux_undo(rendering, before)
        if rendering.style.reader == "Linux"
        else _take_back(rendering, name, _keep_restore_point(rendering, line, name))
    )
    return Prepared(rendering, before, _change(rendering, name, undo))


def _of_lines(rendering: Rendering, line: Line, name: str, before: Answers) -> Change | None:
    question = (str(rendering.style.ask),)
    text = before[question]
    if text is None:
        return _unseen(rendering, line, name)
    reader = reader_called(rendering.style.reader)
    assert isinstance(reader, LinesReader)
    shown = reader.shown(text)
    new = tuple(new_lines(rendering, shown))
    if not new:
        return None
    if rendering.style.take_back is not None:
        undo = _take_back(rendering, name, _keep_restore_point(rendering, line, name))
    elif rendering.style.reader == "set commands":
        back = unset_commands([each.text for each in new], frozenset(path[-1] for path in shown))
        undo = tuple((each,) for each in ("nv config detach", *back, *rendering.style.commit))
    else:
        undo = _typed(rendering, opposite_lines(rendering, text))
    seen = witness(new, _certain(rendering), shown, rendering.style.negation, question)
    return _change(rendering, name, undo).model_copy(update={"read_back": seen})


def _certain(rendering: Rendering) -> tuple[ConfigurationLine, ...]:
    """Lines that the switch is known to show as they are entered; NVUE may gather ports into ranges."""
    if rendering.style.reader == "set commands" or rendering.style.evidence is Evidence.NONE:
        return ()
    return tuple(line for part in rendering.parts if part.evidence is not Evidence.NONE for line in part.lines)


def _unseen(rendering: Rendering, line: Line, name: str) -> Change:
    """Without a view of the configuration only a restore point, or plain opposites, lead back."""
    style = rendering.style
    if style.take_back is not None:
        return _change(rendering, name, _take_back(rendering, name, _keep_restore_point(rendering, line, name)))
    return _change(rendering, name, _typed(rendering, opposite_lines(rendering, "")))


def _typed(rendering: Rendering, lines: Sequence[str]) -> tuple[Command, ...]:
    return tuple((each,) for each in (*rendering.style.enter, *lines, *rendering.style.commit))


def _change(rendering: Rendering, name: str, undo: tuple[Command, ...]) -> Change:
    target, intent = rendering.target, rendering.intent
    return Change(
        device=target.device,
        description=f"{target.device}: intent {intent.name} ({intent.title}) on {', '.join(target.ports)}",
        do=commands(rendering, name),
        undo=undo,
    )


def _keep_restore_point(rendering: Rendering, line: Line, name: str) -> str:
    """Keep the present configuration; returns what names it where the switch chooses the name itself."""
    printed = [line.run(each.format(name=name)).out for each in rendering.style.restore_point]
    found = COMMIT.search("\n".join(printed))
    return found[1] if found else ""


def _take_back(rendering: Rendering, name: str, point: str) -> tuple[Command, ...]:
    take_back = rendering.style.take_back or ()
    if not point and any("{point}" in word for command in take_back for word in command):
        raise CommandError(
            f"{rendering.target.device}: `{rendering.style.restore_point[0]}` names no commit to come back to; "
            "make one commit by hand, so that there is a point before this change"
        )
    return tuple(tuple(word.format(name=name, point=point) for word in command) for command in take_back)
