"""The way back on a Linux router: the inverse commands, made from the state before."""

import json
from collections.abc import Callable, Iterator, Mapping

from plugfest.configuration.aspects import Aspect
from plugfest.configuration.readers.finding import Answers
from plugfest.configuration.readers.linux_state import QUESTIONS, READERS
from plugfest.configuration.rendering import Rendering
from plugfest.devices.changes import Command
from plugfest.devices.protocols import Unsupported
from plugfest.errors import CommandError

QUEUES = {Aspect.SCHEDULING, Aspect.CLASSIFICATION, Aspect.ECN}
DEFAULT_HANDLE = "0:"
"""A queueing discipline with this handle is the kernel's own choice, not somebody's configuration."""


def linux_undo(rendering: Rendering, before: Answers) -> tuple[Command, ...]:
    """Inverse commands, last change first.

    Raises Unsupported where a port has a queueing discipline of its own, which could not be brought back, and for
    aspects whose way back is not known; CommandError where the state before is not shown.
    """
    aspects = [part.aspect for part in rendering.parts]
    undo: list[Command] = []
    for port in rendering.target.ports:
        if QUEUES.intersection(aspects):
            undo.append(_queues(rendering, port, before))
        undo += [
            each for aspect in aspects if aspect not in QUEUES for each in _inverse(rendering, aspect, port, before)
        ]
    return tuple(reversed(undo))


def _answer(rendering: Rendering, aspect: Aspect, port: str, before: Answers) -> str:
    text = before.get(QUESTIONS[aspect](port))
    if not text:
        question = " ".join(QUESTIONS[aspect](port))
        raise CommandError(f"{rendering.target.device}: `{question}` does not show the state to come back to")
    return text


def _queues(rendering: Rendering, port: str, before: Answers) -> Command:
    for each in json.loads(_answer(rendering, Aspect.ECN, port, {**before, **_asked(port, before)})):
        if each.get("root") and each["handle"] != DEFAULT_HANDLE:
            raise Unsupported(
                f"{rendering.target.device}: {port} has the queueing discipline {each['kind']} {each['handle']}, which "
                "could not be brought back; remove it first: tc qdisc del dev PORT root"
            )
    return ("tc", "qdisc", "del", "dev", port, "root")


def _asked(port: str, before: Answers) -> dict[Command, str | None]:
    """A DSCP map alone asks for filters only; no answer means that there is no queueing discipline to see."""
    question = QUESTIONS[Aspect.ECN](port)
    return {} if question in before else {question: "[]"}


def _inverse(rendering: Rendering, aspect: Aspect, port: str, before: Answers) -> Iterator[Command]:
    if aspect not in INVERSES:
        raise Unsupported(f"{rendering.target.device}: frr_linux has no way back for {aspect} of {port}")
    text = _answer(rendering, aspect, port, before)
    ((_, got),) = READERS[aspect](rendering, port, text)
    if got is None:
        raise CommandError(f"{rendering.target.device}: {port} does not show its {aspect} to come back to")
    yield INVERSES[aspect](port, got)


INVERSES: Mapping[Aspect, Callable[[str, str], Command]] = {
    Aspect.MTU: lambda port, got: ("ip", "link", "set", "dev", port, "mtu", got.removesuffix(" bytes")),
    Aspect.ADMIN: lambda port, got: ("ip", "link", "set", "dev", port, got),
    Aspect.LLDP: lambda port, got: (
        *("lldpcli", "configure", "ports", port, "lldp", "status"),
        "rx-and-tx" if got == "on" else "disabled",
    ),
    Aspect.PFC: lambda port, got: (
        *("dcb", "pfc", "set", "dev", port, "prio-pfc", "all:off"),
        *(f"{priority}:on" for priority in json.loads(got.removeprefix("priorities "))),
    ),
}
