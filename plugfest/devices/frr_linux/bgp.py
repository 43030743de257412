"""BGP sessions as FRR's bgpd sees them."""

from pydantic import Field, TypeAdapter

from plugfest.devices.answers import Shape, read_json, unknown_form
from plugfest.devices.records import BgpNeighbor, BgpState
from plugfest.sessions.result import CommandResult

SHOW_SUMMARY = ("vtysh", "-c", "show bgp ipv4 unicast summary json")

_STATES = {state.lower(): state for state in BgpState}


class _Peer(Shape):
    state: str
    hostname: str | None = None
    remote_asn: int = Field(alias="remoteAs")
    local_asn: int | None = Field(default=None, alias="localAs")
    uptime_ms: int | None = Field(default=None, alias="peerUptimeMsec")
    prefixes_received: int | None = Field(default=None, alias="pfxRcd")
    kind: str = Field(alias="idType")


class _Summary(Shape):
    asn: int = Field(alias="as")
    peers: dict[str, _Peer]


_SUMMARY: TypeAdapter[_Summary] = TypeAdapter(_Summary)


def parse_summary(result: CommandResult) -> tuple[BgpNeighbor, ...]:
    """Sessions from `SHOW_SUMMARY`; none where no BGP instance runs (FRR answers ``{}``)."""
    if "".join(result.out.split()) == "{}":
        return ()
    summary = read_json(result, _SUMMARY)
    return tuple(_neighbor(result, name, peer, summary.asn) for name, peer in summary.peers.items())


def _neighbor(result: CommandResult, name: str, peer: _Peer, asn: int) -> BgpNeighbor:
    state = _state(result, name, peer)
    return BgpNeighbor(
        neighbor=name,
        interface=name if peer.kind == "interface" else None,
        # An unnumbered peer that has not come up yet is reported as autonomous system 0: unknown.
        remote_asn=peer.remote_asn or None,
        local_asn=peer.local_asn or asn,
        state=state,
        uptime_seconds=_seconds(peer) if state is BgpState.ESTABLISHED else None,
        prefixes_received=peer.prefixes_received,
        hostname=peer.hostname,
    )


def _state(result: CommandResult, name: str, peer: _Peer) -> BgpState:
    # FRR writes "Idle (Admin)" and the like; the reason is not part of the state.
    state = _STATES.get(peer.state.partition(" ")[0].lower())
    if state is None:
        raise unknown_form(result, f"peer {name}: unknown BGP state {peer.state!r}")
    return state


def _seconds(peer: _Peer) -> int | None:
    return None if peer.uptime_ms is None else peer.uptime_ms // 1000
