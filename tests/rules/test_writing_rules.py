"""The reference of the grammar: every word stands in it, and every example can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from amlscreen.proving import prove
from amlscreen.rules.bind import bind
from amlscreen.rules.card import Card, Example
from amlscreen.rules.grammar import Anomaly, Baseline, Match, Measure, Scenario, Sequence, Step, Window
from amlscreen.rules.grammar import Path as PathShape
from amlscreen.rules.grammar_cluster import Cluster, ClusterMeasure, Link
from amlscreen.rules.lint import lint
from amlscreen.rules.reader import CardFile, read_text
from amlscreen.rules.words import Condition

PAGE = (Path(__file__).parents[2] / "docs" / "writing_rules.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
WHOLE, *PARTS = BLOCKS
SHARED = {"shape", "subject", "by", "for_each", "rows", "measures", "when", "within", "repeat", "after_hit"}
TABLES = {
    "The card's words": [Card],
    "Conditions": [Condition],
    "Measures": [Measure],
    "`window`": [Window],
    "`sequence`": [Sequence, Step],
    "`match`": [Match],
    "`baseline`": [Baseline],
    "`cluster`": [Cluster, Link, ClusterMeasure],
    "`path`": [PathShape],
    "`anomaly`": [Anomaly],
    "`scenario`": [Scenario],
    "Examples": [Example],
}


def words_of(heading: str) -> list[set[str]]:
    """The first columns of the tables in a section of the page, table by table."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    tables = re.findall(r"^\| Word \|.*?\n\|---\|---\|\n((?:\|.*\n)+)", section, re.MULTILINE)
    return [set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) for table in tables]


def fields(model: type[BaseModel]) -> set[str]:
    """The words of a model as they are written in a card."""
    return {field.alias or name for name, field in model.model_fields.items()}


def card_of(block: str) -> CardFile:
    """A part of a card inside an otherwise plain one."""
    head = WHOLE[: WHOLE.index("parameters:")]
    plain = "explain: Something is seen.\nexamples:\n  - {name: nothing, expect: clear}\n"
    return read_text(head + block + plain, "MY-A51_example.yml")


def test_the_whole_card_is_one() -> None:
    """It can be copied as it stands: its examples hold, and lint asks for nothing but its file's name."""
    file = read_text(WHOLE, "account/MY-A51_gathering.yml")
    assert lint([file]) == []
    assert all(one.passed for one in prove(bind(file.card)))


@pytest.mark.parametrize("block", PARTS, ids=lambda block: re.search(r"shape: (\w+)", block)[1])
def test_every_part_can_be_read(block: str) -> None:
    """Words, columns, codes and parameters exist, with the values filled in too."""
    bind(card_of(block).card)


@pytest.mark.parametrize("heading", TABLES)
def test_every_word_is_explained(heading: str) -> None:
    """None is missing, and none is told that the grammar does not know."""
    told = words_of(heading)
    models = TABLES[heading]
    for number, model in enumerate(models):
        own = told[number] if number < len(told) else set()
        known = fields(model) | ({"times", "any"} if model is Card else set())
        assert own <= known, (model, own - known)
        tables = {"crowd", "accounts", "customers", "holdings", "recalls", "observations", "reports", "cases"}
        tables |= {"fx_rates", "listed", "logins"}
        said = own | (SHARED if model not in {Card, Condition, Measure, Step, Link, ClusterMeasure, Example} else set())
        said |= {word for word in tables if model is Example and f"`{word}`" in PAGE}
        assert fields(model) <= said, (model, fields(model) - said)


def used_in(value: object) -> Iterator[tuple[type[BaseModel], str]]:
    """Every word that a card says, with the model it belongs to."""
    if isinstance(value, BaseModel):
        for name in value.model_fields_set:
            yield type(value), name
            yield from used_in(getattr(value, name))
    elif isinstance(value, dict):
        for one in value.values():
            yield from used_in(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from used_in(one)


def test_every_word_of_the_grammar_has_an_example() -> None:
    """Each field of each shape, of conditions and of measures is said somewhere on the page."""
    said = set(used_in(tuple(card_of(block).card.detect for block in PARTS)))
    said |= set(used_in(read_text(WHOLE).card.detect))
    models = {model for model, _ in said} | {Measure, ClusterMeasure, Condition, Link, Step}
    inherited = {
        (model, name) for model in models for name in ("repeat", "after_hit", "by", "for_each", "when", "measures")
    }
    inherited |= {(Match, "measures"), (PathShape, "measures")}
    unsaid = {(model.__name__, name) for model in models for name in model.model_fields if (model, name) not in said}
    assert unsaid - {(model.__name__, name) for model, name in inherited} == set()
