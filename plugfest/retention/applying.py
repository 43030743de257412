"""Applies a retention policy to a folder of runs: oldest green first, and never the only copy of a failure."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from plugfest.records import Record
from plugfest.retention.policy import RetentionPolicy, shown_size
from plugfest.retention.stored_run import StoredRun, stored_runs
from plugfest.retention.thinning import freeable, thin


class ThinnedRun(Record):
    """One run that lost something, or would."""

    run: str
    freed: int
    """Bytes."""
    why: str


class Retained(Record):
    """What a policy has done, or would do."""

    dry_run: bool
    thinned: tuple[ThinnedRun, ...]
    size: int
    """Bytes of all runs afterwards."""
    budget: int | None
    kept: dict[str, str]
    """Runs that may lose nothing, and why."""

    @property
    def over(self) -> int:
        """Bytes above the budget that nobody may free."""
        return max(0, self.size - self.budget) if self.budget is not None else 0

    def lines(self) -> Iterator[str]:
        """What happened, for people."""
        verb = "would free" if self.dry_run else "freed"
        yield from (f"{each.run}: {verb} {shown_size(each.freed)} – {each.why}" for each in self.thinned)
        yield f"{len(self.thinned)} runs thinned, {shown_size(self.size)} in all"
        if self.over:
            yield f"OVER THE DISK BUDGET of {shown_size(self.budget or 0)} by {shown_size(self.over)}; what is left:"
            yield from (f"  {run}: {why}" for run, why in self.kept.items())
            yield "  nothing of these is deleted – archive runs elsewhere, or allow more room"


def apply_policy(base: Path, policy: RetentionPolicy, dry_run: bool = False, now: datetime | None = None) -> Retained:
    """Thin what the policy allows; the newest run always stays whole, so that the next one can be compared."""
    now = now or datetime.now(UTC)
    runs = stored_runs(base)
    size = sum(run.size for run in runs)
    candidates = [run for run in runs[:-1] if run.kept_because is None]
    done: list[ThinnedRun] = []
    for run in candidates:
        why = _why(run, policy, size, now)
        gain = freeable(run) if why else 0
        if not why or not gain:
            continue
        freed = gain if dry_run else thin(run, why, now)
        done.append(ThinnedRun(run=run.folder.name, freed=freed, why=why))
        size -= freed
    return Retained(dry_run=dry_run, thinned=tuple(done), size=size, budget=policy.disk_budget, kept=_kept(runs))


def _why(run: StoredRun, policy: RetentionPolicy, size: int, now: datetime) -> str | None:
    days = policy.keep_green_days
    if days is not None and run.started < now - timedelta(days=days):
        return f"green and older than {days} days"
    if policy.disk_budget is not None and size > policy.disk_budget:
        return f"green, and all runs together exceed {shown_size(policy.disk_budget)}"
    return None


def _kept(runs: list[StoredRun]) -> dict[str, str]:
    kept = {run.folder.name: f"{shown_size(run.size)}, {run.kept_because}" for run in runs if run.kept_because}
    newest = {runs[-1].folder.name: f"{shown_size(runs[-1].size)}, the newest run"} if runs else {}
    return newest | kept
