"""Misbehaviours that are imposed on the embedded lab on purpose, each with the test that must catch it."""
