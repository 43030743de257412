"""Where a test stands in the report: layer, subject, story, case, reference and stable parameters.

Allure finds a test of last night again by its full name and its parameters, so a parameter is shown by a key that
stays the same when firmware changes.
"""

import hashlib
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Protocol

import pytest
from allure_commons.model2 import Label, Link, Parameter, TestResult
from allure_pytest.utils import allure_full_name, allure_title_path

LAYERS = {
    "link": "Link",
    "l2": "Layer 2",
    "qos": "Quality of service",
    "rocev2": "RoCEv2 on the wire",
    "recovery": "Loss recovery",
    "congestion": "Congestion control",
    "inter_dc": "Long distance",
    "routing": "Routing",
    "collective": "Collectives",
    "resilience": "Resilience",
    "telemetry": "Telemetry",
}
SUITES_FOLDER = "testsuites"


class Cell(Protocol):
    """What the report needs of a device-under-test cell."""

    @property
    def id(self) -> str:
        """Readable key that stays the same between nights: models, no versions."""


def suite_of(nodeid: str) -> str:
    """Layer folder of a test: ``testsuites/l2/test_lldp.py::…`` → ``l2``; empty outside the suites."""
    parts = nodeid.split("::")[0].split("/")
    return parts[1] if parts[0] == SUITES_FOLDER and len(parts) > 2 else ""


def case_of(item: pytest.Item) -> str:
    """Catalogue case of a test; empty without marker."""
    marker = item.get_closest_marker("case")
    return str(marker.args[0]) if marker else ""


def title_of(text: str | None, name: str) -> str:
    """First line of a docstring, or the name in words."""
    first = (text or "").strip().split("\n")[0].rstrip(".")
    return first or name.removeprefix("test_").replace("_", " ")


def stable_name(item: pytest.Item) -> str:
    """Name of a test in words with its parameters, the same every night."""
    callspec = getattr(item, "callspec", None)
    words = title_of(None, getattr(item, "originalname", item.name))
    return f"{words} [{callspec.id}]" if callspec else words


def stable_key(value: object) -> str | None:
    """Text of a parameter that is the same every night; None if only its test id can tell."""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, str | int | float | bool) or value is None:
        return str(value)
    key = getattr(value, "id", None)
    return key if isinstance(key, str) else None


def describe_test(item: pytest.Item, result: TestResult) -> None:
    """Fill a fresh result with everything that is known before the test runs, so that a broken set-up has it too."""
    result.fullName = allure_full_name(item)
    result.testCaseId = hashlib.md5(
        result.fullName.encode(), usedforsecurity=False
    ).hexdigest()  # as allure-pytest does
    result.titlePath = [*allure_title_path(item)]
    result.parameters.extend(_parameters(item))
    result.labels.extend(Label(name=name, value=value) for name, value in _labels(item) if value)
    result.links.extend(_links(item))


def label_cell_of(result: TestResult, cell: Cell, facts: dict[str, str]) -> None:
    """Add the device-under-test cell: a tag to filter by, labels to group by, versions that do not change identity."""
    labels = [Label(name="tag", value=f"cell:{cell.id}"), Label(name="cell", value=cell.id)]
    labels += [Label(name=name, value=value) for name, value in facts.items()]
    parameters = [Parameter(name=name, value=value, excluded=True) for name, value in facts.items()]
    result.labels.extend(label for label in labels if label not in result.labels)
    result.parameters.extend(parameter for parameter in parameters if parameter not in result.parameters)


def _labels(item: pytest.Item) -> Iterator[tuple[str, str]]:
    suite = suite_of(item.nodeid)
    module = item.getparent(pytest.Module)
    function = getattr(item, "function", None)
    yield "epic", LAYERS.get(suite, suite)
    if module is not None:
        yield "feature", title_of(module.obj.__doc__, module.path.stem)
    yield "story", title_of(_documentation(function), getattr(item, "originalname", item.name))
    yield "case", case_of(item)
    yield "tag", case_of(item)
    for marker in item.iter_markers("reference"):
        yield "reference", str(marker.args[0])


def _documentation(function: Callable[..., object] | None) -> str | None:
    return function.__doc__ if function else None


def _links(item: pytest.Item) -> Iterator[Link]:
    for marker in item.iter_markers("reference"):
        if marker.kwargs.get("url"):
            yield Link(type="reference", url=marker.kwargs["url"], name=str(marker.args[0]))


def _parameters(item: pytest.Item) -> Iterator[Parameter]:
    callspec = getattr(item, "callspec", None)
    if callspec is None:
        return
    for name, value in callspec.params.items():
        yield Parameter(name=name, value=stable_key(value) or callspec.id)
