"""What the catalogue says of one rule, ready to be set in Markdown or HTML; names in code stand in backticks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from amlscreen.rules.card import Card, Example, Reference, Text, in_language
from amlscreen.rules.in_words import Said, looks_for
from amlscreen.rules.needs import needs
from amlscreen.rules.reader import CardFile
from amlscreen.rules.ruleset import RuleSet

__all__ = ["Entry", "entries", "family_title", "rules_by_need"]

_ON_EVERY_ROW = frozenset({"transactions.account_id", "transactions.amount", "transactions.direction"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule. Texts are in the language asked for; ``parameters`` are name, value and meaning."""

    rule_id: str
    title: str
    family: str
    typology: str
    status: str
    severity: str
    shape: str
    facts: str
    description: str
    rationale: str
    said: Said
    parameters: tuple[tuple[str, str, str], ...]
    false_positives: tuple[str, ...]
    blind_spots: tuple[str, ...]
    next_steps: tuple[str, ...]
    needs: tuple[str, ...]
    explain: str
    proofs: tuple[str, ...]
    sources: tuple[str, ...]
    written: str


def entries(rules: RuleSet, language: str = "en") -> list[Entry]:
    """One for each rule, in order of id; parameters show the values the rules run with."""
    return [_entry(file, rules.get(file.card.id), language) for file in rules.files]


def rules_by_need(every: Iterable[Entry]) -> dict[str, list[str]]:
    """Each column, or several of which one is needed, with the rules that cannot run without it; commonest first.

    What every export has is left out.
    """
    wanted: dict[str, list[str]] = {}
    for one in every:
        for need in set(one.needs) - _ON_EVERY_ROW:
            wanted.setdefault(need, []).append(one.rule_id)
    ordered = sorted(wanted.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return {need: sorted(ids) for need, ids in ordered}


def family_title(family: str) -> str:
    """The family as a heading.

    >>> family_title("kyc"), family_title("account")
    ('KYC', 'Account')
    """
    return "KYC" if family == "kyc" else family.capitalize()


def _entry(file: CardFile, bound: Card, language: str) -> Entry:
    card = file.card

    def text(one: Text) -> str:
        return in_language(one, language).strip()

    def texts(many: Iterable[Text]) -> tuple[str, ...]:
        return tuple(text(one) for one in many)

    facts = f"{card.status}, version {card.version} · severity {card.severity} · role {card.role.replace('_', ' ')}"
    marks = "".join(f" · {name}" for name in ("anchor", "safety") if getattr(card, name))
    return Entry(
        rule_id=card.id,
        title=text(card.title),
        family=card.family,
        typology=card.typology,
        status=card.status,
        severity=card.severity,
        shape=card.detect.shape,
        facts=f"{facts} · typology `{card.typology}` · {', '.join(card.exploitation)}{marks}",
        description=text(card.description),
        rationale=text(card.rationale),
        said=looks_for(card.model_copy(update={"parameters": bound.parameters})),
        parameters=tuple((name, _value(one.value), text(one.help)) for name, one in bound.parameters.items()),
        false_positives=texts(card.false_positives),
        blind_spots=texts(card.blind_spots),
        next_steps=texts(card.next_steps),
        needs=tuple(sorted(needs(card))),
        explain=text(card.explain),
        proofs=tuple(_proof(example) for example in card.examples),
        sources=tuple(_source(reference) for reference in card.references),
        written=_yaml(file.tree),
    )


def _yaml(tree: CommentedMap) -> str:
    """The ``detect`` part as it is written."""
    writer, out = YAML(typ="rt"), StringIO()
    writer.width = 120
    writer.dump({"detect": tree["detect"]} if "detect" in tree else {}, out)
    return "\n".join(line for line in out.getvalue().splitlines() if line.strip())


def _value(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)


def _proof(example: Example) -> str:
    if example.known_miss:
        return f"known miss: {example.name} ({example.known_miss.strip().rstrip('.')})"
    return f"{'clear' if example.expect == 'clear' else 'hit'}: {example.name}"


def _source(reference: Reference) -> str:
    section = f", {reference.section}" if reference.section else ""
    return f"{reference.source}{section} ({reference.year}){'' if reference.seen else '; known second-hand'}"
