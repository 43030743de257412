"""Simulated switches that take configuration: views, candidates, commits, restore points, refusals."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

HANG_UP = "\0hang up"
"""An answer that stands for a connection cut at this line."""


@dataclass(frozen=True)
class Asks:
    """A question before the answer."""

    question: str
    answered: Callable[[str], str]
    """What the switch prints, by the person's answer."""


class Configurable(Protocol):
    """A configuration that terminals work on; `terminal` tells them apart."""

    def prompt(self, terminal: object) -> str | None:
        """The prompt of the view the terminal is in; None outside all views."""

    def answer(self, terminal: object, command: str) -> str | Asks | None:
        """What the command prints; None if it has nothing to do with configuration."""


@dataclass
class Sabotage:
    """What goes wrong on purpose."""

    cut_at: str = ""
    """Line at which the connection is cut, once, before the line takes effect."""
    refuse: str = ""
    """Line that is refused although it is right."""
    forget: str = ""
    """Line that is accepted and then not done."""
    cuts: list[str] = field(default_factory=list)

    def cut(self, command: str) -> bool:
        """True the first time the line comes."""
        if command != self.cut_at or self.cuts:
            return False
        self.cuts.append(command)
        return True
