"""What can go wrong, in words for the person who asked.

Every error carries one sentence that says what happened and one that says what to do next. Whether
trying again can help is a class of its own, because a queue must know it without reading the sentence.
"""

from __future__ import annotations

from typing import ClassVar


class HiddenHillError(Exception):
    """The root of every error that a user may see.

    `sentence` says what happened, `advice` what to do next; neither holds a secret, a path of the
    server or a stack trace. `code` is a stable, hyphenated name for programs.
    """

    code: ClassVar[str] = "internal"
    exit_status: ClassVar[int] = 5
    retryable: ClassVar[bool] = False

    def __init__(self, sentence: str, advice: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.advice = advice


class UsageError(HiddenHillError):
    """Raised when the request itself makes no sense (an option out of range, a folder in use)."""

    code = "usage"
    exit_status = 2


class FolderBusyError(UsageError):
    """Raised when another run works in the same folder."""

    code = "folder-busy"


class InputError(HiddenHillError):
    """Raised when the paper or the script that was handed in can't be used. Trying again won't help."""

    code = "input"
    exit_status = 3


class UnknownSourceError(InputError):
    """Raised when SOURCE is neither an id, a known address nor a file that exists."""

    code = "unknown-source"


class PaperNotFoundError(InputError):
    """Raised when the id is well formed and no such paper exists."""

    code = "paper-not-found"


class NotAPdfError(InputError):
    """Raised when a file named .pdf holds something else."""

    code = "not-a-pdf"


class EncryptedPdfError(InputError):
    """Raised when a PDF asks for a password."""

    code = "pdf-encrypted"


class NotADocxError(InputError):
    """Raised when a file named .docx holds something else: an old .doc, a workbook, a web page."""

    code = "not-a-docx"


class EncryptedDocxError(InputError):
    """Raised when a Word file asks for a password."""

    code = "docx-encrypted"


class DamagedFileError(InputError):
    """Raised when a file is empty, cut off or malformed beyond reading."""

    code = "file-damaged"


class TooLargeToReadError(InputError):
    """Raised when a file has more bytes or pages than are read, packed or unpacked, or takes more memory."""

    code = "file-over-limits"


class TooSlowToReadError(InputError):
    """Raised when a file takes longer to read than it may."""

    code = "file-too-slow"


class NoTextLayerError(InputError):
    """Raised when a PDF holds pictures of pages and no text."""

    code = "pdf-without-text"


class NotAPaperError(InputError):
    """Raised when a document reads well but is no scientific paper (a form, an invoice)."""

    code = "not-a-paper"


class SeveralPapersError(InputError):
    """Raised when one file holds several papers."""

    code = "several-papers"


class NoticeError(InputError):
    """Raised for a retraction, correction or similar notice: it has nothing to tell of its own."""

    code = "notice"


class RetractedError(InputError):
    """Raised for a retracted paper, unless the user insists."""

    code = "retracted"


class WithdrawnError(RetractedError):
    """Raised for a paper that its authors or its publisher withdrew, unless the user insists."""

    code = "withdrawn"


class LanguageError(InputError):
    """Raised when a paper is in a language that can't be spoken and has no English abstract."""

    code = "language"


class TooLittleTextError(InputError):
    """Raised when the paper can be read but holds too little to tell (no abstract, no body)."""

    code = "too-little-text"


class ScriptError(InputError):
    """Raised when a script that was handed in is malformed or fails a check that blocks."""

    code = "script"


class ProviderError(HiddenHillError):
    """Raised when a service or an engine failed. Permanent unless a subclass says otherwise.

    `nothing_bought`: the provider said no, so that nothing has to be paid. `retry_after`: it asked to be left
    alone for so many seconds.
    """

    code = "provider"
    exit_status = 4

    def __init__(
        self,
        sentence: str,
        advice: str = "",
        *,
        nothing_bought: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(sentence, advice)
        self.nothing_bought = nothing_bought
        self.retry_after = retry_after


class TransientProviderError(ProviderError):
    """Raised when a service is busy, slow or away; the same request may pass later."""

    code = "provider-busy"
    retryable = True


class BadKeyError(ProviderError):
    """Raised when a provider refuses our key: nothing that it does works until somebody sets another."""

    code = "provider-key"


class OutOfFundsError(ProviderError):
    """Raised when the account at a provider has no money or quota left."""

    code = "provider-funds"


class OverBudgetError(OutOfFundsError):
    """Raised when something would cost more than the job may; nobody was asked for it."""

    code = "over-budget"


class ModerationError(ProviderError):
    """Raised when a provider's safety rules refuse what it was asked for. The same words are refused again."""

    code = "provider-moderation"


class OddReplyError(TransientProviderError):
    """Raised when a service is there and what it says of this one thing makes no sense: cut off, or no XML."""

    code = "provider-odd-reply"


class UncertainPurchaseError(ProviderError):
    """Raised when something may have been bought and nobody knows: it is not asked for again by itself."""

    code = "purchase-uncertain"

    def __init__(
        self,
        sentence: str = "Something may have been bought from a provider just as the work was interrupted.",
        advice: str = "It was not asked for again, so nothing is bought twice. Look at the provider’s account.",
    ) -> None:
        super().__init__(sentence, advice)


class StageTimeoutError(TransientProviderError):
    """Raised when a stage took longer than it may and was stopped. The next try may be quicker."""

    code = "stage-timeout"


class WorkerProcessDiedError(HiddenHillError):
    """Raised when the process that did the work was killed from outside, most often for want of memory.

    `signal` is the one it died of, `None` where that isn't known.
    """

    code = "process-died"
    retryable = True

    def __init__(self, sentence: str, advice: str = "", *, signal: int | None = None) -> None:
        super().__init__(sentence, advice)
        self.signal = signal
