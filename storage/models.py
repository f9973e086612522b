"""The tables. Rows never leave `storage/`: what reads them answers with the values of `storage.records`.

Times are seconds since the epoch (UTC) as doubles; money is US cents; JSON stands in text columns, so
that SQLite and Postgres hold the same. What changes here changes in `storage/migrations` too (a test
compares the two): in `0001_start.py` before the first release, in a migration of its own after it.
"""

from __future__ import annotations

from typing import Final

from peewee import (
    AutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    CompositeKey,
    DoubleField,
    IntegerField,
    Model,
    TextField,
)


class Table(Model):
    """A table; the database is bound when it is opened (`storage.database.Database`)."""


class Workspace(Table):
    """A lab: a Slack team, a Discord guild, or "local". `settings` is the JSON of `storage.workspaces.Terms`."""

    id = CharField(primary_key=True, max_length=100)
    settings = TextField(default="{}")
    created_at = DoubleField()


class User(Table):
    """A person on one platform in one workspace."""

    id = AutoField()
    workspace = CharField(max_length=100)
    platform = CharField(max_length=20)
    platform_user = CharField(max_length=100)
    name = CharField(max_length=200, default="")
    preferences = TextField(default="{}")
    created_at = DoubleField()

    class Meta:
        indexes = ((("workspace", "platform", "platform_user"), True),)


class JobRow(Table):
    """One job: the truth about it. Every change raises `revision`."""

    id = CharField(primary_key=True, max_length=12)
    workspace = CharField(max_length=100)
    user = IntegerField()
    private = BooleanField(default=False)
    order = TextField(column_name="job_order")
    source = TextField()
    #: Equal for two orders that make the same video (`jobs.order.JobOrder.same_as`).
    sameness = CharField(max_length=64)
    follows = CharField(max_length=12, null=True)
    paper = TextField(default="{}")
    state = CharField(max_length=20)
    stage = CharField(max_length=20)
    fraction = DoubleField(default=0.0)
    message = TextField(default="")
    revision = IntegerField(default=1)
    waiting = TextField(null=True)
    waiting_until = DoubleField(null=True)
    failure = TextField(null=True)
    reference = CharField(max_length=12, null=True, index=True)
    needs_approval = BooleanField(default=False)
    approved_at = DoubleField(null=True)
    #: What it may cost at most, as was thought when it was asked for: a retry reserves it anew.
    estimate_cents = IntegerField(default=0)
    created_at = DoubleField()
    #: When it was put in line: a retry stands at the end of it, its creation stays what it was.
    queued_at = DoubleField()
    #: Since when it stands in line now, for those who watch the line; its place goes by `queued_at`.
    in_line_since = DoubleField()
    started_at = DoubleField(null=True)
    finished_at = DoubleField(null=True)
    updated_at = DoubleField()
    #: When somebody wished that it stays, whatever the workspace's retention says.
    kept_at = DoubleField(null=True)
    #: When it will be deleted, as its requester was told; `None` while nothing was said.
    told_end = DoubleField(null=True)
    token = CharField(max_length=64, unique=True)
    link = TextField(null=True)
    scenes = IntegerField(null=True)
    seconds = DoubleField(null=True)
    #: While a finished video is made anew: how the job stood before (JSON of `storage.records.Finished`).
    finished = TextField(null=True)

    class Meta:
        table_name = "job"
        indexes = (
            (("state", "queued_at"), False),
            (("workspace", "sameness"), False),
            (("workspace", "created_at"), False),
            (("user", "state"), False),
            (("updated_at",), False),
        )


