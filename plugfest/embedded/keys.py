"""SSH keys of one embedded lab: one to log in with, one host key per device, and the pinned known_hosts file."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


class KeyPair(NamedTuple):
    """An ed25519 key pair in OpenSSH's own formats."""

    private: bytes
    public: bytes
    """One line without comment or newline."""


class LabKeys(NamedTuple):
    """All keys of a lab."""

    login: KeyPair
    host: dict[str, KeyPair]
    """Host key by device name."""


def new_key_pair() -> KeyPair:
    """A fresh key pair."""
    key = Ed25519PrivateKey.generate()
    return KeyPair(
        key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()),
        key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH),
    )


def keys_in(folder: Path, devices: Iterable[str]) -> LabKeys:
    """The keys kept in `folder`; what is missing is made and written, readable by the owner only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return LabKeys(_key_pair(folder / "id_ed25519"), {name: _key_pair(folder / f"host_{name}") for name in devices})


def _key_pair(path: Path) -> KeyPair:
    public = path.with_name(path.name + ".pub")
    if not public.exists():
        pair = new_key_pair()
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(pair.private)
        public.write_bytes(pair.public + b"\n")
    return KeyPair(path.read_bytes(), public.read_bytes().strip())


def known_hosts(keys: LabKeys, ports: dict[str, int]) -> str:
    """The known_hosts file for devices forwarded to loopback `ports`."""
    return "".join(f"[127.0.0.1]:{ports[name]} {pair.public.decode()}\n" for name, pair in keys.host.items())
