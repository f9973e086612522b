"""What one run in a terminal bought, as files: for those who make videos without a database.

A purchase is a file before the provider is asked. Its task is in it once it is known; without one nobody knows what was
bought, and it is not asked for again.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from pydantic import ValidationError

from storage.errors import UnsurePurchaseError
from storage.records import Record


class _Bought(Record):
    """One purchase. `cents` is what it was thought to cost at most; `task` is empty until the provider named it."""

    id: str
    what: str
    provider: str
    cents: int
    repeatable: bool
    task: str = ""


class FolderPurchases:
    """The purchases of the runs in one folder. Fits `pipeline.providers.Purchases`; one process uses it at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._locks: dict[str, Lock] = {}

    def once(
        self, what: str, *, provider: str, cents: int, ask: Callable[[str], str], repeatable: bool
    ) -> str:
        """See `pipeline.providers.Purchases`. Raises `UnsurePurchaseError`, and what `ask` raises."""
        with self._alone(what):
            found = self._read(what)
            if found is not None and found.task:
                return found.task
            if found is not None and not repeatable:
                raise _unsure()
            bought = found or _Bought(
                id=uuid.uuid4().hex, what=what, provider=provider, cents=cents, repeatable=repeatable
            )
            self._write(bought)
            try:
                task = ask(bought.id)
            except Exception as error:
                if getattr(error, "nothing_bought", False):
                    self._file(what).unlink()
                elif not repeatable:
                    raise _unsure() from error
                raise
            self._write(bought.model_copy(update={"task": task}))
            return task

    def set_aside(self, what: str, task: str) -> None:
        """See `pipeline.providers.Purchases`."""
        with self._alone(what):
            found = self._read(what)
            if found is not None and found.task == task:
                file = self._file(what)
                file.replace(file.with_suffix(f".{found.id}"))

    def cents(self) -> int:
        """What all of it cost at most, with what was set aside or may have been bought."""
        found = (self._at(file) for file in sorted(self._folder.glob("*")) if file.suffix != ".part")
        return sum(one.cents for one in found if one is not None)

    def _alone(self, what: str) -> Lock:
        with self._lock:
            return self._locks.setdefault(what, Lock())

    def _file(self, what: str) -> Path:
        return self._folder / f"{hashlib.sha256(what.encode()).hexdigest()[:32]}.json"

    def _read(self, what: str) -> _Bought | None:
        return self._at(self._file(what))

    @staticmethod
    def _at(file: Path) -> _Bought | None:
        try:
            return _Bought.model_validate_json(file.read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError:
            raise _unsure() from None

    def _write(self, bought: _Bought) -> None:
        """On the disk before it returns: what is asked for next must not be forgotten."""
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._file(bought.what)
        scratch = file.with_suffix(".part")
        with scratch.open("w", encoding="utf-8") as out:
            out.write(bought.model_dump_json())
            out.flush()
            os.fsync(out.fileno())
        scratch.replace(file)


def _unsure() -> UnsurePurchaseError:
    return UnsurePurchaseError(
        "Something may have been bought from a provider just as the work was interrupted.",
        "Nothing is bought twice by itself: look at the provider’s account, then make the video in another folder.",
    )
