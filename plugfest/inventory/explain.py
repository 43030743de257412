"""Validation errors of the models in the words of a lab file: what was expected, what was found – what to do."""

import difflib
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from plugfest.inventory import fields
from plugfest.inventory.models import (
    Accelerators,
    Bastion,
    CaptureHost,
    Credential,
    Host,
    Injector,
    Lab,
    Link,
    Nic,
    Port,
    PortReference,
    Ssh,
    Switch,
)
from plugfest.inventory.problems import Problem, shown_value
from plugfest.inventory.tree import Entry
from plugfest.records import Record

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

Location = tuple[int | str, ...]

ROLES: dict[str, type[Record]] = {
    "host": Host,
    "switch": Switch,
    "injector": Injector,
    "capture": CaptureHost,
    "bastion": Bastion,
}
_PATTERNS = {
    fields.NAME_PATTERN: "a name of at most 63 plain letters, digits, '-', '_' and '.', beginning with a letter",
    fields.PORT_PATTERN: "a port name of at most 63 plain letters, digits, '-', '_', '.', ':' and '/'",
    fields.ADDRESS_PATTERN: "a host name or IP address",
    fields.USER_PATTERN: "a login name",
    fields.VARIABLE_PATTERN: "the name of an environment variable",
    fields.RDMA_DEVICE_PATTERN: "an RDMA device name such as mlx5_0",
    fields.SPEED_PATTERN: "a speed such as 25G, 400G or 1.6T",
}
_MAY_BE_SECRET = frozenset({"password_env", "password_command"})


def explained(error: "ValidationError", lab: Entry) -> Iterator[tuple[Location, Problem]]:
    """Every mistake in `error`: its location in the model, and what to tell about the file that `lab` was read from."""
    for details in error.errors(include_url=False):
        location = details["loc"]
        entry = lab.at(location)
        yield location, Problem(entry.line, _where(entry, details), _text(details))


def _where(entry: Entry, details: "ErrorDetails") -> str:
    """The entry's own path; for what is missing the path it should have."""
    if details["type"] != "missing":
        return entry.where
    return ".".join(([] if entry.where == "file" else [entry.where]) + [str(details["loc"][-1])])


def _text(details: "ErrorDetails") -> str:
    explain = _EXPLANATIONS.get(details["type"])
    if explain is not None:
        return explain(details)
    return f"{details['msg'][:1].lower()}{details['msg'][1:]}, found {_found(details)} – correct the value"


def _found(details: "ErrorDetails") -> str:
    """The value that was found, unless it could be a secret."""
    if not _MAY_BE_SECRET.isdisjoint(details["loc"]):
        return "something else (not shown)"
    return shown_value(details["input"])


def _own_words(details: "ErrorDetails") -> str:
    return str(details["ctx"]["error"])


def _missing(details: "ErrorDetails") -> str:
    key = str(details["loc"][-1])
    model = model_at(details["loc"][:-1])
    field = model.model_fields.get(key) if model else None
    meaning = field.description.splitlines()[0].rstrip(".") if field and field.description else "a required key"
    place = " here or in the group" if details["loc"][0] == "devices" != details["loc"][-1] else ""
    return f"expected {key} ({meaning.replace('``', '')}), found nothing – add {key}: …{place}"


def _unknown_key(details: "ErrorDetails") -> str:
    key = str(details["loc"][-1])
    known = keys_of(details["loc"][:-1])
    close = difflib.get_close_matches(key, known, n=1)
    advice = f"did you mean {close[0]}?" if close else "remove it or correct the name"
    return f"expected one of {', '.join(known)}, found the unknown key {shown_value(key)} – {advice}"


def _choice(details: "ErrorDetails") -> str:
    expected = str(details["ctx"]["expected"]).replace("'", "")
    close = difflib.get_close_matches(str(details["input"]), re.split(r", | or ", expected), n=1)
    otherwise = "choose one of these" if " or " in expected else f"write {expected}"
    advice = f"did you mean {close[0]}?" if close else otherwise
    return f"expected {expected}, found {_found(details)} – {advice}"


