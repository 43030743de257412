"""Leases on devices, all or nothing: the queue of claims and who holds what, in the lab database.

A run renews its lease while it lives.  A lease that is not renewed ends at its time; that of a process of this
machine that is gone ends at once.  Whoever takes over learns which devices were abandoned, see `Grant`.
"""

import time
from collections.abc import Callable

from sqlalchemy.orm import Session

from plugfest.errors import LabError
from plugfest.history.database import LabDatabase, now
from plugfest.records import Record
from plugfest.reservation import rows
from plugfest.reservation.claim import Abandoned, Claim, Holder, Obstacle, told
from plugfest.reservation.needs import Needs
from plugfest.reservation.tables import ClaimRow
from plugfest.sessions.deadline import Deadline

RUN_SECONDS = 120.0
"""How long a run's lease outlives its last renewal, and a place in the queue the last look."""
LOOK_SECONDS = 0.05
"""Between two looks at the queue, for each that stands in the way."""
LONGEST_PAUSE = 5.0
NEAREST = 4
"""Of so many that stand in the way a look finds out whether they have ended; leases come first."""


class ReservationError(LabError):
    """The devices are not ours to touch; the message names who holds them, since when, until when and why."""


class LeaseLostError(ReservationError):
    """A lease ended before it was released; somebody else may use the devices."""


class Grant(Record):
    """A lease that was given."""

    claim: Claim
    abandoned: tuple[Abandoned, ...] = ()
    """Devices of it whose last holder ended in the midst: take its changes back, then `Leases.settle`."""


