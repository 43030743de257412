"""Rules about several entries of a lab file at once; in a conflict the message names both places."""

from collections.abc import Iterator
from pathlib import Path

from plugfest.inventory.draft import Draft
from plugfest.inventory.problems import Problem
from plugfest.inventory.rules.access import access_problems
from plugfest.inventory.rules.addressing import addressing_problems
from plugfest.inventory.rules.cabling import cabling_problems
from plugfest.inventory.rules.equipment import equipment_problems


def broken_rules(draft: Draft, folder: Path) -> Iterator[Problem]:
    """Every rule that `draft` breaks; relative paths in the lab start at `folder`."""
    yield from cabling_problems(draft)
    yield from addressing_problems(draft)
    yield from equipment_problems(draft)
    yield from access_problems(draft, folder)
