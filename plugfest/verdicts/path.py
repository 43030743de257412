"""Verdicts on what happened to packets between two capture points: the way they took, and what may not change."""

from plugfest.captures.icrc import IcrcCheck
from plugfest.captures.join import PointDifference
from plugfest.verdicts.verdict import Reason, Verdict, View, row, verdict


def takes_planned_paths(pair: str, sent: int, onward: dict[str, int]) -> Verdict:
    """Every request packet that the client sent left the first switch by one of the planned ports.

    `sent` counts request packets at the client, `onward` those at each planned port.
    """
    total = sum(onward.values())
    split = ", ".join(f"{port} {count}" for port, count in onward.items())
    if not sent or not onward:
        reasons = [row(f"{pair} request packets", "more than 0 at the client", sent, None, View.WIRE)]
    else:
        subject = f"{pair} request packets on the planned ports"
        reasons = [row(subject, f"all {sent}", f"{total} ({split})", total == sent, View.WIRE)]
    return verdict(f"traffic {pair} takes the planned paths", reasons, "lab file")


def icrc_survives_routers(pair: str, routers: int, difference: PointDifference, check: IcrcCheck) -> Verdict:
    """The TTL changed on the way as often as there are routers, and every ICRC is still correct behind them.

    `difference` compares the client's port with the server's, `check` is of the server's port.
    """
    return verdict(
        f"the ICRC of {pair} survives {routers} routers",
        [_decrements(pair, routers, difference), _correct(pair, check)],
        "IBTA volume 1, 7.8.1 and annex A17.3.3: the TTL is not covered",
    )


def _decrements(pair: str, routers: int, difference: PointDifference) -> Reason:
    # Answers cross the routers the other way: between the same two points their TTL goes up.
    crossings: dict[int, int] = {}
    for step, count in difference.ttl_decrements.items():
        crossings[abs(step)] = crossings.get(abs(step), 0) + count
    seen = ", ".join(f"{count} by {step}" for step, count in sorted(crossings.items()))
    ok = set(crossings) == {routers} if difference.matched else None
    subject = f"{pair} TTL changes of {difference.matched} packets, requests and answers"
    return row(subject, f"all by {routers}", seen or "none matched", ok, View.WIRE)


def _correct(pair: str, check: IcrcCheck) -> Reason:
    checked = check.good + check.bad
    subject = f"{pair} frames with a wrong ICRC behind the routers"
    return row(subject, 0, f"{check.bad} of {checked}", check.bad == 0 if checked else None, View.WIRE)


def nothing_lost(pair: str, difference: PointDifference) -> Verdict:
    """Every packet that one end's port saw was seen by the other's, once and in order."""
    counts = {"lost": difference.lost, "added": difference.added, "reordered": difference.reordered}
    reasons = [
        row(f"{pair} packets {name} on the way", 0, f"{count} of {difference.matched}", count == 0, View.WIRE)
        for name, count in counts.items()
    ]
    return verdict(f"nothing is lost, added or reordered {pair}", reasons if difference.matched else [], "lab file")


def every_queue_pair_arrives(pair: str, sent: dict[str, int], received: dict[str, int]) -> Verdict:
    """As many request packets of every queue pair arrived as were sent; one that never arrived counts as 0.

    Both count by queue pair name, `sent` at the client's port and `received` at the server's: where packets are lost,
    this says whose.
    """
    reasons = []
    for name, count in sent.items():
        arrived = received.get(name, 0)
        ok = arrived == count if count else None  # nothing sent proves nothing
        reasons.append(row(f"{pair} request packets of {name}", count, arrived, ok, View.WIRE))
    return verdict(f"every queue pair {pair} arrives", reasons, "lab file")
