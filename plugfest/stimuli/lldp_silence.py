"""Silences LLDP senders and watches how long their neighbours remember them."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from plugfest.devices.protocols import Device
from plugfest.devices.records import LldpNeighbor
from plugfest.inventory.models import Link, PortReference
from plugfest.sessions.deadline import Deadline
from plugfest.verdicts.lldp import Silence

MESSAGE_HOLD = 4
"""Default of msgTxHold: a message comes at least four times within its time to live (IEEE 802.1AB-2016 9.2.5.6)."""


def two_sides(links: Iterable[Link]) -> tuple[frozenset[str], frozenset[str]]:
    """Split the devices so that as many cables as possible run between the sides; both sides are then tested.

    A leaf–spine fabric with hosts splits perfectly: leaves on one side, hosts and spines on the other.
    """
    neighbours: dict[str, list[str]] = {}
    for link in links:
        neighbours.setdefault(link.a.device, []).append(link.b.device)
        neighbours.setdefault(link.b.device, []).append(link.a.device)
    side: dict[str, int] = {}
    for start in neighbours:
        queue = [(start, 0)]
        while queue:
            device, colour = queue.pop(0)
            if device not in side:
                side[device] = colour
                queue += [(other, 1 - colour) for other in neighbours[device]]
    first = frozenset(device for device, colour in side.items() if colour == 0)
    return first, frozenset(side) - first


@dataclass
class Watched:
    """One neighbour entry: where it is remembered and whom it is about."""

    receiver: PortReference
    sender: PortReference
    entry: LldpNeighbor | None = None
    silent_since: float = 0.0
    removed_at: float | None = None


@dataclass
class SilenceWatch:
    """Watches the entries of silenced senders until all are gone or time runs out."""

    devices: Mapping[str, Device]
    watched: list[Watched]
    interval: float = field(default=0.0, init=False)

    @classmethod
    def of(cls, devices: Mapping[str, Device], links: Iterable[Link], senders: frozenset[str]) -> "SilenceWatch":
        """Watch every cable with one end on a sender and the other on a device that goes on listening."""
        watched = []
        for link in links:
            for sender, receiver in ((link.a, link.b), (link.b, link.a)):
                if sender.device in senders and receiver.device not in senders:
                    watched.append(Watched(receiver, sender))
        return cls(devices, watched)

    def before(self) -> None:
        """Remember which entries are there while the senders still speak."""
        tables = self._tables()
        for item in self.watched:
            item.entry = _entry(item, tables)

    def silence(self, hush: Callable[[PortReference], None]) -> None:
        """Silence every sending port with `hush`."""
        for item in self.watched:
            hush(item.sender)
            item.silent_since = time.monotonic()

    def until_forgotten(self, margin: float) -> list[Silence]:
        """Look at the tables until all entries are gone, at the longest `margin` seconds beyond the longest TTL."""
        longest = max((item.entry.ttl or 0 for item in self.watched if item.entry), default=0)
        deadline = Deadline("LLDP entries of silent senders are removed", longest + margin)
        deadline.watch(self._look, until=bool, interval=0.3)
        return [self._silence(item) for item in self.watched]

    def _look(self) -> bool:
        started = time.monotonic()
        tables = self._tables()
        now = time.monotonic()
        self.interval = max(self.interval, now - started + 0.3)
        for item in self.watched:
            if item.removed_at is None and _entry(item, tables) is None:
                item.removed_at = now
        return all(item.removed_at is not None for item in self.watched)

    def _tables(self) -> dict[str, tuple[LldpNeighbor, ...]]:
        receivers = dict.fromkeys(item.receiver.device for item in self.watched)
        return {name: self.devices[name].lldp_neighbors() for name in receivers}

    def _silence(self, item: Watched) -> Silence:
        ttl = item.entry.ttl if item.entry else None
        gone = item.removed_at is not None
        return Silence(
            receiver=item.receiver,
            sender=item.sender,
            heard_before=item.entry is not None,
            ttl=ttl,
            removed_after=max(0.0, item.removed_at - item.silent_since) if gone and item.removed_at else None,
            watched_for=time.monotonic() - item.silent_since,
            interval=self.interval,
            transmit_interval=(ttl or 0) / MESSAGE_HOLD,
        )


def _entry(item: Watched, tables: Mapping[str, Iterable[LldpNeighbor]]) -> LldpNeighbor | None:
    heard = (entry for entry in tables[item.receiver.device] if entry.local_port == item.receiver.port)
    return next((entry for entry in heard if entry.system_name == item.sender.device), None)
