"""What a capture says about the pace of congestion notifications, as a record."""

from typing import Literal

from plugfest.records import Record

Scope = Literal["queue_pair", "address_pair", "port"]


class CnpPacing(Record):
    """Gaps between congestion notification packets of one sender, by three ways to group them."""

    sender: str
    """Address of the notification point."""
    cnps: int
    shortest_gap_ns: dict[Scope, int | None]
    """Shortest gap within any group; None if no group has two."""
    groups: dict[Scope, int]
    """How many groups there are."""
    scope: Scope | None
    """The widest grouping that keeps the gap of the narrowest; None if the capture cannot tell."""
    reason: str
    """Why this scope, or why none."""
