"""Takes a link of the fabric down under RDMA load and brings it back, and records what the traffic made of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from plugfest.captures.silence import longest_silence_s
from plugfest.devices.changes import Change
from plugfest.devices.records import BgpState
from plugfest.devices.roster import Roster
from plugfest.inventory.models import LabKind, Link, Nic, PortReference
from plugfest.inventory.plan import HostPair, Plan
from plugfest.sessions.deadline import Deadline
from plugfest.stimuli.capture_points import all_at, captures
from plugfest.stimuli.exchange import MANY, MANY_QUEUE_PAIRS
from plugfest.stimuli.perftest import Perftest, PerftestSide
from plugfest.stimuli.perftest_options import PerftestOptions, Program
from plugfest.stimuli.rdma_endpoint import RdmaConnection, RdmaEndpoint
from plugfest.stimuli.rdma_endpoints import RdmaEndpoints
from plugfest.stimuli.rdma_plan import RdmaResult
from plugfest.verdicts.resilience import Failover, Load

LOAD_SECONDS = (30, 120)
"""Long enough for everything below; if a slow machine needs longer, the second time must do."""
EMULATED_RATE = 1
"""10^6 bytes per second: enough to be seen everywhere, little enough to leave an emulated lab time for the rest."""
CONVERGENCE_SECONDS = 30.0
PHASE_SECONDS = 15.0
PACKETS_IN_PHASE = 200
"""Packets on the uplinks that make a phase's count meaningful."""
PATIENT_TIMEOUT = 18
"""Local ACK timeout exponent: 1.07 s, longer than a queue in an emulated fabric."""

Changer = Callable[[Change], Callable[[], None]]


@dataclass(frozen=True)
class FailoverSite:
    """The link to take down, seen from the leaf whose traffic will feel it."""

    link: Link
    failed: PortReference
    """Port of the client's leaf."""
    uplinks: tuple[PortReference, ...]
    """All equal ways on from that leaf, the failed one included."""
    pair: HostPair


def site_of(link: Link, plan: Plan) -> FailoverSite | None:
    """The first pair of hosts with an equal path that avoids `link`; None if no traffic could survive its loss."""
    for pair in plan.host_pairs:
        onward = tuple(dict.fromkeys(path.segments[1].sender for path in pair.paths if len(path.segments) > 2))
        for end in (link.a, link.b):
            if end in onward and len(onward) > 1:
                return FailoverSite(link, end, onward, pair)
    return None


