"""Anomaly detectors behind one contract: how odd each row of a table of numbers is among the others."""