class Leases:
    """All claims in one lab database; for any number of processes and threads."""

    def __init__(self, database: LabDatabase) -> None:
        self._database = database

    def acquire(
        self,
        lab: str,
        holder: Holder,
        needs: Needs,
        reason: str,
        *,
        changing: bool = True,
        seconds: float = RUN_SECONDS,
        patience: float = 0.0,
        tell: Callable[[str], None] = lambda why: None,
    ) -> Grant:
        """A lease on all of `needs` for `seconds`, waiting for it up to `patience` seconds.

        `tell` is told what stands in the way whenever that changes.  ReservationError if it was not to be had in time.
        """
        deadline, last = Deadline("a lease", patience), ""
        claim = self.ask(lab, holder, needs, reason, changing)
        try:
            while not isinstance(answer := self.grant(claim, seconds), Grant):
                why = told(claim, answer)
                if not deadline.remaining:
                    raise ReservationError(why)
                if why != last:
                    tell(why)
                    last = why
                time.sleep(min(deadline.remaining, _pause(len(answer), deadline.elapsed)))
        except BaseException:
            self.release(claim)
            raise
        return answer

    def ask(self, lab: str, holder: Holder, needs: Needs, reason: str, changing: bool = True) -> Claim:
        """Take a place at the end of the queue; it is kept for two minutes after the last call of `grant`."""
        with self._database.session(alone=True) as session:
            moment = now(session)
            row = rows.new_row(lab, holder, needs, changing, reason, moment, moment + RUN_SECONDS)
            session.add(row)
            session.flush()
            return rows.claim_of(row)

    def grant(self, claim: Claim, seconds: float = RUN_SECONDS) -> Grant | list[Obstacle]:
        """A lease for `seconds` if nothing stands in the way, otherwise what does.

        LeaseLostError if the place in the queue was not kept.
        """
        with self._database.session() as session:  # a look that makes nobody wait
            obstacles = self._obstacles(session, claim, now(session))
        if obstacles is not None:
            return obstacles
        with self._database.session(alone=True) as session:
            return self._granted(session, claim, seconds)

    def renew(self, claim: Claim, seconds: float = RUN_SECONDS) -> None:
        """Keep a lease for another `seconds`; LeaseLostError if it has ended and was given away or forgotten."""
        with self._database.session(alone=True) as session:
            row = session.get(ClaimRow, claim.id)
            if row is None or row.granted is None:
                others = [rows.claim_of(each) for each in rows.rows(session, claim.lab)]
                why = told(claim, [each for each in others if claim.clashes(each)]) or "nobody holds the devices now"
                raise LeaseLostError(f"lease lost: it was not renewed in time or was taken away; {why}")
            row.until = now(session) + seconds

    def release(self, claim: Claim, abandoned: frozenset[str] = frozenset()) -> None:
        """End a lease or leave the queue; devices that could not be put back are remembered as `abandoned`."""
        with self._database.session(alone=True) as session:
            row = session.get(ClaimRow, claim.id)
            if row is not None:
                session.delete(row)
                rows.abandon(session, claim, abandoned, now(session))

    def release_by_name(self, lab: str, devices: frozenset[str] | None, person: str | None) -> list[Claim]:
        """End leases on `devices` (None: all) that `person` made by hand (None: anybody's, of runs too).

        Returns them as they were, each with the devices that it lost.
        """
        released = []
        with self._database.session(alone=True) as session:
            for row in rows.rows(session, lab):
                claim = rows.claim_of(row)
                lost = claim.needs.devices if devices is None else claim.needs.devices & devices
                ours = person is None or (claim.by_hand and claim.holder.person == person)
                if lost and ours and claim.granted is not None:
                    rows.give_up(session, row, lost)
                    if claim.leaves_changes:
                        rows.abandon(session, claim, lost, now(session))
                    released.append(claim.model_copy(update={"needs": claim.needs.only(lost)}))
        return released

    def settle(self, lab: str, devices: frozenset[str]) -> None:
        """The devices are as they should be again, whoever abandoned them."""
        with self._database.session(alone=True) as session:
            rows.settle(session, lab, devices)

    def claims(self, lab: str | None = None) -> list[Claim]:
        """Leases and waiting claims of one lab or of all, by place in the queue; those that have ended are left out."""
        with self._database.session() as session:
            moment = now(session)
            return [claim for row in rows.rows(session, lab) if not (claim := rows.claim_of(row)).ended(moment)]

    def abandoned(self, lab: str | None = None) -> list[Abandoned]:
        """Devices of one lab or of all whose last holder ended in the midst, as far as that was noticed."""
        with self._database.session() as session:
            return rows.abandoned(session, lab)

    @staticmethod
    def _obstacles(session: Session, claim: Claim, moment: float) -> list[Obstacle] | None:
        """What stands in the way; None if the queue must be locked for a closer look."""
        claims = [rows.claim_of(row) for row in rows.rivals(session, claim)]
        found = claim.obstacles(claims)
        kept = any(each.id == claim.id and each.until - moment > RUN_SECONDS / 2 for each in claims)
        if not kept or any(each.ended(moment) for each in found[:NEAREST]):
            return None
        return [*found, *_unreachable(session, claim)] or None

    @staticmethod
    def _granted(session: Session, claim: Claim, seconds: float) -> Grant | list[Obstacle]:
        moment = now(session)
        row = session.get(ClaimRow, claim.id)
        if row is None:
            raise LeaseLostError("the place in the queue was not kept – ask again")
        living = _bury_the_dead(session, claim, moment)
        obstacles = [*claim.obstacles(living), *_unreachable(session, claim)]
        if obstacles:
            row.until = moment + RUN_SECONDS
            return obstacles
        row.granted, row.until = moment, moment + seconds
        if claim.by_hand:
            _replace_own(session, claim)
        abandoned = [each for each in rows.abandoned(session, claim.lab) if each.device in claim.needs.devices]
        return Grant(claim=rows.claim_of(row), abandoned=tuple(abandoned))


def _pause(obstacles: int, waited: float) -> float:
    """Seconds until the next look: longer for those far back in the queue, and who has waited long can wait longer."""
    return min(LONGEST_PAUSE, LOOK_SECONDS * obstacles + waited / 50)


def _bury_the_dead(session: Session, claim: Claim, moment: float) -> list[Claim]:
    """Remove rivals that have ended, remember what they may have left, and return the others."""
    living = []
    for row in rows.rivals(session, claim):
        each = rows.claim_of(row)
        if each.id == claim.id or not each.ended(moment):
            living.append(each)
            continue
        if each.leaves_changes:
            rows.abandon(session, each, each.needs.devices, moment)
        session.delete(row)
    session.flush()
    return living


def _unreachable(session: Session, claim: Claim) -> list[Obstacle]:
    """Abandoned devices whose changes are written down elsewhere; a person may reserve them by hand to mend them."""
    if claim.by_hand:
        return []
    found = rows.abandoned(session, claim.lab)
    return [each for each in found if each.device in claim.needs.devices and each.home != claim.holder.home]


def _replace_own(session: Session, claim: Claim) -> None:
    """Of two reservations of a device by the same person the later one counts."""
    for row in rows.rows(session, claim.lab):
        each = rows.claim_of(row)
        if each.by_hand and each.id != claim.id and each.granted and each.holder.person == claim.holder.person:
            rows.give_up(session, row, each.needs.devices & claim.needs.devices)
