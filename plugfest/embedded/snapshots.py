"""Pristine labs in the cache folder: a disk with the memory of a converged lab, and the keys that belong to it."""

import hashlib
import shutil
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path

from plugfest.embedded import cpio, qemu
from plugfest.embedded.exclusive import exclusive
from plugfest.embedded.folders import cache_folder
from plugfest.embedded.guest_records import GuestPlan
from plugfest.embedded.keys import KeyPair, LabKeys
from plugfest.embedded.progress import say_nothing
from plugfest.embedded.recipe import recipe_hash
from plugfest.embedded.rendering import guest_files

TAG = "pristine"
"""Name of the snapshot inside the disk."""
_KEPT = 4
"""Snapshots that stay in the cache, of this topology and the others used last."""
_FILES = ("disk.qcow2", "initramfs")


def key_of(plan: GuestPlan, acceleration: str) -> str:
    """Sixteen hex digits that change with topology, guest programs, image, emulator and acceleration."""
    nothing = KeyPair(b"", b"")
    keys = LabKeys(nothing, {device.name: nothing for device in plan.devices})
    digest = hashlib.sha256(cpio.archive(guest_files(plan, keys)))
    digest.update(f"{plan.model_dump_json()} {recipe_hash()} {qemu.identity(acceleration)}".encode())
    return digest.hexdigest()[:16]


def exists(key: str) -> bool:
    """True if a pristine lab is kept under `key`."""
    return (_folder() / key).is_dir()


def restore(key: str, folder: Path) -> None:
    """Copy the pristine lab of `key` into the state `folder`; the original is never run."""
    with _alone():
        kept = _folder() / key
        kept.touch()
        _copy(kept, folder)


def keep(key: str, folder: Path) -> None:
    """Keep the lab in the state `folder` under `key`; readers see all of it or nothing."""
    with _alone():
        for leftover in _folder().glob("partial-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        partial = Path(tempfile.mkdtemp(prefix="partial-", dir=_folder()))
        _copy(folder, partial)
        discard(key)
        partial.rename(_folder() / key)
        _forget_oldest()


def discard(key: str) -> None:
    """Forget the pristine lab of `key`."""
    shutil.rmtree(_folder() / key, ignore_errors=True)


def _alone() -> AbstractContextManager[None]:
    """Two labs with different state folders share the cache."""
    return exclusive(cache_folder() / "snapshots.lock", "copies a snapshot", say_nothing, patience=120)


def _folder() -> Path:
    folder = cache_folder() / "snapshots"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _copy(source: Path, target: Path) -> None:
    for name in _FILES:
        shutil.copyfile(source / name, target / name)
    shutil.copytree(source / "ssh", target / "ssh", dirs_exist_ok=True)


def _forget_oldest() -> None:
    newest_first = sorted(_folder().iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in newest_first[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
