"""One sign per outcome, for trends and matrices; told apart without colour."""

from plugfest.reporting.outcomes import TestOutcome

SYMBOLS = {
    TestOutcome.PASSED: "✓",
    TestOutcome.KNOWN_ISSUE: "K",
    TestOutcome.FLAKY: "≈",
    TestOutcome.INCONCLUSIVE: "?",
    TestOutcome.BROKEN: "!",
    TestOutcome.FAILED: "✗",
    TestOutcome.SKIPPED: "–",
}
ABSENT = "·"
"""The test did not run."""
LEGEND = "  ".join([*(f"{sign} {outcome}" for outcome, sign in SYMBOLS.items()), f"{ABSENT} not run"])
