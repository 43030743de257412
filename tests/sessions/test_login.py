import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from plugfest.bench.loopback_sshd import LoopbackSshd
from plugfest.errors import AuthenticationError, InventoryError
from plugfest.inventory.models import Credential, Lab
from plugfest.sessions.credentials import resolve
from plugfest.sessions.deadline import Deadline
from plugfest.sessions.endpoint import Endpoint, endpoints_of
from plugfest.sessions.pool import SessionPool

DEVICES = {
    "bastion": {"role": "bastion", "ssh": {"address": "192.0.2.1", "port": 2222, "credential": "keys"}},
    "h1": {"role": "host", "ssh": {"address": "h1.example", "credential": "keys", "jump": "bastion"}},
    "h2": {"role": "host"},
}


def _lab(**changes: object) -> Lab:
    base = {
        "version": 1,
        "name": "bench",
        "kind": "hardware",
        "known_hosts": "keys/known_hosts",
        "credentials": {"keys": {"user": "lab", "key_file": "keys/id"}},
        "devices": DEVICES,
    }
    return Lab.model_validate({**base, **changes})


def _device(credential: str = "keys", jump: str | None = None) -> dict[str, object]:
    return {"role": "host", "ssh": {"address": "192.0.2.9", "credential": credential, "jump": jump}}


def test_endpoints_resolve_paths_jumps_and_ports(tmp_path: Path) -> None:
    endpoints = endpoints_of(_lab(), tmp_path / "lab.yaml")
    assert list(endpoints) == ["bastion", "h1"]
    h1, bastion = endpoints["h1"], endpoints["bastion"]
    assert h1.jump == bastion
    assert (h1.address, h1.port, h1.user) == ("h1.example", 22, "lab")
    assert (h1.key_file, h1.known_hosts) == (tmp_path / "keys/id", tmp_path / "keys/known_hosts")
    assert str(bastion) == "bastion (lab@192.0.2.1:2222)"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"known_hosts": None}, "known_hosts is missing"),
        ({"devices": {"a": _device("nope")}}, "a uses credential 'nope', which is not defined"),
        ({"devices": {"a": _device(jump="b")}}, "a jumps through b, which has no ssh entry"),
        ({"devices": {"a": _device(jump="b"), "b": _device(jump="a")}}, "jump hosts form a loop: a -> b -> a"),
    ],
)
def test_labs_that_cannot_be_reached_are_refused(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    with pytest.raises(InventoryError, match=f"lab.yaml: {message}"):
        endpoints_of(_lab(**changes), tmp_path / "lab.yaml")


def test_an_endpoint_has_exactly_one_way_to_log_in(tmp_path: Path) -> None:
    common = {"name": "h1", "address": "192.0.2.9", "user": "lab", "known_hosts": tmp_path}
    for login in ({}, {"agent": True, "key_file": tmp_path}):
        with pytest.raises(ValidationError, match="h1: give exactly one of key_file, password, agent"):
            Endpoint.model_validate({**common, **login})


def test_key_files_may_use_home_and_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYS", "/keys")
    assert resolve("k", Credential(user="lab", key_file="$KEYS/id"), tmp_path)["key_file"] == Path("/keys/id")
    monkeypatch.setenv("HOME", "/home/lab")
    assert resolve("k", Credential(user="lab", key_file="~/id"), tmp_path)["key_file"] == Path("/home/lab/id")


@pytest.mark.parametrize(
    ("credential", "message"),
    [
        (
            {"password_env": "PLUGFEST_NOT_SET"},
            "credential k: environment variable PLUGFEST_NOT_SET is not set; export it",
        ),
        ({"password_command": ["no-such-program"]}, r"\['no-such-program'\] failed: .*No such file"),
        ({"password_command": ["sh", "-c", "echo canary; exit 3"]}, r"\['sh'\] gave no password \(exit status 3\)"),
        ({"password_command": ["true"]}, "gave no password"),
    ],
)
def test_references_that_give_nothing(credential: dict[str, object], message: str, tmp_path: Path) -> None:
    with pytest.raises(AuthenticationError, match=message) as error:
        resolve("k", Credential.model_validate({"user": "lab", **credential}), tmp_path)
    assert "canary" not in str(error.value)


def test_a_password_command_gets_no_shell(tmp_path: Path) -> None:
    login = resolve("k", Credential(user="lab", password_command=["echo", "$(id) ; x"]), tmp_path)
    assert login["password"].get_secret_value() == "$(id) ; x"  # type: ignore[attr-defined]


def test_one_command_serves_all_devices_of_a_credential(tmp_path: Path) -> None:
    script = f"echo run >>{tmp_path / 'runs'}; echo secret-word"
    keys = {"keys": {"user": "lab", "password_command": ["sh", "-c", script]}}
    endpoints_of(_lab(credentials=keys), tmp_path / "lab.yaml")
    assert (tmp_path / "runs").read_text() == "run\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "No such file"),
        ("garbage\n", "not a private key that we can read"),
        ("", "not a private key that we can read"),
    ],
)
def test_unusable_key_files(sshd: LoopbackSshd, tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "key").write_text(content)
    endpoint = sshd.endpoint("h1").model_copy(update={"key_file": tmp_path / "key"})
    with pytest.raises(AuthenticationError, match=f"h1 .*cannot use key file {tmp_path / 'key'}: .*{message}"):
        SessionPool({"h1": endpoint}).session("h1").run("true")


def test_a_key_with_passphrase_is_sent_to_the_agent(sshd: LoopbackSshd, tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "passphrase", "-f", str(key)], check=True)
    endpoint = sshd.endpoint("h1").model_copy(update={"key_file": key})
    with pytest.raises(AuthenticationError, match="it has a passphrase; load it into an SSH agent"):
        SessionPool({"h1": endpoint}).session("h1").run("true")


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "agent"
    process = subprocess.Popen(["ssh-agent", "-D", "-a", str(path)], stdout=subprocess.DEVNULL)
    try:
        Deadline("ssh-agent listens", 20).wait_for(path.exists, interval=0.02)
        monkeypatch.setenv("SSH_AUTH_SOCK", str(path))
        yield path
    finally:
        process.terminate()
        process.wait(20)


def test_the_agents_keys_are_tried_in_turn(sshd: LoopbackSshd, agent: Path, tmp_path: Path) -> None:
    endpoint = Endpoint.model_validate({**sshd.endpoint("h1").model_dump(), "key_file": None, "agent": True})
    with pytest.raises(AuthenticationError, match=f"the SSH agent at {agent} offers no keys"):
        SessionPool({"h1": endpoint}).session("h1").run("true")
    stranger = tmp_path / "stranger"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(stranger)], check=True)
    subprocess.run(["ssh-add", "-q", str(stranger)], check=True, capture_output=True)
    with pytest.raises(AuthenticationError, match="login refused with the SSH agent's keys"):
        SessionPool({"h1": endpoint}).session("h1").run("true")
    subprocess.run(["ssh-add", "-q", str(sshd.folder / "user_key")], check=True, capture_output=True)
    with SessionPool({"h1": endpoint}) as pool:
        assert pool.session("h1").run("echo", "in").out == "in\n"
