"""What can go wrong with the queue, in the words of `pipeline.errors`."""

from __future__ import annotations

from pipeline.errors import HiddenHillError, TransientProviderError


class QueueAwayError(TransientProviderError):
    """Raised when Redis can't be reached, or refuses to write. What was to be sent may be sent later."""

    code = "queue-away"


class DeadLinkError(TransientProviderError):
    """Raised when a video was uploaded and its link doesn't lead to it."""

    code = "link-dead"


class NewerOrderError(HiddenHillError):
    """Raised when a job's order says what this version doesn't know: a newer one wrote it, and can do it."""

    code = "newer-order"


class EmbeddedQueueError(HiddenHillError):
    """Raised when the embedded Valkey can't be started or reached. Only a person can mend it."""

    code = "embedded-queue"
