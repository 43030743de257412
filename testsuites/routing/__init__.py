"""Routed fabric: BGP, equal-cost paths, hop counts."""
