"""What the guest image is made of, and the hash that tells when it has to be made again."""

import hashlib
from pathlib import Path

FOLDER = Path(__file__).parent / "recipe"
SUITE = "forky"
"""Debian release with a kernel that has Soft-RoCE inside network namespaces."""
FILE_SYSTEM_MB = 900
"""Size of the file system in MB (10^6 bytes); the file is sparse."""
_FILES = ("packages.txt", "modules.txt", "customize")


def packages() -> list[str]:
    """Names of the Debian packages of the image."""
    lines = (FOLDER / "packages.txt").read_text().splitlines()
    names = (line.partition("#")[0].strip() for line in lines)
    return [name for name in names if name]


def mmdebstrap_options() -> list[str]:
    """Options that shape the image, without mirror and output."""
    return [
        "--architectures=amd64",
        "--variant=essential",
        "--format=tar",
        # The suite is a moving one: its index may be older than it promises.
        '--aptopt=Acquire::Check-Valid-Until "false"',
        '--aptopt=APT::Install-Recommends "false"',
        '--aptopt=Acquire::Retries "3"',
        *(f"--dpkgopt=path-exclude=/usr/share/{folder}/*" for folder in ("doc", "man", "locale", "info")),
        '--setup-hook=mkdir -p "$1/etc" && echo "do_initrd = no" >"$1/etc/kernel-img.conf"',
        f"--customize-hook={FOLDER / 'customize'}",
        f"--include={','.join(packages())}",
    ]


def recipe_hash() -> str:
    """Twelve hex digits that change whenever the image would."""
    digest = hashlib.sha256()
    for name in _FILES:
        digest.update((FOLDER / name).read_bytes() + b"\0")
    options = [option for option in mmdebstrap_options() if not option.startswith("--customize-hook")]
    digest.update("\0".join([SUITE, str(FILE_SYSTEM_MB), *options]).encode())
    return digest.hexdigest()[:12]
