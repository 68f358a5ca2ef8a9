"""Pages made from the code: ``python docs/make_reference.py`` (``make docs``) writes them beside this file."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel

import amlscreen
from amlscreen.cli.main import group
from amlscreen.feature_catalogue import catalogue
from amlscreen.intake.column_spec import ColumnSpec
from amlscreen.intake.layout import Layout
from amlscreen.intake.mapping import FileEntry, Mapping, Override, Pooled
from amlscreen.intake.splitting import Split
from amlscreen.quality import CHECKS, EFFECTS
from amlscreen.rules.grammar import Baseline
from amlscreen.rules.grammar_anomaly import MADE as ANOMALY_MADE
from amlscreen.rules.grammar_cluster import MADE as CLUSTER_MADE
from amlscreen.rules.grammar_path import FORMS
from amlscreen.rules.in_words import MADE_IN_WORDS
from amlscreen.rules.scenario_catalogue import SHIPPED
from amlscreen.settings import AlertingPolicy, Settings

_GROUPS = {
    "facts": "What is on file, or follows from it.",
    "activity": "What was done on the account, or on the customer's accounts.",
    "past": "The change against the subject's own past.",
    "peers": "The place among those who are alike.",
    "declared": "The difference to what was declared.",
    "graph": (
        "The place in the flow of money between accounts and outside parties. The two legs of a payment are one. What "
        "one customer owns alone is one place, so that money between the own accounts leads nowhere; a joint account "
        "is a place of its own, and each owner is told the higher of the own figure and that of such an account. Money "
        "goes on only in a payment that is certainly later. Parties with more than 100 counterparties are counted and "
        "not passed through, and of each party on a way the next 32 payments are looked at. Nothing is told of a "
        "subject of whose rows more than half do not name the other side; cash has none to name."
    ),
}
_EVERY_BASELINE = Baseline.model_construct(history=True, declared=None, peers=True, spans=True)


def pages() -> dict[str, str]:
    """Every page by file name."""
    return {
        "settings.md": _settings(),
        "mapping_reference.md": _mapping(),
        "commands.md": _commands(),
        "api.md": _api(),
        "rule_words.md": _rule_words(),
        "data_quality.md": _data_quality(),
        "features.md": _features(),
    }


def _features() -> str:
    parts = [
        "# Features\n",
        "Made from `src/amlscreen/features/` by `make docs`; change it there.\n",
        "A feature is a named number about one customer and about one account, up to the last day of the run: nothing",
        "after that day is looked at, and a window of 30 or 90 days ends on it. A customer has the rows of all its",
        "accounts, those of a joint one too. In a notebook `result.features` and `result.account_features` are the",
        "tables and `aml.feature_dictionary()` is this page as one; `amlscreen screen --keep-features` (or the setting",
        "`keep_features`) leaves `features.parquet` and `account_features.parquet` beside the results.\n",
        "Transactions are those of kind customer that were not taken back, unless a feature says otherwise. A",
        "counterparty that is pooled or missing is nobody. What cannot be told is empty, never zero: a share of",
        "nothing, an amount's spread of too few, or a column the bank does not give. Night is 22 to 5 o'clock.\n",
        "| Unit | Inside and in the tables |",
        "|---|---|",
        "| count, days | whole numbers |",
        "| money | minor units of the home currency |",
        "| ratio, multiple, bits, deviations | millionths, floored |",
        "| time | microseconds |",
        "| date | days since 1970-01-01 |",
        "| flag | true or false |",
    ]
    for kind, told in _GROUPS.items():
        chosen = [one for one in catalogue().values() if one.group == kind]
        if not chosen:
            continue
        parts += [f"\n## {kind.capitalize()}\n", told + "\n", "| Feature | Unit | Days | Meaning | Needs |"]
        parts.append("|---|---|---|---|---|")
        for one in chosen:
            needs = ", ".join(f"`{need}`" for need in one.needs).replace("|", "` or `")
            meaning = one.meaning if one.scored else f"{one.meaning} Detectors do not look at it by themselves."
            parts.append(f"| `{one.name}` | {one.unit} | {one.window or 'all'} | {meaning} | {needs} |")
    return "\n".join(parts) + "\n"


def _data_quality() -> str:
    parts = [
        "# Data quality\n",
        "Made from `src/amlscreen/quality/` by `make docs`; change it there.\n",
        "`amlscreen check SOURCE` reads as `screen` would and says what is odd about the data, what it means for",
        "the rules, and what to do; with `-o DIR` it leaves `quality.html`, `quality.csv`, `quality_columns.csv` and",
        "`quality.json`. In a notebook it is `aml.check(data)`. A screen says the same in its page (section *Data",
        "quality*), its workbook (sheets *Data quality* and *Columns*), `quality.csv`, `quality_columns.csv` and",
        "`run.json`, except for the checks marked *further pass*, and tells columns of transactions from the rows",
        "it looked at.\n",
        "An **error** means that results would be wrong. A **warning** means that rules see less than they are",
        "meant to. **Info** is to know. `check` leaves with exit code 0 whatever it finds, unless the data are",
        "refused (2); `--fail-on error` (or `warning`, `info`) makes it 4, as `--fail-on BAND` does for a screen.\n",
        "Which rules a finding **blinds** (they cannot look because of it) or **weakens** (they see less) is read",
        "off each card: the columns it needs, whether hours matter to it, which directions, amounts and history it",
        "reads. A finding that is only info names rules only if it blinds them.\n",
        "All transactions are counted in one pass by file, day, hour, direction, channel and currency. Values are",
        "looked at in up to 50,000 rows of each table, spread evenly; a share of 1 % is then known to within 0.1 %.",
        "Different values are counted up to a million rows and estimated above, never above the filled cells.",
        "Nobody is named: counts, days, files, columns and ids of rules only; what could name someone is shown by",
        "its shape (`a` for a letter, `9` for a digit).\n",
    ]
    for one in CHECKS:
        marked = ", further pass" if one.is_thorough else ""
        parts += [
            f"## {one.title}\n",
            f"`{one.id}`, {one.severity}{marked}\n",
            f"{one.meaning}\n",
            f"*What to do.* {one.action}\n",
            f"*When it speaks.* {one.limits}\n",
        ]
        if one.effects:
            told = [EFFECTS.get(effect, f"rules that need `{effect}`") for effect in one.effects]
            parts.append(f"*What it takes from.* {'; '.join(told)}.\n")
    return "\n".join(parts)


def _settings() -> str:
    parts = [
        "# Settings\n",
        "Made from `src/amlscreen/settings.py` by `make docs`; change it there.\n",
        "A settings file is YAML with these names (`amlscreen init` writes one with every default); in Python it is",
        '`aml.Settings(alert_days=60)` or `aml.Settings.read("settings.yml")`. Flags of the command line win over the',
        "file.\n",
        *_table(Settings, skip=("policy",)),
        "\n## `policy`: when hits become an alert\n",
        f"{AlertingPolicy.__doc__}\n",
        *_table(AlertingPolicy),
    ]
    return "\n".join(parts) + "\n"


def _mapping() -> str:
    parts = [
        "# Everything a mapping can say\n",
        "Made from `src/amlscreen/intake/` by `make docs`; change it there. [mapping.md](mapping.md) shows how to",
        "begin.",
    ]
    for title, model in (
        ("The mapping", Mapping),
        ("`files`: one entry", FileEntry),
        ("`layout`", Layout),
        ("`columns`: one column", ColumnSpec),
        ("`split`", Split),
        ("`pooled`", Pooled),
        ("`overrides`: one override", Override),
    ):
        parts += [f"\n## {title}\n", f"{_prose(model)}\n", *_table(model, skip=("folder",))]
    return "\n".join(parts) + "\n"


def _table(model: type[BaseModel], skip: tuple[str, ...] = ()) -> Iterator[str]:
    yield "| Name | Default | Meaning |"
    yield "|---|---|---|"
    for name, field in model.model_fields.items():
        if name in skip:
            continue
        if field.is_required():
            default = "required"
        else:
            value = field.get_default(call_default_factory=True)
            plain = value.model_dump(exclude_unset=True) if isinstance(value, BaseModel) else value
            default = "" if plain in (None, (), {}) else f"`{json.dumps(plain, default=str)}`"
        meaning = (field.description or "").replace("|", "\\|")
        yield f"| `{field.alias or name}` | {default} | {meaning} |"


def _commands() -> str:
    parts = [
        "# The command line\n",
        "Made from the commands by `make docs`; change it there. Exit codes stand in the [README](../README.md).",
    ]
    for path, command in _every_command((), group):
        arguments = [one for one in command.params if isinstance(one, click.Argument)]
        options = [one for one in command.params if isinstance(one, click.Option)]
        usage = " ".join(("amlscreen", *path, *(one.make_metavar(click.Context(command)) for one in arguments)))
        parts += [f"\n## `{usage}`\n", inspect.cleandoc(command.help or "")]
        if options:
            parts += ["", "| Option | Default | Meaning |", "|---|---|---|", *map(_option, options)]
    return "\n".join(parts) + "\n"


def _every_command(path: tuple[str, ...], command: click.Command) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        if inner:
            yield from _every_command((*path, name), inner)


def _option(option: click.Option) -> str:
    default = "required" if option.required else ""
    if option.show_default and option.default is not None:
        values = option.default if isinstance(option.default, list | tuple) else [option.default]
        default = f"`{' '.join(map(str, values))}`"
    names = ", ".join(f"`{name}`" for name in option.opts)
    choices = f" One of: {', '.join(option.type.choices)}." if isinstance(option.type, click.Choice) else ""
    return f"| {names} | {default} | {option.help or ''}{choices} |"


def _api() -> str:
    parts = [
        "# The public names\n",
        "Made from the docstrings by `make docs`; change it there. `import amlscreen as aml` gives exactly these.",
    ]
    for name in amlscreen.__all__:
        if name == "__version__":
            continue
        thing = getattr(amlscreen, name)
        parts.append(f"\n## `{name}{_signature(thing)}`\n")
        parts.append(_prose(thing))
        members = _members(thing)
        if members:
            parts += ["", "| Member | Meaning |", "|---|---|", *members]
    return "\n".join(parts) + "\n"


def _rule_words() -> str:
    """The measures that shapes make by themselves, the scenarios, and the forms of gaps."""
    parts = [
        "# Measures and functions a card may use",
        "",
        "Made from `src/amlscreen/rules/` by `make docs`; change it there. [writing_rules.md](writing_rules.md) is the",
        "reference of the grammar; the columns a card may name stand in [rules.md](rules.md#columns-a-card-may-name).",
        "",
        "A `count` is a plain number, `money` is in the home currency, a `ratio` is a share, a `multiple` is told in",
        "times, `time` and `days` are spans, a `date` is a day.",
    ]
    made: dict[str, Any] = {"baseline": _EVERY_BASELINE.made, "cluster": CLUSTER_MADE, "anomaly": ANOMALY_MADE}
    made |= {f"path, form {form}": measures for form, measures in FORMS.items()}
    for shape, measures in made.items():
        words = MADE_IN_WORDS[shape.partition(",")[0]]
        parts += ["", f"## Shape {shape}", "", "| Measure | Unit | Meaning |", "|---|---|---|"]
        parts += [f"| `{name}` | {unit} | {words[name].format(compare='compare')} |" for name, unit in measures.items()]
    for name, signature in sorted(((one.name, one) for one in SHIPPED), key=lambda item: item[0]):
        parts += ["", f"## Scenario `{name}`", "", signature.meaning, ""]
        parts += [
            f"Subject: {signature.subject}. Needs: {', '.join(f'`{one}`' for one in signature.needs)}.".replace(
                "|", "` or `"
            )
        ]
        parts += ["", "| Option | Unit | Meaning |", "|---|---|---|"]
        parts += [f"| `{option}` | {one.unit} | {one.meaning} |" for option, one in signature.options.items()]
        parts += ["", "| Measure | Unit |", "|---|---|"]
        parts += [f"| `{measure}` | {unit} |" for measure, unit in signature.measures.items()]
    return "\n".join(parts) + "\n"


def _members(thing: object) -> list[str]:
    if not inspect.isclass(thing) or issubclass(thing, Exception):
        return []
    made = []
    for name, member in vars(thing).items():
        inner = getattr(member, "__func__", None) or getattr(member, "fget", None) or getattr(member, "func", None)
        function = inner or member
        doc = inspect.getdoc(function) if callable(function) else None
        if name.startswith("_") or not doc or inspect.isclass(member):
            continue
        is_called = inspect.isfunction(member) or isinstance(member, classmethod | staticmethod)
        shown = f"{name}()" if is_called else name
        made.append(f"| `{shown}` | {_linked(doc.split(chr(10) * 2)[0])} |")
    return made


def _signature(thing: object) -> str:
    return "" if inspect.isclass(thing) else "()"


def _prose(thing: object) -> str:
    """The docstring as Markdown: no examples, no cross-reference marks."""
    blocks = (inspect.getdoc(thing) or "").split("\n\n")
    return _linked("\n\n".join(block for block in blocks if not block.startswith(">>>")), one_line=False)


def _linked(text: str, *, one_line: bool = True) -> str:
    text = re.sub(r":\w+:`~?([\w.]+)`", lambda found: f"`{found[1].rpartition('.')[2]}`", text).replace("``", "`")
    return " ".join(text.split()).replace("|", "\\|") if one_line else text


def main() -> None:
    """Write the pages."""
    for name, text in pages().items():
        (Path(__file__).parent / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
