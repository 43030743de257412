"""Pinned host keys: a device is who its known_hosts line says, or contact stops."""

from typing import TYPE_CHECKING

from plugfest.errors import HostKeyError
from plugfest.sessions.endpoint import Endpoint

if TYPE_CHECKING:
    from paramiko import PKey

_RSA_SIGNATURES = ("rsa-sha2-512", "rsa-sha2-256")


class PinnedKeys:
    """The keys that an endpoint's known_hosts file pins for it (plain, hashed and ``[host]:port`` names).

    Raises HostKeyError if the file cannot be read, holds a marker that we would not honour, or pins no key.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        import paramiko

        self._endpoint = endpoint
        self._refuse_markers()
        keys = paramiko.HostKeys(str(endpoint.known_hosts)).lookup(self.pinned_name)
        self._keys: dict[str, PKey] = dict(keys or {})

    @property
    def pinned_name(self) -> str:
        """How known_hosts spells the endpoint: the port only if it is not 22."""
        endpoint = self._endpoint
        return endpoint.address if endpoint.port == 22 else f"[{endpoint.address}]:{endpoint.port}"

    def _refuse_markers(self) -> None:
        """``@revoked`` and ``@cert-authority`` would be ignored by the parser: say so instead."""
        file = self._endpoint.known_hosts
        try:
            lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError as error:
            raise HostKeyError(
                f"{self._endpoint}: cannot read the pinned host keys {file}: {error.strerror}; "
                "create it with the device's key as seen on its console"
            ) from None
        for number, line in enumerate(lines, 1):
            if line.lstrip().startswith("@"):
                raise HostKeyError(
                    f"{self._endpoint}: {file}:{number}: markers such as {line.split()[0]} are not known"
                )

    def preferred(self, offered: tuple[str, ...]) -> tuple[str, ...]:
        """`offered` host key algorithms with the pinned ones first, so that the server shows the pinned key."""
        names = [_RSA_SIGNATURES if name == "ssh-rsa" else (name,) for name in self._keys]
        pinned = [name for group in names for name in group if name in offered]
        return (*pinned, *(name for name in offered if name not in pinned))

    def verify(self, shown: "PKey") -> None:
        """Raise HostKeyError unless `shown` is a pinned key."""
        if self._keys.get(shown.get_name()) == shown:
            return
        now = f"{shown.get_name()} {shown.fingerprint}"
        if not self._keys:
            raise HostKeyError(
                f"{self._endpoint}: host key unknown: {self._endpoint.known_hosts} has no line for {self.pinned_name}; "
                f"the server shows {now}. Compare it on the device's console, then add the line"
            )
        pinned = ", ".join(f"{name} {key.fingerprint}" for name, key in self._keys.items())
        raise HostKeyError(
            f"{self._endpoint}: HOST KEY CHANGED: {self._endpoint.known_hosts} pins {pinned} for {self.pinned_name}, "
            f"but the server shows {now}. No further contact with {self._endpoint.name}. If the device was "
            "reinstalled, compare the key on its console and replace the line; otherwise someone is in between"
        )
