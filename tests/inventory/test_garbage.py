"""Whatever a file holds, loading ends with a lab or with `InventoryError`, never with another exception."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.compat import StringIO

from plugfest.errors import InventoryError
from plugfest.inventory.loader import LoadedLab, load
from plugfest.inventory.locate import lab_file
from plugfest.inventory.models import Credential, Host, Lab, Link, Nic, Port, Ssh, Switch

EMBEDDED = lab_file("embedded").read_text(encoding="utf-8")
MODEST = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

KEYS = {key for model in (Lab, Host, Switch, Port, Nic, Ssh, Credential, Link) for key in model.model_fields}
WORDS = st.sampled_from(
    [*sorted(KEYS), "groups", "between", "embedded", "hardware", "host", "h1", "eth1", "10.1.1.1/24"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=12)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=6), inner, max_size=4),
    max_leaves=25,
)


def outcome(file: Path) -> Lab | str:
    try:
        return load(file).lab
    except InventoryError as error:
        return str(error)


def dumped(tree: Any) -> str:
    stream = StringIO()
    YAML(typ="safe", pure=True).dump(tree, stream)
    return stream.getvalue()


@MODEST
@given(st.binary(max_size=300))
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "lab.yaml").write_bytes(content)
    assert "lab.yaml" in outcome(tmp_path / "lab.yaml")


@MODEST
@given(st.text(alphabet=st.sampled_from("ab1:-[]{}&*!|>'\"%@#,? \n\t\\<\0é"), max_size=120))
def test_any_text_that_looks_like_yaml(tmp_path: Path, text: str) -> None:
    (tmp_path / "lab.yaml").write_text(text, encoding="utf-8")
    assert "lab.yaml:" in outcome(tmp_path / "lab.yaml")


@MODEST
@given(st.dictionaries(WORDS, TREES, min_size=1, max_size=8))
def test_any_tree_with_our_words(tmp_path: Path, tree: dict[str, Any]) -> None:
    (tmp_path / "lab.yaml").write_text(
        dumped({"version": 1, "name": "x", "kind": "embedded", **tree}), encoding="utf-8"
    )
    assert isinstance(outcome(tmp_path / "lab.yaml"), Lab | str)


@MODEST
@given(TREES, st.data())
def test_the_embedded_lab_with_any_one_entry_replaced(tmp_path: Path, replacement: Any, data: st.DataObject) -> None:
    tree = YAML(typ="safe", pure=True).load(EMBEDDED)
    place = tree
    while True:
        key = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else range(len(place))))
        if not place[key] or not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = replacement
    (tmp_path / "lab.yaml").write_text(dumped(tree), encoding="utf-8")
    assert isinstance(outcome(tmp_path / "lab.yaml"), Lab | str)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5000,
        "a: " * 3,
        "a: &x [*x]",
        "? {a: 1}\n: 2",
        "<<: {a: 1}",
        "version: " + "9" * 5000,
        "a: !!binary xx",
        "~: 1",
    ],
    ids=["deep", "nested-keys", "recursive", "mapping-key", "merge-key", "huge-number", "binary", "null-key"],
)
def test_known_traps(tmp_path: Path, text: str) -> None:
    (tmp_path / "lab.yaml").write_text(text, encoding="utf-8")
    assert "lab.yaml:" in outcome(tmp_path / "lab.yaml")


def test_the_unchanged_embedded_lab_loads(tmp_path: Path) -> None:
    (tmp_path / "lab.yaml").write_text(EMBEDDED, encoding="utf-8")
    assert load(tmp_path / "lab.yaml") == LoadedLab(load("embedded").lab, tmp_path / "lab.yaml")
