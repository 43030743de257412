"""Earlier runs in the report: one small JSON file for each run, joined before each generation.

The generator's own history file is never the master copy: it appends the same run twice when a report is built
again, is not written atomically, and one damaged line stops every later report.
"""

import json
import warnings
from pathlib import Path
from typing import Any

from plugfest.reporting.result_files import read_results

KEPT_RUNS = 30


def join_history(folder: Path, run_id: str, joined: Path) -> None:
    """Write the points of the newest runs except `run_id` to `joined`, oldest first; damaged points are left out."""
    paths = [path for path in folder.glob("*.json") if path.stem != run_id]
    points = sorted(filter(None, map(_read_point, paths)), key=lambda point: float(point["timestamp"]))
    joined.write_text("".join(f"{json.dumps(point)}\n" for point in points[-KEPT_RUNS:]))


def _read_point(path: Path) -> dict[str, Any] | None:
    """A point as far as the generator relies on it."""
    try:
        point: Any = json.loads(path.read_text())
        if isinstance(point["timestamp"], int) and isinstance(point["testResults"], dict):
            return dict(point)
    except (ValueError, TypeError, KeyError):
        pass
    warnings.warn(f"{path}: damaged history point left out – remove it", stacklevel=2)
    return None


def keep_point(joined: Path, folder: Path, run_id: str, results: Path) -> None:
    """Store the point that the generator appended to `joined`, dated by the run and not by the generation."""
    lines = joined.read_text().splitlines()
    if not lines:
        return
    point = json.loads(lines[-1]) | {"timestamp": _started(results)}
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{run_id}.tmp"
    fresh.write_text(json.dumps(point))
    fresh.replace(folder / f"{run_id}.json")


def _started(results: Path) -> int:
    """Start of the earliest test in milliseconds since 1970."""
    return min(int(result["start"]) for result in read_results(results) if "start" in result)
