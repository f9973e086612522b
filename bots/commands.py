"""What can be said, on any platform: words → a command, or a sentence that says what was not understood.

Whatever is typed, nothing is guessed: a misspelt command is answered with the nearest one and never
executed, and a word that means nothing where it stands is said to, for it may be a misspelt job.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Final, get_args

from bots.papers import paper_id, source_in
from bots.tidy import tidied
from pipeline.errors import UsageError
from pipeline.model import Audience, FigurePolicy, Tone
from pipeline.narration.voices import GEMINI_VOICES, style_wish, voice_wish
from storage.records import Record

#: What a video's length may be (seconds).
SHORTEST, LONGEST = 30, 120
#: A word of the person's own that is said back to them is cut here (characters).
_ECHO: Final = 40


class Verb(StrEnum):
    """What can be asked for."""

    MAKE = "make"
    HELP = "help"
    LIST = "list"
    STATUS = "status"
    COST = "cost"
    APPROVE = "approve"
    CANCEL = "cancel"
    RETRY = "retry"
    REDO = "redo"
    DELETE = "delete"
    KEEP = "keep"
    QUOTA = "quota"
    LINK = "link"
    ME = "me"
    FORGET_ME = "forget-me"
    JOIN = "join"
    ROTATE_CODE = "rotate-code"
    ADMIN = "admin"


class Options(Record):
    """What was said of the video; `None` where nothing was."""

    seconds: int | None = None
    audience: str | None = None
    approve: bool | None = None
    figures: str | None = None
    force: bool = False
    voice: str | None = None
    style: str | None = None
    tone: str | None = None
    footage: bool | None = None


class Command(Record):
    """One command. `source` is as it was typed, `scene` counts from 1, `words` are what is left to its verb."""

    verb: Verb
    source: str = ""
    job: str | None = None
    scene: int | None = None
    options: Options = Options()
    words: tuple[str, ...] = ()


class NotUnderstood(Record):
    """What was not understood, in a sentence, and what was perhaps meant (a command or an option).

    `loose`: it doesn't begin as a command does, so it may be talk.
    """

    sentence: str
    nearest: str | None = None
    loose: bool = False


class _MisreadError(Exception):
    """Raised inside of this module with what is to be answered."""

    def __init__(self, sentence: str, nearest: str | None = None, *, loose: bool = False) -> None:
        super().__init__(sentence)
        self.answer = NotUnderstood(sentence=sentence, nearest=nearest, loose=loose)


#: Other words for the verbs, exactly as they may be said.
_ALSO: Final = {
    "?": Verb.HELP,
    "hi": Verb.HELP,
    "hello": Verb.HELP,
    "video": Verb.MAKE,
    "stop": Verb.CANCEL,
    "abort": Verb.CANCEL,
    "again": Verb.RETRY,
    "ls": Verb.LIST,
    "videos": Verb.LIST,
    "usage": Verb.QUOTA,
    "remove": Verb.DELETE,
    "forgetme": Verb.FORGET_ME,
    "rotatecode": Verb.ROTATE_CODE,
    "settings": Verb.ME,
}
#: Verbs about one job, which may be named by its id.
_OF_A_JOB: Final = frozenset(
    {
        Verb.STATUS,
        Verb.APPROVE,
        Verb.CANCEL,
        Verb.RETRY,
        Verb.REDO,
        Verb.DELETE,
        Verb.KEEP,
        Verb.LINK,
    }
)
_WITH_OPTIONS: Final = frozenset({Verb.MAKE, Verb.COST, Verb.ME})
_ID: Final = re.compile(r"[abcdefghjkmnpqrstuvwxyz23456789]{8}")
_REFERENCE: Final = re.compile(r"hh-[0-9a-z]{4}", re.IGNORECASE)
_WORD: Final = re.compile(r'(?:[^\s"]|"[^"]*(?:"|$))+')
_OPTION: Final = re.compile(r"-{0,2}([a-z][a-z-]{0,30})=(.*)", re.IGNORECASE | re.DOTALL)
_SPACED: Final = re.compile(r"(?<![\w/?&#.-])(-{0,2}[A-Za-z][A-Za-z-]{0,30})[ \t]*=[ \t]*(?=\S)")
#: An option as Discord's menu writes it, typed as mere words.
_COLON: Final = re.compile(rf"(?<!\S)({'|'.join(Options.model_fields)}):[ \t]*(?=\S)", re.IGNORECASE)
_LISTED: Final = re.compile(rf",(?=(?:{'|'.join(Options.model_fields)})=)", re.IGNORECASE)
#: What may be chosen for options that are words.
_CHOICES: Final[dict[str, Any]] = {"audience": Audience, "figures": FigurePolicy, "tone": Tone}
_YES: Final = frozenset({"yes", "y", "true", "on", "1"})
_NO: Final = frozenset({"no", "n", "false", "off", "0"})

#: What looks like a paper, even where it is none that can be had: it is answered by whoever looks for papers.
_PAPERLIKE: Final = re.compile(
    r"\d[\d.,]*|pmid[:\s]*\d+|(?:pmcid[:\s]*)?pmc\s*\d+(?:\.\d+)?|(?:doi:\s*)?10\.\d{4,9}/\S+|https?://\S+"
    r"|(?:[a-z0-9-]+\.){1,4}(?:gov|org|com|net|io|edu|uk|de)/\S*|\S[^=]*\.(?:pdf|xml|nxml|docx?|odt)",
    re.IGNORECASE,
)


def parse(text: str) -> Command | NotUnderstood:
    """Read what was typed after the command's name, or after the mention. Never raises.

    Nothing at all asks for help.
    """
    try:
        return _parse(_words(text))
    except _MisreadError as misread:
        return misread.answer


def options_in(text: str) -> list[str]:
    """The options among running words, as they were typed."""
    return [
        word
        for word in _words(text)
        if (found := _OPTION.fullmatch(word)) and found[1].casefold() in Options.model_fields
    ]


def is_job_id(word: str) -> bool:
    """Whether `word` has the form of a job's id (`storage.job_ids`)."""
    return _ID.fullmatch(word) is not None


