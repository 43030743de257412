"""Cisco NX-OS: BGP sessions."""

from plugfest.devices.dialects import values
from plugfest.devices.dialects.autonomous_system import asn
from plugfest.devices.dialects.bgp_state import state_or_prefixes
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.records import BgpNeighbor


def summary(output: Output) -> tuple[BgpNeighbor, ...]:
    """`show ip bgp summary`: one record a session, VRFs and address families one after the other."""
    return build(output, textfsm_rows(output, "cisco_nxos/show_ip_bgp_summary"), _neighbor)


def _neighbor(row: Row) -> BgpNeighbor:
    state, prefixes = state_or_prefixes(row["STATE"])
    return BgpNeighbor(
        neighbor=row["PEER"],
        interface=None,
        remote_asn=row.read("ASN", asn),
        local_asn=row.read("LOCAL_ASN", asn),
        state=state,
        uptime_seconds=row.read("UPTIME", _uptime),
        prefixes_received=prefixes,
    )


def _uptime(text: str) -> int | None:
    return None if text == "never" else values.duration(text)


READINGS = (
    Reading(
        (
            "show ip bgp summary [vrf {vrf}]",
            "show bgp ipv4 unicast summary [vrf {vrf}]",
            "show bgp vrf all all summary",
        ),
        (Question.BGP,),
        summary,
        Evidence.DEVICE,
    ),
)
