"""How a test ended, and whose fault it is: one table for pytest, Allure, JUnit and the terminal.

Every message of a test that did not pass starts with its tag, such as ``[LAB]``; the categories of the HTML report
(`reports/allurerc.mjs`) are found by these tags.
"""

from enum import StrEnum

from plugfest.errors import CounterDefect, Inconclusive, LabError


class TestOutcome(StrEnum):
    """How a test ended, worst last."""

    __test__ = False  # not a test class, whatever its name says to pytest

    SKIPPED = "skipped"
    PASSED = "passed"
    KNOWN_ISSUE = "known issue"
    FLAKY = "flaky"
    """Went wrong, and passed when it was repeated in the same run: never counted as passed."""
    INCONCLUSIVE = "inconclusive"
    BROKEN = "broken"
    FAILED = "failed"

    @property
    def rank(self) -> int:
        """Position in the order from harmless to worst."""
        return list(TestOutcome).index(self)

    @property
    def judged(self) -> bool:
        """True if the devices were judged, for good or bad."""
        return self in (TestOutcome.PASSED, TestOutcome.KNOWN_ISSUE, TestOutcome.FLAKY, TestOutcome.FAILED)


class Tag(StrEnum):
    """First word of the message of a test that did not pass."""

    INTEROP = "[INTEROP]"
    COUNTER = "[COUNTER]"
    LAB = "[LAB]"
    INCONCLUSIVE = "[INCONCLUSIVE]"
    HARNESS = "[HARNESS]"
    INTERRUPTED = "[INTERRUPTED]"
    KNOWN = "[KNOWN]"
    FLAKY = "[FLAKY]"
    NOT_RUN = "[NOT RUN]"


OUTCOME_OF_TAG = {
    Tag.INTEROP: TestOutcome.FAILED,
    Tag.COUNTER: TestOutcome.FAILED,
    Tag.LAB: TestOutcome.BROKEN,
    Tag.INCONCLUSIVE: TestOutcome.INCONCLUSIVE,
    Tag.HARNESS: TestOutcome.BROKEN,
    Tag.INTERRUPTED: TestOutcome.BROKEN,
    Tag.KNOWN: TestOutcome.KNOWN_ISSUE,
    Tag.FLAKY: TestOutcome.FLAKY,
    Tag.NOT_RUN: TestOutcome.SKIPPED,
}


def tag_of(error: BaseException) -> Tag:
    """Whose fault an exception is; what we did not raise ourselves is a defect of the harness.

    Of several exceptions at once, as tear-downs raise them, all must be the lab's fault to make it the lab's.
    """
    errors = error.exceptions if isinstance(error, BaseExceptionGroup) else (error,)
    tags = {tag_of(each) if isinstance(each, BaseExceptionGroup) else _tag_of_one(each) for each in errors}
    return tags.pop() if len(tags) == 1 else Tag.HARNESS


def _tag_of_one(error: BaseException) -> Tag:
    if isinstance(error, CounterDefect):
        return Tag.COUNTER
    if isinstance(error, AssertionError) or type(error).__name__ == "Failed":  # pytest.fail()
        return Tag.INTEROP
    if isinstance(error, Inconclusive):
        return Tag.INCONCLUSIVE
    if isinstance(error, LabError):
        return Tag.LAB
    if isinstance(error, KeyboardInterrupt) or type(error).__name__ == "Exit":  # pytest.exit()
        return Tag.INTERRUPTED
    return Tag.HARNESS


def tagged_message(error: BaseException) -> str:
    """Tag and text; only an exception of the harness's own keeps its class name, which a programmer needs."""
    tag = tag_of(error)
    text = _text(error).strip()
    if tag is Tag.HARNESS:
        text = f"{type(error).__name__}: {text}"
    if tag is Tag.INTERRUPTED:
        text = f"the run was stopped while this test was running. {text}".strip()
    return f"{tag} {text or type(error).__name__}"


def _text(error: BaseException) -> str:
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(map(_text, error.exceptions))
    return str(error)


def tag_in(message: str) -> Tag | None:
    """The tag that a message starts with."""
    return next((tag for tag in Tag if message.startswith(tag)), None)
