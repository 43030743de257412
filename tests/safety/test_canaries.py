"""Secrets of every kind go through whole nights, and turn up nowhere."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugfest.devices.simulated.switch import PASSWORD
from plugfest.evidence.folder import evidence_of
from plugfest.reporting.generator import Generator
from tests.nightly.receivers import Received, webhook_receiver
from tests.safety.secret_lab import SecretLab, secret_lab

TOKEN = "Bearer canary-token-4410"
SUITE = '''
"""Tests that blurt out what they know."""
import logging, os, signal
from pathlib import Path
import pytest
from plugfest.devices import lines
from plugfest.devices.changes import Change
from plugfest.errors import InteropFailure, LabError
from plugfest.verdicts.verdict import Verdict, equal, verdict

SECRETS = Path(os.environ["SECRETS"])
PASSWORD = (SECRETS / "password").read_text().strip()


def is_told(text: str) -> Verdict:
    return verdict("the device tells", [equal("answer", "something", "something" if text else "nothing")])


is_told.__module__ = "plugfest.verdicts.told"  # judged once, never replayed


def blurt(secret, evidence):
    print(f"printed {secret}")
    logging.getLogger("lab").warning("logged %s", secret)
    evidence.attach("notes", f"attached {secret}", "text/plain")


def test_host_shows_its_key(host, pool, judge, evidence):
    key = SECRETS / host / "user_key"
    shown = pool.session(host).run("cat", str(key)).out
    pool.session(host).run("sh", "-c", "cat >/dev/null", stdin=key.read_text())
    blurt(key.read_text(), evidence)
    judge(is_told, shown)


def test_switch_shows_its_password(switch, pool, judge, evidence, lab):
    shown = lines.line_to(lab, pool, switch).run("show secret").out
    blurt(PASSWORD, evidence)
    judge(is_told, shown)


@pytest.mark.case("SEC-01")
def test_fails(switch, pool, lab, judge):
    lines.line_to(lab, pool, switch).run("show secret")
    raise InteropFailure(f"{switch} told everybody {PASSWORD}")


@pytest.mark.case("SEC-02")
def test_known(switch, pool, lab, judge):
    lines.line_to(lab, pool, switch).run("show secret")
    raise InteropFailure(f"{switch} told everybody {PASSWORD}")


def test_lab_fault(switch, pool, lab, judge):
    lines.line_to(lab, pool, switch).run("show secret")
    raise LabError(f"cannot log in with {PASSWORD}")


def test_harness_fault(switch, pool, lab, judge):
    lines.line_to(lab, pool, switch).run("show secret")
    try:
        int(PASSWORD)
    except ValueError as error:
        raise RuntimeError(f"not a number: {PASSWORD}") from error


def test_skips(switch, pool, lab, judge):
    lines.line_to(lab, pool, switch).run("show secret")
    pytest.skip(f"no right to use {PASSWORD}")


def test_is_killed_with_a_change_pending(pool, change, judge, plan):
    change(Change(device="h1", description="nothing in particular", do=(("true",),), undo=(("true",),)))
    flag = SECRETS / "killed"
    if not flag.exists():
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    judge(is_told, "x")
'''
KNOWN = """
version: 1
issues:
  - id: SEC-2
    match: {cases: [SEC-02]}
    reason: These switches cannot keep anything to themselves
    link: https://tracker.example/SEC-2
    owner: nobody
    until: 2999-12-31
"""
PLAN = """
version: 1
name: canaries
lab: lab.yaml
suites: [testsuites/link]
time_budget: 1h
retries: 1
known_issues: known.yaml
finish:
  html: {html}
  webhooks: [{{url: "{url}", header: {{env: HOOK_TOKEN}}}}]
  mail: {{server: 127.0.0.1, port: 9, user: lab, password_env: LAB_PASSWORD, sender: a@b, to: [c@d]}}
