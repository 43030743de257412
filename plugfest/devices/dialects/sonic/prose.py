"""Lines that SONiC's commands print around their tables."""

NAMESPACE = r"(?:For )?[Nn]amespace:?(?: asic\d+| None| )?:?"
CACHED = r"(?:\S+ )?Last cached time\b.* was .+"
REMINDER = r"Reminder: .+"
RATES = r"The rates are calculated within \d+ seconds period"
COMMAND = r"(?:Running command|Command): .+"
NO_TABLE = r"Warning: failed to retrieve \w+ table from \w+!"
COMMON = (NAMESPACE, CACHED, REMINDER, RATES, COMMAND, NO_TABLE)
