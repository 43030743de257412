"""The places that packets of a pair pass, as pairs of neighbouring capture points."""

from collections.abc import Iterator

from plugfest.inventory.models import PortReference
from plugfest.inventory.plan import HostPair
from plugfest.records import Record

Ports = tuple[PortReference, ...]


class Hop(Record):
    """Packets leave `before` and must be seen again, all of them and unchanged, at `behind`."""

    place: str
    """The cable or device in between, such as ``leaf1`` or ``leaf1:swp49 and spine1:swp1``."""
    before: Ports
    behind: Ports


def hops_of(pair: HostPair) -> tuple[Hop, ...]:
    """Every cable and every switch on the equal paths of a pair, in travelling direction from the client."""
    found: dict[str, Hop] = {}
    for depth in range(max(len(path.segments) for path in pair.paths)):
        for hop in (*_cables(pair, depth), *_switches(pair, depth)):
            found.setdefault(hop.place, hop)
    return tuple(found.values())


def capture_points(hops: tuple[Hop, ...]) -> Ports:
    """All ports to capture at, each once."""
    return tuple(dict.fromkeys(port for hop in hops for port in (*hop.before, *hop.behind)))


def _cables(pair: HostPair, depth: int) -> Iterator[Hop]:
    for path in pair.paths:
        if depth < len(path.segments):
            one = path.segments[depth]
            place = f"the cable between {one.sender} and {one.receiver}"
            yield Hop(place=place, before=(one.sender,), behind=(one.receiver,))


def _switches(pair: HostPair, depth: int) -> Iterator[Hop]:
    crossings: dict[str, tuple[list[PortReference], list[PortReference]]] = {}
    for path in pair.paths:
        if depth + 1 < len(path.segments):
            came, goes = path.segments[depth].receiver, path.segments[depth + 1].sender
            before, behind = crossings.setdefault(came.device, ([], []))
            before.append(came)
            behind.append(goes)
    for name, (before, behind) in crossings.items():
        yield Hop(place=name, before=tuple(dict.fromkeys(before)), behind=tuple(dict.fromkeys(behind)))
