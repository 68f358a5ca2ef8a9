"""What ``amlscreen map`` asks on a terminal: each doubt with its choices, the likeliest first in line."""

from __future__ import annotations

import click

from amlscreen.cli.map_showing import Shown, show_again
from amlscreen.intake.proposing.proposal import Doubt, Proposal
from amlscreen.intake.proposing.settling import settled, with_institution

__all__ = ["ask"]


def ask(proposal: Proposal, shown: Shown) -> Proposal:
    """The proposal with every doubt answered; what an answer changes is shown at once."""
    asked: set[tuple[str, str, str]] = set()
    while (at := _next(proposal, asked)) is not None:
        doubt = proposal.doubts[at]
        asked.add(_key(doubt))
        if doubt.about == "institution":
            proposal = _ask_institution(proposal, doubt)
            continue
        choice = _choice(doubt)
        before = proposal.mapping
        proposal = proposal.answered(at, choice)
        if proposal.mapping != before:
            show_again(proposal, shown, doubt)
    return settled(proposal, asked)


def _next(proposal: Proposal, asked: set[tuple[str, str, str]]) -> int | None:
    left = (at for at, doubt in enumerate(proposal.doubts) if _key(doubt) not in asked)
    return next(left, None)


def _key(doubt: Doubt) -> tuple[str, str, str]:
    return doubt.file, doubt.about, doubt.question


def _choice(doubt: Doubt) -> int:
    click.echo("")
    click.echo(f"{doubt.file}: {doubt.question}" if doubt.file else doubt.question)
    for number, choice in enumerate(doubt.choices, 1):
        click.echo(f"  {number}  {choice.label}")
    numbers = click.IntRange(1, len(doubt.choices))
    return int(click.prompt("Which", type=numbers, default=doubt.chosen + 1)) - 1


def _ask_institution(proposal: Proposal, doubt: Doubt) -> Proposal:
    click.echo("")
    name = click.prompt(doubt.question, default=proposal.mapping.institution or "BANK")
    return with_institution(proposal, str(name).strip())
