"""Webhook and mail, against real servers on loopback."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from plugfest.nightly.mail import send
from plugfest.nightly.plan import Mail, SecretHeader, Webhook
from plugfest.nightly.summary import Ending, NightSummary, TestNote
from plugfest.nightly.webhook import NotificationError, post
from plugfest.reporting.outcomes import TestOutcome
from plugfest.sessions import redaction
from plugfest.sessions.redaction import redact
from tests.nightly.night_project import NightProject
from tests.nightly.receivers import certificate_for_loopback, mail_server, webhook_receiver
from tests.nightly.test_whole_night import GREEN

CANARY = "Bearer canary-8841"
PASSWORD = "canary 'mail' $1"
WRONG = TestNote(test="testsuites/l2/test_x.py::test_y", cell="A × S × B", outcome=TestOutcome.FAILED, reason="no LLDP")
NIGHT = NightSummary(
    night="2026-03-01T02-00-00Z", plan="nightly", lab="bench", ending=Ending.RED,
    why=("1 failed, expected at most 0",), began=datetime(2026, 3, 1, 2, tzinfo=UTC),
    ended=datetime(2026, 3, 1, 4, 30, tzinfo=UTC), counts={TestOutcome.PASSED: 40, TestOutcome.FAILED: 1},
    wrong=(WRONG,),
    flaky=(), not_run={"the time budget of 2h is used up": ("testsuites/l2/test_x.py::test_z",)},
    report="https://lab.example/2026-03-01T02-00-00Z/html/index.html",
)  # fmt: skip


@pytest.fixture(autouse=True)
def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets of one test must not mask the text of another."""
    monkeypatch.setattr(redaction, "_known", redaction._Known())
    monkeypatch.setenv("HOOK_TOKEN", CANARY)
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)


def hook(url: str, patience: str = "20s", **more: object) -> Webhook:
    return Webhook.model_validate({"url": url, "patience": patience, **more})


def test_the_summary_is_posted_as_json() -> None:
    with webhook_receiver() as receiver:
        post(hook(receiver.url, header=SecretHeader(env="HOOK_TOKEN")), NIGHT)
    [body], [headers] = receiver.bodies, receiver.headers
    assert body["ending"] == "red"
    assert body["counts"] == {"passed": 40, "failed": 1}
    assert body["headline"] == "nightly on bench: RED – 1 failed, 40 passed (1 of them not run)"
    assert body["report"] == NIGHT.report
    assert headers["Authorization"] == CANARY
    assert headers["Content-Type"] == "application/json"
    assert redact(f"sent {CANARY}") == "sent ***"


def test_a_receiver_that_recovers_is_told_once() -> None:
    with webhook_receiver(503, 204) as receiver:
        assert post(hook(receiver.url), NIGHT).startswith("webhook 127.0.0.1:")
    assert len(receiver.bodies) == 2


def test_a_refusal_is_final() -> None:
    with webhook_receiver(403) as receiver, pytest.raises(NotificationError, match="refused with status 403"):
        post(hook(receiver.url), NIGHT)
    assert len(receiver.bodies) == 1


def test_a_silent_receiver_costs_its_patience_only() -> None:
    with pytest.raises(NotificationError, match="no answer"):
        post(hook("http://127.0.0.1:9/hook", patience="1s"), NIGHT)


def test_a_redirection_does_not_carry_the_secret_away() -> None:
    with (
        webhook_receiver() as stranger,
        webhook_receiver(307, location=stranger.url) as receiver,
        pytest.raises(NotificationError, match="refused with status 307"),
    ):
        post(hook(receiver.url, header=SecretHeader(env="HOOK_TOKEN")), NIGHT)
    assert stranger.headers == []


def test_a_secret_address_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with webhook_receiver(410) as receiver:
        monkeypatch.setenv("HOOK_URL", f"{receiver.url}/canary-3310")
        with pytest.raises(NotificationError) as error:
            post(Webhook(url_env="HOOK_URL"), NIGHT)
    assert "canary" not in str(error.value)
    monkeypatch.setenv("HOOK_URL", "file:///etc/passwd")
    with pytest.raises(NotificationError, match="HOOK_URL: expected an address with http"):
        post(Webhook(url_env="HOOK_URL"), NIGHT)


