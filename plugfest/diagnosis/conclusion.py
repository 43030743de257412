"""Says in one sentence, with numbers, where packets of a failed test vanished or changed."""

from collections.abc import Iterable, Iterator, Sequence

from plugfest.diagnosis.passing import Passing
from plugfest.diagnosis.walk import Step, Walk

MOST_PLACES = 3
LONG_STAY_MS = 100
"""Mean time in one device that no queue of a sound fabric explains, emulated or not."""
Spared = tuple[str, str]
"""Device and destination host of events that were injected on purpose: what happens there proves nothing."""


def conclusion(walks: Sequence[Walk], spared: Iterable[Spared] = ()) -> str:
    """The places where the last probe was hurt, in travelling order; or that none was found by any of them."""
    last, excepted = walks[-1], frozenset(spared)
    found = findings(last, excepted)
    blind = f" (not seen: {', '.join(last.blind)})" if last.blind else ""
    if not last.steps:
        return f"diagnosis of {last.pair}: no hop could be watched{blind}"
    if not found:
        probes = "a probe" if len(walks) == 1 else f"each of {len(walks)} probes"
        return f"diagnosis of {last.pair}: {probes} over all paths passed all hops unharmed{blind}"
    more = f"; and {len(found) - MOST_PLACES} more" if len(found) > MOST_PLACES else ""
    return f"diagnosis of {last.pair}: {'; '.join(found[:MOST_PLACES])}{more}{blind}"


def findings(walk: Walk, spared: frozenset[Spared] = frozenset()) -> list[str]:
    """Everything that is wrong on the way, each in a few words with numbers and place."""
    hops = (
        f"{change} {_where(step)} towards {step.towards}{detail}"
        for step in walk.steps
        if (step.place, step.towards) not in spared
        for change, detail in _changes(step)
    )
    return [*_short_lived(walk), *_misaddressed(walk), *hops, *_silent(walk)]


def _where(step: Step) -> str:
    return f"in {step.place}" if step.inside_a_device else f"on {step.place}"


def _silent(walk: Walk) -> Iterator[str]:
    """Hosts that sent nothing at all."""
    for departure in walk.departures:
        if not departure.left.packets:
            yield f"no packet towards {departure.towards} left {departure.port}"


def _short_lived(walk: Walk) -> Iterator[str]:
    """Packets that leave their host with a TTL that does not reach the other one."""
    for departure in walk.departures if walk.routers else ():
        left = departure.left
        short = {ttl: count for ttl, count in left.ttls.items() if int(ttl) <= (walk.routers or 0)}
        if short:
            some = f"{sum(short.values())} of {left.packets} packets towards {departure.towards}"
            yield f"{some} leave {departure.port} with TTL {_few(short)}, too low for {walk.routers} routers"


def _misaddressed(walk: Walk) -> Iterator[str]:
    for delivery in walk.deliveries:
        wrong = {mac: count for mac, count in delivery.arrived.stations.items() if mac != delivery.own_address}
        if wrong:
            some = f"{sum(wrong.values())} of {delivery.arrived.packets} packets"
            yield (
                f"{delivery.sender} sends {some} to the hardware address {_few(wrong)}, "
                f"but {delivery.port} has {delivery.own_address}"
            )


def _changes(step: Step) -> Iterator[tuple[str, str]]:
    """What changed, and details to put behind the place."""
    before, behind = step.before, step.behind
    total = before.packets
    if total > behind.packets:
        yield f"{total - behind.packets} of {total} packets vanished", _only(before, behind)
    if behind.copies > before.copies:
        yield f"{behind.copies - before.copies} of {total} packets were doubled", ""
    if behind.late > before.late:
        yield f"{behind.late - before.late} of {total} packets were overtaken", ""
    if behind.bad_icrc > before.bad_icrc:
        yield f"{behind.bad_icrc - before.bad_icrc} of {total} packets got a wrong ICRC", ""
    if total == behind.packets:
        yield from ((change, "") for change in (*_rewritten(before, behind), *_lived(step), *_stayed(step)))


def _only(before: Passing, behind: Passing) -> str:
    """The kinds of packets that vanished, if others passed unharmed."""
    lost = [kind for kind, count in before.kinds.items() if behind.kinds.get(kind, 0) < count]
    return f" (only {_few(lost)})" if lost and len(lost) < len(before.kinds) else ""


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


def _lived(step: Step) -> Iterator[str]:
    """A router lowers the TTL by one, a bridge or a cable leaves it alone; anything else is a rewrite."""
    first, last = step.before.ttls, step.behind.ttls
    legal = [{str(int(ttl) - lowered): count for ttl, count in first.items()} for lowered in (0, 1)]
    if last not in legal[: 1 + step.inside_a_device]:
        yield f"{step.before.packets} packets got another TTL ({_few(first)} → {_few(last)})"


def _stayed(step: Step) -> Iterator[str]:
    packets = step.before.packets
    if packets and step.inside_a_device:
        mean_ms = (step.behind.time_sum_ns - step.before.time_sum_ns) / packets / 1e6
        if mean_ms >= LONG_STAY_MS:
            yield f"{packets} packets stayed {mean_ms:.0f} ms on average"


def _few(values: Iterable[object]) -> str:
    listed = list(values)
    return ", ".join(map(str, listed[:3])) + (" …" if len(listed) > 3 else "")
