"""Looks for the place of a failure with probe after probe, until one is hurt."""

from collections.abc import Callable
from pathlib import Path

from plugfest.devices.protocols import Unsupported
from plugfest.devices.roster import Roster
from plugfest.diagnosis import probes
from plugfest.diagnosis.conclusion import Spared, conclusion, findings
from plugfest.diagnosis.probes import Probe
from plugfest.diagnosis.walk import Walk, walk
from plugfest.errors import LabError
from plugfest.inventory.plan import HostPair
from plugfest.stimuli.injected_transfer import InjectedTransfer
from plugfest.stimuli.injection.events import Towards
from plugfest.stimuli.rdma_endpoints import RdmaEndpoints
from plugfest.stimuli.rdma_plan import RdmaPlan

Repeat = Callable[[], InjectedTransfer]
"""Does once more what a failed test did to the packets between two hosts."""


class Investigations:
    """Conclusions by pair: the general probes are sent once for each pair in a run."""

    def __init__(self, devices: Roster, endpoints: RdmaEndpoints, folder: Path) -> None:
        self._devices, self._endpoints, self._folder = devices, endpoints, folder
        self._walked: dict[str, list[Walk]] = {}
        self._walks = 0

    def of(self, pair: HostPair, repeat: Repeat | None = None) -> str:
        """Where packets of `pair` are hurt: by a small probe, by what `repeat` does, or by very many packets."""
        try:
            walks = self._general(pair, probes.EVERYTHING)
            if findings(walks[-1]):
                return conclusion(walks)
            if repeat and (special := self._special(pair, repeat)):
                return special
            return conclusion(self._general(pair, probes.EVERYTHING, probes.MANY))
        except LabError as error:
            return f"diagnosis of {pair.id}: could not be made: {error}"

    def _general(self, pair: HostPair, *plans: RdmaPlan) -> list[Walk]:
        """The walks of these probes, up to the first that was hurt; each is done once in a run."""
        walks = self._walked.setdefault(pair.id, [])
        for plan in plans[len(walks) :]:
            if not (walks and findings(walks[-1])):
                walks.append(self._walk(pair, probes.transfer(pair, self._endpoints, plan)))
        return walks

    def _special(self, pair: HostPair, repeat: Repeat) -> str | None:
        """What the test did, watched at every hop; None if no hop hurt it beyond what was injected."""
        done: list[InjectedTransfer] = []
        try:
            seen = self._walk(pair, lambda: done.append(repeat()))
        except (LabError, Unsupported):
            return None
        spared = {place for transfer in done for place in _injected(transfer)}
        if not done or not findings(seen, frozenset(spared)):
            return None
        return f"{conclusion([seen], spared)} when the test was repeated"

    def _walk(self, pair: HostPair, probe: Probe) -> Walk:
        self._walks += 1
        return walk(pair, self._devices, self._endpoints, probe, self._folder / str(self._walks))


def _injected(transfer: InjectedTransfer) -> set[Spared]:
    """Where events were injected, and towards whom."""
    receivers = {Towards.RESPONDER: transfer.responder, Towards.REQUESTER: transfer.requester}
    return {
        (report.point.device, receivers[count.event.towards])
        for report in transfer.injections
        for count in report.events
    }
