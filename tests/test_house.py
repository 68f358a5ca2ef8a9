"""The rules of the house that a program can check."""

from __future__ import annotations

import ast
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import amlscreen

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "amlscreen"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "_data" not in path.parts)
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}
CODE = [*MODULES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions() -> Iterator[tuple[str, Function]]:
    """Every function of the package with a name to find it by."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node


def exported(tree: ast.Module) -> list[str] | None:
    """What a module's ``__all__`` names; None if it has none."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
            return list(ast.literal_eval(node.value))
    return None


def ran(*command: str) -> subprocess.CompletedProcess[str]:
    """A tool of this environment, run at the root of the checkout."""
    path = os.pathsep.join((str(SOURCE.parent), os.environ.get("PYTHONPATH", "")))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, env=environment, check=False
    )


def test_imports_run_one_way() -> None:
    """Layers, and the one home of DuckDB, numba and pandas."""
    code = "import sys; from importlinter.cli import lint_imports_command as run; run(sys.argv[1:])"
    result = ran("-c", code, "--no-cache")
    assert result.returncode == 0 and "0 broken" in result.stdout, result.stdout + result.stderr


def test_ruff_finds_nothing() -> None:
    """What ``make lint`` holds the code to."""
    result = ran("-m", "ruff", "check", "--no-cache", "--output-format", "concise", ".")
    assert result.returncode == 0, result.stdout + result.stderr


def test_types_hold() -> None:
    """mypy in strict mode, as in ``make types``."""
    result = ran("-m", "mypy", "--strict")
    assert result.returncode == 0, result.stdout + result.stderr


def test_modules_are_small() -> None:
    """Over 300 lines wants a reason, written near the top as ``# Over 300 lines: why``."""
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    without = [
        f"{path.relative_to(ROOT)}: {length} lines"
        for path, length in lengths.items()
        if length > 300 and "# Over 300 lines: " not in path.read_text(encoding="utf-8")[:2_000]
    ]
    assert without == []
    assert statistics.median(lengths.values()) <= 150


def test_functions_are_short() -> None:
    """At most 40 lines below the docstring."""
    long = []
    for name, node in functions():
        body = node.body[1:] if ast.get_docstring(node) else node.body
        lines = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
        if lines > 40:
            long.append(f"{name}: {lines}")
    assert long == []


def test_nothing_is_caught_blindly() -> None:
    """No bare ``except`` and no ``except Exception``; ``BaseException`` only where the rest is raised again."""
    blind = []
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.ExceptHandler):
                continue
            caught = {name.id for name in ast.walk(node.type) if isinstance(name, ast.Name)} if node.type else {""}
            raised_again = any(isinstance(one, ast.Raise) and one.exc is None for one in ast.walk(node))
            if caught & {"", "Exception"} or (caught & {"BaseException"} and not raised_again):
                blind.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert blind == []


def test_no_work_is_left_in_comments() -> None:
    """What is not done is no comment in the code."""
    left = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
    assert [str(path) for path in CODE if left.search(path.read_text(encoding="utf-8"))] == []


def test_no_module_is_a_drawer() -> None:
    """No module without a subject."""
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}
    assert [str(path) for path in MODULES if path.stem in drawers or path.parent.name in drawers] == []


def test_every_module_says_what_it_is_and_what_it_gives() -> None:
    """A docstring, and an ``__all__`` in each module that defines anything public."""
    silent = [str(path.relative_to(ROOT)) for path, tree in TREES.items() if not ast.get_docstring(tree)]
    without = [
        str(path.relative_to(ROOT))
        for path, tree in TREES.items()
        if exported(tree) is None
        and any(isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_") for node in tree.body)
    ]
    assert (silent, without) == ([], [])


def test_what_a_module_gives_is_documented() -> None:
    """Exported classes, functions and their public methods; the fields of a protocol need none."""
    bare = []
    for path, tree in TREES.items():
        public = set(exported(tree) or ())
        for node in tree.body:
            if isinstance(node, ast.ClassDef | Function) and node.name in public:
                inner = node.body if isinstance(node, ast.ClassDef) and not _is_protocol(node) else []
                methods = [one for one in inner if isinstance(one, Function) and not one.name.startswith("_")]
                bare += [
                    f"{path.relative_to(ROOT)}:{one.lineno} {one.name}"
                    for one in (node, *methods)
                    if not ast.get_docstring(one)
                ]
    assert bare == []


def _is_protocol(node: ast.ClassDef) -> bool:
    return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)


