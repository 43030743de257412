"""What a test did and judged, in plain words, as the steps of its report."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from allure_commons.model2 import Status, StatusDetails, TestStepResult

from plugfest.reporting.lab_run import RUN
from plugfest.reporting.running_test import allure_result
from plugfest.verdicts.verdict import Outcome, Verdict

STATUS = {Outcome.PASSED: Status.PASSED, Outcome.FAILED: Status.FAILED, Outcome.INCONCLUSIVE: Status.BROKEN}


@contextmanager
def told(sentence: str) -> Iterator[None]:
    """Tell what the block does as one step of the running test or fixture; nothing is told without a report."""
    import allure

    with allure.step(sentence):
        yield


def tell_verdict(item: pytest.Item, verdict: Verdict) -> None:
    """Add one judged claim to the steps of a test, with the rows that did not hold."""
    if RUN not in item.config.stash:
        return
    message = "\n".join(str(reason) for reason in verdict.reasons if reason.outcome is not Outcome.PASSED)
    moment = round(time.time() * 1000)
    step = TestStepResult(
        name=f"Judge: {verdict.claim}",
        status=STATUS[verdict.outcome],
        statusDetails=StatusDetails(message=message) if message else None,
        start=moment,
        stop=moment,
    )
    allure_result(item.config).steps.append(step)
