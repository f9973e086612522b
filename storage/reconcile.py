"""Rows and objects held against each other: what one has and the other lacks, and how that is put right."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from storage import references
from storage.database import Database
from storage.objects import TMP, ObjectInfo, Objects
from storage.published import VIDEOS
from storage.records import Record

ARTEFACTS: Final = "artefacts/"
UPLOADS: Final = "uploads/"

DAY: Final = 24 * 3600.0
#: An object so young may belong to a row that is about to be written (seconds).
GRACE: Final = 3600.0
#: Somebody may still be asked what to do with an upload that nobody ordered a video of.
UPLOAD_GRACE: Final = DAY


class Report(Record):
    """What was found, as keys and job ids; and with `fix`, how many objects were deleted and jobs marked.

    `orphans` are finished files that no job refers to, `missing` done jobs whose files are gone,
    `unfinished` jobs whose files are there although they don't count as done, `artefacts` what no job
    used for long, `uploads` what no job refers to, `leftovers` what lies in `tmp/` for over a day. `young` is
    how many finished files and uploads no job refers to that may only be waiting for their row.
    """

    orphans: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()
    artefacts: tuple[str, ...] = ()
    uploads: tuple[str, ...] = ()
    leftovers: tuple[str, ...] = ()
    young: int = 0
    deleted: int = 0
    marked: int = 0

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        found = (self.orphans, self.missing, self.unfinished, self.artefacts, self.uploads, self.leftovers)
        return not any(found)


def reconcile(
    db: Database, objects: Objects, *, fix: bool, artefact_days: float = 30.0, unattended: bool = False
) -> Report:
    """Compare rows and objects. With `fix`, delete what nobody needs and say on done jobs that a file is gone.

    What is `unfinished` is only reported: whoever runs the jobs makes them go on. Objects younger than
    an hour (uploads: a day) are let be. A database that knows no job at all is taken for the wrong one:
    then no video and no upload is deleted. `unattended` deletes even less: no uploads, and only videos
    that bear the token of a job of this database, so that a wrong setting costs nobody's videos while
    no person looks. Raises `StoreAwayError` and `StoreRefusedError`.
    """
    return _Comparison(db, objects, fix, artefact_days, unattended).report()


class _Comparison:
    def __init__(
        self, db: Database, objects: Objects, fix: bool, artefact_days: float, unattended: bool
    ) -> None:
        self._db = db
        self._objects = objects
        self._fix = fix
        self._now = db.now()
        self._unattended = unattended
        self._unused_since = self._now - artefact_days * DAY
        self._deleted = 0
        self._marked = 0
        self._young = 0

    def report(self) -> Report:
        # Objects first, rows second: an object is put before its row is written.
        videos = list(self._objects.list(VIDEOS))
        published, doomed, working, not_done = self._db.do(
            lambda: (
                references.publications(),
                references.doomed_keys(),
                references.at_work(),
                references.published_and_not_done(),
            )
        )
        keys = {publication.key for publication in published} | doomed  # each of which goes at its time
        unclaimed = [info for info in videos if info.key not in keys]
        return Report(
            orphans=self._orphans(unclaimed, {job.token for job in working}),
            missing=self._missing(published, {info.key for info in videos}),
            unfinished=_unfinished(not_done, unclaimed, working, self._now - GRACE),
            artefacts=self._unused_artefacts(),
            uploads=self._unused_uploads(),
            leftovers=self._leftovers(),
            young=self._young,
            deleted=self._deleted,
            marked=self._marked,
        )

    def _orphans(self, unclaimed: list[ObjectInfo], tokens: set[str]) -> tuple[str, ...]:
        limit = self._now - GRACE
        unclaimed = [info for info in unclaimed if not _tokens(info.key) & tokens]
        orphans = [info for info in unclaimed if info.modified < limit]
        self._young += len(unclaimed) - len(orphans)

        def unneeded(key: str) -> bool:
            ours = references.knows(_tokens(key)) if self._unattended else references.any_job()
            alive = {job.token for job in references.at_work()}
            return ours and not references.is_published(key) and not _tokens(key) & alive

        return self._dispose(orphans, unneeded, limit)

    def _missing(self, published: Iterable[references.Publication], there: set[str]) -> tuple[str, ...]:
        doubtful = {file.key for file in published if file.done and file.key not in there}
        gone = {key for key in doubtful if self._objects.head(key) is None}
        jobs = frozenset(file.job for file in published if file.done and file.key in gone)
        if self._fix:
            self._marked = self._db.do(
                lambda: (
                    sum(references.mark_gone(job, now=self._now) for job in sorted(jobs))
                    + references.unmark_found(jobs, now=self._now)
                )
            )
        return tuple(sorted(jobs))

    def _unused_artefacts(self) -> tuple[str, ...]:
        uses = self._db.do(references.last_uses)
        limit = self._unused_since
        unused = [
            info
            for info in self._objects.list(ARTEFACTS)
            if max(info.modified, uses.get(references.artefact_of(info.key), 0.0)) < limit
        ]
        return self._dispose(
            unused,
            lambda key: references.forget_artefact(*references.artefact_of(key), unused_since=limit),
            limit,
        )

    def _unused_uploads(self) -> tuple[str, ...]:
        there = list(self._objects.list(UPLOADS))
        named = self._db.do(references.uploads)
        limit = self._now - UPLOAD_GRACE
        unnamed = [info for info in there if info.key not in named]
        unused = [info for info in unnamed if info.modified < limit]
        self._young += len(unnamed) - len(unused)

        def unneeded(key: str) -> bool:
            return not self._unattended and references.any_job() and key not in references.uploads()

        return self._dispose(unused, unneeded, limit)

    def _leftovers(self) -> tuple[str, ...]:
        limit = self._now - DAY
        old = [info for info in self._objects.list(TMP) if info.modified < limit]
        return self._dispose(old, lambda _: True, limit)

    def _dispose(
        self, found: list[ObjectInfo], unneeded: Callable[[str], bool], limit: float
    ) -> tuple[str, ...]:
        """The keys; with `fix` they are deleted, unless they were put or claimed again meanwhile."""
        for info in found if self._fix else ():
            now = self._objects.head(info.key)
            if now is not None and now.modified < limit and self._db.do(partial(unneeded, info.key)):
                self._objects.delete(info.key)
                self._deleted += 1
        return tuple(sorted(info.key for info in found))


def _unfinished(
    not_done: tuple[str, ...],
    unclaimed: list[ObjectInfo],
    working: tuple[references.Unfinished, ...],
    limit: float,
) -> tuple[str, ...]:
    """Jobs published and not done, and jobs at rest for an hour whose video is in the store."""
    uploaded = {token for info in unclaimed if info.key.endswith("/video.mp4") for token in _tokens(info.key)}
    stuck = {job.job for job in working if job.token in uploaded and job.updated_at < limit}
    return tuple(sorted(stuck | set(not_done)))


def _tokens(key: str) -> set[str]:
    """Everything in the key's folder that may be a job's token."""
    return set(key.removeprefix(VIDEOS).partition("/")[0].split("-"))
