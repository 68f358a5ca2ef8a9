"""What the four rules that are written by hand ask for: figures from the cards and the jurisdiction, one answer file.

HT-A05 cash just below the reporting line, HT-A08 funding by third parties, HT-A12 a burst on a new account, HT-N01 many
strangers pay in. All hand-written versions look for the same thing, so that what they find can be compared.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

from amlscreen.jurisdiction import Jurisdiction
from amlscreen.rules.ruleset import RuleSet

__all__ = ["DAY", "MILLION", "RULES", "figure", "main_of", "millionths", "reporting_line", "wage"]

MILLION = 1_000_000
DAY = 86_400
RULES = ("HT-A05", "HT-A08", "HT-A12", "HT-N01")
Find = Callable[[argparse.Namespace], Mapping[str, Iterable[str]]]


@cache
def _cards() -> RuleSet:
    return RuleSet.load()


@cache
def _country() -> Jurisdiction:
    return Jurisdiction.load("laos")


def figure(card: str, name: str) -> float:
    """A figure that a card names, such as its least number of payers."""
    return float(_cards().get(card).parameters[name].value)


def millionths(card: str, name: str) -> int:
    """The same in millionths, as the cards count shares and multiples."""
    return round(figure(card, name) * MILLION)


def wage() -> int:
    """The monthly minimum wage in hundredths."""
    return int(_country().monthly_minimum_wage[-1].value) * 100


def reporting_line() -> int:
    """The amount from which cash is reported, in hundredths."""
    return int(next(one for one in _country().limits if one.id == "cash_report").amount) * 100


def main_of(find: Find, description: str | None) -> None:
    """The command of one hand-written version: read FOLDER, write what each rule finds as JSON, sorted."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--memory", default="4GB", help="for those that can be held to it")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("-o", "--out", type=Path, required=True)
    chosen = parser.parse_args()
    found = {rule: sorted(map(str, subjects)) for rule, subjects in find(chosen).items()}
    chosen.out.write_text(json.dumps(found), encoding="utf-8")
