"""From a bank's files to canonical tables: readers, mapping, checks, dataset. The only home of DuckDB."""
