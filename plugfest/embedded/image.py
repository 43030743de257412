"""The guest image: built once from Debian packages, kept in the cache folder under the hash of its recipe."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from plugfest.embedded import recipe
from plugfest.embedded.exclusive import exclusive
from plugfest.embedded.folders import cache_folder
from plugfest.embedded.long_program import follow
from plugfest.embedded.mirror import mirror
from plugfest.embedded.programs import program, require
from plugfest.embedded.progress import Report
from plugfest.errors import EmbeddedLabError
from plugfest.records import Record

_NEEDED_MB = 2500
"""Space for the archive, the unpacked tree and the file system at the same time."""
_NEEDED_TEMPORARY_MB = 1200
"""Space for mmdebstrap's unpacked tree."""
_PARTIAL = "partial-"
_KEPT = 2
"""Images that stay in the cache: the present recipe's and the one before."""


class LabImage(Record):
    """A finished image."""

    folder: Path
    """Folder named after the recipe's hash."""

    @property
    def disk(self) -> Path:
        """The root file system: raw ext4."""
        return self.folder / "root.ext4"

    @property
    def kernel(self) -> Path:
        """The Linux kernel, a bzImage."""
        return self.folder / "boot" / "vmlinuz"

    @property
    def boot_files(self) -> Path:
        """Folder with what the initramfs needs: busybox, kernel modules and their loading order."""
        return self.folder / "boot" / "initramfs"

    @property
    def manifest(self) -> Path:
        """JSON with the exact version of every package and of the kernel."""
        return self.folder / "manifest.json"


def finished_image() -> LabImage | None:
    """The image of the present recipe, if it was built."""
    image = LabImage(folder=cache_folder() / "images" / recipe.recipe_hash())
    return image if image.manifest.exists() else None


def image(report: Report) -> LabImage:
    """The image of the present recipe; builds it when there is none yet (minutes, needs the network).

    Raises MissingToolError, or EmbeddedLabError for a full disk, an unreachable mirror or a failed build.
    """
    found = finished_image()
    if found:
        return found
    folder = cache_folder() / "images"
    folder.mkdir(exist_ok=True)
    with exclusive(folder / "build.lock", "builds the image", report, patience=1800):
        return finished_image() or _build(folder, report)


def _build(folder: Path, report: Report) -> LabImage:
    require("mmdebstrap", "mke2fs", "fakeroot", *(() if os.geteuid() == 0 else ("newuidmap",)))
    _discard_partial(folder)
    _require_space(folder, _NEEDED_MB, "PLUGFEST_CACHE")
    _require_space(Path(tempfile.gettempdir()), _NEEDED_TEMPORARY_MB, "TMPDIR")
    started = time.monotonic()
    partial = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=folder))
    try:
        _install(partial, report)
        report("making the file system")
        _make_file_system(partial)
        _write_manifest(partial)
        for path in [*(path for path in partial.rglob("*") if path.is_file()), partial]:
            _flush(path)
        finished = folder / recipe.recipe_hash()
        partial.rename(finished)
        _flush(folder)
        _forget_oldest(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    report(f"image built in {time.monotonic() - started:.0f} s: {finished}")
    return LabImage(folder=finished)


def _discard_partial(folder: Path) -> None:
    """Remove what interrupted builds left; we hold the build lock, so nobody works on it."""
    for leftover in folder.glob(f"{_PARTIAL}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _forget_oldest(folder: Path) -> None:
    images = [path for path in folder.iterdir() if path.is_dir()]
    newest_first = sorted(images, key=lambda path: path.stat().st_mtime, reverse=True)
    for old in newest_first[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


def _require_space(folder: Path, needed: int, variable: str) -> None:
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < needed:
        raise EmbeddedLabError(
            f"building the image needs {needed} MB in {folder}, {free} MB are free;"
            f" free some space or point {variable} to a larger disk"
        )


def _install(partial: Path, report: Report) -> None:
    address = mirror()
    command = [program("mmdebstrap"), *recipe.mmdebstrap_options(), recipe.SUITE, str(partial / "root.tar")]
    report("building the guest image from Debian packages (once, a few minutes)")
    log = partial / "build.log"
    status = follow([*command, *([address] if address else [])], log, report)
    if status != 0:
        raise EmbeddedLabError(_explained(log.read_text(errors="replace"), address))


def _explained(log: str, address: str | None) -> str:
    last = "\n  ".join(log.strip().splitlines()[-12:])
    network = ("Could not resolve", "Could not connect", "Connection failed", "Unable to connect", "Failed to fetch")
    if any(words in log for words in network):
        place = address or "the default Debian mirror"
        return (
            f"the image could not be built: {place} cannot be reached; check the network or set"
            f" PLUGFEST_DEBIAN_MIRROR to a mirror that can\n  {last}"
        )
    if "NO_PUBKEY" in log or "is not signed" in log:
        return (
            "the image could not be built: this machine does not know Debian's archive keys; install them with:"
            f" sudo apt-get install debian-archive-keyring\n  {last}"
        )
    if "No space left on device" in log:
        return (
            f"the image could not be built: the disk is full; set PLUGFEST_CACHE and TMPDIR to a larger one\n  {last}"
        )
    return f"the image could not be built; the last lines of mmdebstrap:\n  {last}"


def _make_file_system(partial: Path) -> None:
    """Unpack and pack as seen by root, without being root: fakeroot remembers owners and modes."""
    script = (
        'mkdir tree && tar --extract --file root.tar --directory tree --exclude "./dev/*" && '
        'tar --extract --file root.tar ./boot && "$1" -q -t ext4 -d tree -L plugfest -m 0'
        ' -O ^has_journal,^resize_inode root.ext4 "$2"'
    )
    size = f"{recipe.FILE_SYSTEM_MB * 1_000_000 // 1024}k"
    command = [program("fakeroot"), "sh", "-ec", script, "sh", program("mke2fs"), size]
    result = subprocess.run(command, cwd=partial, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise EmbeddedLabError(f"the image's file system could not be made: {result.stderr.strip()}")
    shutil.copy(partial / "tree" / "usr" / "share" / "plugfest-packages", partial / "packages")
    _remove_tree(partial / "tree")
    (partial / "root.tar").unlink()


def _remove_tree(tree: Path) -> None:
    """Remove `tree` although some of its folders are closed to their owner."""
    for folder, _, _ in os.walk(tree):
        Path(folder).chmod(0o700)
    shutil.rmtree(tree)


def _write_manifest(partial: Path) -> None:
    lines = (partial / "packages").read_text().splitlines()
    versions = dict(line.split(" ", 1) for line in lines)
    kernel = next(name for name in versions if name.startswith("linux-image-") and name != "linux-image-amd64")
    manifest = {
        "recipe": recipe.recipe_hash(),
        "suite": recipe.SUITE,
        "kernel": kernel.removeprefix("linux-image-"),
        "packages": versions,
    }
    (partial / "packages").unlink()
    (partial / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
