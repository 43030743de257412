"""What a whole run leaves to others, and what it does when a device is not who it was."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugfest.evidence.folder import evidence_of
from tests.safety.secret_lab import SecretLab, secret_lab

SUITE = '''
"""Every device answers."""
import pytest
from plugfest.devices import lines
from plugfest.devices.changes import Change
from plugfest.verdicts.verdict import Verdict, equal, verdict


def answers(text: str) -> Verdict:
    return verdict("the device answers", [equal("answer", "here", text)])


answers.__module__ = "plugfest.verdicts.answers"  # judged once, never replayed


@pytest.mark.parametrize("attempt", [1, 2])
def test_answers(host, attempt, pool, judge, evidence):
    evidence.attach("notes", "here", "text/plain")
    judge(answers, pool.session(host).run("echo", "here").out.strip())


def test_changes(pool, change, judge, plan):
    change(Change(device="h1", description="nothing in particular", do=(("true",),), undo=(("true",),)))
    judge(answers, "here")
'''


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecretLab]:
    with secret_lab(tmp_path_factory.mktemp("lab"), hosts=("h1", "h2")) as lab:
        lab.write(SUITE)
        yield lab


def open_to_others(root: Path) -> list[str]:
    """Files below `root` that another user of this machine could read, by the permissions of all folders on the way."""
    found = []
    for path in root.rglob("*"):
        folders = [folder for folder in path.parents if folder.is_relative_to(root)]
        closed = any(not folder.stat().st_mode & (stat.S_IXGRP | stat.S_IXOTH) for folder in folders)
        if path.is_file() and not closed and path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            found.append(str(path.relative_to(root)))
    return found


def test_nobody_else_can_read_what_a_run_leaves(lab: SecretLab) -> None:
    """Even where the umask would let everybody."""
    (lab.root / "plan.yaml").write_text("name: n\nlab: lab.yaml\ntime_budget: 1h\nfinish: {html: false}\n")
    done = lab.run("plugfest", "nightly", "plan.yaml", umask=0)
    assert done.returncode == 0, done.stdout + done.stderr
    left = [path for path in (lab.root / "reports").rglob("*") if path.is_file()]
    assert {"night.log", "junit.xml", "manifest.json", "transcript.json"} <= {path.name for path in left}
    assert (lab.root / "state" / "lab.db").is_file()
    assert (lab.root / "state" / "undo").is_dir()
    assert open_to_others(lab.root / "reports" / "out") == []
    assert open_to_others(lab.root / "state") == []


def test_a_folder_of_ones_own_choice_is_private_too(lab: SecretLab, tmp_path: Path) -> None:
    done = lab.run("pytest", "testsuites", "--no-html", f"--report-dir={tmp_path / 'mine'}", umask=0)
    assert done.returncode == 0, done.stdout
    assert stat.S_IMODE((tmp_path / "mine").stat().st_mode) == 0o700


def test_a_changed_host_key_stops_contact_with_that_device_only(lab: SecretLab) -> None:
    pins = lab.known_hosts.read_text()
    h1, h2 = lab.servers["h1"], lab.servers["h2"]
    lab.known_hosts.write_text(pins.replace(h1.host_key, h2.host_key))
    contacts = h1.log.read_text().count("Accepted")
    try:
        done = lab.run("pytest", "testsuites", "--no-html")
    finally:
        lab.known_hosts.write_text(pins)
    assert done.returncode == 1
    assert h1.log.read_text().count("Accepted") == contacts, "nobody may log in there any more"
    records = {
        bundle.record.test.partition("::")[2]: bundle.record for bundle in evidence_of(lab.latest.path).bundles()
    }
    assert {name: record.outcome.value for name, record in records.items()} == {
        "test_answers[h1-1]": "broken", "test_answers[h1-2]": "broken", "test_changes": "broken",
        "test_answers[h2-1]": "passed", "test_answers[h2-2]": "passed",
    }  # fmt: skip
    reason = records["test_answers[h1-1]"].reason
    assert reason.startswith("[LAB] h1 (")
    assert "HOST KEY CHANGED" in reason
    assert "No further contact with h1" in reason
    assert "compare the key on its console and replace the line" in reason
