"""One spelling for a GID (InfiniBand Architecture Vol. 1, 4.1.1), whatever tool printed it."""

import ipaddress


def canonical_gid(gid: str | bytes) -> str:
    """The GID as an IPv6 address in its short form; IPv4-mapped ones end in dotted decimals: ``::ffff:10.1.1.2``.

    Takes any text form or the 16 raw bytes.  ValueError if it is neither.
    """
    address = ipaddress.IPv6Address(gid)
    # Python spells IPv4-mapped addresses differently from version to version.
    return f"::ffff:{address.ipv4_mapped}" if address.ipv4_mapped else address.compressed
