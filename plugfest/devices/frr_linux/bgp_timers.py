"""How long FRR's bgpd waits for a silent neighbour."""

from pydantic import Field, TypeAdapter

from plugfest.devices.answers import Shape, read_json
from plugfest.sessions.result import CommandResult

SHOW_NEIGHBORS = ("vtysh", "-c", "show bgp neighbors json")


class _Peer(Shape):
    state: str = Field(alias="bgpState")
    hold_ms: int = Field(alias="bgpTimerHoldTimeMsecs")


_PEERS: TypeAdapter[dict[str, _Peer | int | str]] = TypeAdapter(dict[str, _Peer | int | str])
"""Some releases put the number and name of the VRF between the peers."""


def parse_hold_times(result: CommandResult) -> dict[str, float]:
    """Negotiated hold time in seconds by neighbour; those whose session is not established have negotiated nothing."""
    peers = read_json(result, _PEERS)
    return {
        name: peer.hold_ms / 1000
        for name, peer in peers.items()
        if isinstance(peer, _Peer) and peer.state == "Established"
    }
