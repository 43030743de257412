"""One mistake in a lab file, and the exception that carries all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from plugfest.errors import InventoryError


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake; sorts by line."""

    line: int
    """Line in the lab file, counted from 1."""
    where: str
    """Dotted path of the entry, such as ``devices.h1.ports.eth1.mtu``."""
    text: str
    """What was expected, what was found – what to do."""


class LabFileError(InventoryError):
    """A lab file is wrong; `problems` holds every mistake, the message one line for each: ``FILE:LINE: WHERE: …``."""

    def __init__(self, file: Path, problems: Iterable[Problem]) -> None:
        self.file = file
        self.problems = tuple(sorted(set(problems)))
        shown = shown_path(file)
        super().__init__("\n".join(f"{shown}:{each.line}: {each.where}: {each.text}" for each in self.problems))


def shown_path(file: Path) -> str:
    """`file` as people read it: relative to the current folder when inside it, else absolute."""
    try:
        return str(file.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(file)


def shown_key(key: str) -> str:
    """`key` of a lab file as people read it in a path: on one line, look-alike letters escaped."""
    return key if key.isascii() and key.isprintable() else ascii(key)[1:-1]


def shown_value(value: object) -> str:
    """`value` of a lab file as people read it in an error: short, on one line, look-alike letters escaped."""
    match value:
        case None:
            return "nothing (null)"
        case bool():
            return str(value).lower()
        case dict():
            return "a mapping"
        case list() | tuple():
            return "a list"
        case str():
            text = ascii(value)
        case _:
            text = f"the number {value}"
    return text if len(text) <= 70 else f"{text[:60]}…"
