"""The rule catalogue, ``docs/rules.md``: written from the cards, so that it cannot drift from them."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from amlscreen.rules.card import FAMILIES, Card, Example, Reference, Text, in_language
from amlscreen.rules.columns import RULE_COLUMNS, TABLE_COLUMNS
from amlscreen.rules.lint.finding import CHECKS
from amlscreen.rules.needs import needs
from amlscreen.rules.reader import CardFile
from amlscreen.rules.ruleset import RuleSet
from amlscreen.schema import TABLES

__all__ = ["catalogue"]

_INTRODUCTION = """\
# The rules

Written by `amlscreen rules docs` from the cards in `rules/`. A rule flags a pattern for a person to review; it says
nothing about guilt. Every number below is a parameter and a starting point, to be tuned on a bank's own data.
"""


def catalogue(rules: RuleSet, language: str = "en") -> str:
    """The catalogue of these rules in Markdown: a table of all, then by family a section for each card."""
    lines = [_INTRODUCTION, "| rule | title | status | severity | shape |", "|---|---|---|---|---|"]
    for file in rules.files:
        card, link = file.card, f"[{file.card.id}](#{file.card.id.lower()})"
        title = _cell(in_language(card.title, language))
        lines.append(f"| {link} | {title} | {card.status} | {card.severity} | {card.detect.shape} |")
    for family in FAMILIES.values():
        files = [file for file in rules.files if file.card.family == family]
        if files:
            lines += ["", f"## {family.capitalize() if family != 'kyc' else 'KYC'}"]
        for file in files:
            lines += _section(file, rules.get(file.card.id), language)
    return "\n".join([*lines, *_columns(), *_checks()]) + "\n"


def _columns() -> Iterator[str]:
    yield from ("", "## Columns a card may name", "")
    yield "Those of the canonical tables (see the data dictionary), but for the parts of `counterparty`, and:"
    yield from ("", "| of | column | kind | meaning |", "|---|---|---|---|")
    derived = {"transactions": RULE_COLUMNS, **TABLE_COLUMNS}
    for table, columns in derived.items():
        given = set(TABLES[table].names)
        for column in columns.values():
            if column.name not in given:
                yield f"| {table} | `{column.name}` | {column.kind} | {_cell(column.meaning)} |"


def _checks() -> Iterator[str]:
    yield from ("", "## What every card is held to", "", "| check | level | |", "|---|---|---|")
    for name, check in CHECKS.items():
        yield f"| `{name}` | {check.level} | {check.meaning} |"


def _section(file: CardFile, bound: Card, language: str) -> Iterator[str]:
    card = file.card
    yield from ("", f"### {card.id}", "", f"**{in_language(card.title, language)}**", "")
    facts = f"{card.status}, version {card.version} · severity {card.severity} · role {card.role.replace('_', ' ')}"
    yield f"{facts} · typology `{card.typology}` · {', '.join(card.exploitation)}"
    for text in (card.description, card.rationale):
        yield from ("", in_language(text, language).strip())
    yield from _list("Also innocent", card.false_positives, language)
    yield from _list("Does not see", card.blind_spots, language)
    yield from _list("Next steps at the desk", card.next_steps, language)
    if card.parameters:
        yield from ("", "| parameter | value | meaning |", "|---|---|---|")
        for name, parameter in bound.parameters.items():
            yield f"| `{name}` | {_value(parameter.value)} | {_cell(in_language(parameter.help, language))} |"
    yield from ("", "```yaml", *_yaml(file.tree), "```", "")
    yield f"Needs: {', '.join(f'`{one}`'.replace('|', '` or `') for one in sorted(needs(card)))}."
    yield from ("", f"Says: {in_language(card.explain, language).strip()}")
    yield from ("", "Proved by:", *(f"- {_proof(example)}" for example in card.examples))
    yield from ("", "Sources:", *(f"- {_source(reference)}" for reference in card.references))


def _list(heading: str, texts: tuple[Text, ...], language: str) -> Iterator[str]:
    yield from ("", f"{heading}:", *(f"- {in_language(text, language).strip()}" for text in texts))


def _yaml(tree: CommentedMap) -> list[str]:
    """The ``detect`` part as it is written."""
    writer, out = YAML(typ="rt"), StringIO()
    writer.width = 120
    writer.dump({"detect": tree["detect"]} if "detect" in tree else {}, out)
    return [line for line in out.getvalue().splitlines() if line.strip()]


def _value(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)


def _proof(example: Example) -> str:
    if example.known_miss:
        return f"known miss: {example.name} ({example.known_miss.strip().rstrip('.')})"
    return f"{'clear' if example.expect == 'clear' else 'hit'}: {example.name}"


def _source(reference: Reference) -> str:
    section = f", {reference.section}" if reference.section else ""
    return f"{reference.source}{section} ({reference.year}){'' if reference.seen else '; known second-hand'}"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
