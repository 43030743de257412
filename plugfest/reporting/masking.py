"""Masks secrets in what tests print, log and raise: the last line of defence, behind the sessions that mask at once."""

from collections.abc import Generator

import pytest

from plugfest.sessions.redaction import redact


class Masking:
    """pytest plugin of lab runs, closest to pytest's own report, so that nobody else sees more."""

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """The exception's own text, then its traceback with everything it came from, then captured output."""
        if call.excinfo is not None:
            error = call.excinfo.value
            error.args = tuple(redact(each) if isinstance(each, str) else each for each in error.args)
            if isinstance(error, pytest.skip.Exception | pytest.fail.Exception) and error.msg:
                error.msg = redact(error.msg)
        report = yield
        report.sections = [(title, redact(text)) for title, text in report.sections]
        if report.failed and (masked := redact(report.longreprtext)) != report.longreprtext:
            report.longrepr = masked
        return report
