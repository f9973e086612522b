"""What can go wrong with what is remembered, in words for the person who runs it.

`storage/` knows nothing of `pipeline.errors`; whoever joins the two reads `transient` and the sentences.
"""

from __future__ import annotations

from typing import ClassVar


class StorageError(Exception):
    """The root of every error of the database and the object store.

    `sentence` says what happened, `advice` what to do next; neither holds a secret or a path of the
    server. `code` is a stable, hyphenated name for programs; `transient` says whether the same thing
    may pass later without anybody doing anything.
    """

    code: ClassVar[str] = "storage"
    transient: ClassVar[bool] = False

    def __init__(self, sentence: str, advice: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.advice = advice


class DatabaseAwayError(StorageError):
    """Raised when the database stayed locked or away for longer than our patience."""

    code = "database-away"
    transient = True


class DatabaseRefusedError(StorageError):
    """Raised when the database can't be used as it is set up: a wrong name, password or address."""

    code = "database-refused"


class SchemaError(StorageError):
    """Raised when the tables are older or newer than the program."""

    code = "schema"


class StoreAwayError(StorageError):
    """Raised when the object store is slow or away."""

    code = "store-away"
    transient = True


class StoreRefusedError(StorageError):
    """Raised when the object store refuses us: wrong keys, no such bucket, no right to write."""

    code = "store-refused"


class ObjectMissingError(StorageError):
    """Raised when an object that was asked for is not there."""

    code = "object-missing"


class UnsurePurchaseError(StorageError):
    """Raised when something may have been bought and nobody can tell: a person must look, or pay again."""

    code = "purchase-unsure"


class JobOverError(StorageError):
    """Raised when something is to be bought for a job that was cancelled or has ended; nobody was asked."""

    code = "job-over"


class OverBudgetError(StorageError):
    """Raised when something costs more than a job has reserved and its quotas leave; nothing was bought."""

    code = "over-budget"


class PurchaseBusyError(StorageError):
    """Raised when another process is still asking a provider for the same thing; its answer serves both."""

    code = "purchase-busy"
    transient = True