def yes_or_no(value: str) -> bool | None:
    """What a word says, `None` when it says neither."""
    word = value.strip().casefold()
    return True if word in _YES else False if word in _NO else None


def echoed(word: str) -> str:
    """A word of theirs as it is said back: quoted, and cut where it is long."""
    return f"“{word if len(word) <= _ECHO else word[: _ECHO - 1] + '…'}”"


def nearest(word: str, known: Iterable[str], *, alike: float = 0.6) -> str | None:
    """The one of `known` that was probably meant: at least so much `alike`, of 1."""
    return next(iter(get_close_matches(word.casefold(), list(known), n=1, cutoff=alike)), None)


def _words(text: str) -> list[str]:
    spaced = _LISTED.sub(" ", _SPACED.sub(r"\1=", _COLON.sub(r"\1=", tidied(text))))
    words = [word.replace('"', "") for word in _WORD.findall(spaced)]
    words = [word for word in words if word]
    if words and re.fullmatch(r"/[a-z0-9_-]{1,32}", words[0]):
        del words[0]  # the command's own name, said after a mention
    return words


def _parse(words: Sequence[str]) -> Command:
    if not words:
        return Command(verb=Verb.HELP)
    verb, rest = _verb(words)
    if verb is None:
        return _paper_or_typo(words)
    if verb in _OF_A_JOB:
        return _of_a_job(verb, rest)
    if verb is Verb.ADMIN or verb is Verb.JOIN:
        return Command(verb=verb, words=tuple(rest))
    if verb not in _WITH_OPTIONS:
        return Command(verb=verb)
    plain, options = _split(rest, verb)
    if verb is Verb.ME:
        return Command(verb=verb, options=options, words=tuple(word.casefold() for word in plain))
    source = " ".join(plain)
    if source and not _is_paperlike(source):
        source = source_in(source) or source
    return Command(verb=verb, source=source, options=options)


def _verb(words: Sequence[str]) -> tuple[Verb | None, Sequence[str]]:
    """The verb that the words begin with, and the words after it."""
    first = words[0].casefold()
    if len(words) > 1:
        for two, verb in (("forget me", Verb.FORGET_ME), ("rotate code", Verb.ROTATE_CODE)):
            if f"{first} {words[1].casefold().rstrip('.!?')}" == two:
                return verb, words[2:]
    first = first.rstrip(".,;:!?") or first
    if first in set(Verb):
        return Verb(first), words[1:]
    return _ALSO.get(first), words[1:]


