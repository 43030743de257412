"""From an intent to the lines of one switch: Jinja2 templates, one a dialect and aspect."""

import re
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from plugfest.configuration import units
from plugfest.configuration.aspects import TITLES, Aspect
from plugfest.configuration.dialects import Style, style_of
from plugfest.configuration.intent import Intent, LosslessProfile, PortProfile
from plugfest.configuration.lines import ConfigurationLine, read_lines
from plugfest.devices.dialects.reading import Evidence
from plugfest.devices.protocols import Unsupported
from plugfest.records import Record

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "configuration"
HEADER = re.compile(r"\{# evidence: (\w+) – (.+?) #\}", re.DOTALL)
"""First line of every template: how far it is proven, and by what."""


class Target(Record):
    """The switch an intent is rendered for."""

    device: str
    dialect: str
    ports: tuple[str, ...]
    chip: str | None = None
    """Switch silicon; some operating systems count buffers in its cells."""


class Part(Record):
    """The rendered lines of one aspect."""

    aspect: Aspect
    text: str
    evidence: Evidence
    source: str
    """What the evidence is, in words."""
    left: tuple[str, ...] = ()
    """What the intent says and the dialect cannot set: left as the switch has it, and reported as unverified."""

    @property
    def lines(self) -> tuple[ConfigurationLine, ...]:
        """The lines with their views."""
        return read_lines(self.text)


class Rendering(Record):
    """An intent in the words of one switch."""

    target: Target
    intent: Intent
    parts: tuple[Part, ...]

    @property
    def style(self) -> Style:
        """How the lines are entered and taken back."""
        return style_of(self.target.dialect)

    @property
    def lines(self) -> tuple[ConfigurationLine, ...]:
        """All lines, in the order in which they are entered."""
        return tuple(line for part in self.parts for line in part.lines)

    @property
    def text(self) -> str:
        """Everything as one text, each part under its title."""
        return "".join(f"! {TITLES[part.aspect]} ({part.evidence.value})\n{part.text}" for part in self.parts)


def templates_of(dialect: str) -> dict[Aspect, tuple[Evidence, str]]:
    """The aspects a dialect has templates for, with their evidence."""
    folder, style = TEMPLATES / style_of(dialect).templates, style_of(dialect)
    found = {aspect: folder / f"{aspect}.j2" for aspect in Aspect}
    return {
        aspect: _evidence(file, style, inherited=style.templates != dialect)
        for aspect, file in found.items()
        if file.is_file()
    }


def _evidence(file: Path, style: Style, *, inherited: bool) -> tuple[Evidence, str]:
    header = HEADER.match(file.read_text())
    if header is None:
        raise ValueError(f"{file}: expected a first line {{# evidence: verified|documented|unverified – source #}}")
    evidence = style.evidence if inherited else Evidence(header[1])
    return evidence, " ".join(header[2].split())


def render(intent: Intent, target: Target, *, opposite: bool = False) -> Rendering:
    """The lines that bring the intent about on `target`; with `opposite`, those that take them back.

    Raises Unsupported, naming dialect and aspect, where there is no template, and UsageError for a value that the
    operating system's unit cannot hold.
    """
    known = templates_of(target.dialect)
    for aspect in intent.aspects:
        if aspect not in known:
            raise Unsupported(
                f"{target.device}: {target.dialect} has no template for {TITLES[aspect]}, which intent {intent.name} "
                f"needs; it has templates for {', '.join(TITLES[each] for each in known) or 'nothing'}"
            )
    parts = tuple(_part(intent, target, aspect, known[aspect], opposite) for aspect in intent.aspects)
    return Rendering(target=target, intent=intent, parts=parts)


def _part(intent: Intent, target: Target, aspect: Aspect, known: tuple[Evidence, str], opposite: bool) -> Part:
    left: list[str] = []
    suffix = ".undo.j2" if opposite else ".j2"
    template = _environment().get_template(f"{style_of(target.dialect).templates}/{aspect}{suffix}")
    text = template.render(
        ports=target.ports,
        lossless=intent.lossless or LosslessProfile(),
        port_profile=intent.port or PortProfile(),
        aspects=set(intent.aspects),
        cells=lambda amount: units.cells(amount, target.chip),
        leave=partial(_leave, left),
        unsupported=partial(_unsupported, intent, target),
    )
    evidence, source = known
    text = "".join(f"{line}\n" for line in text.splitlines() if line.strip())
    return Part(aspect=aspect, text=text, evidence=evidence, source=source, left=tuple(left))


def _leave(left: list[str], what: str) -> str:
    left.append(what)
    return ""


def _unsupported(intent: Intent, target: Target, what: str) -> NoReturn:
    raise Unsupported(f"{target.device}: {target.dialect} cannot be told {what}, which intent {intent.name} asks for")


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    filters: dict[str, Callable[..., object]] = {
        "kilobytes": units.kilobytes,
        "seconds": units.seconds,
        "whole": units.whole,
        "within": units.within,
    }
    environment.filters.update(filters)
    return environment
