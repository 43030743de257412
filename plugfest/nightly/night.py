"""One night on disk: its folder, what it follows, and whether it has ended."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime

from plugfest.errors import UsageError
from plugfest.evidence.files import document, sha256_of, write_whole
from plugfest.evidence.folder import EVIDENCE, RUN, EvidenceFolder, read_document
from plugfest.nightly.plan import NightPlan
from plugfest.nightly.progress_so_far import ProgressSoFar, progress_so_far
from plugfest.records import Record
from plugfest.reporting.run_folder import RunFolder, new_run_folder

NIGHT = "night.json"


class NightRecord(Record):
    """``night.json``."""

    format: Literal[1] = 1
    plan: str
    """Name of the plan."""
    plan_sha256: str
    started: AwareDatetime
    resumed: int = 0
    """How often the night went on after it was cut off."""
    ended: AwareDatetime | None = None
    """None while it runs, and after it was cut off."""


class Night:
    """A night that runs or is to go on."""

    def __init__(self, folder: RunFolder, plan: NightPlan, record: NightRecord) -> None:
        self.folder = folder
        self.plan = plan
        self.record = record

    @property
    def evidence(self) -> EvidenceFolder:
        """Evidence of the night, once there is some."""
        return EvidenceFolder(self.folder.path / EVIDENCE)

    @property
    def has_evidence(self) -> bool:
        """False if not even the first test was reached."""
        return (self.evidence.path / RUN).is_file()

    @property
    def so_far(self) -> ProgressSoFar:
        """What has run already."""
        return progress_so_far(self.evidence, self.plan) if self.has_evidence else ProgressSoFar()

    def end(self) -> None:
        """Note that the night is complete."""
        self.record = self.record.model_copy(update={"ended": datetime.now(UTC)})
        self._write()

    def _write(self) -> None:
        write_whole(self.folder.path / NIGHT, document(self.record))


def begin(file: Path, plan: NightPlan) -> Night:
    """Make the folder of a night that begins now; ``latest`` points to it."""
    record = NightRecord(plan=plan.name, plan_sha256=sha256_of(file), started=datetime.now(UTC))
    night = Night(new_run_folder(Path(plan.results).absolute()), plan, record)
    night._write()
    return night


def resume(file: Path, plan: NightPlan) -> Night:
    """The newest night of this plan, if it was cut off; UsageError if there is none, or the plan is another one now."""
    results = Path(plan.results).absolute()
    found = [(read_document(path, NightRecord), path.parent) for path in results.glob(f"*/{NIGHT}")]
    nights = sorted(((record, path) for record, path in found if not path.is_symlink() and record.plan == plan.name),
                    key=lambda night: night[0].started)  # fmt: skip
    if not nights:
        raise UsageError(f"{results}: no night of plan {plan.name} – start one without --resume")
    record, path = nights[-1]
    if record.ended is not None:
        raise UsageError(f"{path.name} ended on {record.ended:%Y-%m-%d %H:%M} UTC – start a new night without --resume")
    if record.plan_sha256 != sha256_of(file):
        raise UsageError(f"{file} was changed since {path.name} began – restore it, or start a new night")
    night = Night(RunFolder(path), plan, record.model_copy(update={"resumed": record.resumed + 1}))
    night._write()
    return night
