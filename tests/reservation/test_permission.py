"""No session touches a device without permission, asked anew for every command."""

from collections.abc import Iterator

import pytest

from plugfest.bench.loopback_sshd import LoopbackSshd
from plugfest.errors import LabError
from plugfest.sessions.pool import SessionPool


class Permission:
    """Given to some devices, and withdrawn."""

    def __init__(self, *devices: str) -> None:
        self.devices = set(devices)
        self.asked: list[str] = []

    def __call__(self, device: str) -> None:
        self.asked.append(device)
        if device not in self.devices:
            raise LabError(f"{device} is not reserved")


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoopbackSshd]:
    with LoopbackSshd(tmp_path_factory.mktemp("sshd")) as server:
        yield server


def test_a_device_without_permission_is_not_even_connected_to(sshd: LoopbackSshd) -> None:
    endpoints = {name: sshd.endpoint(name) for name in ("h1", "h2")}
    permission = Permission("h1")
    with SessionPool(endpoints, permission) as pool:
        assert pool.session("h1").run("echo", "hello").out == "hello\n"
        for touch in (lambda session: session.run("true"), lambda session: session.read("/etc/hostname")):
            with pytest.raises(LabError, match=r"^h2 is not reserved$"):
                touch(pool.session("h2"))
        with pytest.raises(LabError, match=r"^h2 is not reserved$"):
            pool.network_cli("h2", "linux").run("true")
        assert permission.asked.count("h2") == 3


def test_permission_can_be_withdrawn_from_an_open_session(sshd: LoopbackSshd) -> None:
    permission = Permission("h1")
    with SessionPool({"h1": sshd.endpoint("h1")}, permission) as pool:
        session = pool.session("h1")
        session.run("true")
        permission.devices.clear()
        with pytest.raises(LabError, match="not reserved"):
            session.run("true")


def test_the_way_through_a_device_needs_no_permission(sshd: LoopbackSshd) -> None:
    gate = sshd.endpoint("gate")
    behind = sshd.endpoint("h1").model_copy(update={"jump": gate})
    permission = Permission("h1")
    with SessionPool({"h1": behind, "gate": gate}, permission) as pool:
        assert pool.session("h1").run("echo", "through").out == "through\n"
        assert set(permission.asked) == {"h1"}
        with pytest.raises(LabError, match=r"^gate is not reserved$"):
            pool.session("gate").run("true")
