"""The lease of one run: taken before the first test, kept while they run, handed back when all is put back."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from plugfest.history.database import LabDatabase
from plugfest.inventory.models import Lab
from plugfest.reservation.claim import Claim, Holder, lab_key
from plugfest.reservation.holding import Holding
from plugfest.reservation.journal import journal_folder, of_living_runs, orphans
from plugfest.reservation.leases import Leases, ReservationError
from plugfest.reservation.needs import Needs
from plugfest.reservation.process import Process
from plugfest.reservation.restoring import lab_instance


class RunLease:
    """A run's lease, renewed until `close`, which hands it back if this process took it."""

    def __init__(self, lab: Lab, database: LabDatabase, claim: Claim, ours: bool) -> None:
        self._lab, self._leases, self._claim = lab, Leases(database), claim
        self.holding = Holding(self._leases, claim)
        self._end = ExitStack()
        self._end.callback(database.close)
        if ours:
            self._end.callback(self._hand_back)
        self._end.callback(self.holding.end)

    @classmethod
    def take(
        cls, lab: Lab, needs: Needs, reason: str, changing: bool, patience: float, tell: Callable[[str], None]
    ) -> "RunLease":
        """A new lease of this process; arguments and errors as of `Leases.acquire`."""
        with _opened() as database:
            grant = Leases(database).acquire(
                lab_key(lab), Holder.this_run(), needs, reason, changing=changing, patience=patience, tell=tell
            )
            return cls(lab, database, grant.claim, ours=True)

    @classmethod
    def of(cls, lab: Lab, process: Process) -> "RunLease":
        """The lease that another process of this run took; ReservationError if there is none."""
        with _opened() as database:
            claims = Leases(database).claims(lab_key(lab))
            held = [each for each in claims if each.holder.process == process and each.granted is not None]
            if not held:
                raise ReservationError("lease lost: the main process of this run holds none")
            return cls(lab, database, held[-1], ours=False)

    def shared_with(self) -> list[Claim]:
        """Leases of other runs in the same lab."""
        claims = self._leases.claims(self._claim.lab)
        return [each for each in claims if each.granted is not None and not each.by_hand and each.id != self._claim.id]

    def close(self) -> None:
        """Stop renewing it and, in the process that took it, hand it back; again does nothing."""
        self._end.close()

    def _hand_back(self) -> None:
        """What is still changed on a device is remembered, so that nobody elsewhere gets it as it is."""
        devices = self._claim.needs.devices
        changed = changed_devices(self._lab) & devices
        self._leases.settle(self._claim.lab, devices - changed)
        self._leases.release(self._claim, abandoned=changed)


def changed_devices(lab: Lab) -> frozenset[str]:
    """Devices with changes that undo journals on this machine have not seen taken back."""
    folder, instance = journal_folder(), lab_instance(lab)
    journals = [*orphans(folder, instance), *of_living_runs(folder, instance)]
    return frozenset(change.device for journal in journals for change in journal.pending.values())


@contextmanager
def _opened() -> Iterator[LabDatabase]:
    """The lab database, closed again if the block fails."""
    database = LabDatabase()
    try:
        yield database
    except BaseException:
        database.close()
        raise
