"""Accelerator families: how each is recognised, what its tools can be asked, and what the answers mean."""
