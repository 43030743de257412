"""Tables of the lab database.  All of it can be rebuilt from evidence folders."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Index, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

FORMAT = 1


class Base(DeclarativeBase):
    """Base of all tables."""


class Format(Base):
    """One row: the version of these tables."""

    __tablename__ = "format"
    version: Mapped[int] = mapped_column(primary_key=True)


class Run(Base):
    """One run."""

    __tablename__ = "run"
    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    lab: Mapped[str] = mapped_column(String(63), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    started: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    harness: Mapped[str] = mapped_column(String(120))
    seal: Mapped[str | None] = mapped_column(String(64))
    """Seal of the evidence; None if the run was killed."""
    folder: Mapped[str] = mapped_column(Text)
    """Evidence folder."""
    results: Mapped[list["Result"]] = relationship(back_populates="run", cascade="all, delete-orphan")


class Result(Base):
    """One test in one run."""

    __tablename__ = "result"
    __table_args__ = (Index("result_test_run", "test", "run_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    test: Mapped[str] = mapped_column(String(500))
    title: Mapped[str] = mapped_column(Text)
    suite: Mapped[str] = mapped_column(String(63))
    case: Mapped[str] = mapped_column(String(63))
    cell: Mapped[str] = mapped_column(Text)
    nic: Mapped[str] = mapped_column(Text)
    nic_firmware: Mapped[str] = mapped_column(Text)
    accelerator: Mapped[str] = mapped_column(Text)
    switch: Mapped[str] = mapped_column(Text)
    """Chips on the way."""
    nos: Mapped[str] = mapped_column(Text)
    medium: Mapped[str] = mapped_column(Text)
    peer: Mapped[str] = mapped_column(Text)
    peer_firmware: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    known_issue: Mapped[str | None] = mapped_column(String(40))
    seconds: Mapped[float]
    bundle: Mapped[str] = mapped_column(Text)
    """Folder of the evidence bundle below the run's evidence folder."""
    allure: Mapped[str | None] = mapped_column(String(36))
    run: Mapped[Run] = relationship(back_populates="results")
    figures: Mapped[list["Figure"]] = relationship(cascade="all, delete-orphan")


class Figure(Base):
    """One key figure of a result."""

    __tablename__ = "figure"
    result_id: Mapped[int] = mapped_column(ForeignKey("result.id", ondelete="CASCADE"), primary_key=True)
    claim: Mapped[str] = mapped_column(String(500), primary_key=True)
    """Which of the test's verdicts it belongs to."""
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    """With unit suffix, such as ``convergence_s``."""
    value: Mapped[float]