class StageRunRow(Table):
    """One stage of a job, or one scene of `generate-videos`. `scene` is −1 for a whole stage."""

    id = AutoField()
    job = CharField(max_length=12)
    stage = CharField(max_length=20)
    scene = IntegerField(default=-1)
    state = CharField(max_length=12)
    attempt = IntegerField(default=0)
    failures = IntegerField(default=0)
    #: How many of the failures in a row say that something is away or busy, and since when they do;
    away = IntegerField(default=0)
    away_since = DoubleField(null=True)
    #: how many of all of them said otherwise.
    defects = IntegerField(default=0)
    lost = IntegerField(default=0)
    owner = CharField(max_length=64, null=True)
    lease_until = DoubleField(null=True)
    due_at = DoubleField(null=True)
    fraction = DoubleField(default=0.0)
    #: How much of its stage this run is: a scene's frames. 1 for a whole stage.
    weight = DoubleField(default=1.0)
    key = CharField(max_length=64, null=True)
    provider = CharField(max_length=60, null=True)
    version = CharField(max_length=60, null=True)
    seconds = DoubleField(null=True)
    reused = BooleanField(null=True)
    task = TextField(null=True)
    #: What it waits for, or why it failed.
    error = TextField(null=True)
    #: Until when a provider's task is waited for.
    give_up_at = DoubleField(null=True)
    began_at = DoubleField(null=True)
    ended_at = DoubleField(null=True)

    class Meta:
        table_name = "stage_run"
        indexes = (
            (("job", "stage", "scene"), True),
            (("state", "lease_until"), False),
            (("stage", "ended_at"), False),
        )


class Purchase(Table):
    """Something bought from a provider, written down before it is asked for. `what` names it for good."""

    id = CharField(primary_key=True, max_length=32)
    workspace = CharField(max_length=100)
    job = CharField(max_length=12)
    what = CharField(max_length=200)
    provider = CharField(max_length=60)
    cents = IntegerField()
    #: asked → bought (the provider's task is known) | refused | unsure; bought → unwanted | void.
    state = CharField(max_length=12)
    task = TextField(null=True)
    #: Asked again with the same id, the provider answers with the same task.
    repeatable = BooleanField(default=False)
    #: Which call is asking the provider now, and until when it is believed to.
    owner = CharField(max_length=64, null=True)
    lease_until = DoubleField(null=True)
    created_at = DoubleField()
    updated_at = DoubleField()

    class Meta:
        indexes = ((("workspace", "what"), True), (("job",), False), (("state",), False))


class LedgerEntry(Table):
    """One movement of videos and cents. The sum over a job is what it holds or has spent."""

    id = AutoField()
    workspace = CharField(max_length=100)
    user = IntegerField()
    job = CharField(max_length=12, index=True)
    #: reserve | charge | correct | release | give-back
    kind = CharField(max_length=12)
    #: The `reserve` row that this one belongs to; a job that is retried reserves anew.
    reservation = IntegerField(null=True)
    videos = IntegerField(default=0)
    reserved_cents = IntegerField(default=0)
    spent_cents = IntegerField(default=0)
    purchase = CharField(max_length=32, null=True, unique=True)
    #: The day and month it counts for: its reservation's.
    at = DoubleField()
    written_at = DoubleField()

    class Meta:
        table_name = "ledger"
        indexes = ((("workspace", "at"), False), (("workspace", "user", "at"), False))


class PublishedRow(Table):
    """A finished file of a job in the object store. Several jobs may refer to one key.

    One that is not `current` was there before the video was made anew; it stays where a posted link leads to it.
    """

    job = CharField(max_length=12)
    name = CharField(max_length=200)
    key = CharField(max_length=300, index=True)
    sha256 = CharField(max_length=64)
    bytes = BigIntegerField()
    content_type = CharField(max_length=100)
    current = BooleanField(default=True)

    class Meta:
        table_name = "published"
        primary_key = CompositeKey("job", "key")


class ArtefactUse(Table):
    """Which artefact a job refers to: one that nobody refers to may be deleted."""

    workspace = CharField(max_length=100)
    stage = CharField(max_length=20)
    key = CharField(max_length=64)
    job = CharField(max_length=12, index=True)
    used_at = DoubleField()

    class Meta:
        table_name = "artefact_use"
        primary_key = CompositeKey("workspace", "stage", "key", "job")


