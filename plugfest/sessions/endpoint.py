"""Where a device's SSH server answers and how to log in: everything a session needs, nothing it has to look up."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, model_validator

from plugfest.errors import InventoryError
from plugfest.inventory.models import Lab
from plugfest.records import Record
from plugfest.sessions.credentials import resolve


class Endpoint(Record):
    """One SSH server with its login and its pinned host keys; exactly one of key file, password, agent is set."""

    name: str
    """Inventory name of the device; every error starts with it."""
    address: str
    """Host name or IP address, as it is written in the known_hosts file."""
    port: Annotated[int, Field(ge=1, le=65_535)] = 22
    """TCP port."""
    user: str
    """Login name."""
    key_file: Path | None = None
    """Private key, without passphrase."""
    password: SecretStr | None = None
    """Password; never printed."""
    agent: bool = False
    """True: use the keys of the running SSH agent."""
    known_hosts: Path
    """File with the pinned host keys (OpenSSH format)."""
    jump: "Endpoint | None" = None
    """Connect through this server; it may itself have a jump."""

    @model_validator(mode="after")
    def _one_way_to_log_in(self) -> Self:
        if sum((self.key_file is not None, self.password is not None, self.agent)) != 1:
            raise ValueError(f"{self.name}: give exactly one of key_file, password, agent")
        return self

    def __str__(self) -> str:
        """Readable form for messages: ``leaf1 (admin@192.0.2.11:22)``."""
        return f"{self.name} ({self.user}@{self.address}:{self.port})"


def endpoints_of(lab: Lab, lab_file: Path) -> dict[str, Endpoint]:
    """Endpoints of all devices of a hardware lab that have an ``ssh`` entry, by device name.

    Paths in the lab are relative to `lab_file`.  Raises InventoryError for a missing known_hosts file, an unknown
    credential or jump host and a jump loop; AuthenticationError if a password reference gives no password.
    """
    return _Resolver(lab, lab_file).all()


class _Resolver:
    def __init__(self, lab: Lab, lab_file: Path) -> None:
        self._lab, self._file = lab, lab_file
        self._logins: dict[str, dict[str, object]] = {}

    def all(self) -> dict[str, Endpoint]:
        names = [name for name, device in self._lab.devices.items() if device.ssh is not None]
        return {name: self._endpoint(name, ()) for name in names}

    def _endpoint(self, name: str, behind: tuple[str, ...]) -> Endpoint:
        if name in behind:
            raise InventoryError(f"{self._file}: jump hosts form a loop: {' -> '.join((*behind, name))}")
        device = self._lab.devices.get(name)
        if device is None or device.ssh is None:
            raise InventoryError(f"{self._file}: {behind[-1]} jumps through {name}, which has no ssh entry")
        ssh = device.ssh
        return Endpoint.model_validate(
            {
                "name": name,
                "address": ssh.address,
                "port": ssh.port,
                "known_hosts": self._known_hosts(),
                "jump": self._endpoint(ssh.jump, (*behind, name)) if ssh.jump else None,
                **self._login(name, ssh.credential),
            }
        )

    def _known_hosts(self) -> Path:
        if self._lab.known_hosts is None:
            raise InventoryError(f"{self._file}: known_hosts is missing; name the file with the pinned host keys")
        return self._file.parent / Path(self._lab.known_hosts).expanduser()

    def _login(self, device: str, credential: str) -> dict[str, object]:
        if credential not in self._lab.credentials:
            raise InventoryError(f"{self._file}: {device} uses credential {credential!r}, which is not defined")
        if credential not in self._logins:
            self._logins[credential] = resolve(credential, self._lab.credentials[credential], self._file.parent)
        return self._logins[credential]
