"""How long-running steps tell what they do."""

from collections.abc import Callable

Report = Callable[[str], None]
"""Hears one short line per step, for people."""


def say_nothing(message: str) -> None:
    """The report of callers that have nobody to tell."""
