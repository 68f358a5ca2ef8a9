"""What pydantic finds wrong in a card, as one sentence with its place and the likely fix."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from ruamel.yaml.comments import CommentedMap

from amlscreen.errors import Place, RuleError, did_you_mean
from amlscreen.yaml_file import place_of

__all__ = ["as_rule_error", "steps_in_file"]

Steps = tuple[int | str, ...]


def as_rule_error(problem: ValidationError, model: type[BaseModel], tree: CommentedMap, name: str) -> RuleError:
    """The most telling of the findings: an unknown word first, since it explains a missing one; then by place."""
    found = [(_place(tree, error, name), error) for error in _innermost(problem.errors(), tree)]
    place, first = min(found, key=lambda pair: _weight(pair[0], pair[1]))
    message, fix = _sentence(first, steps_in_file(tree, first["loc"]), model)
    more = len({str(where) for where, _ in found}) - 1
    after = f"({more} more after this one.)" if more else None
    return RuleError(message, place=place, fix=" ".join(part for part in (fix, after) if part) or None)


def _innermost(errors: Sequence[Any], tree: CommentedMap) -> Iterator[Any]:
    """The errors without those of a parent: of a word-or-list, only what is wrong inside the list counts."""
    steps = [steps_in_file(tree, error["loc"]) for error in errors]
    for mine, error in zip(steps, errors, strict=True):
        deeper = (other for other in steps if len(other) > len(mine))
        if error["type"] == "missing" or not any(other[: len(mine)] == mine for other in deeper):
            yield error


def _weight(place: Place, error: Any) -> tuple[bool, bool, int, int, int]:
    kind = error["type"]
    return (kind != "extra_forbidden", kind == "missing", place.line or 0, place.column or 0, -len(error["loc"]))


def steps_in_file(tree: Any, steps: Sequence[int | str]) -> Steps:
    """The steps that stand in the file; pydantic adds names of union members and of short forms spelt out."""
    kept: list[int | str] = []
    node = tree
    for step in steps:
        written = "any" if step == "any_of" and isinstance(node, dict) and "any_of" not in node else step
        there = written in node if isinstance(node, dict) else isinstance(node, list) and isinstance(step, int)
        if there and not (isinstance(node, list) and int(step) >= len(node)):
            kept.append(written)
            node = node[written]
    return tuple(kept)


def _place(tree: CommentedMap, error: Any, name: str) -> Place:
    steps = steps_in_file(tree, error["loc"])
    return place_of(tree, (*steps, *_narrowed(tree, steps, error)), name)


def _narrowed(tree: CommentedMap, steps: Steps, error: Any) -> Steps:
    """A finding about names that do not agree stands at their parent; the name it quotes last is the one to mend."""
    quoted = _quoted(error["msg"].split(". ")[0])
    if error["type"] != "value_error" or not quoted:
        return ()
    node: Any = tree
    for step in steps:
        node = node[step]
    return _spot(node, quoted[-1]) or ()


def _spot(node: Any, name: str, steps: Steps = ()) -> Steps | None:
    """Where a name that is quoted in a finding stands, as a key or a value, but for where row sets are defined."""
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, value in inside:
        if name in (step, value):
            return (*steps, step)
        if step != "rows" and (found := _spot(value, name, (*steps, step))):
            return found
    return None


def _sentence(error: Any, inside: Steps, model: type[BaseModel]) -> tuple[str, str | None]:
    where = ".".join(str(step) for step in inside) or "the card"
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    last = str(error["loc"][-1]) if error["loc"] else ""
    if kind == "extra_forbidden":
        within = ".".join(str(step) for step in inside[:-1]) or "the card"
        return f"'{last}' is not known in {within}.", did_you_mean(last, _fields(model, error["loc"][:-1]))
    if kind == "missing":
        return f"'{last}' is missing in {where}.", None
    if kind == "literal_error":
        return f"{where}: '{given}' is not allowed.", did_you_mean(str(given), _quoted(context["expected"]))
    if kind == "union_tag_invalid":
        tag = str(context["tag"])
        return f"{where}: there is no shape '{tag}'.", did_you_mean(tag, _quoted(context["expected_tags"]))
    if kind == "union_tag_not_found":
        return f"{where} does not say its `shape`.", "Write shape: window, sequence or match."
    if kind == "string_pattern_mismatch":
        return f"{where}: '{given}' does not have the form {context['pattern']}.", None
    if kind == "too_short":
        return f"{where} must hold at least {context['min_length']}.", None
    message = error["msg"].removeprefix("Value error, ").replace("Input should be", "it must be")
    return f"{where}: {message.removesuffix('.')}.", None


def _quoted(text: str) -> list[str]:
    return re.findall(r"'([^']*)'", text)


def _fields(model: type[BaseModel], steps: Sequence[int | str]) -> list[str]:
    """The words allowed where ``steps`` lead: the fields of the models that may stand there, as written in files."""
    here = [model]
    for step in steps:
        tagged = [one for one in here if _tag(one) == step]
        below = [field for one in here for name, field in one.model_fields.items() if step in (name, field.alias)]
        here = tagged or [found for field in below for found in _models(field.annotation)] or here
    return [field.alias or name for one in here for name, field in one.model_fields.items()]


def _tag(model: type[BaseModel]) -> str | None:
    shape = model.model_fields.get("shape")
    return str(get_args(shape.annotation)[0]) if shape else None


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models(part)]
