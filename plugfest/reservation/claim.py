"""Claims on devices: who, what, why, since when, until when; and which of them stand in each other's way."""

import getpass
import socket
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Self

from plugfest.folders import state_folder
from plugfest.inventory.models import Lab, LabKind
from plugfest.records import Record
from plugfest.reservation.needs import Needs
from plugfest.reservation.process import Process


def lab_key(lab: Lab) -> str:
    """Name of a lab that no other has: an embedded one belongs to one state folder of one machine."""
    return lab.name if lab.kind is LabKind.HARDWARE else f"{lab.name}@{home()}"


def home() -> str:
    """Host and state folder; undo journals of runs are kept there."""
    return f"{socket.gethostname()}:{state_folder()}"


class Holder(Record):
    """Who claims devices: a person, or a run of theirs."""

    person: str
    """``user@host``."""
    home: str
    process: Process | None = None
    """The run; None for claims made by hand, which nobody renews."""

    @classmethod
    def by_hand(cls) -> Self:
        """The person at the keyboard."""
        return cls(person=f"{getpass.getuser()}@{socket.gethostname()}", home=home())

    @classmethod
    def this_run(cls) -> Self:
        """The calling process."""
        return cls.by_hand().model_copy(update={"process": Process.this()})


class Claim(Record):
    """A claim; a granted one is a lease.  Times in seconds since the epoch by the database's clock."""

    id: int
    """Place in the queue: the order of asking."""
    lab: str
    holder: Holder
    needs: Needs
    changing: bool
    """True if the devices may be changed, so that changes may be left when the holder is killed."""
    reason: str
    asked: float
    granted: float | None
    """None while it waits."""
    until: float

    @property
    def by_hand(self) -> bool:
        """True if a person made it, not a run."""
        return self.holder.process is None

    @property
    def leaves_changes(self) -> bool:
        """True if changes that somebody must take back may stay when it ends without being released."""
        return self.changing and not self.by_hand and self.granted is not None

    def ended(self, moment: float) -> bool:
        """True if it was not renewed in time or its run is gone."""
        return self.until < moment or (self.holder.process is not None and self.holder.process.ended)

    def clashes(self, other: "Claim") -> bool:
        """True if both cannot be granted; a person's runs may use what that person reserved by hand."""
        same_person = self.holder.person == other.holder.person and (self.by_hand or other.by_hand)
        return not same_person and self.needs.conflicts(other.needs)

    def obstacles(self, others: Collection["Claim"]) -> list["Claim"]:
        """Those among `others` that must end or be served first: leases, and whoever asked earlier.

        Nobody is overtaken, so nobody starves; only those who wait for a lease made by hand hold up nobody, because
        such a lease lasts hours.
        """
        leases = [each for each in others if each.granted is not None and each.id != self.id]
        by_hand = [each for each in leases if each.by_hand]
        waiting = [each for each in others if each.granted is None and each.id < self.id]
        earlier = [each for each in waiting if not any(each.clashes(lease) for lease in by_hand)]
        return [each for each in (*leases, *earlier) if self.clashes(each)]

    def told_to(self, other: "Claim") -> str:
        """One sentence for people who want what it holds."""
        wanted = other.needs.exclusive & self.needs.devices | other.needs.devices & self.needs.exclusive
        return f"{_listed(wanted)} {'is' if len(wanted) == 1 else 'are'} {self}"

    def __str__(self) -> str:
        what = "held" if self.granted is not None else "first wanted"
        since = self.granted if self.granted is not None else self.asked
        ends = f" until {_clock(self.until)}" if self.by_hand and self.granted is not None else ""
        return f"{what} by {self.holder.person} since {_clock(since)}{ends}: {self.reason}"


class Abandoned(Record):
    """A device whose holder ended without releasing it."""

    device: str
    person: str
    home: str
    """Where the undo journal of its changes is."""
    reason: str
    found: float

    def __str__(self) -> str:
        return (
            f"{self.device} was left by {self.person}, whose run ended in the midst ({self.reason}); its changes can "
            f"be taken back only where they are written down, by a run there: {self.home}"
        )


Obstacle = Claim | Abandoned


def told(claim: Claim, obstacles: Sequence[Obstacle]) -> str:
    """What stands in the way of `claim`, for people."""
    return "; ".join(each.told_to(claim) if isinstance(each, Claim) else str(each) for each in obstacles)


def _listed(devices: Collection[str]) -> str:
    return ", ".join(sorted(devices))


def _clock(seconds: float) -> str:
    """Local time with the date unless it is today."""
    moment, today = datetime.fromtimestamp(seconds).astimezone(), datetime.now().astimezone().date()
    return f"{moment:%H:%M:%S}" if moment.date() == today else f"{moment:%Y-%m-%d %H:%M}"
