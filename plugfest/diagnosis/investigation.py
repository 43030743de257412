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
from plugfest.records import Record
from plugfest.stimuli.injected_transfer import InjectedTransfer
from plugfest.stimuli.injection.events import Towards
from plugfest.stimuli.rdma_endpoints import RdmaEndpoints

Repeat = Callable[[], InjectedTransfer]
"""Does once more what a failed test did to the packets between two hosts."""


class Finding(Record):
    """What was concluded for a pair."""

    text: str
    hurt: bool
    """A place was found."""


class Investigations:
    """Conclusions by pair: the general probes are sent once for each pair in a run."""

    def __init__(self, devices: Roster, endpoints: RdmaEndpoints, folder: Path) -> None:
        self._devices, self._endpoints, self._folder = devices, endpoints, folder
        self._known: dict[str, Finding] = {}
        self._walks = 0

    def of(self, pair: HostPair, repeat: Repeat | None = None) -> str:
        """Where packets of `pair` are hurt; if the general probes are not, what `repeat` does is watched."""
        if pair.id not in self._known:
            self._known[pair.id] = self._general(pair)
        known = self._known[pair.id]
        if known.hurt or repeat is None:
            return known.text
        return self._special(pair, repeat) or known.text

    def _general(self, pair: HostPair) -> Finding:
        walks: list[Walk] = []
        try:
            for plan in (probes.EVERYTHING, probes.MANY):
                walks.append(self._walk(pair, probes.transfer(pair, self._endpoints, plan)))
                if findings(walks[-1]):
                    return Finding(text=conclusion(walks), hurt=True)
        except (LabError, Unsupported) as error:
            return Finding(text=f"diagnosis of {pair.id}: could not be made: {error}", hurt=False)
        return Finding(text=conclusion(walks), hurt=False)

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
