import json
import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from plugfest.embedded import programs
from plugfest.embedded.image import finished_image, image
from plugfest.errors import EmbeddedLabError, MissingToolError
from tests.embedded.conftest import MakeProgram

# The last argument but one or two is the archive: SUITE TARGET [MIRROR].
BUILD = """
for word; do case $word in */root.tar) target=$word;; esac; done
tree=$(mktemp -d)
mkdir -p "$tree/boot/initramfs" "$tree/usr/share" "$tree/secret"
chmod 700 "$tree/secret"
echo kernel >"$tree/boot/vmlinuz"
echo busybox >"$tree/boot/initramfs/busybox"
versions='linux-image-7.2.12-amd64 7.2.12-1\\nlinux-image-amd64 7.2\\nfrr 10.7.1-6\\n'
printf "$versions" >"$tree/usr/share/plugfest-packages"
tar -C "$tree" -cf "$target" .
rm -rf "$tree"
echo I: done
"""


def _leftovers(own_folders: Path) -> list[Path]:
    return [path for path in (own_folders / "cache/embedded/images").iterdir() if path.name != "build.lock"]


def test_an_image_is_built_once_with_a_manifest(own_folders: Path, make_program: MakeProgram) -> None:
    make_program("mmdebstrap", BUILD)
    said: list[str] = []
    built = image(said.append)
    assert json.loads(built.manifest.read_text()) == {
        "recipe": built.folder.name,
        "suite": "forky",
        "kernel": "7.2.12-amd64",
        "packages": {"linux-image-7.2.12-amd64": "7.2.12-1", "linux-image-amd64": "7.2", "frr": "10.7.1-6"},
    }
    assert built.kernel.read_text() == "kernel\n"
    assert built.disk.stat().st_size == pytest.approx(900_000_000, abs=4096)
    assert _leftovers(own_folders) == [built.folder]
    assert said[0].startswith("building the guest image")
    make_program("mmdebstrap", "exit 1")
    assert image(said.append) == built


def test_an_unreachable_mirror_is_told_and_leaves_nothing(
    own_folders: Path, make_program: MakeProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLUGFEST_DEBIAN_MIRROR", "http://nowhere.example/debian")
    make_program("mmdebstrap", "echo \"E: Could not resolve 'nowhere.example'\"; exit 25")
    with pytest.raises(EmbeddedLabError) as caught:
        image(lambda line: None)
    assert str(caught.value) == (
        "the image could not be built: http://nowhere.example/debian cannot be reached; check the network or set"
        " PLUGFEST_DEBIAN_MIRROR to a mirror that can\n  E: Could not resolve 'nowhere.example'"
    )
    assert caught.value.exit_code == 5
    assert _leftovers(own_folders) == []


def test_a_failed_build_shows_what_the_builder_said(own_folders: Path, make_program: MakeProgram) -> None:
    make_program("mmdebstrap", "echo E: hook failed; exit 1")
    with pytest.raises(EmbeddedLabError, match="the last lines of mmdebstrap:\n  E: hook failed"):
        image(lambda line: None)
    assert finished_image() is None
    assert _leftovers(own_folders) == []


def test_what_a_killed_build_left_is_removed(own_folders: Path, make_program: MakeProgram) -> None:
    stale = own_folders / "cache/embedded/images/partial-killed"
    stale.mkdir(parents=True)
    (stale / "root.tar").write_text("half")
    make_program("mmdebstrap", BUILD)
    built = image(lambda line: None)
    assert _leftovers(own_folders) == [built.folder]


def test_a_full_disk_is_told_before_the_build(own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")(10**9, 9 * 10**8, 10**8)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(EmbeddedLabError, match=r"needs 2500 MB in .*images, 100 MB are free; .* PLUGFEST_CACHE"):
        image(lambda line: None)


def test_unknown_archive_keys_name_their_package(own_folders: Path, make_program: MakeProgram) -> None:
    make_program("mmdebstrap", "echo 'E: The repository is not signed.'; exit 1")
    with pytest.raises(EmbeddedLabError, match="sudo apt-get install debian-archive-keyring"):
        image(lambda line: None)


def test_only_the_last_images_are_kept(own_folders: Path, make_program: MakeProgram) -> None:
    folder = own_folders / "cache/embedded/images"
    for age, name in enumerate(["newer", "older"], start=1):
        (folder / name).mkdir(parents=True)
        os.utime(folder / name, (1_000_000 - age, 1_000_000 - age))
    make_program("mmdebstrap", BUILD)
    built = image(lambda line: None)
    assert set(_leftovers(own_folders)) == {built.folder, folder / "newer"}


def test_a_missing_tool_names_its_package(own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs.shutil, "which", lambda name, path: None if name != "fakeroot" else "/bin/true")
    with pytest.raises(MissingToolError) as caught:
        image(lambda line: None)
    assert "sudo apt-get install e2fsprogs mmdebstrap" in str(caught.value)
    assert caught.value.exit_code == 3
