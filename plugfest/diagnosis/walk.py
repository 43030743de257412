"""Sends something known and records it at every port on the way."""

from collections.abc import Iterator
from pathlib import Path

from plugfest.devices.roster import Roster
from plugfest.diagnosis.hops import Hop, Ports, capture_points, hops_of
from plugfest.diagnosis.passing import Passing, passing
from plugfest.diagnosis.probes import Probe
from plugfest.errors import LabError
from plugfest.inventory.models import Capability, PortReference
from plugfest.inventory.plan import HostPair
from plugfest.records import Record
from plugfest.stimuli.capture_points import WHOLE_FRAMES, RunningCaptures, all_at, captures
from plugfest.stimuli.rdma_endpoints import RdmaEndpoints

BUFFER_KIBIBYTES = 4096
"""The probe is small, and all captures of the emulated fabric share one memory."""


class Step(Record):
    """One hop in one direction, with what passed in front of it and behind it."""

    place: str
    towards: str
    before: Passing
    behind: Passing

    @property
    def inside_a_device(self) -> bool:
        """True between two ports of one device, whose time stamps come from one clock."""
        return " " not in self.place


class Departure(Record):
    """What a host put on the wire to another one."""

    port: str
    towards: str
    left: Passing


class Delivery(Record):
    """What the last switch put on the wire to a host."""

    port: str
    """The host's port."""
    sender: str
    """The switch port at the other end of its cable."""
    own_address: str
    """Hardware address of the host's port."""
    arrived: Passing


class Walk(Record):
    """What became of the probe, hop by hop, requests first."""

    pair: str
    steps: tuple[Step, ...]
    blind: tuple[str, ...] = ()
    """Ports that could not be captured at."""
    departures: tuple[Departure, ...] = ()
    """Requests first."""
    deliveries: tuple[Delivery, ...] = ()
    routers: int | None = None
    """Routers on every equal path; None if that differs."""


def walk(pair: HostPair, devices: Roster, endpoints: RdmaEndpoints, probe: Probe, folder: Path) -> Walk:
    """Send the probe and compare every port with the next one.  LabError if nothing can be recorded."""
    hops = hops_of(pair)
    able = [port for port in capture_points(hops) if _can_capture(devices, port)]
    points = all_at(able, WHOLE_FRAMES)
    with captures(devices.pool, points, folder, buffer_kibibytes=BUFFER_KIBIBYTES) as running:
        try:
            probe()
        except LabError:
            # A probe that broke off is what we are here to explain.
            endpoints.discard(pair.client, pair.client_nic)
            endpoints.discard(pair.server, pair.server_nic)
    there, back = _seen(running, pair.server_address), _seen(running, pair.client_address)
    return Walk(
        pair=pair.id,
        steps=(*_steps(hops, there, pair.server), *_steps(tuple(map(_back, reversed(hops))), back, pair.client)),
        blind=tuple(str(port) for port in capture_points(hops) if port not in able),
        departures=(
            *_departures(pair.client_port, pair.server, there),
            *_departures(pair.server_port, pair.client, back),
        ),
        deliveries=(
            *_deliveries(devices, pair.server_port, pair.paths[0].segments[-1].sender, there),
            *_deliveries(devices, pair.client_port, pair.paths[0].segments[0].receiver, back),
        ),
        routers=pair.routed_hops,
    )


def _can_capture(devices: Roster, port: PortReference) -> bool:
    return Capability.CAPTURE in devices.lab.device(port.device).capabilities


def _back(hop: Hop) -> Hop:
    return Hop(place=hop.place, before=hop.behind, behind=hop.before)


Seen = dict[PortReference, Passing]


def _seen(running: RunningCaptures, destination: str | None) -> Seen:
    if destination is None:
        return {}
    return {point: passing(capture.file, destination) for point, capture in running.files.items()}


def _steps(hops: tuple[Hop, ...], seen: Seen, host: str) -> Iterator[Step]:
    for hop in hops:
        if all(port in seen for port in (*hop.before, *hop.behind)):
            yield Step(place=hop.place, towards=host, before=_at(seen, hop.before), behind=_at(seen, hop.behind))


def _at(seen: Seen, ports: Ports) -> Passing:
    return sum((seen[port] for port in ports), Passing())


def _departures(port: PortReference, towards: str, seen: Seen) -> Iterator[Departure]:
    if port in seen:
        yield Departure(port=str(port), towards=towards, left=seen[port])


def _deliveries(devices: Roster, port: PortReference, sender: PortReference, seen: Seen) -> Iterator[Delivery]:
    state = devices[port.device].interfaces().get(port.port) if port in seen else None
    if state is not None and state.mac:
        yield Delivery(port=str(port), sender=str(sender), own_address=state.mac, arrived=seen[port])
