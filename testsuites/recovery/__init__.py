"""Recovery: exact losses, damage, copies and delays, and what both ends make of them."""
