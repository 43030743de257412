"""Reads the evidence folder of a run: its record, its bundles, and what lies in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from plugfest.errors import UsageError
from plugfest.evidence.bundle_writer import BUNDLE, JUDGEMENTS, TRANSCRIPT
from plugfest.evidence.records import Bundle, Judgements, RunRecord
from plugfest.sessions.transcript import Transcript
from plugfest.verdicts.judgement import Judgement

EVIDENCE = "evidence"
Document = TypeVar("Document", bound=BaseModel)

RUN = "run.json"
RUNS = Path("reports", "out")


class DamagedEvidence(UsageError):  # noqa: N818 - says what was found, not that we failed
    """A document of an evidence folder is missing, incomplete or has another format."""


@dataclass(frozen=True)
class StoredBundle:
    """One bundle on disk."""

    folder: Path
    record: Bundle

    def judgements(self) -> tuple[Judgement, ...]:
        """Every verdict with its observations."""
        return read_document(self.folder / JUDGEMENTS, Judgements).judgements

    def transcript(self) -> Transcript:
        """What was said to the devices while the test ran."""
        try:
            return Transcript.from_json((self.folder / TRANSCRIPT).read_bytes())
        except FileNotFoundError:
            raise DamagedEvidence(f"{self.folder / TRANSCRIPT} is gone; `plugfest evidence verify` says why") from None


@dataclass(frozen=True)
class EvidenceFolder:
    """The evidence of one run."""

    path: Path

    @property
    def run(self) -> RunRecord:
        """What was tested, with which harness."""
        return read_document(self.path / RUN, RunRecord)

    def bundles(self) -> Iterator[StoredBundle]:
        """All complete bundles by folder name; DamagedEvidence when one cannot be read."""
        for file in sorted(self.path.glob(f"*/{BUNDLE}")):
            if not file.parent.name.startswith("."):
                yield StoredBundle(file.parent, read_document(file, Bundle))

    def last_attempts(self) -> list[StoredBundle]:
        """One bundle a test, sorted by test: of repeated tests the last attempt, which names the earlier ones."""
        last: dict[str, StoredBundle] = {}
        for bundle in self.bundles():
            known = last.get(bundle.record.test)
            if known is None or known.record.attempt < bundle.record.attempt:
                last[bundle.record.test] = bundle
        return [last[test] for test in sorted(last)]

    def bundles_of(self, test: str) -> list[StoredBundle]:
        """Bundles of the tests whose id or folder name contains `test`; UsageError if there is none."""
        found = [bundle for bundle in self.bundles() if test in bundle.record.test or test in bundle.folder.name]
        if not found:
            raise UsageError(f"{self.path}: no bundle of a test like {test!r} – `plugfest evidence show` lists them")
        return found


def evidence_of(run: str | Path) -> EvidenceFolder:
    """The evidence of a run given as its folder, its evidence folder, or its name below reports/out."""
    for place in (Path(run), RUNS / run):
        for path in (place / EVIDENCE, place):
            if (path / RUN).is_file():
                return EvidenceFolder(path.resolve())
    raise UsageError(f"{run}: no evidence there – name the folder of a run, such as {RUNS}/latest")


def read_document(path: Path, model: type[Document]) -> Document:
    """A document of the evidence folder; DamagedEvidence with the first mistake in it."""
    try:
        return model.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise DamagedEvidence(f"{path} is missing") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise DamagedEvidence(f"{path}: {where or 'document'}: {first['msg']}") from None
