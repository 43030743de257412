"""Verdicts on the Link Layer Discovery Protocol (IEEE 802.1AB): cabling truth, ageing and shutdown."""

from collections.abc import Mapping, Sequence

from plugfest.devices.records import LldpNeighbor
from plugfest.inventory.models import Link, PortReference
from plugfest.records import Record
from plugfest.verdicts.verdict import Reason, Verdict, View, row, verdict

Tables = Mapping[str, Sequence[LldpNeighbor]]
"""LLDP neighbour tables by device name."""


def _told(neighbor: LldpNeighbor) -> str:
    return f"{neighbor.system_name or neighbor.chassis_id}:{neighbor.port_id}"


def _heard_at(end: PortReference, tables: Tables) -> list[LldpNeighbor]:
    return [neighbor for neighbor in tables.get(end.device, ()) if neighbor.local_port == end.port]


def _is(neighbor: LldpNeighbor, far: PortReference) -> bool:
    """True if a neighbour says that it is `far`.

    Many senders put an alias or a MAC address into the port id and the port's name into its description (IEEE
    802.1AB-2016 8.5.3.2 leaves the choice to them), and some add their domain to the system name.
    """
    named = (neighbor.system_name or "").lower()
    system = named == far.device.lower() or named.startswith(f"{far.device.lower()}.")
    return system and far.port in (neighbor.port_id, neighbor.port_description)


def _end_row(here: PortReference, far: PortReference, tables: Tables) -> Reason:
    if here.device not in tables:
        return row(f"{here} LLDP neighbour", far, "table not read", None, View.SWITCH)
    heard = _heard_at(here, tables)
    got = " and ".join(map(_told, heard)) if heard else "no neighbour heard"
    return row(f"{here} LLDP neighbour", far, got, len(heard) == 1 and _is(heard[0], far), View.SWITCH)


def matches_cabling(link: Link, tables: Tables) -> Verdict:
    """Each end of the link hears exactly the other end: the cable goes where the lab file says."""
    reasons = [_end_row(link.a, link.b, tables), _end_row(link.b, link.a, tables)]
    return verdict(f"LLDP at both ends of {link.id} equals the cabling", reasons, "IEEE 802.1AB-2016 8.5, 9.1")


class Silence(Record):
    """How long a neighbour entry outlived its sender.

    All times are seconds after the sender fell silent.
    """

    receiver: PortReference
    sender: PortReference
    heard_before: bool
    """The entry was there before the sender fell silent."""
    ttl: int | None
    """Seconds the sender said its information lives."""
    removed_after: float | None
    """When the entry was first seen gone; None if it was still there at the end."""
    watched_for: float
    """How long the table was watched."""
    interval: float
    """Longest time between two looks at the table."""
    transmit_interval: float
    """Longest time the last message before the silence may have been on its way already."""


def _before_row(silence: Silence) -> Reason:
    heard = "heard" if silence.heard_before else "not heard"
    return row(f"{silence.receiver} before the silence", "sender heard", heard, silence.heard_before or None)


def _removal_words(silence: Silence) -> str:
    if silence.removed_after is None:
        return f"still there after {silence.watched_for:.1f} s"
    return f"removed after {silence.removed_after:.1f} s"


def _not_silenced(claim: str, link: Link) -> Verdict:
    reason = row(link.id, "one end silent while the other listens", "both ends were on one side", None)
    return verdict(claim, [reason])


def ages_out(link: Link, silence: Silence | None) -> Verdict:
    """An entry whose sender went silent without a word lives for its TTL and no longer.

    None for `silence` means that no end of this link could be silenced alone.
    """
    claim = f"LLDP entries on {link.id} age out"
    if silence is None:
        return _not_silenced(claim, link)
    subject = f"{silence.receiver} entry of the silent {silence.sender}"
    reasons = [_before_row(silence)]
    if silence.ttl is None or not silence.heard_before:
        reasons.append(row(subject, "a time to live", "unmeasured", None))
    else:
        earliest = silence.ttl - silence.transmit_interval - silence.interval
        expected = f"removed at its time to live of {silence.ttl} s (not before {earliest:.1f} s)"
        ok = silence.removed_after is not None and silence.removed_after >= earliest
        reasons.append(row(subject, expected, _removal_words(silence), ok, View.SWITCH))
    judged = verdict(claim, reasons, "IEEE 802.1AB-2016 9.2.7.7 (rxInfoTTL)")
    figures = {} if silence.removed_after is None else {"removed_after_s": round(silence.removed_after, 1)}
    return judged.model_copy(update={"figures": figures})


def shutdown_clears(link: Link, silence: Silence | None) -> Verdict:
    """A sender that says goodbye (TTL 0) is forgotten well before its TTL.

    None for `silence` means that no end of this link could be silenced alone.
    """
    claim = f"LLDP shutdown on {link.id} clears the entry"
    if silence is None:
        return _not_silenced(claim, link)
    subject = f"{silence.receiver} entry of {silence.sender} after its shutdown message"
    reasons = [_before_row(silence)]
    if silence.ttl is None or not silence.heard_before:
        reasons.append(row(subject, "a time to live", "unmeasured", None))
    else:
        ok = silence.removed_after is not None and silence.removed_after < silence.ttl / 2
        expected = f"removed at once (before half of its time to live of {silence.ttl} s)"
        reasons.append(row(subject, expected, _removal_words(silence), ok, View.SWITCH))
    return verdict(claim, reasons, "IEEE 802.1AB-2016 9.1.2 (TTL 0)")
