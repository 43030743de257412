"""Evidence of a run: one bundle a test, sealed by a manifest, judged again without a lab."""
