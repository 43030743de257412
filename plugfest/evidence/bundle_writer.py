"""Writes one bundle: attachments at once, the rest when the test has ended, then the folder gets its name."""

import errno
import shutil
from pathlib import Path

from plugfest.errors import LabError
from plugfest.evidence.content import CAPTURE, JSON, TEXT, Content, place
from plugfest.evidence.files import bundle_name, document, plain_name, sha256_of
from plugfest.evidence.records import Bundle, EvidenceFile, Judgements
from plugfest.sessions.transcript import Transcript
from plugfest.verdicts.judgement import Judgement

BUNDLE = "bundle.json"
JUDGEMENTS = "judgements.json"
TRANSCRIPT = "transcript.json"
TRANSCRIPT_TEXT = "transcript.txt"
DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
UNFINISHED = ".unfinished-"
"""Prefix of the folder of a test that still runs, or whose run was killed."""


class BundleWriter:
    """The bundle of one running test."""

    def __init__(self, evidence: Path, test: str) -> None:
        self._evidence = evidence
        self._name = bundle_name(test)
        self._folder = evidence / f"{UNFINISHED}{self._name}"
        self._files: list[EvidenceFile] = []
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)

    @property
    def attached(self) -> list[tuple[EvidenceFile, Path]]:
        """What was attached so far, and where it lies now."""
        return [(file, self._folder / file.path) for file in self._files]

    def attach(self, name: str, content: Content, media_type: str) -> None:
        """Keep a text, bytes or a copy of a file; secrets in texts are masked.  LabError if the disk is full."""
        folder = "captures" if media_type == CAPTURE else "attachments"
        path = self._free(Path(folder, plain_name(name)))
        whole = self._folder / path
        whole.parent.mkdir(exist_ok=True)
        try:
            place(content, whole, media_type)
        except OSError as error:
            if error.errno not in DISK_FULL:
                raise
            whole.unlink(missing_ok=True)  # what is left must do for everything else that the test has to say
            raise LabError(f"this machine: no room for {name!r} in {self._evidence}: {error.strerror}") from None
        self._note(path, name, media_type)

    def finish(
        self, bundle: Bundle, judgements: list[Judgement], transcript: Transcript, shared: list[EvidenceFile]
    ) -> Path:
        """Write what the test said and how it was judged; returns the bundle's folder."""
        self._write(JUDGEMENTS, "judgements", JSON, document(Judgements(judgements=tuple(judgements))))
        self._write(TRANSCRIPT, "transcript", JSON, transcript.to_json().encode())
        self._write(TRANSCRIPT_TEXT, "transcript for people", TEXT, transcript.text().encode())
        home, attempt = self._home()
        update = {"files": (*self._files, *shared), "attempt": attempt}
        (self._folder / BUNDLE).write_bytes(document(bundle.model_copy(update=update)))
        self._folder.rename(home)
        return home

    def _write(self, path: str, name: str, media_type: str, content: bytes) -> None:
        (self._folder / path).write_bytes(content)
        self._note(Path(path), name, media_type)

    def _note(self, path: Path, name: str, media_type: str) -> None:
        whole = self._folder / path
        digest = sha256_of(whole)
        size = whole.stat().st_size
        self._files.append(
            EvidenceFile(path=path.as_posix(), name=name, media_type=media_type, size=size, sha256=digest)
        )

    def _free(self, path: Path) -> Path:
        number = 1
        free = path
        while (self._folder / free).exists():
            number += 1
            free = path.with_stem(f"{path.stem}-{number}")
        return free

    def _home(self) -> tuple[Path, int]:
        attempt = 1
        while (self._evidence / _attempt_name(self._name, attempt)).exists():
            attempt += 1
        return self._evidence / _attempt_name(self._name, attempt), attempt


def _attempt_name(name: str, attempt: int) -> str:
    return name if attempt == 1 else f"{name}.attempt-{attempt}"
