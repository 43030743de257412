"""Tables of reservations in the lab database.  Times are seconds since the epoch by the database's clock."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from plugfest.history.tables import Base


class ClaimRow(Base):
    """Somebody's claim on devices of a lab: waiting in the queue until it is granted."""

    __tablename__ = "claim"
    __table_args__ = {"sqlite_autoincrement": True}  # numbers are never given twice
    id: Mapped[int] = mapped_column(primary_key=True)
    """Place in the queue: the order of asking."""
    lab: Mapped[str] = mapped_column(String(500), index=True)
    person: Mapped[str] = mapped_column(String(200))
    """``user@host``."""
    home: Mapped[str] = mapped_column(String(500))
    """Host and state folder, where the undo journals of its run are."""
    process: Mapped[str | None] = mapped_column(Text)
    """JSON of the process that renews it; None for claims made by hand."""
    changing: Mapped[bool]
    """True if the devices may be changed."""
    reason: Mapped[str] = mapped_column(Text)
    asked: Mapped[float]
    granted: Mapped[float | None]
    until: Mapped[float]
    """When it ends unless it is renewed."""
    wants: Mapped[list["WantRow"]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class WantRow(Base):
    """One device of a claim."""

    __tablename__ = "want"
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"), primary_key=True)
    device: Mapped[str] = mapped_column(String(200), primary_key=True)
    exclusive: Mapped[bool]


class AbandonedRow(Base):
    """A device whose holder ended without releasing it; its changes may still have to be taken back."""

    __tablename__ = "abandoned"
    lab: Mapped[str] = mapped_column(String(500), primary_key=True)
    device: Mapped[str] = mapped_column(String(200), primary_key=True)
    person: Mapped[str] = mapped_column(String(200))
    home: Mapped[str] = mapped_column(String(500))
    reason: Mapped[str] = mapped_column(Text)
    found: Mapped[float]
    """When the end of the holder was noticed."""
