"""Footage for a scene: bought once, waited for without holding anything, fetched, fitted and kept.

What happens when it can't be had, in this order: words that Runway's safety rules refuse are softened; then another
model is asked; a task that failed is bought anew, a few times; else the scene goes without, and says why.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from pipeline import line
from pipeline.errors import (
    HiddenHillError,
    ModerationError,
    ProviderError,
    TransientProviderError,
)
from pipeline.keys import Unusable, digest_of, key_of, once, read, recall, write
from pipeline.model import Footage
from pipeline.providers import Artefacts, Filmed, Limits, Pending, Purchases, Receipt, Shot
from pipeline.visuals.runway import prompts
from pipeline.visuals.runway.client import FilmRequest, FilmTask, RunwayClient, failure_of
from pipeline.visuals.runway.download import Allowed, ExpiredLinkError, NoVideoError, download, probe
from pipeline.visuals.runway.failures import Failures, FilmFailure, Kind
from pipeline.visuals.runway.fitting import fit_clip
from pipeline.visuals.runway.models import PREFERRED, FilmModel, film_model
from pipeline.visuals.runway.watcher import AGAIN, PATIENCE, RUNWAY, is_late, why

#: The stages under which finished footage and the clips behind it are kept.
FOOTAGE, CLIPS = "footage", "footage-clip"
#: Raise it when the same clip becomes other footage.
VERSION: Final = "2"

#: How often one request is bought, where its tasks fail.
TRIES: Final = 3
#: How often an output is asked for within one run of the stage.
_FETCHES: Final = 2
#: How long Runway may be away until a scene goes on without it (seconds).
AWAY: Final = 15 * 60.0
#: How long "no footage" is believed where it may be otherwise by now (seconds).
_BELIEVED: Final = 600.0
#: The flow gives up the job later than the scene gives up its footage (seconds).
_GRACE: Final = 600.0
#: How long a place at Runway is held by somebody who is about to order (seconds); a task's is, until it is over.
_ORDERING: Final = 180.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Rung:
    """A step of the ladder."""

    model: FilmModel
    softened: bool


class _RefusedError(ProviderError):
    """Raised when Runway doesn't take a request, whatever is paid: another model may."""


