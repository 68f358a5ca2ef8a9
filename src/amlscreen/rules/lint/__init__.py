"""Lint: what a card must be beyond running."""

from amlscreen.rules.lint.finding import CHECKS, Finding
from amlscreen.rules.lint.run import lint, lint_path

__all__ = ["CHECKS", "Finding", "lint", "lint_path"]
