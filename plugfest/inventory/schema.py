"""The JSON schema of lab files as people write them: groups, partial devices, one-line links; editors complete from it.

It describes single entries only; what entries say together is checked by `plugfest inventory check`.
"""

import json
from typing import Any

from pydantic.json_schema import models_json_schema

from plugfest.inventory.dialects import KNOWN_DIALECTS
from plugfest.inventory.explain import ROLES
from plugfest.inventory.fields import NAME_PATTERN
from plugfest.inventory.models import Lab

SCHEMA_FILE = "lab.schema.json"
_LINE = r"^\s*[A-Za-z][\w.-]*:[\w./:-]+\s+<->\s+[A-Za-z][\w.-]*:[\w./:-]+\s*$"

Schema = dict[str, Any]


def lab_file_schema() -> Schema:
    """The schema, JSON Schema draft 2020-12."""
    _, generated = models_json_schema([(Lab, "validation")], ref_template="#/$defs/{model}")
    definitions: Schema = generated["$defs"]
    lab = definitions.pop("Lab")
    device = _device_entry([definitions.pop(model.__name__) for model in ROLES.values()])
    definitions["Device"] = device
    definitions["Group"] = _group_entry(device)
    definitions["Link"] = _link_entry(definitions["Link"])
    definitions["Ssh"].pop("required")  # a group may hold the rest
    del definitions["PortReference"]
    properties: Schema = lab["properties"]
    properties["devices"] = {**_by_name("Device", "Devices by name."), "minProperties": 1}
    properties["groups"] = _by_name("Group", "Defaults that devices take over by naming their group.")
    properties["credentials"] = _by_name("Credential", properties["credentials"]["description"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "plugfest lab file",
        "type": "object",
        "properties": properties,
        "required": lab["required"],
        "additionalProperties": False,
        "$defs": definitions,
    }


def schema_text() -> str:
    """The schema as the text of ``lab_inventory/lab.schema.json``."""
    return json.dumps(lab_file_schema(), indent=2, sort_keys=True) + "\n"


def _by_name(kind: str, description: str) -> Schema:
    """A mapping of entries of one kind by name."""
    entry = {"$ref": f"#/$defs/{kind}"}
    names = {"patternProperties": {NAME_PATTERN: entry}, "additionalProperties": False}
    return {"type": "object", "description": description, **names}


def _device_entry(roles: list[Schema]) -> Schema:
    """One device of any role; nothing is required because its group may give the rest."""
    properties: Schema = {}
    for role in roles:
        properties.update(role["properties"])
    properties["ports"] = {**properties["ports"], "additionalProperties": False}
    properties["role"] = {"enum": list(ROLES), "description": "Kind of device."}
    properties["dialect"] = {**properties["dialect"], "enum": list(KNOWN_DIALECTS)}
    return {"type": "object", "description": "One device.", "properties": properties, "additionalProperties": False}


def _group_entry(device: Schema) -> Schema:
    properties = {key: value for key, value in device["properties"].items() if key != "group"}
    return {**device, "description": "Defaults for the devices of a group.", "properties": properties}


def _link_entry(link: Schema) -> Schema:
    line = {"type": "string", "pattern": _LINE, "description": "DEVICE:PORT <-> DEVICE:PORT"}
    optional = {key: value for key, value in link["properties"].items() if key not in ("a", "b")}
    mapping = {
        "type": "object",
        "properties": {"between": line, **optional},
        "required": ["between"],
        "additionalProperties": False,
    }
    return {"description": "A cable between two ports.", "anyOf": [line, mapping]}