@dataclass
class RunwayFilmer:
    """Fits `pipeline.providers.Filmer`. `models` are asked in their order; `hosts` are where outputs may lie.

    Each order takes one of the places that `limits` leaves until its task is over; `buyer` is whose it is.
    `on_failure`: whether a scene goes on without footage where Runway fails for good, or the job fails with it.
    Moderation never fails a job. `now` answers in epoch seconds.
    """

    client: RunwayClient
    artefacts: Artefacts
    purchases: Purchases
    models: Sequence[str] = PREFERRED
    hosts: Sequence[str] = ()
    on_failure: Literal["fall-back", "fail"] = "fall-back"
    limits: Limits | None = None
    buyer: str = ""
    again: float = AGAIN
    away: float = AWAY
    patience: float = PATIENCE
    now: Callable[[], float] = time.time
    name: str = field(default="runway", init=False)

    @property
    def version(self) -> str:
        """See `version_of`."""
        return version_of(self.models)

    def film(self, shot: Shot, number: int) -> Filmed:
        """See `pipeline.providers.Filmer`."""

        def build(folder: Path) -> None:
            write(folder / "footage.json", self._footage(shot, number, folder))

        filmed, _, _ = once(self.artefacts, FOOTAGE, self._key(shot), build, self._load)
        return filmed

    def filmed(self, shot: Shot) -> Filmed | None:
        """See `pipeline.providers.Filmer`."""
        found = recall(self.artefacts, FOOTAGE, self._key(shot), _as_it_is)
        return found and found[0]

    def requests(self, shot: Shot) -> Iterator[FilmRequest]:
        """What is asked for, one after the other, until something comes of it."""
        for rung in self._rungs():
            duration = rung.model.duration(shot.seconds)
            yield FilmRequest(
                model=rung.model.name,
                prompt=prompts.prompt_of(shot, softened=rung.softened),
                duration=duration,
                ratio=rung.model.ratio(shot.size),
                silent=rung.model.silent,
                cents=rung.model.cents(duration),
                take=shot.take,
            )

    def _rungs(self) -> list[_Rung]:
        models = [film_model(name) for name in self.models]
        return [_Rung(models[0], softened=False), *(_Rung(model, softened=True) for model in models)]

    def _key(self, shot: Shot) -> str:
        return key_of("footage", self.name, self.version, vars(shot))

    def _load(self, folder: Path) -> Filmed:
        found = _as_it_is(folder)
        doubtful = found.footage.file is None and not found.footage.lasting
        if doubtful and not 0 <= self.now() - found.footage.at + 1 <= _BELIEVED:
            raise Unusable
        return found

    def _footage(self, shot: Shot, number: int, folder: Path) -> Footage:
        """Climb the ladder. Raises `Pending`, and what may pass."""
        refused = ""
        unwilling: set[str] = set()
        try:
            for request in self.requests(shot):
                if request.model in unwilling:
                    continue
                try:
                    clip = self._clip(request, number)
                except ModerationError:
                    refused = "Runway’s safety rules refused it"
                except _RefusedError as error:
                    refused = refused or error.sentence.rstrip(".")
                    unwilling.add(request.model)
                else:
                    return self._fitted(request, clip, shot, folder)
        except Pending:  # Runway answered, or was not asked because others stand before us
            Failures(self.artefacts, self.now).back(self._key(shot))
            raise
        except TransientProviderError as error:
            return self._nothing(self._waited_out(shot, error))
        except ProviderError as error:
            _log.error("No footage for a scene: %s", error.sentence, extra={"code": error.code})
            return self._nothing(error)
        return Footage(provider=RUNWAY, remark=f"No generated footage: {refused}.", at=self.now())

    def _waited_out(self, shot: Shot, error: TransientProviderError) -> ProviderError:
        """The error once Runway was away for long enough; raises it before."""
        since = Failures(self.artefacts, self.now).away(self._key(shot), error.code)
        if self.now() - since < self.away:
            raise error
        return ProviderError(error.sentence, error.advice)

    def _nothing(self, error: HiddenHillError) -> Footage:
        if self.on_failure == "fail":
            raise error
        remark = f"No generated footage: {error.sentence}"
        return Footage(provider=RUNWAY, remark=remark, lasting=False, at=self.now())

    def _fitted(self, request: FilmRequest, clip: Path, shot: Shot, folder: Path) -> Footage:
        out = folder / "footage.mp4"
        fit_clip(clip, out, seconds=shot.seconds, size=shot.size)
        return Footage(
            provider=RUNWAY,
            model=request.model,
            prompt=request.prompt,
            file=out.name,
            sha256=digest_of(out),
            at=self.now(),
        )

    def _clip(self, request: FilmRequest, number: int) -> Path:
        """The clip as Runway made it. Raises `Pending`, `ModerationError`, `_RefusedError` and what else went wrong."""
        if (there := recall(self.artefacts, CLIPS, request.key, _whole_clip)) is not None:
            return there[0]
        failures = Failures(self.artefacts, self.now)
        failure: FilmFailure | None = None
        for attempt in range(TRIES):
            what, mark = f"footage:{request.key}:{attempt}", key_of("try", request.key, attempt)
            failure = failures.find(mark)
            if failure is None:
                failure = self._try(request, number, what, mark, failures)
            if failure is None:
                there = recall(self.artefacts, CLIPS, request.key, _whole_clip)
                assert there is not None
                return there[0]
            if failure.task:
                self.purchases.set_aside(what, failure.task)
            if failure.kind == "moderation":
                raise ModerationError(f"Runway’s safety rules refused the footage ({failure.code}).")
            if failure.kind == "refused":
                raise _RefusedError(f"Runway does not take what it was asked for ({failure.code}).")
            if failure.kind == "ended":
                raise ProviderError(failure.code)
        code = failure.code if failure else ""
        raise ProviderError(f"Runway failed {TRIES} times to make the footage ({code or 'no reason given'}).")

    def _try(
        self, request: FilmRequest, number: int, what: str, mark: str, failures: Failures
    ) -> FilmFailure | None:
        """Buy, look, fetch: what went wrong with it, or `None` when the clip is there. Raises `Pending`."""
        try:
            task = self._bought(request, what)
        except ModerationError as error:
            return failures.note(mark, "moderation", code=error.code)
        except _RefusedError as error:
            return failures.note(mark, "refused", code=error.sentence)
        found = self.client.look(task)
        if found is None:
            self._leave(what)
            return failures.note(mark, "passing", task=task, code="the task is gone")
        if found.over:
            self._leave(what)
            if found.cents is not None:
                self.purchases.cost(what, task, found.cents)
        if is_late(found, self.now(), self.patience):
            self.client.cancel(task)
            self._leave(what)
            late = f"Runway took longer than {self.patience / 60:.0f} minutes."
            return failures.note(mark, "ended", task=task, code=late)
        match found.status:
            case "succeeded":
                return self._fetched(request, found, mark, failures)
            case "failed":
                _log.warning("Runway failed at a task: %s", found.code, extra={"request_id": task})
                return failures.note(mark, _kind(found), task=task, code=found.code or "INTERNAL")
            case "cancelled":
                return failures.note(mark, "ended", task=task, code="The task was cancelled at Runway.")
            case _:
                left = max(found.created + self.patience - self.now(), 0.0)
                held = task if self.limits is None else line.holding(task, self._place(what))
                raise Pending(held, RUNWAY, why(found, number), self.again, left + _GRACE)

    def _bought(self, request: FilmRequest, what: str) -> str:
        def ask(_: str) -> Receipt:
            line.enter(self.limits, RUNWAY, self._place(what), seconds=_ORDERING)
            try:
                ordered = self.client.order(request)
            except ProviderError as error:
                self._leave(what)
                if type(error) is not ProviderError or not error.nothing_bought:
                    raise
                raise _RefusedError(error.sentence, error.advice, nothing_bought=True) from error
            if self.limits is not None:
                with suppress(TransientProviderError):
                    self.limits.enter(RUNWAY, self._place(what), seconds=self.patience + _GRACE)
            return Receipt(ordered.task, ordered.cents)

        return self.purchases.once(what, provider=RUNWAY, cents=request.cents, ask=ask, repeatable=False)

    def _place(self, what: str) -> str:
        return line.place_of(self.buyer, what)

    def _leave(self, what: str) -> None:
        line.leave(self.limits, RUNWAY, self._place(what))

    def _fetched(
        self, request: FilmRequest, found: FilmTask, mark: str, failures: Failures
    ) -> FilmFailure | None:
        """Fetch the output at once; a link that has expired is asked for anew, and so is what came garbled."""
        allowed = Allowed(self.hosts, self.client.base_url)
        trouble = ""
        for fetch in range(_FETCHES):
            if fetch > 0:
                again = self.client.look(found.task)
                if again is None or not again.output:
                    break
                found = again
            if not found.output:
                trouble = "the task has no output"
                continue
            try:
                with self.artefacts.make(CLIPS, request.key) as scratch:
                    download(found.output[0], scratch / "clip.mp4", allowed)
                    probe(scratch / "clip.mp4", seconds=request.duration)
            except (ExpiredLinkError, NoVideoError) as error:
                trouble = error.sentence
            else:
                return None
        return failures.note(mark, "passing", task=found.task, code=trouble or "its output is gone")


def version_of(models: Sequence[str]) -> str:
    """Other words, other models or another fitting are another version."""
    return f"{VERSION}.{prompts.VERSION} {' '.join(models)}"


def _kind(task: FilmTask) -> Kind:
    """What a failed task's code asks for."""
    match failure_of(task):
        case ModerationError():
            return "moderation"
        case TransientProviderError():
            return "passing"
        case _:
            return "refused"


def _as_it_is(folder: Path) -> Filmed:
    footage = read(folder / "footage.json", Footage)
    if footage.file is not None and not (folder / footage.file).is_file():
        raise Unusable
    return Filmed(footage, folder)


def _whole_clip(folder: Path) -> Path:
    if not (folder / "clip.mp4").is_file():
        raise Unusable
    return folder / "clip.mp4"
