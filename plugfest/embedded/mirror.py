"""Which Debian mirror the image is built from."""

import os
import re
from pathlib import Path

_APT = Path("/etc/apt")


def mirror(apt: Path = _APT) -> str | None:
    """Address of a Debian mirror, None for mmdebstrap's own default.

    ``PLUGFEST_DEBIAN_MIRROR`` if set, else the first Debian archive that this machine's own apt uses.
    """
    return os.environ.get("PLUGFEST_DEBIAN_MIRROR") or next(iter(_debian_archives(apt)), None)


def _debian_archives(apt: Path) -> list[str]:
    """Addresses ending in ``/debian`` in apt's sources, in both formats, in apt's reading order."""
    files = [apt / "sources.list", *sorted((apt / "sources.list.d").glob("*.list"))]
    lines = [line for file in files if file.is_file() for line in file.read_text().splitlines()]
    one_line = (re.match(r"\s*deb\s+(?:\[[^]]*\]\s+)?(\S+)", line) for line in lines)
    blocks = [file.read_text() for file in sorted((apt / "sources.list.d").glob("*.sources"))]
    deb822 = [uri for text in blocks for uris in re.findall(r"(?mi)^URIs:\s*(.+)$", text) for uri in uris.split()]
    found = [match.group(1) for match in one_line if match] + deb822
    return [uri for uri in found if re.fullmatch(r"https?://\S+/debian/?", uri)]