@pytest.mark.parametrize("value", ["", "two\nlines", "naïve"])
def test_unusable_secrets(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_TOKEN", value)
    with webhook_receiver() as receiver, pytest.raises(NotificationError, match="environment variable HOOK_TOKEN"):
        post(hook(receiver.url, header=SecretHeader(env="HOOK_TOKEN")), NIGHT)
    assert receiver.bodies == []


def mail(port: int, **more: object) -> Mail:
    base = {"server": "127.0.0.1", "port": port, "sender": "lab@lab.example", "to": ["a@x.example", "b@x.example"]}
    return Mail.model_validate({**base, "security": "none", **more})


def test_the_summary_is_mailed_in_words() -> None:
    with mail_server() as mailbox:
        assert send(mail(mailbox.port), NIGHT) == "mail to a@x.example, b@x.example"
    [message] = mailbox.messages
    assert mailbox.recipients == [["a@x.example", "b@x.example"]]
    assert message["Subject"] == "[plugfest] nightly on bench: RED – 1 failed, 40 passed (1 of them not run)"
    text = message.get_content().replace("\r\n", "\n")
    assert "Report: https://lab.example/2026-03-01T02-00-00Z/html/index.html" in text
    assert "Why red: 1 failed, expected at most 0" in text
    assert "FAILED testsuites/l2/test_x.py::test_y\n    A × S × B\n    no LLDP" in text
    assert "Not run:\n  1 tests: the time budget of 2h is used up" in text
    assert "took 2h30m" in text


def test_mail_with_login_over_starttls(tmp_path: Path) -> None:
    certificate = certificate_for_loopback(tmp_path)
    login = {"security": "starttls", "user": "lab", "password_env": "MAIL_PASSWORD"}
    with mail_server(certificate, PASSWORD) as mailbox:
        send(mail(mailbox.port, ca_file=str(certificate), **login), NIGHT)
        assert mailbox.logins == [("lab", PASSWORD)]
        assert mailbox.encrypted == [True]
        with pytest.raises(NotificationError, match="certificate verify failed"):
            send(mail(mailbox.port, **login), NIGHT)
    assert len(mailbox.messages) == 1


def test_a_server_without_encryption_gets_no_password() -> None:
    with mail_server() as mailbox, pytest.raises(NotificationError, match="STARTTLS"):
        send(mail(mailbox.port, security="starttls", user="lab", password_env="MAIL_PASSWORD"), NIGHT)
    assert mailbox.logins == []


def test_a_refused_mail_is_told() -> None:
    with mail_server(refuse="554 no room for lab results") as mailbox, pytest.raises(NotificationError, match="554"):
        send(mail(mailbox.port), NIGHT)


def test_whoever_cannot_be_told_costs_no_result(tmp_path: Path) -> None:
    project = NightProject(tmp_path / "project", rest=GREEN)
    with webhook_receiver() as receiver, mail_server() as mailbox:
        project.plan(f"""url: https://lab.example/nights
finish:
  html: false
  webhooks:
    - {{url: "{receiver.url}", header: {{env: HOOK_TOKEN}}}}
    - {{url: "http://127.0.0.1:9/", patience: 1s}}
  mail: {{server: 127.0.0.1, port: {mailbox.port}, security: none, sender: lab@lab.example, to: [a@x.example]}}
""")
        answer = project.nightly()
    assert answer.returncode == 20, answer.stdout + answer.stderr
    assert "NOT TOLD: webhook 127.0.0.1:9: no answer" in answer.stdout
    assert receiver.bodies[0]["ending"] == "green"
    assert receiver.bodies[0]["report"] == f"https://lab.example/nights/{project.latest.run_id}/matrix.html"
    assert len(mailbox.messages) == 1
    everything = answer.stdout + answer.stderr + (project.latest.path / "night.log").read_text()
    assert CANARY not in everything
    assert (project.latest.path / "summary.json").exists()
