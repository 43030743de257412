"""A change as people read it before it is made."""

from plugfest.configuration.aspects import TITLES
from plugfest.configuration.dialects import Style
from plugfest.configuration.preparing import commands
from plugfest.configuration.rendering import Rendering
from plugfest.devices.changes import Change, Command
from plugfest.sessions.command_line import for_people
from plugfest.sessions.redaction import redact


def shown_change(change: Change) -> str:
    """Device, description and the commands both ways."""
    lines = [f"{change.device}: {change.description}", *_typed("do", change.do), *_typed("undo", change.undo)]
    return redact("\n".join(lines)) + "\n"


def shown_rendering(rendering: Rendering, name: str = "NAME") -> str:
    """Everything that would be typed, how far it is proven, and how it would be taken back."""
    target, style = rendering.target, rendering.style
    lines = [f"{target.device} ({target.dialect}): intent {rendering.intent.name} on {', '.join(target.ports)}"]
    lines += [f"    {TITLES[part.aspect]}: {part.evidence.value} – {part.source}" for part in rendering.parts]
    lines += [f"    left as it is: {what}" for part in rendering.parts for what in part.left]
    lines += [*_typed("keep", tuple((each.format(name=name),) for each in style.restore_point))]
    lines += [*_typed("do", commands(rendering, name)), f"  undo: {way_back(style, name)}"]
    return redact("\n".join(lines)) + "\n"


def way_back(style: Style, name: str) -> str:
    """How a change of this dialect is taken back, in words or commands."""
    if style.take_back is None:
        return "the opposite commands, made from what is configured before"
    return "; ".join(" ".join(word.format(name=name, point="POINT") for word in each) for each in style.take_back)


def _typed(what: str, commands: tuple[Command, ...]) -> list[str]:
    return [f"  {what}: {for_people(each) if len(each) > 1 else each[0]}" for each in commands]
