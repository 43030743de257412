"""The nightly job: one plan, one night, one report – whatever happens in between."""
