"""Waits until every device answers and routing has settled."""

import socket
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import psutil

from plugfest.embedded import machine
from plugfest.embedded.control import GuestControl
from plugfest.embedded.convergence import missing_routes
from plugfest.embedded.progress import Report
from plugfest.embedded.state import RunningLab
from plugfest.errors import EmbeddedLabError
from plugfest.sessions.deadline import Deadline
from plugfest.sessions.endpoint import Endpoint

_BANNER = b"SSH-2.0-"


def wait_until_ready(lab: RunningLab, seconds: float, report: Report, booted: bool = False) -> None:
    """Set the guest's clock, then wait until BGP has every route and every SSH server greets.

    `booted`: wait until every device has started its daemons, too.
    Raises EmbeddedLabError when the virtual machine dies, DeadlineExceededError with what is still missing.
    """
    process = psutil.Process(lab.pid)
    set_clock(lab, seconds)
    report("the guest listens; waiting for BGP and SSH")
    with _cause_told(process, lab), GuestControl(lab.control_socket) as control:
        routed = Deadline("BGP converges", seconds)
        routed.wait_for(lambda: _missing_routes(process, lab, control), until=_nothing)
    report("BGP has converged")
    if booted:
        started = Deadline("every device starts its daemons", seconds)
        started.wait_for(lambda: _not_started(process, lab), until=_nothing)
    wait_until_greeting(lab, lab.endpoints, Deadline("every device answers over SSH", seconds))


def wait_until_greeting(lab: RunningLab, names: Iterable[str], deadline: Deadline) -> None:
    """Wait until the SSH server of every device in `names` has greeted once."""
    process = psutil.Process(lab.pid)
    waiting = {name: lab.endpoints[name] for name in names}
    deadline.wait_for(lambda: _greeted_by_all(process, lab, waiting), until=_nothing)


def set_clock(lab: RunningLab, seconds: float) -> None:
    """Set the guest's clock to ours as soon as the guest listens."""
    process = psutil.Process(lab.pid)
    with _cause_told(process, lab), GuestControl(lab.control_socket) as control:
        control.set_clock(Deadline("the guest starts its devices", seconds), lambda: _require_alive(process, lab))


@contextmanager
def _cause_told(process: psutil.Process, lab: RunningLab) -> Iterator[None]:
    """A connection that breaks is a symptom; if the virtual machine died, its console tells the cause."""
    try:
        yield
    except EmbeddedLabError:
        with suppress(psutil.TimeoutExpired):
            process.wait(2)
        _require_alive(process, lab)
        raise


def _nothing(observation: list[str]) -> bool:
    return not observation


def _require_alive(process: psutil.Process, lab: RunningLab) -> None:
    machine.require_alive(process, lab.folder)


def _missing_routes(process: psutil.Process, lab: RunningLab, control: GuestControl) -> list[str]:
    _require_alive(process, lab)
    return missing_routes(lab.plan, control.routes(Deadline("the guest tells its routes", 60)))


def _not_started(process: psutil.Process, lab: RunningLab) -> list[str]:
    _require_alive(process, lab)
    said = lab.console_log.read_text(errors="replace").splitlines()
    return [name for name in lab.endpoints if f"plugfest: {name} started" not in said]


def _greeted_by_all(process: psutil.Process, lab: RunningLab, waiting: dict[str, Endpoint]) -> list[str]:
    _require_alive(process, lab)
    silent = silent_devices(waiting.values())
    for name in waiting.keys() - set(silent):
        del waiting[name]
    return silent


def silent_devices(endpoints: Iterable[Endpoint], timeout: float = 30) -> list[str]:
    """Names of the devices whose SSH server does not greet within `timeout` seconds."""
    listed = list(endpoints)
    with ThreadPoolExecutor(max_workers=max(1, len(listed))) as pool:
        greeted = pool.map(lambda endpoint: _greets(endpoint, timeout), listed)
    return [endpoint.name for endpoint, answers in zip(listed, greeted, strict=True) if not answers]


def _greets(endpoint: Endpoint, timeout: float) -> bool:
    try:
        with socket.create_connection((endpoint.address, endpoint.port), timeout) as connection:
            return connection.makefile("rb").read(len(_BANNER)) == _BANNER
    except OSError:
        return False
