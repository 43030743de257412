"""The part of a run's evidence that concerns one vendor, with other parties' names replaced and secrets masked."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from plugfest.errors import UsageError
from plugfest.evidence.bundle_writer import BUNDLE
from plugfest.evidence.cell import DevicesUnderTest
from plugfest.evidence.content import CAPTURE, is_text
from plugfest.evidence.files import bundle_name, document, plain_name, sha256_of_bytes, write_whole
from plugfest.evidence.folder import RUN, EvidenceFolder, StoredBundle, read_document
from plugfest.evidence.manifest import MANIFEST, damages, seal
from plugfest.evidence.pseudonyms import Pseudonyms
from plugfest.evidence.records import EvidenceFile, Export, Manifest, Withheld
from plugfest.records import Record
from plugfest.sessions.redaction import redact

EXPORT = "export.json"
REMOVED = "removed by retention"
Document = TypeVar("Document", bound=Record)


def export(evidence: EvidenceFolder, vendor: str, out: Path, hidden: Iterable[str] = ()) -> EvidenceFolder:
    """Write what concerns `vendor` to the new folder `out` and seal it.

    UsageError if the evidence is not sealed or was changed since, if `out` exists, or if nothing concerns `vendor`.
    """
    wrong = next(damages(evidence), None)
    if wrong:
        raise UsageError(f"{evidence.path}: {wrong} – only sealed, unchanged evidence is exported")
    if out.exists():
        raise UsageError(f"{out} exists – name a new folder")
    run = evidence.run
    names = Pseudonyms(run, vendor, hidden)
    bundles = [bundle for bundle in evidence.bundles() if concerns(bundle.record.cell, names.vendor)]
    if not bundles:
        raise UsageError(f"no test of this run concerns {names.vendor}")
    exporter = _Exporter(names, out)
    for bundle in bundles:
        exporter.add(bundle)
    involved = {device for bundle in bundles for device in bundle.record.cell.devices}
    run = run.model_copy(update={"devices": tuple(each for each in run.devices if each.name in involved)})
    write_whole(out / RUN, document(exporter.renamed(run)))
    exporter.describe(read_document(evidence.path / MANIFEST, Manifest))
    exported = EvidenceFolder(out)
    seal(exported)
    return exported


def concerns(cell: DevicesUnderTest, vendor: str) -> bool:
    """True if something of `vendor` is under test in `cell`."""
    nics = [nic for nic in (cell.nic, cell.peer) if nic]
    accelerators = [each.vendor for nic in nics for each in nic.accelerators]
    return vendor in {*(nic.vendor for nic in nics), *(switch.vendor for switch in cell.switches), *accelerators}


class _Exporter:
    def __init__(self, names: Pseudonyms, out: Path) -> None:
        self._names = names
        self._out = out
        self._withheld: list[Withheld] = []

    def renamed(self, record: Document) -> Document:
        """A document with neutral names, without secrets."""
        return type(record).model_validate(self._names.value(json.loads(redact(record.model_dump_json()))))

    def add(self, bundle: StoredBundle) -> None:
        """Write one bundle with new names."""
        record = self.renamed(bundle.record)
        home = self._out / bundle_name(record.test)
        home = home if record.attempt == 1 else home.with_name(f"{home.name}.attempt-{record.attempt}")
        home.mkdir(parents=True)
        files = [self._file(bundle.folder / file.path, file, home) for file in bundle.record.files]
        update = {"files": tuple(file for file in files if file)}
        write_whole(home / BUNDLE, document(record.model_copy(update=update)))

    def describe(self, source: Manifest) -> None:
        """Say what this folder is."""
        now = datetime.now(UTC)
        withheld = tuple(self._withheld)
        note = Export(vendor=self._names.vendor, run=source.run, exported=now, seal=source.seal, withheld=withheld)
        write_whole(self._out / EXPORT, document(note))

    def _file(self, source: Path, file: EvidenceFile, home: Path) -> EvidenceFile | None:
        if not source.exists():
            name = self._names.text(file.name)
            self._withheld.append(Withheld(bundle=home.name, name=name, sha256=file.sha256, why=REMOVED))
            return None
        content = source.read_bytes()
        if is_text(file.media_type):
            content = self._text(content, file)
        else:
            why = self._why_withheld(content, file)
            if why:
                name = self._names.text(file.name)
                self._withheld.append(Withheld(bundle=home.name, name=name, sha256=file.sha256, why=why))
                return None
        path = self._path(file, content)
        write_whole(home / path, content)
        update = {"path": path, "name": self._names.text(file.name), "size": len(content)}
        return file.model_copy(update=update | {"sha256": sha256_of_bytes(content)})

    def _text(self, content: bytes, file: EvidenceFile) -> bytes:
        text = redact(content.decode(errors="replace"))
        if not file.path.endswith(".json"):
            return self._names.text(text).encode()
        return json.dumps(self._names.value(json.loads(text)), indent=1, ensure_ascii=False).encode() + b"\n"

    def _path(self, file: EvidenceFile, content: bytes) -> str:
        if file.path.startswith("../"):
            path = Path(file.path)
            stem = plain_name(self._names.text(path.stem.rpartition("-")[0]))
            return f"{path.parent}/{stem}-{sha256_of_bytes(content)[:16]}{path.suffix}"
        return "/".join(plain_name(self._names.text(part)) for part in file.path.split("/"))

    def _why_withheld(self, content: bytes, file: EvidenceFile) -> str | None:
        if file.media_type != CAPTURE:
            return "names in it cannot be found by a program"
        return "a packet in it names another party" if self._names.named_in(content) else None
