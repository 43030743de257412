"""The JSON schema of the documents of an evidence folder, for readers in other languages."""

import json
from typing import Any

from pydantic.json_schema import models_json_schema

from plugfest.evidence.records import FORMAT, Bundle, Export, Judgements, Manifest, RunRecord
from plugfest.evidence.thinned import Thinned
from plugfest.records import Record

DOCUMENTS: dict[str, type[Record]] = {
    "run.json": RunRecord,
    "bundle.json": Bundle,
    "judgements.json": Judgements,
    "manifest.json": Manifest,
    "export.json": Export,
    "thinned.json": Thinned,
}
SCHEMA_FILE = "evidence.schema.json"


def evidence_schema() -> dict[str, Any]:
    """JSON Schema draft 2020-12; each document by its name under ``$defs``."""
    _, generated = models_json_schema(
        [(model, "serialization") for model in DOCUMENTS.values()], ref_template="#/$defs/{model}"
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"plugfest evidence, format {FORMAT}",
        "description": "run.json and manifest.json once a run; bundle.json and judgements.json once a test",
        "documents": {name: {"$ref": f"#/$defs/{model.__name__}"} for name, model in DOCUMENTS.items()},
        "$defs": generated["$defs"],
    }


def schema_text() -> str:
    """The schema as the text of ``docs/evidence.schema.json``."""
    return json.dumps(evidence_schema(), indent=2, sort_keys=True) + "\n"