def _paper_or_typo(words: Sequence[str]) -> Command:
    bare = [word for word in words if not _OPTION.fullmatch(word)]
    if not bare or _is_paperlike(" ".join(bare)):
        plain, options = _split(words, Verb.MAKE)
        return Command(verb=Verb.MAKE, source=" ".join(plain), options=options)
    for end in range(min(len(bare) - 1, 3), 0, -1):
        if _is_paperlike(" ".join(bare[:end])):
            raise _MisreadError(
                f"I don’t know what {echoed(bare[end])} means after the paper. Options look like seconds=60.",
                loose=True,
            )
    near = nearest(bare[0], [*Verb, *_ALSO])
    raise _MisreadError(f"I don’t know what {echoed(bare[0])} means.", near, loose=True)


def _is_paperlike(text: str) -> bool:
    return paper_id(text) is not None or _PAPERLIKE.fullmatch(text) is not None


def _of_a_job(verb: Verb, words: Sequence[str]) -> Command:
    """`retry`, `retry k3mfq7xz`, `redo scene 3`, `redo 3 k3mfq7xz` …"""
    job: str | None = None
    scene: int | None = None
    for word in words:
        bare = word.strip(".,;:!?#`").casefold()
        digits = re.fullmatch(r"(?:scene)?(\d{1,2})", bare)
        if verb is Verb.REDO and scene is None and digits:
            scene = int(digits[1])
        elif verb is Verb.REDO and bare == "scene":
            continue
        elif job is None and is_job_id(bare):
            job = bare
        elif job is None and verb is Verb.STATUS and _REFERENCE.fullmatch(bare):
            job = bare.upper()
        elif found := _OPTION.fullmatch(word):
            raise _MisreadError(f"{found[1]}= can’t be said with {verb}.")
        else:
            raise _MisreadError(
                f"I don’t know what {echoed(word)} means after {verb}: a video’s id has eight letters and digits."
            )
    return Command(verb=verb, job=job, scene=scene)


def _split(words: Sequence[str], verb: Verb) -> tuple[list[str], Options]:
    """The plain words, and the options among them."""
    plain: list[str] = []
    said: dict[str, object] = {}
    for word in words:
        found = _OPTION.fullmatch(word)
        if not found or word.casefold().startswith(("http", "www.")):
            plain.append(word)
            continue
        name = found[1].casefold()
        if name not in Options.model_fields:
            near = nearest(name, Options.model_fields)
            raise _MisreadError(
                f"There is no option {echoed(name)}. There are: {', '.join(_offered(verb))}.",
                None if near is None else f"{near}=",
            )
        if name not in _offered(verb):
            raise _MisreadError(f"{name}= can’t be said with {verb}.")
        if name in said:
            raise _MisreadError(f"{name}= is said twice.")
        said[name] = _value(name, found[2].strip())
    return plain, Options.model_validate(said)


def _offered(verb: Verb) -> list[str]:
    names = list(Options.model_fields)
    return names[:3] if verb is Verb.ME else names


def _value(name: str, text: str) -> object:
    if name == "seconds":
        return _seconds(text)
    if name in ("approve", "force", "footage"):
        answer = yes_or_no(text)
        if answer is None:
            raise _MisreadError(f"{name}= is yes or no, not {echoed(text)}.")
        return answer
    if name in ("voice", "style"):
        return _of_the_voice(name, text)
    choices: tuple[str, ...] = get_args(_CHOICES[name])
    word = text.casefold()
    if name == "figures" and (word == "none" or yes_or_no(word) is False):
        word = "off"
    if word not in choices:
        near = nearest(word, choices)
        raise _MisreadError(
            f"{name}= is {', '.join(choices[:-1])} or {choices[-1]}, not {echoed(text)}.",
            None if near is None else f"{name}={near}",
        )
    return word


def _of_the_voice(name: str, text: str) -> str:
    try:
        return str(voice_wish(text)) if name == "voice" else style_wish(text)
    except UsageError as error:
        if name == "style":
            raise _MisreadError(f"style= is a few plain words, not {echoed(text)}.") from error
        near = nearest(text.rpartition(":")[2].strip(), [voice.casefold() for voice in GEMINI_VOICES])
        raise _MisreadError(
            f"voice= is hibari or one of Gemini’s voices, such as Kore, not {echoed(text)}.",
            None if near is None else f"voice={near.capitalize()}",
        ) from error


def _seconds(text: str) -> int:
    found = re.fullmatch(r"(\d{1,4})\s?(?:s|sec|secs|seconds)?", text.casefold())
    if found is None or not SHORTEST <= int(found[1]) <= LONGEST:
        raise _MisreadError(f"seconds= is a whole number from {SHORTEST} to {LONGEST}, not {echoed(text)}.")
    return int(found[1])
