"""Measured figures of a run, such as a convergence time: the report shows each with its course over the last runs."""

import json
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4


def record_figures(results: Path, subject: str, figures: Mapping[str, float]) -> None:
    """Store figures, named with their unit, such as ``outage_s``; `subject` must be the same every night."""
    if not figures:
        return
    metrics = [
        {"id": f"{subject} {name}", "key": f"{subject}.{name}", "value": value} for name, value in figures.items()
    ]
    fresh = results / f"{uuid4()}-perf.json.tmp"
    fresh.write_text(json.dumps(metrics))
    fresh.replace(fresh.with_suffix(""))
