"""The loop of a worker of pytest-xdist that starts a test as soon as it is told to.

pytest-xdist's own loop starts a test only when it knows the next one, to leave the set-up that both share in place.
A test whose devices are busy cannot be named as next yet.  So this loop leaves all shared set-up in place, and takes
down what the next test does not share when that one comes.
"""

from queue import SimpleQueue
from time import perf_counter
from typing import Any, NamedTuple

import pytest

from plugfest.reporting.outcomes import TestOutcome, tagged_message
from plugfest.reporting.stamp import Stamp

RUN_TEST = "run_test"
"""Command to a worker: number of the ``test`` in the collection, and whether it is the ``last`` that needs the
set-up of its group, and why to ``skip`` it, if so.
"""


class _Order(NamedTuple):
    test: int
    last: bool
    skip: str


class WorkerLoop:
    """pytest plugin of the workers of a lab run."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._orders: SimpleQueue[_Order | None] = SimpleQueue()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run tests until there are no more, or the process that gives them is gone."""
        interactor = _interactor(self._config)
        interactor.channel.setcallback(self._receive, endmarker=None)
        ended: pytest.Item | None = None
        while (order := self._orders.get()) is not None:
            item = session.items[order.test]
            if order.skip:
                item.add_marker(pytest.mark.skip(reason=order.skip))
            _leave(session, ended, item)
            interactor.item_index = order.test
            seconds = _run(session, item, order.last)
            interactor.sendevent("runtest_protocol_complete", item_index=order.test, duration=seconds)
            ended = item
            if session.shouldfail or session.shouldstop:
                break
        _leave(session, ended, None)
        return True

    def _receive(self, command: tuple[str, dict[str, Any]] | None) -> None:
        """In the thread that listens to the main process."""
        name, arguments = command or ("shutdown", {})
        self._orders.put(_Order(**arguments) if name == RUN_TEST else None)


def _interactor(config: pytest.Config) -> Any:
    """What connects this worker with the main process: xdist.remote.WorkerInteractor."""
    return next(plugin for plugin in config.pluginmanager.get_plugins() if hasattr(plugin, "sendevent"))


def _run(session: pytest.Session, item: pytest.Item, last: bool) -> float:
    """Run a test; afterwards the set-up of its collectors stays, or only that of the session."""
    began = perf_counter()
    stays = session if last else item.parent
    session.config.hook.pytest_runtest_protocol(item=item, nextitem=stays)
    return perf_counter() - began


def _leave(session: pytest.Session, ended: pytest.Item | None, following: pytest.Item | None) -> None:
    """Take down what the next test does not share; a failure of that is told as one more end of the test before."""
    if ended is None:
        return
    call = pytest.CallInfo.from_call(lambda: session._setupstate.teardown_exact(following), when="teardown")
    if call.excinfo is None:
        return
    report = pytest.TestReport.from_item_and_call(ended, call)
    reason = tagged_message(call.excinfo.value)
    Stamp(outcome=TestOutcome.BROKEN, reason=reason, test_seconds=call.duration, run_seconds=0).put_on(report)
    session.config.hook.pytest_runtest_logreport(report=report)
