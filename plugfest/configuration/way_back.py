"""The way back of a change, made before it: restore points, opposite lines, unset lines."""

import re
from collections.abc import Iterable

from plugfest.configuration.dialects import Style
from plugfest.configuration.lines import ConfigurationLine, Path
from plugfest.configuration.opposites import unset_commands
from plugfest.configuration.rendering import Rendering
from plugfest.devices.changes import Command, Line
from plugfest.errors import CommandError

COMMIT = re.compile(r"^\s*1\s+(\d{6,})\s", re.MULTILINE)
"""First row of VRP's list of commits."""


def typed(style: Style, name: str, lines: Iterable[str]) -> tuple[Command, ...]:
    """Lines with the commands that enter the configuration mode and make them active."""
    enter = (each.format(name=name) for each in style.enter)
    return tuple((each,) for each in (*enter, *lines, *style.commit))


def unset(rendering: Rendering, new: Iterable[ConfigurationLine], shown: frozenset[Path]) -> tuple[Command, ...]:
    """NVUE: drop a pending revision, unset what is new, set what was there before."""
    lines = unset_commands([line.text for line in new], frozenset(path[-1] for path in shown))
    return (("nv config detach",), *typed(rendering.style, "", lines))


def restored(rendering: Rendering, line: Line, name: str) -> tuple[Command, ...]:
    """Keep the present configuration; returns the commands that lead back to it.

    CommandError where the switch should name the point to come back to and does not.
    """
    style = rendering.style
    printed = [line.run(each.format(name=name)).out for each in style.restore_point]
    found = COMMIT.search("\n".join(printed))
    commands = style.take_back or ()
    if found is None and any("{point}" in word for command in commands for word in command):
        raise CommandError(
            f"{rendering.target.device}: `{style.restore_point[0]}` names no commit to come back to; "
            "make one commit by hand, so that there is a point before this change"
        )
    point = found[1] if found else ""
    return tuple(tuple(word.format(name=name, point=point) for word in command) for command in commands)
