"""Known issues: defects that somebody owns, until a date.  They never keep a check from running."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, HttpUrl

from plugfest.quality.document import read_rules
from plugfest.quality.matching import NarrowMatch
from plugfest.records import Record

KNOWN_ISSUES = Path("reports", "known_issues.yaml")


class KnownIssue(Record):
    """A defect that a failing result may be attributed to."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
    """Short name, such as ``IOP-12``."""
    match: NarrowMatch
    """Results that show the defect."""
    reason: Annotated[str, Field(min_length=10)]
    """What is wrong, as one sentence."""
    link: HttpUrl
    """Where the defect is tracked."""
    owner: Annotated[str, Field(min_length=1)]
    """Who answers for it."""
    until: date
    """Last day on which it counts; afterwards the results fail again."""

    def expired(self, today: date) -> bool:
        """True after its last day."""
        return today > self.until

    def __str__(self) -> str:
        return f"{self.id} {self.reason} – {self.link} (owner {self.owner}, until {self.until})"


def _ids_once(issues: tuple[KnownIssue, ...]) -> tuple[KnownIssue, ...]:
    twice = [name for name, times in Counter(issue.id for issue in issues).items() if times > 1]
    if twice:
        raise ValueError(f"expected each id once, found {twice[0]} again – give every issue an id of its own")
    return issues


class KnownIssues(Record):
    """``known_issues.yaml``."""

    version: Literal[1] = 1
    issues: Annotated[tuple[KnownIssue, ...], AfterValidator(_ids_once)] = ()

    def of(self, case: str, cell: str, test: str, today: date) -> KnownIssue | None:
        """The issue that a result shows, one that still counts before an expired one; None if it shows none."""
        fitting = [issue for issue in self.issues if issue.match.fits(case, cell, test)]
        return min(fitting, key=lambda issue: issue.expired(today), default=None)


def read_known_issues(file: Path) -> KnownIssues:
    """The known issues in `file`; RulesError with every mistake."""
    return read_rules(file, KnownIssues)
