"""Says in one sentence, with numbers, where packets of a failed test vanished or changed."""

from collections.abc import Iterator

from plugfest.diagnosis.passing import Passing
from plugfest.diagnosis.walk import Step, Walk

MOST_PLACES = 3


def conclusion(walk: Walk) -> str:
    """The places where the probe was hurt, worst kind first; or that none was found."""
    found = [f"{change} {_where(step)} towards {step.towards}" for step in walk.steps for change in _changes(step)]
    blind = f" (not seen: {', '.join(walk.blind)})" if walk.blind else ""
    if not walk.steps:
        return f"diagnosis of {walk.pair}: no hop could be watched{blind}"
    if not found:
        return f"diagnosis of {walk.pair}: a probe over all paths passed all hops unharmed{blind}"
    more = f"; and {len(found) - MOST_PLACES} more" if len(found) > MOST_PLACES else ""
    return f"diagnosis of {walk.pair}: {'; '.join(found[:MOST_PLACES])}{more}{blind}"


def _where(step: Step) -> str:
    return f"in {step.place}" if " " not in step.place else f"on {step.place}"


def _changes(step: Step) -> Iterator[str]:
    before, behind = step.before, step.behind
    if before.packets > behind.packets:
        yield f"{before.packets - behind.packets} of {before.packets} packets vanished"
    if behind.copies > before.copies:
        yield f"{behind.copies - before.copies} of {before.packets} packets were doubled"
    if behind.late > before.late:
        yield f"{behind.late - before.late} of {before.packets} packets were overtaken"
    if behind.bad_icrc > before.bad_icrc:
        yield f"{behind.bad_icrc - before.bad_icrc} of {before.packets} packets got a wrong ICRC"
    if before.packets == behind.packets:
        yield from _rewritten(before, behind)


def _rewritten(before: Passing, behind: Passing) -> Iterator[str]:
    for name, first, last in (
        ("traffic class octet", before.octets, behind.octets),
        ("UDP source port", before.source_ports, behind.source_ports),
    ):
        gone = {value: count - last.get(value, 0) for value, count in first.items() if count > last.get(value, 0)}
        if gone:
            new = [value for value, count in last.items() if count > first.get(value, 0)]
            changed = sum(gone.values())
            yield f"{changed} of {before.packets} packets got another {name} ({_few(gone)} → {_few(new)})"


def _few(values: object) -> str:
    listed = list(values)  # type: ignore[call-overload]
    return ", ".join(map(str, listed[:3])) + (" …" if len(listed) > 3 else "")
