"""The JSON schema in the repository is current and covers what lab files hold."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plugfest.inventory.explain import ROLES
from plugfest.inventory.locate import available_labs
from plugfest.inventory.schema import SCHEMA_FILE, lab_file_schema, schema_text

INVENTORY = Path(__file__).parents[2] / "lab_inventory"


def test_the_schema_file_is_current() -> None:
    written = (INVENTORY / SCHEMA_FILE).read_text(encoding="utf-8")
    assert written == schema_text(), "run: plugfest inventory schema > lab_inventory/lab.schema.json"


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from ([node["$ref"]] if isinstance(node.get("$ref"), str) else [])
        for child in node.values():
            yield from references(child)
    elif isinstance(node, list):
        for child in node:
            yield from references(child)


def test_every_reference_leads_somewhere_and_no_definition_is_unused() -> None:
    schema = lab_file_schema()
    assert set(references(schema)) == {f"#/$defs/{name}" for name in schema["$defs"]}


def test_devices_and_groups_know_the_keys_of_every_role() -> None:
    definitions = lab_file_schema()["$defs"]
    every_key = {key for model in ROLES.values() for key in model.model_fields}
    assert set(definitions["Device"]["properties"]) == every_key
    assert set(definitions["Group"]["properties"]) == every_key - {"group"}
    assert "required" not in definitions["Device"], "a group may give the rest"


def test_unknown_keys_are_marked_everywhere() -> None:
    definitions = lab_file_schema()["$defs"]
    for name in ("Device", "Group", "Port", "Nic", "Ssh", "Credential", "Accelerators"):
        assert definitions[name]["additionalProperties"] is False


@pytest.mark.parametrize("lab", ["embedded", "example_hardware"])
def test_lab_files_point_editors_to_it(lab: str) -> None:
    first_line = available_labs()[lab].read_text(encoding="utf-8").splitlines()[0]
    assert first_line == f"# yaml-language-server: $schema={SCHEMA_FILE}"
