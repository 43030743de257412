"""Files that several tests rest on: each is kept once, under a name that holds its digest."""

import shutil
import tempfile
from pathlib import Path

from plugfest.evidence.content import Content, place
from plugfest.evidence.files import plain_name, sha256_of
from plugfest.evidence.records import EvidenceFile

SHARED = "shared"


class SharedFiles:
    """What shared fixtures left, by fixture."""

    def __init__(self, evidence: Path) -> None:
        self._folder = evidence / SHARED
        self._files: dict[str, list[EvidenceFile]] = {}

    def of(self, fixtures: list[str]) -> list[EvidenceFile]:
        """What a test rests on that asks for `fixtures`, as seen from its bundle."""
        return [file for fixture in fixtures for file in self._files.get(fixture, ())]

    def begin(self, fixture: str) -> None:
        """A fixture is set up anew: what it left before concerns other tests."""
        self._files[fixture] = []

    def keep(self, fixture: str, name: str, content: Content, media_type: str) -> None:
        """Keep a file for all tests that ask for `fixture`; secrets in texts are masked."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=".") as scratch:
            fresh = Path(scratch) / "file"
            place(content, fresh, media_type)
            digest = sha256_of(fresh)
            size = fresh.stat().st_size
            stored = self._folder / f"{plain_name(f'{fixture}.{Path(name).stem}')}-{digest[:16]}{Path(name).suffix}"
            shutil.move(fresh, stored)
        path = f"../{SHARED}/{stored.name}"
        self._files[fixture].append(EvidenceFile(path=path, name=name, media_type=media_type, size=size, sha256=digest))