def _no_role(details: "ErrorDetails") -> str:
    return f"expected role: one of {', '.join(ROLES)}, found none – add role: … here or in the group"


def _unknown_role(details: "ErrorDetails") -> str:
    tag = str(details["ctx"]["tag"])
    close = difflib.get_close_matches(tag, ROLES, n=1)
    advice = f"did you mean {close[0]}?" if close else "choose one of these"
    return f"expected a role out of {', '.join(ROLES)}, found {shown_value(tag)} – {advice}"


def _pattern(details: "ErrorDetails") -> str:
    return f"expected {_PATTERNS[details['ctx']['pattern']]}, found {_found(details)} – correct the spelling"


def _bound(words: str, key: str) -> Callable[["ErrorDetails"], str]:
    return lambda details: (
        f"expected {words} {details['ctx'][key]}, found {_found(details)} – write a value inside the bounds"
    )


def _kind(expected: str, advice: str) -> Callable[["ErrorDetails"], str]:
    return lambda details: f"expected {expected}, found {_found(details)} – {advice}"


_TEXT = _kind("a text", "write one value, in quotes when it looks like a number")
_NUMBER = _kind("a whole number", "write digits without a unit, such as 9000")
_YES_NO = _kind("true or false", "write true or false")
_MAPPING = _kind("a mapping", "write KEY: VALUE lines, or {} when there is nothing to set")
_LIST = _kind("a list", "write [A, B] or one '- A' line for each")

_EXPLANATIONS: dict[str, Callable[["ErrorDetails"], str]] = {
    "value_error": _own_words,
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "enum": _choice,
    "literal_error": _choice,
    "union_tag_not_found": _no_role,
    "union_tag_invalid": _unknown_role,
    "string_pattern_mismatch": _pattern,
    "string_type": _TEXT,
    "string_too_long": _bound("a text no longer than", "max_length"),
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_from_float": _NUMBER,
    "finite_number": _NUMBER,
    "bool_type": _YES_NO,
    "bool_parsing": _YES_NO,
    "greater_than_equal": _bound("a number of at least", "ge"),
    "less_than_equal": _bound("a number of at most", "le"),
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "dict_type": _MAPPING,
    "tuple_type": _LIST,
    "frozen_set_type": _LIST,
    "too_short": lambda details: "expected at least one entry, found none – add one",
}


def keys_of(location: Location) -> list[str]:
    """The keys that a lab file may hold at `location`."""
    model = model_at(location)
    known = list(model.model_fields) if model else []
    if model is Link:
        return ["between", *(key for key in known if key not in ("a", "b"))]
    return ["version", "name", "kind", "description", "groups", *known[4:]] if model is Lab else known


def model_at(location: Location) -> type[Record] | None:
    """The model that describes the mapping at `location` of a lab."""
    if len(location) == 3 and location[0] == "devices":
        return ROLES.get(str(location[2]))
    return next((model for shape, model in _MODELS if _fits(shape, location)), None)


def _fits(shape: tuple[str, ...], location: Location) -> bool:
    same_length = len(shape) == len(location)
    return same_length and all(step in ("*", found) for step, found in zip(shape, location, strict=True))


_MODELS: tuple[tuple[tuple[str, ...], type[Record]], ...] = (
    ((), Lab),
    (("credentials", "*"), Credential),
    (("links", "*"), Link),
    (("links", "*", "a"), PortReference),
    (("links", "*", "b"), PortReference),
    (("devices", "*", "*", "ssh"), Ssh),
    (("devices", "*", "*", "ports", "*"), Port),
    (("devices", "*", "*", "nics", "*"), Nic),
    (("devices", "*", "*", "accelerators", "*"), Accelerators),
)
