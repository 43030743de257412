"""Rules about several entries of a lab file at once; in a conflict the message names both places."""

from collections.abc import Iterator
from pathlib import Path

from plugfest.inventory.draft import Draft
from plugfest.inventory.problems import Problem


def broken_rules(draft: Draft, folder: Path) -> Iterator[Problem]:
    """Every rule that `draft` breaks; relative paths in the lab start at `folder`."""
    yield from ()