"""


class Nights:
    """A night that was killed and went on, and everything that was said meanwhile."""

    def __init__(self, lab: SecretLab, receiver: Received) -> None:
        self.lab, self.receiver = lab, receiver
        html = str(Generator().installed).lower()
        (lab.root / "plan.yaml").write_text(PLAN.format(url=receiver.url, html=html))
        (lab.root / "known.yaml").write_text(KNOWN)
        lab.write(SUITE)
        secrets = {"SECRETS": str(lab.secrets), "HOOK_TOKEN": TOKEN}
        self.killed = lab.run("plugfest", "nightly", "plan.yaml", **secrets)
        self.journal = {path.name: path.read_bytes() for path in (lab.root / "state").rglob("*") if path.is_file()}
        self.resumed = lab.run("plugfest", "nightly", "plan.yaml", "--resume", **secrets)

    def said(self) -> Iterator[tuple[str, bytes]]:
        """Every byte that was written or said, with where."""
        for name, done in (("killed", self.killed), ("resumed", self.resumed)):
            yield f"{name}: terminal", (done.stdout + done.stderr).encode()
        yield from ((f"state after the kill: {name}", content) for name, content in self.journal.items())
        yield from ((f"webhook {n}", str(body).encode()) for n, body in enumerate(self.receiver.bodies))
        for path in self.lab.root.rglob("*"):
            if path.is_file():
                yield str(path.relative_to(self.lab.root)), path.read_bytes()


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    with secret_lab(tmp_path_factory.mktemp("lab")) as lab, webhook_receiver() as receiver:
        yield Nights(lab, receiver)


def canaries(nights: Nights) -> dict[str, bytes]:
    """What must not be found, by kind of credential."""
    keys = {name: (server.folder / "user_key").read_text() for name, server in nights.lab.servers.items()}
    kinds = {"h1": "key file", "h2": "agent", "h3": "key file behind a jump host", "bastion": "jump host"}
    found = {kinds[name]: key.splitlines()[2].encode() for name, key in keys.items()}
    found |= {"password from environment or command": PASSWORD.encode(), "webhook token": TOKEN.encode()}
    found["password in base64, as mail servers hear it"] = base64.b64encode(PASSWORD.encode()).rstrip(b"=")
    return found


def test_the_nights_went_as_planned(nights: Nights) -> None:
    """Without this the search below would prove nothing."""
    assert nights.killed.returncode == 30, nights.killed.stdout + nights.killed.stderr
    assert nights.resumed.returncode == 21, nights.resumed.stdout + nights.resumed.stderr
    assert any(
        name.endswith(".jsonl") and b"nothing in particular" in content for name, content in nights.journal.items()
    )
    assert nights.receiver.headers[0]["Authorization"] == TOKEN
    outcomes: dict[str, set[str]] = {}
    for bundle in evidence_of(nights.lab.latest.path).last_attempts():
        name = bundle.record.test.partition("::")[2].partition("[")[0]
        outcomes.setdefault(name, set()).add(bundle.record.outcome.value)
    assert outcomes == {
        "test_host_shows_its_key": {"passed"}, "test_switch_shows_its_password": {"passed"}, "test_fails": {"failed"},
        "test_known": {"known issue"}, "test_lab_fault": {"broken"}, "test_harness_fault": {"broken"},
        "test_skips": {"skipped"}, "test_is_killed_with_a_change_pending": {"passed"},
    }  # fmt: skip


def test_no_secret_is_found_anywhere(nights: Nights) -> None:
    found = [
        f"{kind} in {place}" for place, content in nights.said() for kind, secret in canaries(nights).items()
        if secret in content
    ]  # fmt: skip
    assert found == []


def test_what_was_masked_is_where_it_was_said(nights: Nights) -> None:
    """The words around each secret are there, so the secret itself was on its way and was stopped."""
    everything = b"\n".join(content for _, content in nights.said()).decode(errors="replace")
    for words in ("the secret is ***", "told everybody ***", "cannot log in with ***", "not a number: ***",
                  "no right to use ***", "attached ***", "attached -----BEGIN OPENSSH PRIVATE KEY-----***",
                  "invalid literal for int() with base 10: '***'"):  # fmt: skip
        assert words in everything, words
    junit = nights.lab.latest.junit.read_text()
    assert "told everybody ***" in junit


def test_every_device_was_reached(nights: Nights) -> None:
    said = {
        result.device
        for bundle in evidence_of(nights.lab.latest.path).bundles()
        for result in bundle.transcript().results
    }
    assert {"h1", "h2", "h3", "leaf1", "leaf2"} <= said


def test_a_database_out_of_reach_does_not_tell_its_password(nights: Nights) -> None:
    """The address of a shared lab database holds a password, too."""
    url = f"postgresql://lab:{PASSWORD}@127.0.0.1:9/lab"
    done = nights.lab.run("plugfest", "matrix", PLUGFEST_DB=url)
    assert done.returncode == 8
    assert PASSWORD not in done.stdout + done.stderr


def test_the_canaries_would_be_found(nights: Nights) -> None:
    """The same search over the secrets' own folder finds every key and the password."""
    files = [path.read_bytes() for path in nights.lab.secrets.rglob("*") if path.is_file()]
    kinds = ("key file", "agent", "key file behind a jump host", "jump host", "password from environment or command")
    assert all(any(canaries(nights)[kind] in content for content in files) for kind in kinds)


def test_a_key_with_passphrase_is_refused_without_asking(tmp_path: Path) -> None:
    """No passphrase ever comes near the harness: such keys belong to an agent."""
    import subprocess

    with secret_lab(tmp_path, hosts=("h1", "h2")) as lab:
        key = lab.servers["h1"].folder / "user_key"
        subprocess.run(["ssh-keygen", "-q", "-p", "-P", "", "-N", "canary-phrase-77", "-f", str(key)], check=True)
        lab.write(SUITE)
        done = lab.run("pytest", "testsuites", "--no-html", "-k", "h1", SECRETS=str(lab.secrets))
        assert done.returncode == 1, done.stdout + done.stderr
        assert "it has a passphrase; load it into an SSH agent" in done.stdout
        assert "canary-phrase-77" not in done.stdout + done.stderr
