"""A desk over a real office, and people of a Slack team who ask it for things."""

from __future__ import annotations

from pathlib import Path

from bots.cards.card import Button, Buttons, Card, Entry, plainly
from bots.desk.desk import Desk
from bots.desk.replies import Reply
from bots.people import Ask, DroppedFile, Mention, Place, PlaceKind
from bots.slack.tongue import SlackTongue
from jobs import flow
from jobs.failures import Verdict
from jobs.kit import Kit
from jobs.office import Office
from storage import chat, jobs
from storage.chat import Chat
from storage.records import Job, JobState, Requester
from tests.jobs.offices import begun as claimed
from tests.jobs.offices import job_now, sent, work_through

LAB = "slack:T0LAB"
ADA = Requester(workspace=LAB, platform="slack", user="U0ADA", name="Ada")
BEN = Requester(workspace=LAB, platform="slack", user="U0BEN", name="Ben")
BOSS = Requester(workspace=LAB, platform="slack", user="U0BOSS", name="Boss", admin=True)
#: Whom and what the platform knows, when an admin's words mention them.
KNOWN = (
    Mention(kind="person", id="U0ADA", name="Ada"),
    Mention(kind="person", id="U0BEN", name="Ben"),
    Mention(kind="person", id="U0BOSS", name="Boss"),
    Mention(kind="person", id="U0GIL", name="Gil", guest=True),
    Mention(kind="person", id="U0EVE", name="Eve", outsider=True),
    Mention(kind="person", id="U0NEWCOMER1", name="Newcomer"),
    Mention(kind="channel", id="C0LAB", name="lab"),
    Mention(kind="channel", id="C0FAR", name="far", present=False),
)
STRANGER = Requester(workspace="slack:T0ELSE", platform="slack", user="U0EVE", name="Eve", admin=True)
#: A failure that may pass.
PASSES = Verdict(code="away", sentence="NCBI is away.", retryable=True, reference="HH-7F3K")


def desk_of(office: Office, folder: Path) -> Desk:
    """A desk whose videos are small."""
    return Desk(
        office,
        Kit(data=folder),
        tongue=SlackTongue(),
        size=(360, 640),
        versions=("test 1",),
        address=address,
    )


def address(place: Place, message: str) -> str:
    """Where people find a message."""
    return f"https://lab.example/{place.channel}/{message}"


def place(kind: PlaceKind = "public", channel: str = "", thread: str | None = None, lab: str = LAB) -> Place:
    """A conversation of the lab's, called by its kind."""
    name = channel or {"dm": "D0DM", "private": "G0SECRET", "public": "C0LAB"}[kind]
    return Place(platform="slack", workspace=lab, channel=name, kind=kind, thread=thread)


def ask(
    who: Requester = ADA,
    kind: PlaceKind = "public",
    *,
    channel: str = "",
    thread: str | None = None,
    guest: bool = False,
    file: DroppedFile | None = None,
    origin: str | None = None,
    mentions: tuple[Mention, ...] = (),
) -> Ask:
    """`who` says something there."""
    return Ask(
        who=who,
        guest=guest,
        place=place(kind, channel, thread, who.workspace),
        thread_of=thread,
        file=file,
        origin=origin,
        mentions=mentions,
    )


def pdf(
    folder: Path, name: str = "paper.pdf", *, content: bytes = b"%PDF-1.7 words", number: str = "F1"
) -> DroppedFile:
    """A file that was fetched already."""
    path = folder / f"{number}.bin"
    path.write_bytes(content)
    return DroppedFile(id=number, name=name, bytes=len(content), path=str(path))


def unfetched(name: str = "paper.pdf", *, number: str = "F1", size: int = 1_000) -> DroppedFile:
    """A file of which only the name is known."""
    return DroppedFile(id=number, name=name, bytes=size)


def begun(office: Office, reply: Reply | None) -> Job:
    """The job that the reply says was begun."""
    assert reply is not None
    assert reply.job is not None, reply.card.text
    return job_now(office, reply.job)


def made(
    desk: Desk, office: Office, who: Requester = ADA, kind: PlaceKind = "public", paper: str = "32296183"
) -> Job:
    """A job that is being made."""
    return begun(office, desk.command(ask(who, kind), paper))


def done(
    desk: Desk, office: Office, who: Requester = ADA, kind: PlaceKind = "public", paper: str = "32296183"
) -> Job:
    """A job whose video is there."""
    job = made(desk, office, who, kind, paper)
    work_through(office)
    return job_now(office, job.id)


def failed(desk: Desk, office: Office) -> Job:
    """A job of Ada's that failed in a way that may pass."""
    job = made(desk, office)
    (message,) = (one for one in sent(office) if one[1] == job.id)
    flow.fail(office, claimed(office, message), PASSES)
    return job_now(office, job.id)


def shown(office: Office, job: Job, message: str) -> None:
    """The messenger posted the job's message."""
    db = office.database
    assert chat.take(db, job.id, "test", 30)
    assert chat.keep_shown(db, job.id, "test", message=message, posted_at=db.now())
    chat.release(db, job.id, "test")


def there(reply: Reply | None) -> Reply:
    """The reply, which is there."""
    assert reply is not None
    return reply


def pressed(desk: Desk, who: Requester, deed: str, value: str) -> Reply:
    """What is answered to a press."""
    return there(desk.press(ask(who), deed, value))


def chat_at(office: Office, job: Job) -> Chat:
    """Where the job is shown."""
    found = chat.chat_of(office.database, job.id)
    assert found is not None
    return found


def jobs_of(office: Office, workspace: str = LAB) -> list[Job]:
    """All jobs of the workspace that are not deleted, newest first."""
    there = [state for state in JobState if state is not JobState.DELETED]
    return office.database.do(lambda: jobs.recent(workspace, states=there, limit=1_000))


def buttons_of(card: Card) -> dict[str, Button]:
    """The buttons of a card by their deeds (the last of each)."""
    found: dict[str, Button] = {}
    for block in card.blocks:
        if isinstance(block, Buttons | Entry):
            found |= {button.deed: button for button in block.buttons}
    return found


def words_of(card: Card) -> str:
    """Everything that stands in a card, as one text."""
    said = [card.text]
    for block in card.blocks:
        spans = getattr(block, "spans", ())
        said.append(plainly(spans))
        said += [str(getattr(block, name)) for name in ("text", "about") if hasattr(block, name)]
        said += [f"{name}: {plainly(rich)}" for name, rich in getattr(block, "pairs", ())]
        said += [f"{option.label} {option.about}" for option in getattr(block, "options", ())]
    return "\n".join(said)
