"""``amlscreen rules list|show|test|lint|lock|diff|coverage|docs``."""

from __future__ import annotations

from pathlib import Path

import click

from amlscreen.cli import coverage
from amlscreen.cli.printing import print_table
from amlscreen.cli.progress import telling

__all__ = ["command"]

FAILED = 1
_PATH = click.option("--rules", "path", type=click.Path(path_type=Path), help="Rule file or folder. Default: shipped.")


@click.group("rules")
def command() -> None:
    """List, show, test, lint and compare rules; say what they can see; write their catalogue and lock."""


command.add_command(coverage.command)


@command.command("list")
@_PATH
@click.option("--status", multiple=True, help="Only rules of this status.")
@click.option("--family", multiple=True, help="Only rules of this family, for example account or kyc.")
def list_rules(path: Path | None, status: tuple[str, ...], family: tuple[str, ...]) -> int:
    """One line for each rule."""
    from amlscreen.rules.card import in_language
    from amlscreen.rules.ruleset import RuleSet

    rows = [
        {
            "id": card.id,
            "version": card.version,
            "status": card.status,
            "family": card.family,
            "severity": card.severity,
            "shape": card.detect.shape,
            "title": in_language(card.title, "en"),
        }
        for card in RuleSet.load(path).select(status=status or None, family=family or None)
    ]
    print_table(("id", "version", "status", "family", "severity", "shape", "title"), rows)
    return 0


@command.command("show")
@click.argument("rule_id")
@_PATH
def show(rule_id: str, path: Path | None) -> int:
    """The card itself."""
    from amlscreen.rules.ruleset import RuleSet

    rules = RuleSet.load(path)
    rules.get(rule_id)
    file = next(one for one in rules.files if one.card.id == rule_id)
    click.echo(Path(file.path).read_text(encoding="utf-8"), nl=False)
    return 0


@command.command("test")
@click.argument("rule_ids", nargs=-1)
@_PATH
def test(rule_ids: tuple[str, ...], path: Path | None) -> int:
    """Run the examples on the cards: hits, clears and known misses."""
    from amlscreen.proving import prove
    from amlscreen.rules.ruleset import RuleSet

    rules = RuleSet.load(path)
    chosen = [rules.get(one) for one in rule_ids] or list(rules)
    results = []
    with telling(quiet=False, log_format="text") as tell:
        for number, card in enumerate(chosen):
            tell(f"proving {card.id}", number, len(chosen))
            results += prove(card, companions=rules)
    for result in results:
        if not result.passed:
            click.echo(f"{result.rule_id}: {result.name}: {result.message}")
    failed = sum(not result.passed for result in results)
    click.echo(f"{len(results) - failed} of {len(results)} examples of {len(chosen)} rules hold.")
    return FAILED if failed else 0


@command.command("lint")
@_PATH
def lint(path: Path | None) -> int:
    """Hold every card to what a card must be."""
    from amlscreen.rules.lint import lint_path

    findings = lint_path(path)
    for finding in findings:
        click.echo(str(finding))
    errors = sum(finding.level == "error" for finding in findings)
    click.echo(f"{errors} errors, {len(findings) - errors} warnings.")
    return FAILED if errors else 0


@command.command("lock")
@_PATH
def lock(path: Path | None) -> int:
    """Write lock.yml: a rule that changes without a new version is then found by lint."""
    from amlscreen.rules.lock import write_lock
    from amlscreen.rules.ruleset import RuleSet
    from amlscreen.shipped import shipped_folder

    folder = path or shipped_folder("rules")
    click.echo(str(write_lock(folder, RuleSet.load(folder).files)))
    return 0


@command.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How.")
def diff(old: str, new: str, form: str) -> int:
    """Say in words what changed from OLD to NEW: each a rule file, a folder or `shipped`.

    With every change stands what becomes of the subjects found, where the grammar lets one tell. Exit code 0: nothing
    changed, or every card that says something else has a higher version; 1: one changed under its old version.
    """
    import json

    from amlscreen.rules.ruleset import RuleSet

    before, after = (RuleSet.load(None if one == "shipped" else one) for one in (old, new))
    comparison = before.compare(after)
    if form == "json":
        click.echo(json.dumps(comparison.to_dict(), ensure_ascii=False, indent=2))
    else:
        click.echo(str(comparison))
    return FAILED if comparison.unversioned else 0


@command.command("docs")
@_PATH
@click.option(
    "--format", "form", type=click.Choice(["markdown", "html"]), default="markdown", show_default=True, help="How."
)
@click.option("--out", "-o", type=click.Path(path_type=Path), help="File to write. Default: print.")
def docs(path: Path | None, form: str, out: Path | None) -> int:
    """The catalogue of rules, made from the cards: Markdown, or one page to search that needs no network."""
    from amlscreen.rules.pages import Catalogue
    from amlscreen.sinks.rules_page import rules_page

    found = Catalogue.of(path)
    text = rules_page(found) if form == "html" else found.markdown()
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8", newline="\n")
    return 0
