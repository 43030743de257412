"""Congestion: marking, transparency of marks, notifications, and flows that share a bottleneck."""