class DoomedRow(Table):
    """An object that is to be deleted, unless somebody of its workspace needs it when its time comes."""

    key = CharField(primary_key=True, max_length=300)
    workspace = CharField(max_length=100)
    doomed_at = DoubleField()
    due_at = DoubleField(index=True)
    #: While somebody is deleting it: until when he is believed to.
    claimed_until = DoubleField(null=True)

    class Meta:
        table_name = "doomed"


class ChatMessage(Table):
    """The one message of a job on a platform, and the revision that it shows."""

    job = CharField(primary_key=True, max_length=12)
    platform = CharField(max_length=20)
    workspace = CharField(max_length=100)
    channel = CharField(max_length=100)
    #: dm | private | public
    kind = CharField(max_length=10)
    message = CharField(max_length=100, null=True)
    #: The message that ours hangs under; `None`: ours begins a thread of its own.
    thread = CharField(max_length=100, null=True)
    #: The message that the paper's file was dropped with.
    origin = CharField(max_length=100, null=True)
    shown_revision = IntegerField(default=0)
    #: What is shown, as `bots.cards.card.Card.digest` says it.
    shown_digest = CharField(max_length=64, default="")
    #: What has been said in the thread once and must not be said twice (JSON list of names).
    said = TextField(default="[]")
    #: A person deleted our message: it stays away.
    gone = BooleanField(default=False)
    posted_at = DoubleField(null=True)
    checked_at = DoubleField(null=True)
    #: Who is showing it now, and until when.
    owner = CharField(max_length=64, null=True)
    lease_until = DoubleField(null=True)

    class Meta:
        table_name = "chat_message"
        indexes = (
            (("platform", "channel", "message"), False),
            (("platform", "channel", "thread"), False),
            (("platform", "channel", "origin"), False),
            (("lease_until",), False),
        )


class SeenEvent(Table):
    """An event of a platform that was acted on; platforms send some twice."""

    platform = CharField(max_length=20)
    event = CharField(max_length=200)
    at = DoubleField(index=True)

    class Meta:
        table_name = "seen_event"
        primary_key = CompositeKey("platform", "event")


class KeptRow(Table):
    """What a message of a platform stands for and can't hold itself."""

    workspace = CharField(max_length=100)
    key = CharField(max_length=200)
    value = TextField()
    at = DoubleField(index=True)

    class Meta:
        table_name = "kept"
        primary_key = CompositeKey("workspace", "key")


class AuditRow(Table):
    """Who did what to what, and when."""

    id = AutoField()
    at = DoubleField()
    workspace = CharField(max_length=100)
    actor = CharField(max_length=200)
    action = CharField(max_length=60)
    target = CharField(max_length=200)
    detail = TextField(default="")

    class Meta:
        table_name = "audit"
        indexes = ((("workspace", "at"), False),)


class WorkerRow(Table):
    """A worker process that says it lives."""

    id = CharField(primary_key=True, max_length=64)
    host = CharField(max_length=100)
    pid = IntegerField()
    io = IntegerField()
    cpu = IntegerField()
    started_at = DoubleField()
    seen_at = DoubleField()

    class Meta:
        table_name = "worker"


class ListenerRow(Table):
    """A process that says that it is connected to a chat platform."""

    id = CharField(primary_key=True, max_length=64)
    platform = CharField(max_length=20)
    host = CharField(max_length=100)
    pid = IntegerField()
    seen_at = DoubleField()

    class Meta:
        table_name = "listener"


class LeaseRow(Table):
    """A duty that one process at a time has (the sweeper's)."""

    name = CharField(primary_key=True, max_length=60)
    owner = CharField(max_length=64)
    until = DoubleField()

    class Meta:
        table_name = "lease"


#: Every table, in an order in which they can be made.
TABLES: Final[tuple[type[Table], ...]] = (
    Workspace,
    User,
    JobRow,
    StageRunRow,
    Purchase,
    LedgerEntry,
    PublishedRow,
    ArtefactUse,
    DoomedRow,
    ChatMessage,
    SeenEvent,
    KeptRow,
    AuditRow,
    WorkerRow,
    ListenerRow,
    LeaseRow,
)
