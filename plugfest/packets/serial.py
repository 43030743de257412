"""24-bit serial arithmetic for packet sequence numbers (RFC 1982; IBTA volume 1, 9.7.3).

The only place that knows how PSNs wrap.  Plain integer functions, so that the capture kernels compile the same code.
"""

PSN_SPAN = 1 << 24
PSN_MASK = PSN_SPAN - 1
PSN_HALF = PSN_SPAN >> 1


def advance(psn: int, packets: int) -> int:
    """The PSN `packets` after `psn` (before it, if negative)."""
    return (psn + packets) & PSN_MASK


def distance(later: int, earlier: int) -> int:
    """Signed distance from `earlier` to `later` in [-2^23, 2^23): positive if `later` comes after."""
    return ((later - earlier + PSN_HALF) & PSN_MASK) - PSN_HALF


def unwrap(psn: int, reference: int) -> int:
    """The unbounded sequence number that is congruent to `psn` and nearest to the unbounded `reference`."""
    return reference + distance(psn, reference & PSN_MASK)
