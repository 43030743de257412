"""SONiC: BGP neighbours (`show ip bgp summary` of the SONiC utilities, FRR underneath)."""

import re

from plugfest.devices.dialects.autonomous_system import asn
from plugfest.devices.dialects.bgp_state import state_or_prefixes
from plugfest.devices.dialects.bgp_summary import uptime
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.ruler_table import ruler_tables
from plugfest.devices.dialects.sonic.bgp_table import bgp_rows, is_bgp_table
from plugfest.devices.records import BgpNeighbor, BgpState

LOCAL = re.compile(r"(?:asic\d+: )?BGP router identifier \S+, local AS number (\d+(?:\.\d+)?)\b.*")
NO_NEIGHBORS = re.compile(r"No IPv[46] neighbor is configured")
TOTAL = re.compile(r"Total number of neighbors (\d+)")
NEIGHBOR = "Neighb(?:or|hor)"
SUMMARIES = ("ip bgp", "bgp", "bgp ipv4", "bgp ipv4 unicast", "bgp ipv6 unicast")
PROSE = (
    r"IPv[46] Unicast Summary.*:",
    LOCAL.pattern,
    r"(?:asic\d+: )?BGP table version \d+",
    r"(?:asic\d+: )?RIB entries \d+, using \d+ .*",
    r"(?:asic\d+: )?Peers \d+, using [\d.]+ .*",
    r"(?:asic\d+: )?Peer groups \d+, using [\d.]+ .*",
    TOTAL.pattern,
    r"Unknown",
    r"asic\d+:?",
    r"Dynamic peers? .*",
    r"\* - dynamic neighbor.*",
    r"Total number of established neighbors \d+",
    r"\d+ dynamic neighbor\(s\).*",
    r"Neighbor\(s\) .*",
)


def summary(output: Output) -> tuple[BgpNeighbor, ...]:
    """`show ip bgp summary`: one record a session; the header's `Neighbhor` is how SONiC spells it."""
    if NO_NEIGHBORS.fullmatch(output.text.strip()):
        return ()
    rows = bgp_rows(output, PROSE) if is_bgp_table(output) else _ruled(output)
    said = [int(found[1]) for line in output.lines if (found := TOTAL.fullmatch(line.text.strip()))]
    if said and sum(said) != len(rows):
        raise output.error(f"{len(rows)} neighbours were printed, but the end says {sum(said)}", output.last)
    local = {asn(found[1]) for line in output.lines if (found := LOCAL.fullmatch(line.text.strip()))}
    return build(output, rows, _neighbor, local.pop() if len(local) == 1 else None)


def _ruled(output: Output) -> list[Row]:
    tables = ruler_tables(
        output,
        required=(NEIGHBOR, "V", "AS", "Up/Down", "State/PfxRcd"),
        optional=("MsgRcvd", "MsgSent", "TblVer", "InQ", "OutQ", "NeighborName"),
        prose=PROSE,
    )
    return [row for table in tables for row in table.rows]


def _state(text: str) -> tuple[BgpState, int | None]:
    """``NoNeg`` and ``(Policy)`` mark sessions that are established but may not carry prefixes of this family."""
    return (BgpState.ESTABLISHED, None) if text in ("NoNeg", "(Policy)") else state_or_prefixes(text)


def _neighbor(row: Row, local_asn: int | None) -> BgpNeighbor:
    peer = next(row[name] for name in row.cells if re.fullmatch(NEIGHBOR, name)).lstrip("*")
    state, prefixes = _state(row["State/PfxRcd"])
    for counter in ("MsgRcvd", "MsgSent", "TblVer", "InQ", "OutQ", "V"):
        row.count(counter)
    return BgpNeighbor(
        neighbor=peer,
        interface=None,
        remote_asn=row.read("AS", asn),
        local_asn=local_asn,
        state=state,
        uptime_seconds=row.read("Up/Down", uptime),
        prefixes_received=prefixes,
        hostname=row.text("NeighborName") if row.cells.get("NeighborName") != "NotAvailable" else None,
    )


READINGS = (
    Reading(
        (
            "show ip bgp summary",
            "show ipv6 bgp summary",
            "show bgp summary",
            *(f"show {family} bgp vrf {{vrf}} summary" for family in ("ip", "ipv6")),
            *(f"vtysh -c {quote}show {what} summary{quote}" for quote in "\"'" for what in SUMMARIES),
        ),
        (Question.BGP,),
        summary,
        Evidence.DEVICE,
    ),
)
