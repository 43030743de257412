"""What connects two devices end to end: one cable, or several with injectors sitting in between."""

from collections import defaultdict
from dataclasses import dataclass

from plugfest.inventory.models import Host, Injector, Lab, Link, PortReference, Switch


@dataclass(frozen=True, slots=True)
class Wire:
    """A connection between a host or switch and the next one; injectors in it only pass frames on."""

    link: Link
    """The connection as if it were one cable; `a` and `b` are ports of hosts or switches."""
    cables: tuple[Link, ...]
    """The cables it is made of, from `link.a` to `link.b`."""
    injectors: tuple[str, ...] = ()
    """Names of the injectors in it, from `link.a` to `link.b`."""

    @property
    def id(self) -> str:
        """Readable id, such as ``h1:eth1<->leaf1:swp1``."""
        return self.link.id

    @property
    def ends(self) -> tuple[PortReference, PortReference]:
        """Both ends."""
        return self.link.a, self.link.b

    def other(self, end: PortReference) -> PortReference:
        """The end opposite to `end`."""
        return self.link.b if end == self.link.a else self.link.a


def fabric_links(lab: Lab) -> tuple[Link, ...]:
    """The cables between hosts, switches and injectors; those of capture hosts and bastions carry no test traffic."""
    return tuple(
        link
        for link in lab.links
        if all(isinstance(lab.devices[end.device], Host | Switch | Injector) for end in (link.a, link.b))
    )


def wires_of(lab: Lab) -> tuple[Wire, ...]:
    """Every wire of `lab`, in file order of its first cable; a wire that ends at an injector is left out."""
    links = fabric_links(lab)
    cables_at = defaultdict(list)
    for link in links:
        for end in (link.a, link.b):
            cables_at[end.device].append(link)
    wires: list[Wire] = []
    used: set[str] = set()
    for link in links:
        if link.id not in used:
            wire = _extended(lab, link, cables_at)
            used.update(cable.id for cable in wire.cables)
            wires += [wire] if not any(isinstance(lab.devices[end.device], Injector) for end in wire.ends) else []
    return tuple(wires)


def _extended(lab: Lab, link: Link, cables_at: dict[str, list[Link]]) -> Wire:
    """The wire that `link` belongs to, followed through injectors to both sides."""
    before, start = _followed(lab, link, link.a, cables_at)
    after, end = _followed(lab, link, link.b, cables_at)
    cables = (*reversed(before), link, *after)
    if len(cables) == 1:
        return Wire(link, cables)
    whole = Link(
        a=start,
        b=end,
        speed=next((cable.speed for cable in cables if cable.speed), None),
        media=" + ".join(dict.fromkeys(cable.media for cable in cables if cable.media)) or None,
    )
    inside = dict.fromkeys(
        ref.device for cable in cables for ref in (cable.a, cable.b) if isinstance(lab.devices[ref.device], Injector)
    )
    return Wire(whole, cables, tuple(inside))


def _followed(
    lab: Lab, link: Link, end: PortReference, cables_at: dict[str, list[Link]]
) -> tuple[list[Link], PortReference]:
    """The cables behind `end` of `link` for as long as injectors pass frames on, and the port where that stops."""
    behind: list[Link] = []
    while isinstance(lab.devices[end.device], Injector):
        following = [cable for cable in cables_at[end.device] if cable not in (link, *behind)]
        if not following:
            break
        behind.append(following[0])
        end = following[0].b if following[0].a.device == end.device else following[0].a
    return behind, end
