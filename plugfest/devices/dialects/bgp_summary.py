"""Rows of BGP summaries, whose columns bear the same names in all templates: PEER, ASN, LOCAL_ASN, UPTIME, STATE."""

from plugfest.devices.dialects import values
from plugfest.devices.dialects.autonomous_system import asn
from plugfest.devices.dialects.bgp_state import state
from plugfest.devices.dialects.row import Row
from plugfest.devices.records import BgpNeighbor, BgpState


def neighbor(row: Row, found: BgpState, prefixes_received: int | None) -> BgpNeighbor:
    """A session in the state that its dialect read from the row."""
    return BgpNeighbor(
        neighbor=row["PEER"],
        interface=None,
        remote_asn=row.read("ASN", asn),
        local_asn=row.read("LOCAL_ASN", asn),
        state=found,
        uptime_seconds=row.read("UPTIME", uptime),
        prefixes_received=prefixes_received,
    )


def counted(row: Row) -> BgpNeighbor:
    """A session of a table that prints the state and, for every session, RECEIVED prefixes in columns of their own."""
    found, received = state(row["STATE"]), values.count(row["RECEIVED"])
    return neighbor(row, found, received if found is BgpState.ESTABLISHED else None)


def uptime(text: str) -> int | None:
    """Seconds in the present state; None for a session that was never up."""
    return None if text == "never" else values.duration(text)
