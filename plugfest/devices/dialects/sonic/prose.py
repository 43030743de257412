"""Lines that SONiC's commands print around their tables."""

NAMESPACE = r"(?:For )?[Nn]amespace:?(?: asic\d+| )?:?"
CACHED = r"(?:\S+ )?Last cached time\b.* was .+"
REMINDER = r"Reminder: .+"
COMMON = (NAMESPACE, CACHED, REMINDER)
