"""Device facts: how a NIC legitimately behaves, kept as data per model and firmware, each with its source."""
