"""Which results a rule speaks of: patterns with ``*`` and ``?`` over case, cell and test."""

from fnmatch import fnmatchcase
from typing import Self

from pydantic import model_validator

from plugfest.records import Record


class Match(Record):
    """A result matches if, of every kind of pattern that is given, at least one fits."""

    cases: tuple[str, ...] = ()
    """Cases of the catalogue, such as ``L2-*``."""
    cells: tuple[str, ...] = ()
    """Cells of the matrix, such as ``* × Tomahawk 5, SONiC* × *``."""
    tests: tuple[str, ...] = ()
    """pytest's ids of tests, such as ``testsuites/l2/*``; write ``?`` for a bracket."""

    def fits(self, case: str, cell: str, test: str) -> bool:
        """True if the patterns fit; letters count as written."""
        return _any(self.cases, case) and _any(self.cells, cell) and _any(self.tests, test)


class NarrowMatch(Match):
    """A match that must name something: an empty one would fit everything."""

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not (self.cases or self.cells or self.tests):
            raise ValueError(
                "expected cases, cells or tests, found none – a rule without patterns would fit everything"
            )
        return self


def _any(patterns: tuple[str, ...], text: str) -> bool:
    return not patterns or any(fnmatchcase(text, pattern) for pattern in patterns)
