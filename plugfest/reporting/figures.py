"""Measured figures of a run, such as a convergence time: the report shows each with its course over the last runs."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

UNITS = {"s": "s", "ms": "ms", "us": "µs", "gbps": "Gbit/s", "mb": "MB"}
"""Last part of a figure's name → unit as people write it."""


def record_figures(results: Path, subject: str, figures: Mapping[str, float]) -> None:
    """Store figures, named with their unit, such as ``outage_s``; `subject` must be the same every night."""
    if not figures:
        return
    fresh = results / f"{uuid4()}-perf.json.tmp"
    fresh.write_text(json.dumps([_metric(subject, name, value) for name, value in figures.items()]))
    fresh.replace(fresh.with_suffix(""))


def _metric(subject: str, name: str, value: float) -> dict[str, str | float]:
    now = round(time.time() * 1000)
    words = name.split("_")
    unit = UNITS.get(words[-1], "")
    title = " ".join(words[:-1] if unit else words)
    key = f"{subject}: {title}"
    return {"id": key, "key": key, "title": key, "unit": unit, "value": value, "start": now, "stop": now}
