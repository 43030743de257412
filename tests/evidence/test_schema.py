"""The JSON schema in the repository is current and describes what lies on disk."""

import json
from pathlib import Path

from plugfest.evidence.folder import EvidenceFolder
from plugfest.evidence.schema import DOCUMENTS, SCHEMA_FILE, evidence_schema, schema_text

DOCS = Path(__file__).parents[2] / "docs"


def test_the_schema_file_is_current() -> None:
    written = (DOCS / SCHEMA_FILE).read_text(encoding="utf-8")
    assert written == schema_text(), f"run: plugfest evidence schema > docs/{SCHEMA_FILE}"


def test_documents_on_disk_have_the_keys_of_the_schema(recorded: EvidenceFolder) -> None:
    schema = evidence_schema()
    for name in ("run.json", "bundle.json", "judgements.json", "manifest.json"):
        definition = schema["$defs"][schema["documents"][name]["$ref"].rpartition("/")[2]]
        file = next(recorded.path.rglob(name))
        assert set(json.loads(file.read_text())) == set(definition["properties"]), file
    assert set(schema["documents"]) == set(DOCUMENTS)
