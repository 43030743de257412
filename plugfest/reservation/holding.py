"""Keeps a lease while a run uses it, and says no as soon as it may have been lost."""

import threading
import time
from collections.abc import Callable

from plugfest.history.database import DatabaseError
from plugfest.reservation.claim import Claim
from plugfest.reservation.leases import RUN_SECONDS, LeaseLostError, Leases, ReservationError

RENEWALS = 6
"""How often a lease is renewed in the time it would last."""


class Holding:
    """A lease, renewed in the background from when it is made until `end`."""

    def __init__(self, leases: Leases, claim: Claim, seconds: float = RUN_SECONDS) -> None:
        self.claim = claim
        self._leases, self._seconds = leases, seconds
        self._lost: str | None = None
        self._upon_loss: list[Callable[[], None]] = []
        self._renewed = _uptime()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)
        self._thread.start()

    def upon_loss(self, act: Callable[[], None]) -> None:
        """Call `act`, in another thread, as soon as the loss of the lease is noticed."""
        self._upon_loss.append(act)

    def permit(self, device: str) -> None:
        """Return if `device` may be touched now; ReservationError if it is not part of the lease, LeaseLostError."""
        self.check()
        if device not in self.claim.needs.devices:
            raise ReservationError(
                f"{device} is not reserved for this run: the selected tests do not say that they use it; "
                "a test that may use any device asks for the fixture `plan`"
            )

    def check(self) -> None:
        """LeaseLostError if the lease was lost, or could have been because this process slept too long."""
        if self._lost is None and _uptime() - self._renewed > self._seconds:
            self._lost = f"lease lost: it was not renewed for more than {self._seconds:g} s"
        if self._lost is not None:
            raise LeaseLostError(self._lost)

    def end(self) -> None:
        """Renew no longer; the lease itself stays until it is released."""
        self._ended.set()
        self._thread.join()

    def _keep(self) -> None:
        while not self._ended.wait(self._seconds / RENEWALS):
            try:
                self._renew()
                self.check()
            except LeaseLostError as error:
                self._lost = str(error)
                for act in self._upon_loss:
                    act()
                return

    def _renew(self) -> None:
        began = _uptime()
        try:
            self._leases.renew(self.claim, self._seconds)
        except DatabaseError:
            return  # out of reach for a moment; `check` knows how long that may last
        self._renewed = began


def _uptime() -> float:
    """Seconds that also pass while the machine is suspended."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
