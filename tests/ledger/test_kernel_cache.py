"""Compiled kernels are kept where they may be, and a run goes on where they may not."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from numba.core import config

from amlscreen.ledger import kernel_cache


def doubled(number: int) -> int:
    """A function small enough to compile in a test."""
    return 2 * number


@pytest.fixture
def blocked(tmp_path: Path) -> Path:
    """A path that nobody, not even root, can make a folder of."""
    (tmp_path / "file").write_text("in the way")
    return tmp_path / "file" / "cache"


@pytest.fixture(autouse=True)
def undecided(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test decides anew, and the process keeps its own decision afterwards."""
    monkeypatch.delenv("AMLSCREEN_CACHE", raising=False)
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr(kernel_cache, "_wanted", [])
    kernel_cache.cache_folder.cache_clear()
    yield
    kernel_cache.cache_folder.cache_clear()


def nowhere(monkeypatch: pytest.MonkeyPatch, blocked: Path) -> None:
    """No user's cache folder and no temporary one."""

    def refuse(**_: str) -> str:
        raise FileNotFoundError

    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(blocked))
    monkeypatch.setattr("tempfile.mkdtemp", refuse)


def test_a_folder_asked_for_comes_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the program says beats what the environment says, which beats the user's cache folder."""
    monkeypatch.setenv("AMLSCREEN_CACHE", str(tmp_path / "environment"))
    assert kernel_cache.cache_folder() == tmp_path / "environment"
    kernel_cache.keep_kernels_in(tmp_path / "asked")
    assert kernel_cache.cache_folder() == tmp_path / "asked"


def test_a_folder_that_cannot_be_written_to_is_passed_over_aloud(
    blocked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The next folder is taken and the log names the one that failed."""
    monkeypatch.setenv("AMLSCREEN_CACHE", str(blocked))
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "next"))
    assert kernel_cache.cache_folder() == tmp_path / "next"
    assert str(blocked) in caplog.text


def test_without_any_folder_kernels_still_compile(
    blocked: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A read-only installation without a home works; it only compiles every time, and says so."""
    nowhere(monkeypatch, blocked)
    assert kernel_cache.kernel("i8(i8)")(doubled)(21) == 42
    assert kernel_cache.cache_folder() is None
    assert "for this process only" in caplog.text


def test_a_home_that_is_not_known_never_makes_a_folder_named_tilde(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A temporary folder is taken instead of ``./~``."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: "~/.cache/amlscreen")
    folder = kernel_cache.cache_folder()
    assert folder is not None
    assert folder.is_absolute()
    assert list(tmp_path.iterdir()) == []


def test_kernels_are_kept_and_other_users_of_numba_are_left_alone(tmp_path: Path) -> None:
    """Machine code lands in the folder; numba's own setting is as it was."""
    before = vars(config)["CACHE_DIR"]
    kernel_cache.keep_kernels_in(tmp_path)
    assert kernel_cache.kernel("i8(i8)")(doubled)(4) == 8
    assert list(tmp_path.rglob("*.nbc"))
    assert vars(config)["CACHE_DIR"] == before


def test_nothing_is_compiled_before_it_is_called(tmp_path: Path) -> None:
    """To import a kernel costs nothing; what it calls is compiled with it."""
    kernel_cache.keep_kernels_in(tmp_path)
    later = kernel_cache.kernel("i8(i8)")(doubled)
    assert not list(tmp_path.rglob("*.nbc"))
    assert later(2) == 4
    assert list(tmp_path.rglob("*.nbc"))


def test_compiling_once_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The first run says what takes the time; the next, with everything kept, says nothing."""
    caplog.set_level(logging.INFO)
    kernel_cache.keep_kernels_in(tmp_path)
    kernel_cache.load_kernels()
    assert "Compiling once" in caplog.text
    caplog.clear()
    kernel_cache.keep_kernels_in(tmp_path)
    kernel_cache.load_kernels()
    assert caplog.text == ""


def test_a_damaged_cache_does_not_stop_a_run(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A file cut short is compiled around, and the log says what to delete."""
    kernel_cache.keep_kernels_in(tmp_path)
    kernel_cache.kernel("i8(i8)")(doubled)(4)
    for kept in tmp_path.rglob("*.nbc"):
        kept.write_bytes(kept.read_bytes()[:20])
    assert kernel_cache.kernel("i8(i8)")(doubled)(21) == 42
    assert "damaged" in caplog.text
