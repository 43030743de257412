"""Claims as rows of the lab database."""

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from plugfest.reservation.claim import Abandoned, Claim, Holder
from plugfest.reservation.needs import Needs
from plugfest.reservation.process import Process
from plugfest.reservation.tables import AbandonedRow, ClaimRow, WantRow


def claim_of(row: ClaimRow) -> Claim:
    """The claim that a row holds."""
    process = Process.model_validate_json(row.process) if row.process else None
    exclusive = frozenset(want.device for want in row.wants if want.exclusive)
    shared = frozenset(want.device for want in row.wants if not want.exclusive)
    return Claim(
        id=row.id,
        lab=row.lab,
        holder=Holder(person=row.person, home=row.home, process=process),
        needs=Needs(exclusive=exclusive, shared=shared),
        changing=row.changing,
        reason=row.reason,
        asked=row.asked,
        granted=row.granted,
        until=row.until,
    )


def new_row(
    lab: str, holder: Holder, needs: Needs, changing: bool, reason: str, asked: float, until: float
) -> ClaimRow:
    """A claim that is not granted yet."""
    return ClaimRow(
        lab=lab,
        person=holder.person,
        home=holder.home,
        process=holder.process.model_dump_json() if holder.process else None,
        changing=changing,
        reason=reason,
        asked=asked,
        until=until,
        wants=[WantRow(device=name, exclusive=name in needs.exclusive) for name in sorted(needs.devices)],
    )


def rows(session: Session, lab: str | None = None) -> list[ClaimRow]:
    """Claims on the devices of one lab or of all, by their place in the queue."""
    query = select(ClaimRow).order_by(ClaimRow.id)
    return list(session.scalars(query if lab is None else query.where(ClaimRow.lab == lab)))


def rivals(session: Session, claim: Claim) -> list[ClaimRow]:
    """Claims on the same devices, and all made by hand, by their place in the queue; `claim` itself among them."""
    same_devices = select(WantRow.claim_id).where(WantRow.device.in_(claim.needs.devices))
    concerned = or_(ClaimRow.id.in_(same_devices), ClaimRow.process.is_(None))
    query = select(ClaimRow).where(ClaimRow.lab == claim.lab, concerned).order_by(ClaimRow.id)
    return list(session.scalars(query))


def give_up(session: Session, row: ClaimRow, devices: frozenset[str]) -> None:
    """Take devices out of a claim; it goes with its last one."""
    row.wants = [want for want in row.wants if want.device not in devices]
    if not row.wants:
        session.delete(row)


def abandon(session: Session, claim: Claim, devices: frozenset[str], found: float) -> None:
    """Remember whose changes may be left on devices."""
    for name in sorted(devices):
        session.merge(
            AbandonedRow(
                lab=claim.lab,
                device=name,
                person=claim.holder.person,
                home=claim.holder.home,
                reason=claim.reason,
                found=found,
            )
        )


def abandoned(session: Session, lab: str | None = None) -> list[Abandoned]:
    """The devices on which changes may be left, of one lab or of all."""
    query = select(AbandonedRow).order_by(AbandonedRow.device)
    found = session.scalars(query if lab is None else query.where(AbandonedRow.lab == lab))
    return [
        Abandoned(device=row.device, person=row.person, home=row.home, reason=row.reason, found=row.found)
        for row in found
    ]


def settle(session: Session, lab: str, devices: frozenset[str]) -> None:
    """Forget that devices were abandoned."""
    here = AbandonedRow.lab == lab, AbandonedRow.device.in_(devices)
    session.execute(delete(AbandonedRow).where(*here))
