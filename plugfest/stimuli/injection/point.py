"""Where events are injected: the last place that every packet to a host passes and where there is an injector."""

from collections.abc import Iterator

from plugfest.inventory.models import Capability, Lab, PortReference, Switch
from plugfest.inventory.paths import Path, Segment
from plugfest.inventory.plan import HostPair
from plugfest.stimuli.injection.events import Towards


def injection_point(lab: Lab, pair: HostPair, towards: Towards) -> PortReference | None:
    """The port by which all packets of one direction leave an injector or an able switch; None if there is none.

    Packets leave towards the server's host for `Towards.RESPONDER`, towards the client's host otherwise.
    """
    for segment in _common_segments(pair, towards):
        for port in (_injector_port(segment), _switch_port(lab, segment)):
            if port and Capability.INJECTION in lab.device(port.device).capabilities:
                return port
    return None


def why_not(lab: Lab, pair: HostPair, towards: Towards) -> str:
    """The reason to give where `injection_point` found none."""
    devices = sorted(set(pair.switches) | set(pair.injectors))
    return (
        f"events towards the {towards} of {pair.id} need an injector in the cable of a host or a switch with the "
        f"capability {Capability.INJECTION} beside the receiving host; on the way are {', '.join(devices) or 'none'}"
    )


def _common_segments(pair: HostPair, towards: Towards) -> Iterator[Segment]:
    """The wires that all equal paths share, the receiver's first, in travelling direction."""
    paths = pair.paths if towards is Towards.RESPONDER else tuple(map(_reversed, pair.paths))
    first = paths[0]
    for segment in reversed(first.segments):
        if all(segment in path.segments for path in paths):
            yield segment


def _reversed(path: Path) -> Path:
    return Path(tuple(Segment(one.receiver, one.sender, one.wire) for one in reversed(path.segments)))


def _injector_port(segment: Segment) -> PortReference | None:
    """The port of the last injector in the wire that faces the receiver."""
    if not segment.wire.injectors:
        return None
    last = next(cable for cable in segment.wire.cables if segment.receiver in (cable.a, cable.b))
    return last.a if last.b == segment.receiver else last.b


def _switch_port(lab: Lab, segment: Segment) -> PortReference | None:
    return segment.sender if isinstance(lab.device(segment.sender.device), Switch) else None
