"""Reads what allure-pytest wrote, leaving out what a crash left half-written, as the report generator does."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def read_results(results: Path) -> Iterator[dict[str, Any]]:
    """Every readable test result."""
    return _documents(results, "*-result.json")


def read_containers(results: Path) -> Iterator[dict[str, Any]]:
    """Every readable record of set-ups and tear-downs."""
    return _documents(results, "*-container.json")


def _documents(results: Path, pattern: str) -> Iterator[dict[str, Any]]:
    for path in sorted(results.glob(pattern)):
        try:
            document = json.loads(path.read_text())
        except ValueError:
            continue
        if isinstance(document, dict):
            yield document


def attachment_files(node: Any) -> list[str]:
    """Every attachment file named anywhere in a result or container."""
    if isinstance(node, list):
        return [source for entry in node for source in attachment_files(entry)]
    if isinstance(node, dict):
        own = [node["source"]] if isinstance(node.get("source"), str) else []
        return own + [source for entry in node.values() for source in attachment_files(entry)]
    return []
