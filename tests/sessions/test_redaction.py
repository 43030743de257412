import json
import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from plugfest.bench.loopback_sshd import LoopbackSshd
from plugfest.errors import AuthenticationError, CommandError
from plugfest.inventory.models import Credential
from plugfest.sessions import credentials, redaction
from plugfest.sessions.endpoint import Endpoint
from plugfest.sessions.pool import SessionPool
from plugfest.sessions.redaction import redact
from plugfest.sessions.session import Session
from tests.sessions.odd_servers import PASSWORD, Process, odd_ssh_server


@pytest.fixture(autouse=True)
def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets of one test must not mask the text of another."""
    monkeypatch.setattr(redaction, "_known", redaction._Known())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"password": "can\\"ary", "n": 1}', '{"password": "***", "n": 1}'),
        ('{"token": 5, "secret": null}', '{"token": 5, "secret": null}'),
        ("login password=canary, port=22", "login password=***, port=22"),
        ("API_KEY: canary\n", "API_KEY: ***\n"),
        ("api-key='two words'", "api-key='***'"),
        (" neighbor 192.0.2.1 password canary\n", " neighbor 192.0.2.1 password ***\n"),
        ("enable secret 5 $1$canary", "enable secret 5 ***"),
        ("snmp-server community canary", "snmp-server community ***"),
        ("the password is wrong", "the password is wrong"),
        ("state forwarding, tokens 17", "state forwarding, tokens 17"),
    ],
)
def test_text_that_looks_like_a_secret_is_masked(text: str, expected: str) -> None:
    assert redact(text) == expected


def test_private_keys_are_masked_also_when_cut_off() -> None:
    block = "-----BEGIN OPENSSH PRIVATE KEY-----\ncanary\n-----END OPENSSH PRIVATE KEY-----"
    assert redact(f"before {block} after") == "before -----BEGIN OPENSSH PRIVATE KEY-----*** after"
    assert "canary" not in redact("-----BEGIN RSA PRIVATE KEY-----\ncanary")


@given(secret=st.text(min_size=4, max_size=20), around=st.text(max_size=20))
def test_a_known_secret_is_masked_in_every_spelling(secret: str, around: str) -> None:
    known = redaction._Known()
    known.add(secret)
    assert known.expression is not None
    for spelling in (secret, json.dumps(secret), repr(secret)):
        assert (
            secret not in known.expression.sub(redaction.MASK, around.replace(secret, "") + spelling) or secret in "***"
        )


@given(text=st.text(st.sampled_from("password=:\"' \nsecretx*-")))
def test_redaction_can_be_repeated(text: str) -> None:
    assert redact(redact(text)) == redact(text)


def test_short_secrets_are_masked_only_as_words() -> None:
    redaction.remember("lab")
    assert redact("lab labor collab") == "*** labor collab"


def test_long_output_without_secrets_is_quick_to_check() -> None:
    assert redact("a" * 2_000_000) == "a" * 2_000_000
    assert redact("a-" * 500_000) == "a-" * 500_000


def _exercise(session: Session, canary: str, caplog: pytest.LogCaptureFixture, pool: SessionPool) -> None:
    """Say the canary everywhere we can, and look for it everywhere we keep something."""
    with pool.recording() as transcript:
        result = session.run("echo", canary, stdin=canary)
        json_form = session.run("printf", "%s", json.dumps({"x": canary}))
        with pytest.raises(CommandError) as failed:
            session.run("sh", "-c", 'echo "$1" >&2; exit 1', "sh", canary)
        with session.start("echo", canary) as program:
            seen = program.out + program.stop().out
    kept = [result, json_form, failed.value, session, session.endpoint, transcript.text(), transcript.to_json(), seen]
    for thing in (*kept, caplog.text):
        assert canary not in str(thing)
        assert canary not in repr(thing)
    assert result.out == "***\n"


@pytest.mark.parametrize("source", ["environment", "command"])
def test_passwords_from_references_show_up_nowhere(
    sshd: LoopbackSshd,
    source: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    canary = f'can\'ary "{source}" $1'
    monkeypatch.setenv("LAB_PASSWORD", canary)
    (tmp_path / "secret").write_text(canary + "\nsecond line\n")
    credential = (
        Credential(user="lab", password_env="LAB_PASSWORD")
        if source == "environment"
        else Credential(user="lab", password_command=["cat", str(tmp_path / "secret")])
    )
    login = credentials.resolve("lab", credential, tmp_path)
    password = login["password"]
    assert isinstance(password, SecretStr)
    assert password.get_secret_value() == canary
    with SessionPool({"h1": sshd.endpoint("h1")}) as pool:
        _exercise(pool.session("h1"), canary, caplog, pool)


def test_a_password_in_use_is_not_in_logs_of_the_ssh_library(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def refuse(process: Process) -> None:
        process.stdout.write(f"you said {PASSWORD}\n")
        process.exit(1)

    with odd_ssh_server(tmp_path, refuse) as endpoint, SessionPool({"leaf1": endpoint()}) as pool:
        with pytest.raises(Exception, match="no POSIX shell") as error:
            pool.session("leaf1").run("true")
        logging.getLogger("netmiko").warning("sent %s", PASSWORD)
        assert PASSWORD not in caplog.text + str(error.value) + repr(pool.session("leaf1").endpoint)
    assert "sent ***" in caplog.text


def test_a_private_key_that_is_printed_is_masked(sshd: LoopbackSshd, session: Session) -> None:
    body = (sshd.folder / "user_key").read_text().splitlines()[1]
    result = session.run("cat", str(sshd.folder / "user_key"))
    assert body not in result.out
    assert "PRIVATE KEY-----***" in result.out


def test_the_environment_of_the_agent_is_no_secret_but_its_absence_is_said(
    sshd: LoopbackSshd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    endpoint = Endpoint.model_validate({**sshd.endpoint("h1").model_dump(), "key_file": None, "agent": True})
    with pytest.raises(AuthenticationError, match=r"h1 .*no SSH agent: SSH_AUTH_SOCK is not set; start ssh-agent"):
        SessionPool({"h1": endpoint}).session("h1").run("true")
