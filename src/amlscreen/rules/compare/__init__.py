"""Two sets of rules compared: what changed, in words, and whether more or fewer subjects will be found."""

from amlscreen.rules.compare.change import Change, Comparison
from amlscreen.rules.compare.sets import compare
from amlscreen.rules.compare.tendency import Tendency, tendency

__all__ = ["Change", "Comparison", "Tendency", "compare", "tendency"]