def test_the_public_surface_is_this() -> None:
    """A name joins or leaves it on purpose only."""
    assert amlscreen.__all__ == [
        "Alert",
        "AmlScreenError",
        "DataError",
        "Dataset",
        "DetectorError",
        "EngineError",
        "Hit",
        "Jurisdiction",
        "Mapping",
        "Result",
        "RuleError",
        "RuleSet",
        "Settings",
        "SettingsError",
        "SinkError",
        "__version__",
        "check",
        "coverage",
        "evaluate",
        "feature_dictionary",
        "fit_scorecard",
        "propose_mapping",
        "scenario",
        "screen",
    ]


@pytest.mark.parametrize("name", [name for name in amlscreen.__all__ if name != "__version__"])
def test_a_public_name_is_there_and_documented(name: str) -> None:
    """Lazy names can be had, and say what they are."""
    assert (getattr(amlscreen, name).__doc__ or "").strip()


CLOCKS = {
    ("time", "time"), ("time", "time_ns"), ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"),
    ("date", "today"), ("os", "urandom"), ("uuid", "uuid1"), ("uuid", "uuid4"),
}  # fmt: skip


def test_no_clock_and_no_chance_in_library_code() -> None:
    """Same input, same output: no wall clock, no unseeded randomness, no network."""
    found = []
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            where = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Import | ast.ImportFrom):
                module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
                names = {alias.name.split(".")[0] for alias in node.names} if not module else {module.split(".")[0]}
                if names & {"random", "secrets", "socket", "requests", "httpx"} or module.startswith("urllib.request"):
                    found.append(where)
            elif isinstance(node, ast.Attribute):
                owner = node.value
                last = ast.unparse(owner).rpartition(".")[2]
                if (last, node.attr) in CLOCKS or (last == "random" and node.attr not in {"default_rng", "Generator"}):
                    found.append(where)
            elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("default_rng") and not node.args:
                found.append(where)
    assert found == []


# Words the glossary replaces, as parts of names in code; docs/glossary.md has the word that is meant.
BANNED = {
    "client", "clients", "txn", "txns", "tenant", "tenants", "partner", "partners", "kpi", "kpis", "metric", "metrics",
    "locale", "df", "estimator", "plugin", "plugins", "dataframe",
}  # fmt: skip


def test_one_noun_one_word() -> None:
    """Names in the code use the glossary's words."""
    wrong = set()
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            names = (
                [node.name]
                if isinstance(node, ast.ClassDef | Function)
                else [node.arg]
                if isinstance(node, ast.arg)
                else [node.id]
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
                else []
            )
            for name in names:
                words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_")
                if set(words) & BANNED:
                    wrong.add(f"{path.relative_to(ROOT)} {name}")
    assert sorted(wrong) == []


def test_british_spelling() -> None:
    """One spelling in code, cards and documents."""
    american = re.compile(
        r"\b(?:colors?|colored|behavior\w*|analyz\w+|(?<!charset-)normaliz\w+|recogniz\w+|organiz\w+|summariz\w+|"
        r"favor\w*|canceled|labeled)\b"
    )
    places = [*MODULES, *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "rules").rglob("*.yml")]
    found = []
    for path in places:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for word in american.findall(_prose(line) if path.suffix == ".py" else line):
                found.append(f"{path.relative_to(ROOT)}:{number} {word}")
    assert found == []


def _prose(line: str) -> str:
    """The comment of a line of code, or the line if it seems to be prose: libraries spell as they like."""
    stripped = line.strip()
    if stripped.startswith(("#", '"""')):
        return stripped
    return stripped if not re.search(r"[=(){}\[\];:<>`]", stripped) else line.partition("  # ")[2]


def test_no_path_of_one_machine() -> None:
    """Nothing that is kept in git names a folder of somebody's machine."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    machine = re.compile(r"(?<![\w.~])/(?:ho" + r"me|Us" + r"ers|wo" + r"rk|ro" + r"ot|op" + r"t)/\w")
    found = []
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and path.suffix not in {".gz", ".zip", ".xlsx", ".parquet", ".csv", ".txt"}:
            found += [name] if machine.search(path.read_text(encoding="utf-8")) else []
    assert found == []
