"""Reaches the devices of a lab outside of a test run, to put them right."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from plugfest.devices.changes import Change, revert
from plugfest.devices.lines import line_to
from plugfest.devices.roster import Roster
from plugfest.errors import LabError
from plugfest.inventory.loader import LoadedLab
from plugfest.inventory.models import LabKind
from plugfest.inventory.plan import Plan
from plugfest.reservation.journal import journal_folder
from plugfest.reservation.restoring import Restoration, lab_instance
from plugfest.sanity.looking import Eyes, designs_of
from plugfest.sanity.remnants import end, of_dead_runs
from plugfest.sessions.endpoint import Endpoint, endpoints_of
from plugfest.sessions.pool import SessionPool


@dataclass(frozen=True)
class LabAccess:
    """Sessions to a lab and what is to be restored there."""

    devices: Roster
    eyes: Eyes
    restoration: Restoration
    held: Mapping[str, str]
    """Devices that somebody else uses now, and who it is: nothing is done to them."""

    def end_remnants(self) -> tuple[list[str], list[str]]:
        """End programs and remove files of killed runs on all Linux devices: what was ended, who did not answer."""
        reachable = [name for name in self.devices if name in self.eyes.designs and self.eyes.is_linux(name)]
        conditions = self.eyes.look(name for name in reachable if name not in self.held)
        ended = []
        for name, condition in conditions.items():
            if remnants := of_dead_runs(condition):
                end(remnants, self.devices.pool.session(name))
                ended.append(f"{name}: {remnants}")
        silent = [each.unreachable for each in conditions.values() if each.unreachable]
        return ended, [*silent, *(f"{name} is in use: {holder}" for name, holder in self.held.items())]


@contextmanager
def access_to(loaded: LoadedLab, held: Mapping[str, str]) -> Iterator[LabAccess]:
    """Access to a lab while the block runs, but not to devices that are `held`; nothing connects before first use.

    An embedded lab that does not run has no devices: nothing can be left in it.
    """
    lab = loaded.lab
    endpoints = _endpoints(loaded)
    with SessionPool(endpoints) as pool:
        devices = Roster(lab, pool)

        def take_back(change: Change) -> None:
            if change.device in held:
                raise LabError(f"the device is in use: {held[change.device]}")
            revert(change, line_to(lab, pool, change.device))

        restoration = Restoration(journal_folder(), lab_instance(lab), take_back)
        designs = {name: design for name, design in designs_of(Plan.of(lab)).items() if name in endpoints}
        yield LabAccess(devices, Eyes(devices, designs), restoration, held)


def _endpoints(loaded: LoadedLab) -> dict[str, Endpoint]:
    if loaded.lab.kind is LabKind.HARDWARE:
        return endpoints_of(loaded.lab, loaded.file)
    from plugfest.embedded.lifecycle import running

    embedded = running()
    return embedded.endpoints if embedded else {}
