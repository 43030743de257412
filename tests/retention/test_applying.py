"""What goes, what stays, and what the evidence then says of itself."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from urllib.request import urlopen

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugfest.evidence.export import export
from plugfest.evidence.folder import DamagedEvidence, EvidenceFolder, StoredBundle
from plugfest.evidence.manifest import damages
from plugfest.evidence.records import Bundle, EvidenceFile
from plugfest.evidence.replay import Agreement, replay
from plugfest.evidence.run_record import this_harness
from plugfest.evidence.thinned import THINNED, removable, thinned
from plugfest.history.database import open_database
from plugfest.history.storing import store_run
from plugfest.matrix.entries import collect
from plugfest.matrix.page import write_page
from plugfest.nightly.night import NIGHT
from plugfest.reporting.allure_report import build_report
from plugfest.reporting.generator import Generator
from plugfest.reporting.outcomes import TestOutcome
from plugfest.reporting.run_folder import RunFolder
from plugfest.reporting.server import report_server
from plugfest.retention.applying import apply_policy
from plugfest.retention.policy import RetentionPolicy, shown_size, size
from tests.reporting.lab_project import LabProject
from tests.retention.old_runs import NOW, add_run, files

OLD = RetentionPolicy(keep_green_days=14)


@pytest.fixture
def base(tmp_path: Path, red: LabProject, green: LabProject) -> Iterator[Path]:
    """Old green, old red, young green, newest."""
    base = tmp_path / "out"
    base.mkdir()
    add_run(base, "old-green", 30, green)
    add_run(base, "old-red", 29, red)
    add_run(base, "young-green", 3, green)
    add_run(base, "newest", 1, green)
    (base / "latest").symlink_to("newest")
    yield base


def budget(count: int) -> RetentionPolicy:
    return RetentionPolicy.model_construct(keep_green_days=None, disk_budget=count)


def test_only_old_green_runs_are_thinned(base: Path) -> None:
    before = {name: files(base / name) for name in ("old-red", "young-green", "newest")}
    retained = apply_policy(base, OLD, now=NOW)
    assert [each.run for each in retained.thinned] == ["old-green"]
    assert {name: files(base / name) for name in before} == before
    assert apply_policy(base, OLD, now=NOW).thinned == (), "nothing is left to take"


def test_a_thinned_run_keeps_every_verdict_and_its_seal(base: Path) -> None:
    evidence = EvidenceFolder(base / "old-green" / "evidence")
    sealed = (evidence.path / "manifest.json").read_bytes()
    names = set(files(evidence.path))
    freed = apply_policy(base, OLD, now=NOW).thinned[0].freed
    gone = names - set(files(evidence.path))
    assert freed > 0
    assert gone
    kinds = {"shared" if name.startswith("shared/") else name.partition("/")[2].partition("/")[0] for name in gone}
    assert kinds == {"shared", "captures", "attachments", "transcript.json", "transcript.txt"}
    assert list(damages(evidence)) == []
    assert (evidence.path / "manifest.json").read_bytes() == sealed
    note = thinned(evidence.path)
    assert note is not None
    assert {each.path for each in note.removed} == gone
    assert note.why == "green and older than 14 days"
    replayed = list(replay(evidence, this_harness()))
    assert len(replayed) == 16
    assert {each.agreement for each in replayed} == {Agreement.IDENTICAL}


def test_what_is_gone_is_named_and_not_missed_in_silence(base: Path, tmp_path: Path) -> None:
    apply_policy(base, OLD, now=NOW)
    evidence = EvidenceFolder(base / "old-green" / "evidence")
    with pytest.raises(DamagedEvidence, match=r"transcript\.json is gone"):
        next(evidence.bundles()).transcript()
    said = _plugfest("evidence", "verify", str(base / "old-green"))
    assert said.returncode == 0
    assert "thinned on 2026-06-01" in said.stdout
    assert "what is left is untouched since it was sealed" in said.stdout
    assert "REMOVED" in _plugfest("evidence", "show", str(base / "old-green"), "h1:eth1").stdout
    vendor = next(nic.vendor for device in evidence.run.devices for nic in device.nics)
    exported = export(evidence, vendor, tmp_path / "export")
    withheld = json.loads((exported.path / "export.json").read_text())["withheld"]
    assert {each["why"] for each in withheld} == {"removed by retention"}


def test_tampering_is_still_found(base: Path) -> None:
    apply_policy(base, OLD, now=NOW)
    evidence = EvidenceFolder(base / "old-green" / "evidence")
    bundle = next(evidence.bundles())
    judgements = bundle.folder / "judgements.json"
    judgements.write_bytes(judgements.read_bytes().replace(b"passed", b"failed", 1))
    assert [each.partition(": ")[2] for each in damages(evidence)] == ["changed since it was sealed"]


def test_a_forged_note_does_not_excuse_a_missing_failure(base: Path) -> None:
    """Whoever deletes the evidence of a failure and writes that retention did it is found out."""
    evidence = EvidenceFolder(base / "old-red" / "evidence")
    failed = next(each for each in evidence.bundles() if each.record.outcome is TestOutcome.FAILED)
    paths = [f"{failed.folder.name}/{name}" for name in ("captures/frames.pcap", "judgements.json")]
    sums = dict(line.split("  ", 1)[::-1] for line in (evidence.path / "SHA256SUMS").read_text().splitlines())
    removed = [{"path": path, "sha256": sums[path], "size": 1} for path in paths]
    note = {"thinned": NOW.isoformat(), "why": "green and older than 14 days", "removed": removed}
    (evidence.path / THINNED).write_text(json.dumps(note))
    for path in paths:
        (evidence.path / path).unlink()
    assert sorted(damages(evidence)) == sorted(f"{path}: missing" for path in paths)


@pytest.mark.parametrize("why", ["unsealed", "night goes on", "nothing judged"])
def test_runs_that_may_still_matter_lose_nothing(tmp_path: Path, green: LabProject, red: LabProject, why: str) -> None:
    add_run(tmp_path, "old", 100, green, sealed=why != "unsealed")
    add_run(tmp_path, "newest", 1, green)
    if why == "night goes on":
        night = {"plan": "nightly", "plan_sha256": "0" * 64, "started": NOW.isoformat()}
        (tmp_path / "old" / NIGHT).write_text(json.dumps(night))
    if why == "nothing judged":
        for file in (tmp_path / "old" / "evidence").glob("*/bundle.json"):
            file.write_text(file.read_text().replace('"outcome": "passed"', '"outcome": "skipped"'))
            file.write_text(file.read_text().replace('"outcome":"passed"', '"outcome":"skipped"'))
    before = files(tmp_path)
    assert apply_policy(tmp_path, OLD, now=NOW).thinned == ()
    assert files(tmp_path) == before


def test_the_disk_budget_takes_the_oldest_green_run_first_and_no_more_than_needed(base: Path) -> None:
    whole = apply_policy(base, budget(10**12), now=NOW)
    assert whole.thinned == ()
    retained = apply_policy(base, budget(whole.size - 1), now=NOW)
    assert [each.run for each in retained.thinned] == ["old-green"]
    assert retained.over == 0


def test_a_budget_that_cannot_be_kept_is_told_and_no_failure_is_deleted(base: Path) -> None:
    red_run, newest = files(base / "old-red"), files(base / "newest")
    retained = apply_policy(base, budget(1024), now=NOW)
    assert [each.run for each in retained.thinned] == ["old-green", "young-green"]
    assert files(base / "old-red") == red_run
    assert files(base / "newest") == newest
    told = "\n".join(retained.lines())
    assert retained.over == retained.size - 1024
    assert "OVER THE DISK BUDGET of 1.0 KiB" in told
    assert "old-red: " in told
    assert "4 results not green, the worst failed" in told


def test_a_dry_run_says_what_the_real_one_does(base: Path) -> None:
    before = files(base)
    planned = apply_policy(base, OLD, dry_run=True, now=NOW)
    assert files(base) == before
    done = apply_policy(base, OLD, now=NOW)
    assert [each.run for each in planned.thinned] == [each.run for each in done.thinned]
    pages = sum(len(each) for name, each in files(base / "old-green").items() if "thinned.json" in name)
    assert planned.thinned[0].freed == done.thinned[0].freed + pages


def test_a_killed_retention_goes_on(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = EvidenceFolder(base / "old-green" / "evidence")
    unlink, left = Path.unlink, [3]

    def killed(path: Path, missing_ok: bool = False) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", killed)
    with pytest.raises(KeyboardInterrupt):
        apply_policy(base, OLD, now=NOW)
    monkeypatch.undo()
    assert list(damages(evidence)) == []
    apply_policy(base, OLD, now=NOW)
    assert list(damages(evidence)) == []
    assert not list(evidence.path.glob("*/transcript.json"))


def test_history_and_matrix_outlive_the_evidence(base: Path, tmp_path: Path) -> None:
    with open_database(f"sqlite:///{tmp_path / 'lab.db'}") as database:
        for name in ("old-green", "old-red", "young-green", "newest"):
            store_run(database, EvidenceFolder(base / name / "evidence"))
        before = collect(database, "newest")
        apply_policy(base, OLD, now=NOW)
        assert collect(database, "newest") == before
        page = write_page(database, "old-green", tmp_path / "matrix.html").read_text()
        store_run(database, EvidenceFolder(base / "old-green" / "evidence"))
        assert collect(database, "newest") == before
    data = json.loads(page.partition('id="data">')[2].partition("</script>")[0])
    assert all(entry["thinned"] and entry["evidence"] for entry in data["entries"])


def test_a_removed_report_leaves_a_page_and_can_be_built_again(base: Path) -> None:
    generator = Generator()
    if not generator.installed:
        pytest.skip("the report generator is not installed here: plugfest report build installs it")
    run = RunFolder(base / "old-green")
    build_report(run, generator=generator)
    whole = len(files(run.html))
    apply_policy(base, OLD, now=NOW)
    assert set(files(run.html)) == {"index.html"}
    assert "Report removed" in (run.html / "index.html").read_text()
    assert build_report(run, generator=generator).is_file()
    assert 1 < len(files(run.html)) < whole


@given(
    st.lists(
        st.tuples(st.sampled_from(TestOutcome), st.booleans(), st.sampled_from(["captures/a", "bundle.json", "x"]))
    )
)
@settings(max_examples=60)
def test_nothing_of_a_harmful_result_is_removable(made: list[tuple[TestOutcome, bool, str]]) -> None:
    """Property: whatever may go belongs to harmless results only, shared files included."""
    digest = "0" * 64
    bundles = []
    for number, (outcome, shares, path) in enumerate(made):
        own = EvidenceFile(path=path, name="f", media_type="x", size=1, sha256=digest)
        shared = own.model_copy(update={"path": "../shared/s"})
        record = Bundle.model_construct(outcome=outcome, files=(own, *([shared] if shares else [])))
        bundles.append(StoredBundle(Path(f"b{number}"), record))
    going = set(removable(bundles))
    harmless = (TestOutcome.PASSED, TestOutcome.SKIPPED)
    assert {name for name in going if name.startswith("b")} == {
        f"b{number}/captures/a" for number, (outcome, _, path) in enumerate(made)
        if outcome in harmless and path == "captures/a"
    }  # fmt: skip
    users = [outcome for outcome, shares, _ in made if shares]
    assert ("shared/s" in going) == (bool(users) and all(outcome in harmless for outcome in users))


@pytest.mark.parametrize(("text", "count"), [("50G", 50 * 2**30), ("1.5 T", 3 * 2**39), ("200 MiB", 200 * 2**20)])
def test_sizes(text: str, count: int) -> None:
    assert size(text) == count


@pytest.mark.parametrize("text", ["", "50", "G", "-1G", "0G", "1e9G", 50])
def test_sizes_that_are_none(text: object) -> None:
    with pytest.raises(ValueError, match="expected a size such as 50G"):
        size(text)


def test_shown_sizes() -> None:
    assert [shown_size(count) for count in (0, 1023, 1536, 5 * 2**30)] == [
        "0 bytes",
        "1023 bytes",
        "1.5 KiB",
        "5.0 GiB",
    ]


def _plugfest(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "plugfest", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=os.environ | {"COLUMNS": "160"})


def test_the_command(base: Path) -> None:
    said = _plugfest("retention", "apply", str(base), "--keep-green-days", "0", "--disk-budget", "1K", "--dry-run")
    assert said.returncode == 1
    assert "old-green: would free" in said.stdout
    assert "OVER THE DISK BUDGET" in said.stdout
    assert (base / "old-green" / "evidence" / THINNED).exists() is False
    for arguments in ([], ["--disk-budget", "much"], ["--keep-green-days", "-1"]):
        refused = _plugfest("retention", "apply", str(base), *arguments)
        assert refused.returncode == 2
        assert "Traceback" not in refused.stderr


def test_reports_of_several_nights_lie_side_by_side(base: Path) -> None:
    """Served together, before and after retention; ``latest`` leads to the newest."""
    if not Generator().installed:
        pytest.skip("the report generator is not installed here: plugfest report build installs it")
    for name in ("old-green", "newest"):
        build_report(RunFolder(base / name))
    with report_server(base) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            before = {name: _page(server.server_port, name) for name in ("old-green", "newest", "latest")}
            apply_policy(base, OLD, now=NOW)
            after = {name: _page(server.server_port, name) for name in before}
        finally:
            server.shutdown()
            thread.join()
    assert before["latest"] == before["newest"] != before["old-green"]
    assert "Report removed" in after.pop("old-green")
    assert after == {name: before[name] for name in after}


def _page(port: int, name: str) -> str:
    with urlopen(f"http://127.0.0.1:{port}/{name}/html/index.html", timeout=10) as answer:
        return str(answer.read().decode())
