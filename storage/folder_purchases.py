"""What a video in a folder of its own bought from providers: one file a purchase, written before it is asked for."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import uuid
from pathlib import Path
from threading import Lock
from typing import Any, Final

from storage.errors import UnsurePurchaseError
from storage.receipts import Ask

_ASKED: Final = "asked"


class FolderPurchases:
    """The purchases of `hidden-hill make`. Fits `pipeline.providers.Purchases`.

    Whoever uses the folder must be alone in it. What was asked for by a run that was killed is unsure from
    then on, unless it is `repeatable`: delete its file to buy it anew.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._alone = Lock()
        #: Scenes are made side by side: who wants the same thing waits for whoever asks.
        self._turns: dict[str, Lock] = {}

    def once(self, what: str, *, provider: str, cents: int, ask: Ask, repeatable: bool) -> str:
        """The provider's task for `what`; see `pipeline.providers.Purchases`. Raises `UnsurePurchaseError`."""
        with self._alone:
            turn = self._turns.setdefault(what, Lock())
        with turn:
            return self._once(what, provider, cents, ask, repeatable=repeatable)

    def _once(self, what: str, provider: str, cents: int, ask: Ask, *, repeatable: bool) -> str:
        file = self._file(what)
        known: dict[str, Any] = json.loads(file.read_bytes()) if file.exists() else {}
        if "task" in known:
            return str(known["task"])
        if known and not repeatable:
            raise self._unsure(file)
        row = {"what": what, "provider": provider, "cents": cents, "state": _ASKED}
        row["id"] = known.get("id") or uuid.uuid4().hex
        self._write(file, row)
        try:
            answer = ask(str(row["id"]))
        except Exception as error:
            if getattr(error, "nothing_bought", False):
                file.unlink()
            elif not repeatable:
                raise self._unsure(file) from error
            raise
        if isinstance(answer, str):
            task = answer
        else:
            task, row["cents"] = answer.task, answer.cents
        self._write(file, {**row, "state": "bought", "task": task})
        return task

    def cost(self, what: str, task: str, cents: int) -> None:
        """`task` cost so much in truth (US cents)."""
        file = self._file(what)
        known = json.loads(file.read_bytes()) if file.exists() else {}
        if known.get("task") == task and known["cents"] != cents:
            self._write(file, {**known, "cents": cents})

    def spent(self) -> dict[str, int]:
        """US cents that everything bought in this folder cost, by provider; what is unsure is not counted."""
        found: dict[str, int] = {}
        for file in sorted([*self._folder.glob("*.json"), *self._folder.glob("*.void")]):
            row = json.loads(file.read_bytes())
            if row["state"] != _ASKED:
                found[row["provider"]] = found.get(row["provider"], 0) + int(row["cents"])
        return found

    def set_aside(self, what: str, task: str) -> None:
        """`task` is worth nothing: the next `once` buys `what` anew. Its file stays for the record."""
        file = self._file(what)
        known = json.loads(file.read_bytes()) if file.exists() else {}
        if known.get("task") == task:
            file.replace(file.with_name(f"{file.stem}-{known['id']}.void"))

    def _file(self, what: str) -> Path:
        return self._folder / f"{hashlib.sha256(what.encode()).hexdigest()[:32]}.json"

    def _write(self, file: Path, row: dict[str, Any]) -> None:
        """Whole or not at all, and on the disk when this returns."""
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._folder)
        with os.fdopen(handle, "w") as out:
            json.dump(row, out)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(file)

    def _unsure(self, file: Path) -> UnsurePurchaseError:
        return UnsurePurchaseError(
            "Something may have been bought from a provider just as the work was interrupted.",
            "Nothing is bought twice by itself: look at the provider’s account; "
            f"to buy it anew, delete {file.name} in {file.parent}.",
        )