class FailoverRun:
    """One run: load on, count, link down, count and verify, link up, count."""

    def __init__(
        self,
        site: FailoverSite,
        devices: Roster,
        endpoints: RdmaEndpoints,
        change: Changer,
        folder: Path,
        load_seconds: int = LOAD_SECONDS[0],
    ) -> None:
        """`load_seconds`: how long the load runs; one that ends early makes the verdict inconclusive."""
        self._site, self._devices, self._endpoints = site, devices, endpoints
        self._change, self._folder, self._load_seconds = change, folder, load_seconds
        self._leaf = devices.switch(site.failed.device)

    def run(self) -> Failover:
        """Do it.  LabError if the lab cannot carry it out; the link is up again in any case."""
        site, server = self._site, self._site.pair.server_port
        self._pair_endpoints()  # their start takes seconds, which the load should not have to wait for
        with captures(self._devices.pool, all_at([server]), self._folder / "whole") as whole, self._load() as load:
            before = self._count("before")
            with self._link_down():
                converged = self._wait_for_routes()
                during = self._count("during")
                verified = self._verified()
            restored, missing = self._wait_for_return()
            after = self._count("after")
            load_result = self._end(load)
        return Failover(
            link=site.link.id,
            failed_port=str(site.failed),
            load=load_result,
            packets_before=before,
            packets_during=during,
            packets_after=after,
            verified_during=verified,
            converged_s=converged,
            outage_s=longest_silence_s(whole.files[server].file),
            restored_s=restored,
            missing_after=missing,
        )

    @contextmanager
    def _link_down(self) -> Iterator[None]:
        """Switch the far end off: the near port stays switched on and only loses its carrier, so it can be watched."""
        far = self._site.link.b if self._site.link.a == self._site.failed else self._site.link.a
        raise_link = self._change(self._devices[far.device].set_admin(far.port, up=False))
        try:
            yield
        finally:
            raise_link()

    @contextmanager
    def _load(self) -> Iterator[Perftest]:
        pair = self._site.pair
        options = PerftestOptions(
            size=4096,
            seconds=self._load_seconds,
            queue_pairs=MANY,
            path_mtu=4096,
            timeout=PATIENT_TIMEOUT,
            transmit_depth=4,
            megabytes_per_second=EMULATED_RATE if self._devices.lab.kind is LabKind.EMBEDDED else None,
        )
        client, server = self._side(pair.client, pair.client_nic), self._side(pair.server, pair.server_nic)
        with Perftest(Program.WRITE_BW, client, server, options, polite=True) as load:
            yield load

    def _side(self, name: str, nic: Nic) -> PerftestSide:
        host = self._devices.host(name)
        assert nic.rdma_device, f"{name}: {nic.port} has no RDMA device"
        gid = host.roce_gid(nic.rdma_device)
        return PerftestSide(self._devices.pool.session(name), nic.rdma_device, gid.index, host.management_address())

    def _count(self, phase: str) -> dict[str, int]:
        """RoCEv2 packets on every uplink until there are enough of them, or until nothing more is to be expected."""
        start = self._sent()
        with captures(self._devices.pool, all_at(self._site.uplinks), self._folder / phase) as running:
            Deadline(f"traffic on the uplinks {phase} the failure", PHASE_SECONDS).watch(
                lambda: self._sent() - start, until=lambda packets: packets > PACKETS_IN_PHASE
            )
        return {str(point): capture.statistics.captured for point, capture in running.files.items()}

    def _sent(self) -> int:
        states = self._leaf.interfaces()
        counters = (states[port.port].counters for port in self._site.uplinks)
        return sum(counted.tx_packets or 0 for counted in counters if counted)

    def _wait_for_routes(self) -> float:
        """Seconds until the leaf has no route through the failed port."""
        deadline = Deadline(f"{self._site.failed} is out of all routes", CONVERGENCE_SECONDS)
        deadline.watch(self._uses_failed_port, until=lambda used: not used)
        return deadline.elapsed

    def _uses_failed_port(self) -> bool:
        hops = (hop for route in self._leaf.routes() for hop in route.next_hops)
        return any(hop.interface == self._site.failed.port for hop in hops)

    def _pair_endpoints(self) -> tuple[RdmaEndpoint, RdmaEndpoint]:
        pair = self._site.pair
        return self._endpoints.of(pair.client, pair.client_nic), self._endpoints.of(pair.server, pair.server_nic)

    def _verified(self) -> RdmaResult:
        return RdmaConnection(*self._pair_endpoints(), MANY_QUEUE_PAIRS).run()

    def _wait_for_return(self) -> tuple[float, tuple[str, ...]]:
        deadline = Deadline(f"the fabric is whole again after {self._site.link.id} is up", CONVERGENCE_SECONDS)
        missing = deadline.watch(self._missing, until=lambda missing: not missing)
        return deadline.elapsed, missing

    def _missing(self) -> tuple[str, ...]:
        failed = self._site.failed
        sessions = [session for session in self._leaf.bgp_neighbors() if session.interface == failed.port]
        found = []
        if not any(session.state is BgpState.ESTABLISHED for session in sessions):
            found.append(f"{failed} BGP session")
        if not self._uses_failed_port():
            found.append(f"next hops through {failed}")
        return tuple(found)

    def _end(self, load: Perftest) -> Load:
        outlasted = load.running
        result = load.result(Deadline("the load ends as planned", self._load_seconds + PHASE_SECONDS))
        messages = result.rows[-1].iterations if result.rows else None
        error = str(result.failed) if result.failed else None
        return Load(queue_pairs=MANY, messages=messages, error=error, outlasted=outlasted)
