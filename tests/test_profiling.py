"""Where time and memory of a run go."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from amlscreen.cli.profile_table import profile_table
from amlscreen.profiling import Profile, profiling, running, stage, watch


def names(profile: Profile) -> list[str]:
    """Every stage with those around it."""
    return [" / ".join(path) for path in profile.stages]


def test_stages_lie_inside_each_other_and_add_up() -> None:
    """One stage that is done twice is one line."""
    with profiling("all") as profile:
        for _ in range(2):
            with stage("sort"), stage("read"):
                pass
    assert names(profile) == ["all", "all / sort", "all / sort / read"]
    assert [one.times for one in profile.stages.values()] == [1, 2, 2]


def test_a_stage_of_another_thread_lies_in_that_of_the_main_thread() -> None:
    """What runs beside is told where it was started."""

    def aside() -> None:
        with stage("aside"):
            pass

    with profiling("all") as profile, stage("write"):
        thread = threading.Thread(target=aside)
        thread.start()
        thread.join()
    assert names(profile) == ["all", "all / write", "all / write / aside"]


def test_without_a_profile_a_stage_is_nothing() -> None:
    """Nobody asked, nothing is kept; also after a run that was profiled."""
    with profiling():
        pass
    with stage("sort"):
        assert running() is None


def test_a_stage_that_fails_is_measured_and_closed() -> None:
    """The error goes on; the next stage does not lie inside the failed one."""
    with profiling("all") as profile:
        with pytest.raises(ZeroDivisionError), stage("first"):
            raise ZeroDivisionError
        with stage("second"):
            pass
    assert names(profile) == ["all", "all / first", "all / second"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the memory of a process at any moment")
def test_memory_and_disk_of_a_stage_are_their_highest(tmp_path: Path) -> None:
    """What is gone when the stage ends was held all the same."""
    with profiling("all") as profile, stage("large"):
        watch(tmp_path)
        held = bytearray(60_000_000)
        (tmp_path / "spilled").write_bytes(held[:2_000_000])
        profile.sample(disk=True)
        (tmp_path / "spilled").unlink()
        del held
    large = profile.stages["all", "large"]
    assert large.peak - large.before > 40_000_000 and large.disk >= 2_000_000


def test_the_table_names_every_stage_below_the_one_around_it() -> None:
    """Inner stages follow their outer one, even if another began between."""
    with profiling("all") as profile:
        for outer, inner in (("a", "x"), ("b", "y"), ("a", "z")):
            with stage(outer), stage(inner):
                pass
    told = [line.strip().partition("  ")[0] for line in profile_table(profile).splitlines()]
    assert told == ["stage", "all", "a (2 times)", "x", "z", "b", "y"]
