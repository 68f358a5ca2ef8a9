"""What a card looks for, said in plain sentences made from its grammar, so that words and rule cannot drift apart."""

from amlscreen.rules.in_words.card import Said, looks_for
from amlscreen.rules.in_words.conditions import condition_in_words, conditions_in_words, either
from amlscreen.rules.in_words.measures import MADE_IN_WORDS, made_in_words, measure_in_words
from amlscreen.rules.in_words.values import Known, listed, span_in_words, value_in_words

__all__ = [
    "MADE_IN_WORDS",
    "Known",
    "Said",
    "condition_in_words",
    "conditions_in_words",
    "either",
    "listed",
    "looks_for",
    "made_in_words",
    "measure_in_words",
    "span_in_words",
    "value_in_words",
]
