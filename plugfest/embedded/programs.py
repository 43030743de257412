"""The system programs that the embedded lab needs, and the Debian packages that have them."""

import os
import shutil

from plugfest.errors import MissingToolError

_PACKAGES = {
    "qemu-system-x86_64": "qemu-system-x86",
    "qemu-img": "qemu-utils",
    "mmdebstrap": "mmdebstrap",
    "newuidmap": "uidmap",
    "fakeroot": "fakeroot",
    "mke2fs": "e2fsprogs",
    "ssh": "openssh-client",
}
_SYSTEM_FOLDERS = "/usr/local/sbin:/usr/sbin:/sbin"
"""Not always in the PATH of an ordinary user."""


def program(name: str) -> str:
    """Full path of the program `name`; raises MissingToolError with the package to install."""
    path = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:{_SYSTEM_FOLDERS}")
    if path is None:
        raise MissingToolError(
            f"{name} is not installed; install it with: sudo apt-get install {_PACKAGES.get(name, name)}"
        )
    return path


def require(*names: str) -> None:
    """Raise one MissingToolError that names every program of `names` that is missing."""
    problems = []
    for name in names:
        try:
            program(name)
        except MissingToolError:
            problems.append(name)
    if problems:
        packages = " ".join(sorted({_PACKAGES.get(name, name) for name in problems}))
        raise MissingToolError(f"not installed: {', '.join(problems)}; install with: sudo apt-get install {packages}")
