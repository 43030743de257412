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
