"""What finished partitions gave, kept in a folder while a run goes on, so that one that was ended can be gone on with.

What a partition gives follows from its rows and the program alone, so it is kept under a hash of both: whatever
changed between two runs (a file, a rule, a setting, the version), what is found again is right. Each file carries its
own checksum and gets its name when it is whole. The files are pickles: only their owner may read or write the folder,
and one that others may write to is not read.
"""

from __future__ import annotations

import errno
import json
import os
import pickle
import shutil
import stat
import threading
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import pyarrow as pa

from amlscreen.engines.fingerprint import batch_digest, program_digests
from amlscreen.engines.program import Program, Worked
from amlscreen.profiling import watch

__all__ = ["KeptWork", "keep_work", "work_folder"]

_OF = "of.json"
_CHECK, _LENGTH = 32, 8


def work_folder(out: Path) -> Path:
    """Where a run into that folder of outputs keeps what is finished: hidden, beside it."""
    return out.parent / f".{out.name}.work"


def keep_work(out: Path, *, wanted: bool) -> KeptWork | None:
    """Where work is kept for who wants to go on with an ended run; else what such a run left there goes.

    It costs half as much again as the sweep, and disk by the gigabyte, so it is not done unasked.
    """
    folder = work_folder(out)
    if wanted:
        return KeptWork(folder, resume=True)
    shutil.rmtree(folder, ignore_errors=True)
    return None


class KeptWork:
    """The work of one run, in a folder; with ``resume`` that of an earlier run is used where it still holds.

    ``taken`` and ``swept`` count partitions that were found there and that were not; ``notes`` say what a person
    should know. A folder that cannot be written to does not end the run: nothing more is kept, which is noted.
    """

    def __init__(self, folder: Path, *, resume: bool) -> None:
        self.folder, self.resume = folder, resume
        self.taken = self.swept = 0
        self.notes: list[str] = []
        self._of = b""
        self._writes = True
        self._lock = threading.Lock()

    def begin(self, program: Program) -> None:
        """What is kept from here on is of this program; what lies there of another one goes."""
        digests = program_digests(program)
        self._of = json.dumps(digests, sort_keys=True).encode()
        changed = self._changed(digests) if self.resume else None
        if changed is None or changed:
            shutil.rmtree(self.folder, ignore_errors=True)
        if changed:
            self.notes.append(f"Nothing can be gone on from: {', '.join(changed)} changed. Everything is swept anew.")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _ours_alone(self.folder):
                raise PermissionError(errno.EACCES, "others may write there")
            self._put(_OF, self._of)
            watch(self.folder)
        except OSError as problem:
            self._stop(problem)

    def worked(self, program: Program, rows: pa.RecordBatch) -> Worked:
        """What the program makes of these rows: found in the folder, else made and kept there."""
        name = blake2b(self._of + batch_digest(rows), digest_size=16).hexdigest()
        found = self._found(name) if self.resume else None
        with self._lock:
            self.taken += found is not None
            self.swept += found is None
        if found is not None:
            return found
        worked = program.work(rows)
        if self._writes:
            written = _written(worked)
            try:
                self._put(name, blake2b(written, digest_size=_CHECK).digest(), written)
            except OSError as problem:
                self._stop(problem)
        return worked

    def ended(self) -> None:
        """The outputs stand: the folder goes."""
        if self.taken:
            self.notes.append(f"Went on from an unfinished run: {self.taken} of {self.taken + self.swept} partitions.")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _changed(self, digests: dict[str, str]) -> list[str] | None:
        """What is not as the run was that left the folder; None if there is no such folder to be trusted."""
        try:
            if not _ours_alone(self.folder):
                return None
            before = json.loads((self.folder / _OF).read_bytes())
        except (OSError, ValueError):
            return None
        return [name for name, digest in digests.items() if before.get(name) != digest]

    def _found(self, name: str) -> Worked | None:
        try:
            content = (self.folder / name).read_bytes()
        except OSError:
            return None
        check, written = content[:_CHECK], memoryview(content)[_CHECK:]
        if blake2b(written, digest_size=_CHECK).digest() != check:
            self.notes.append(f"{name} in {self.folder} is damaged; its partition is swept again.")
            return None
        return _read(written)

    def _put(self, name: str, *pieces: bytes) -> None:
        beside = self.folder / f"{name}.{os.getpid()}.{threading.get_ident()}"
        with beside.open("wb") as file:
            file.writelines(pieces)
        beside.replace(self.folder / name)

    def _stop(self, problem: OSError) -> None:
        with self._lock:
            told, self._writes = not self._writes, False
        if not told:
            self.notes.append(
                f"What is finished can no longer be kept in {self.folder}: {problem.strerror}. "
                "The run goes on; if it is ended, it starts from the beginning."
            )
            with suppress(OSError):
                shutil.rmtree(self.folder)


def _written(worked: Worked) -> bytes:
    """Its length and itself, squeezed to half, which takes less time than writing the other half."""
    plain = pickle.dumps(worked, protocol=5)
    return len(plain).to_bytes(_LENGTH, "big") + pa.compress(plain, codec="lz4", asbytes=True)


def _read(written: memoryview) -> Worked:
    length = int.from_bytes(written[:_LENGTH], "big")
    found: Worked = pickle.loads(pa.decompress(pa.py_buffer(written[_LENGTH:]), length, codec="lz4", asbytes=True))
    return found


def _ours_alone(folder: Path) -> bool:
    """Whether nobody else may have put something there; systems without owners (Windows) are taken at their word."""
    if not hasattr(os, "getuid"):
        return True
    seen = folder.lstat()
    return stat.S_ISDIR(seen.st_mode) and seen.st_uid == os.getuid() and not seen.st_mode & 0o022
