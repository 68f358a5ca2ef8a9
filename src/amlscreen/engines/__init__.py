"""Engines: how partitions are handed to the sweep."""
