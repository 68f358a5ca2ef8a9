"""Named numbers about customers and accounts, up to the last day of the run."""
