"""The lock: what a card said when it was released."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from amlscreen.errors import RuleError
from amlscreen.rules.lock import digest, read_lock, write_lock
from amlscreen.rules.reader import CardFile, read_text

Changed = Callable[..., str]


def test_what_was_written_is_read_back(tmp_path: Path, funnel: CardFile, minors: CardFile) -> None:
    """Id, version and sum, in order of id."""
    path = write_lock(tmp_path, [minors, funnel])
    lock = read_lock(tmp_path)
    assert list(lock) == ["HT-A01", "HT-K08"]
    assert (lock["HT-K08"].version, lock["HT-K08"].sha256) == (2, digest(minors))
    first = path.read_bytes()
    assert write_lock(tmp_path, [funnel, minors]).read_bytes() == first


def test_no_lock_is_an_empty_one(tmp_path: Path) -> None:
    """A bank's own folder need not have one."""
    assert read_lock(tmp_path) == {}


def test_a_changed_card_is_not_locked_under_its_old_version(tmp_path: Path, funnel: CardFile, changed: Changed) -> None:
    """The lock is no rubber stamp."""
    write_lock(tmp_path, [funnel])
    with pytest.raises(RuleError, match=r"changed, but its version is 1 and 1 is locked\. Set version: 2"):
        write_lock(tmp_path, [read_text(changed(("value: 9d", "value: 10d")))])


def test_a_version_does_not_go_back(tmp_path: Path, funnel: CardFile, changed: Changed) -> None:
    """Version 2 was out there once."""
    write_lock(tmp_path, [read_text(changed(("version: 1", "version: 2")))])
    with pytest.raises(RuleError, match=r"its version is 1 and 2 is locked\. Set version: 3"):
        write_lock(tmp_path, [funnel])


def test_a_draft_may_change_freely(tmp_path: Path, changed: Changed) -> None:
    """Nothing runs a draft unless asked to."""
    draft = ("status: stable", "status: draft")
    write_lock(tmp_path, [read_text(changed(draft))])
    write_lock(tmp_path, [read_text(changed(draft, ("value: 9d", "value: 10d")))])


def test_a_broken_lock_is_told(tmp_path: Path) -> None:
    """With its place and how to mend it."""
    (tmp_path / "lock.yml").write_text("HT-A01: {version: 1}\n", encoding="utf-8")
    with pytest.raises(RuleError, match=r"lock\.yml:1:1: 'HT-A01' needs `version` and `sha256`"):
        read_lock(tmp_path)
