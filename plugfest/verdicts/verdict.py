"""A verdict is data: what was claimed, how it was judged, and why, in words and numbers."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from plugfest.errors import CounterDefect, Inconclusive, InteropFailure
from plugfest.records import Record


class Outcome(StrEnum):
    """How a claim was judged."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"


class View(StrEnum):
    """Where an observation was made."""

    WIRE = "wire"
    NIC = "nic"
    SWITCH = "switch"


class Reason(Record):
    """One row of a judgement: subject – expected …, got …"""

    subject: str
    """What was looked at, such as ``leaf1:swp1 MTU``."""
    expected: str
    """What the claim demands, with unit."""
    got: str
    """What was observed, with unit."""
    outcome: Outcome
    view: View | None = None
    counter: bool = False
    """The row holds a device's own counter against what other views agree upon; if it fails, the counter is wrong."""

    def __str__(self) -> str:
        return f"{self.subject} – expected {self.expected}, got {self.got}"


class Verdict(Record):
    """The judgement of one claim over recorded observations."""

    claim: str
    """What is claimed, as one sentence."""
    reasons: tuple[Reason, ...]
    """Every row that was judged, good and bad."""
    reference: str | None = None
    """Standard clause, RFC or data sheet the criterion comes from."""
    figures: dict[str, float] = {}
    """Key figures by name with unit suffix, such as ``convergence_s``: reported, not judged."""

    @property
    def outcome(self) -> Outcome:
        """Worst outcome of the rows; a claim with no row is inconclusive, never passed."""
        outcomes = {reason.outcome for reason in self.reasons}
        if Outcome.FAILED in outcomes:
            return Outcome.FAILED
        if Outcome.INCONCLUSIVE in outcomes or not outcomes:
            return Outcome.INCONCLUSIVE
        return Outcome.PASSED

    @property
    def wrong_counters(self) -> tuple[View, ...]:
        """Whose counters alone contradict what the other views agree upon; empty if anything else failed too."""
        failed = [reason for reason in self.reasons if reason.outcome is Outcome.FAILED]
        if not all(reason.counter for reason in failed):
            return ()
        return tuple(dict.fromkeys(reason.view for reason in failed if reason.view))

    def explain(self) -> str:
        """The claim and every row that did not pass, for people."""
        if not self.reasons:
            return f"{self.claim}: nothing was measured"
        rows = [f"  {reason}" for reason in self.reasons if reason.outcome is not Outcome.PASSED]
        whose = " and ".join(self.wrong_counters)
        doubt = [f"  the other views agree: the {whose} counted wrongly"] if whose else []
        return "\n".join([f"{self.claim}: {self.outcome}", *rows, *doubt])


def row(subject: str, expected: object, got: object, ok: bool | None, view: View | None = None) -> Reason:
    """Make a `Reason`; `ok` None means that it could not be measured."""
    outcome = Outcome.INCONCLUSIVE if ok is None else Outcome.PASSED if ok else Outcome.FAILED
    return Reason(subject=subject, expected=str(expected), got=str(got), outcome=outcome, view=view)


def equal(subject: str, expected: object, got: object, view: View | None = None) -> Reason:
    """Row that passes if both are equal; `got` None is unmeasured, hence inconclusive."""
    if got is None:
        return row(subject, expected, "unmeasured", None, view)
    return row(subject, expected, got, expected == got, view)


def counted(subject: str, expected: object, got: object, view: View) -> Reason:
    """Row that holds a device's own counter against what the other views agree upon; `got` None is unmeasured."""
    return equal(subject, expected, got, view).model_copy(update={"counter": True})


def verdict(claim: str, reasons: Iterable[Reason], reference: str | None = None) -> Verdict:
    """Make a `Verdict` without figures."""
    return Verdict(claim=claim, reasons=tuple(reasons), reference=reference)


def demand_all(verdicts: Sequence[Verdict]) -> None:
    """Return if all verdicts passed; otherwise explain every one that did not.

    Raises InteropFailure if any failed – CounterDefect if nothing but counters did – else Inconclusive.
    """
    not_passed = [verdict for verdict in verdicts if verdict.outcome is not Outcome.PASSED]
    if not not_passed:
        return
    explanation = "\n".join(verdict.explain() for verdict in not_passed)
    failed = [verdict for verdict in not_passed if verdict.outcome is Outcome.FAILED]
    if failed and all(verdict.wrong_counters for verdict in failed):
        raise CounterDefect(explanation)
    raise InteropFailure(explanation) if failed else Inconclusive(explanation)
