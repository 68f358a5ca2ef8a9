"""Places in the tree of a message's elements: what each is part of, whether its text is kept, and what begins there."""

from __future__ import annotations

from collections.abc import Callable

from amlscreen.intake.readers.iso_names import PARTS, local, message_of

__all__ = ["AGAIN", "Step", "Steps"]

AGAIN = "+"
"""Behind a path that came more than once: how many texts followed; with a number behind it, that text."""

_DEEPEST = 64  # messages nest to about twenty
_MOST = 20_000
_ENVELOPE, _DOCUMENT, _OTHER = "envelope", "document", "other"
_KEPT = frozenset({"header", "statement", "balance", "entry", "detail", "group", "payment"})


class Step(dict[str, "Step"]):
    """One place in the tree; the places below it, by the names of elements, are made when they are first met."""

    __slots__ = ("above", "again", "code", "depth", "inside", "keeps", "path", "starts", "steps")

    above: Step
    path: str  # below the part it is in
    again: str
    code: str
    depth: int
    inside: str  # the part it is in; envelope, document and other are outside of any
    keeps: bool
    starts: str | None  # the part that begins here
    steps: Steps

    def __missing__(self, name: str) -> Step:
        made = self[name] = self.steps.below(self, name)
        return made


class Steps:
    """All places of one file. ``refuse`` makes the error for a file that has too many, or too deep ones."""

    def __init__(self, refuse: Callable[[str], Exception]) -> None:
        self._refuse = refuse
        self._count = 0
        self.root = self._make("", 0, _ENVELOPE, None)

    def below(self, above: Step, name: str) -> Step:
        """The place of an element that is met for the first time there."""
        bare = local(name)
        inside, path = (above.inside, above.path) if above.starts is None else (above.starts, "")
        path = f"{path}/{bare}" if path else bare
        starts = PARTS.get(inside, {}).get(path)
        if inside in {_ENVELOPE, _DOCUMENT}:
            starts = "message" if message_of(bare, "") else _OTHER if inside == _DOCUMENT else None
            inside, path = (_DOCUMENT if bare == "Document" else _ENVELOPE), ""
        made = self._make(path, above.depth + 1, inside, starts)
        made.above = above
        return made

    def _make(self, path: str, depth: int, inside: str, starts: str | None) -> Step:
        self._count += 1
        if depth > _DEEPEST:
            raise self._refuse(f"nests elements deeper than {_DEEPEST}, which no message does.")
        if self._count > _MOST:
            raise self._refuse(f"has elements in more than {_MOST:,} different places, which no message has.")
        step = Step()
        step.steps, step.path, step.depth, step.inside, step.starts = self, path, depth, inside, starts
        step.again, step.code = path + AGAIN, path + "@Ccy"
        step.keeps = inside in _KEPT
        return step
