"""Benchmarks: how every promised figure is measured."""
