"""The command line: it parses and prints, one library call for each command."""

from amlscreen.cli.main import main

__all__ = ["main"]
