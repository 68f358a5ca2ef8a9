"""YAML 1.2 with places: every value remembers its line and column, and repeated keys are refused."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from amlscreen.errors import AmlScreenError, Place, SettingsError, did_you_mean
from amlscreen.kept_yaml import keep, kept

__all__ = ["load", "parse", "place_of", "plain", "read_model", "said_plainly", "text_of"]

Model = TypeVar("Model", bound=BaseModel)


def load(path: Path, error: type[AmlScreenError] = SettingsError) -> CommentedMap:
    """The mapping a YAML file holds, with line marks; ``error`` names file, line and column of what is wrong."""
    return parse(text_of(path, error), str(path), error)


def text_of(path: Path, error: type[AmlScreenError] = SettingsError) -> str:
    """The text of a YAML file."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as problem:
        raise error(f"cannot be read: {problem.strerror}.", place=Place(str(path))) from problem
    except UnicodeDecodeError as problem:
        raise error("is not UTF-8.", place=Place(str(path)), fix="Save it as UTF-8.") from problem


def parse(text: str, name: str, error: type[AmlScreenError] = SettingsError) -> CommentedMap:
    """The mapping a YAML text holds; ``name`` stands for the file in messages."""
    reader = YAML(typ="rt")
    reader.version = (1, 2)
    try:
        loaded = reader.load(text)
    except DuplicateKeyError as problem:
        mark = problem.problem_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)
        key = str(problem.problem).split('"')[1] if '"' in str(problem.problem) else "a key"
        raise error(f"'{key}' stands twice.", place=place, fix="Keep one of them.") from problem
    except MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)
        raise error(f"is not YAML: {problem.problem or problem.context}.", place=place) from problem
    except YAMLError as problem:
        raise error(f"is not YAML: {problem}.", place=Place(name)) from problem
    if loaded is None:  # nothing but comments, such as a settings file in which nothing is changed yet
        return CommentedMap()
    if not isinstance(loaded, CommentedMap):
        raise error("must hold a mapping of names to values.", place=Place(name, 1))
    return loaded


def place_of(tree: Any, where: Sequence[int | str], name: str) -> Place:
    """Where the value at ``where`` stands in a loaded tree: the deepest part that has a mark."""
    line, column = 1, 1
    node = tree
    for step in where:
        marks = getattr(node, "lc", None)
        if marks is None:
            break
        try:
            if isinstance(node, CommentedMap):
                if step not in node:
                    break
                line, column = (part + 1 for part in marks.key(step))
            elif isinstance(node, CommentedSeq):
                line, column = (part + 1 for part in marks.item(step))
            node = node[step]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return Place(name, line, column)


_KEYS = {None: "null", True: "true", False: "false"}
"""How keys that YAML reads as values are written."""


def plain(node: Any) -> Any:
    """The tree without marks: plain dict, list, str, int, float, bool, date."""
    if isinstance(node, dict):
        return {_key(key): plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(item) for item in node]
    if isinstance(node, bool):
        return bool(node)
    for kind in (int, float, str):
        if isinstance(node, kind) and type(node) is not kind:
            return kind(node)
    return node


def _key(key: Any) -> str:
    """A key as it is written; 1 and 0 are equal to true and false and yet other keys."""
    return _KEYS[key] if key is None or isinstance(key, bool) else str(key)


def said_plainly(problem: ValidationError, model: type[BaseModel]) -> tuple[tuple[int | str, ...], str, str | None]:
    """The first thing pydantic found: where, the sentence, and the fix if there is one to name."""
    first = problem.errors()[0]
    where = tuple(first["loc"])
    if first["type"] == "extra_forbidden":
        known = _fields_at(model, where[:-1])
        return where, f"'{where[-1]}' is not known here.", did_you_mean(str(where[-1]), known) if known else None
    if first["type"] == "missing":
        return where[:-1], f"'{where[-1]}' is missing.", None
    dotted = ".".join(str(part) for part in where) or "the file"
    message = first["msg"].removeprefix("Value error, ")
    return where, f"{dotted}: {message}.", None


def read_model(model: type[Model], path: Path, error: type[AmlScreenError] = SettingsError) -> Model:
    """A pydantic model from a YAML file; what is wrong is told with file, line and column."""
    text = text_of(path, error)
    held = kept(text)
    if held is not None:
        with suppress(ValidationError):  # reading it anew tells where
            return model.model_validate(held)
    tree = parse(text, str(path), error)
    try:
        made = model.model_validate(plain(tree))
    except ValidationError as problem:
        where, message, fix = said_plainly(problem, model)
        raise error(message, place=place_of(tree, where, str(path)), fix=fix) from problem
    keep(text, plain(tree))
    return made


def _fields_at(model: type[BaseModel], where: Sequence[int | str]) -> list[str]:
    current: Any = model
    for step in where:
        fields = getattr(current, "model_fields", {})
        if step not in fields:
            return []
        current = fields[str(step)].annotation
    return list(getattr(current, "model_fields", {}))
