"""Sends a known transfer and records it at every port on the way."""

from pathlib import Path

from plugfest.devices.roster import Roster
from plugfest.diagnosis.hops import Hop, Ports, capture_points, hops_of
from plugfest.diagnosis.passing import Passing, passing
from plugfest.errors import LabError
from plugfest.inventory.models import Capability, PortReference
from plugfest.inventory.plan import HostPair
from plugfest.records import Record
from plugfest.stimuli.capture_points import WHOLE_FRAMES, RunningCaptures, all_at, captures
from plugfest.stimuli.guest.operations import Verb
from plugfest.stimuli.rdma_endpoint import RdmaConnection
from plugfest.stimuli.rdma_endpoints import RdmaEndpoints
from plugfest.stimuli.rdma_plan import RdmaOperation, RdmaPlan

PROBE = RdmaPlan(
    operations=(
        RdmaOperation(verb=Verb.WRITE, size=1024, messages=4),
        RdmaOperation(verb=Verb.WRITE, size=32_768, messages=4),
        RdmaOperation(verb=Verb.SEND, size=4096, messages=2),
        RdmaOperation(verb=Verb.READ, size=16_384, messages=2),
    ),
    queue_pairs=12,
    path_mtu=4096,
    start_psn=2**24 - 8,
    timeout=16,
    retry_count=4,
    traffic_class=106,
    seconds=8,
)
"""Small and large packets in both directions on enough queue pairs to use every equal path; ends soon if it fails.

The PSN wraps inside."""

BUFFER_KIBIBYTES = 4096
"""The probe is small, and all captures of the emulated fabric share one memory."""


class Step(Record):
    """One hop in one direction, with what passed in front of it and behind it."""

    place: str
    towards: str
    before: Passing
    behind: Passing


class Walk(Record):
    """What became of the probe, hop by hop, requests first."""

    pair: str
    steps: tuple[Step, ...]
    blind: tuple[str, ...]
    """Ports that could not be captured at."""


def walk(pair: HostPair, devices: Roster, endpoints: RdmaEndpoints, folder: Path) -> Walk:
    """Send the probe and compare every port with the next one.  LabError if the lab cannot carry it out at all."""
    hops = hops_of(pair)
    able = [port for port in capture_points(hops) if _can_capture(devices, port)]
    client, server = endpoints.of(pair.client, pair.client_nic), endpoints.of(pair.server, pair.server_nic)
    points = all_at(able, WHOLE_FRAMES)
    with captures(devices.pool, points, folder, buffer_kibibytes=BUFFER_KIBIBYTES) as running:
        try:
            RdmaConnection(client, server, PROBE).run()
        except LabError:
            # A probe that broke off is what we are here to explain.
            endpoints.discard(pair.client, pair.client_nic)
            endpoints.discard(pair.server, pair.server_nic)
    return Walk(
        pair=pair.id,
        steps=(
            *_steps(hops, running, pair.server, pair.server_address),
            *_steps(tuple(map(_back, reversed(hops))), running, pair.client, pair.client_address),
        ),
        blind=tuple(str(port) for port in capture_points(hops) if port not in able),
    )


def _can_capture(devices: Roster, port: PortReference) -> bool:
    return Capability.CAPTURE in devices.lab.device(port.device).capabilities


def _back(hop: Hop) -> Hop:
    return Hop(place=hop.place, before=hop.behind, behind=hop.before)


def _steps(hops: tuple[Hop, ...], running: RunningCaptures, host: str, address: str | None) -> tuple[Step, ...]:
    if address is None:
        return ()
    seen = {point: passing(capture.file, address) for point, capture in running.files.items()}
    return tuple(
        Step(place=hop.place, towards=host, before=_at(seen, hop.before), behind=_at(seen, hop.behind))
        for hop in hops
        if all(port in seen for port in (*hop.before, *hop.behind))
    )


def _at(seen: dict[PortReference, Passing], ports: Ports) -> Passing:
    return sum((seen[port] for port in ports), Passing())
