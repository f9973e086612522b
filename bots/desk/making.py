"""A paper that was named, or a file that was dropped, becomes a job with its place in the chat."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Final, cast

import structlog
from pydantic import ValidationError

from bots.cards.card import Button
from bots.cards.job import wants_pdf
from bots.cards.results import attach_card
from bots.commands import Options
from bots.desk.access import Standing, barred
from bots.desk.choosing import is_theirs, may_do, of_id
from bots.desk.deeds import named
from bots.desk.places import open_it
from bots.desk.replies import House, Reply, said
from bots.desk.sending import offer as offer_to_make
from bots.desk.sending import settled
from bots.desk.wishes import not_here, order_of
from bots.papers import doi_inside, is_at_arxiv, paper_id, sources_in
from bots.people import Ask, DroppedFile, Place
from jobs import rewriting
from jobs.estimate import cost_sentence, estimate, refused
from jobs.order import JobOrder
from jobs.submission import submit
from jobs.uploads import LARGEST, take_in_article
from pipeline.errors import InputError, UnknownSourceError
from pipeline.paper.file_kind import KINDS, OTHER_TEXTS, FileKind, kind_held
from pipeline.paper.source import parse_source
from storage import chat, jobs
from storage.quotas import Refusal
from storage.records import Job, JobState, Record

_log = structlog.get_logger(__name__)

#: How attaching is said in "Only Ada or an admin can … this video."
_ATTACH: Final = "give a PDF to"
#: So many papers are named back.
MOST_PAPERS: Final = 3
#: Files of one message that are looked at.
MOST_FILES: Final = 5
#: The same from the same person within so long (seconds) was one click too many.
_REPEATED_WITHIN: Final = 30.0
#: The longest name of a file that is kept (characters).
_LONGEST_NAME: Final = 200
#: What a file is called that was given the wrong ending.
_ENDINGS: Final[dict[FileKind, str]] = {"pdf": ".pdf", "docx": ".docx", "jats": ".xml"}
#: The button that makes a video of a paper; its value is a command.
MAKE: Final = "make-paper"
_FORMS: Final = (
    "Give a PMID (32296183), a PMCID (PMC7224658), a DOI or their address at PubMed or doi.org; "
    "or drop its PDF here."
)


class FileOffer(Record):
    """What an offer's buttons remember of the file: whose it is, and the messages that it came with.

    `thread` is what a job of it hangs under, in that `channel`: an offer may be answered elsewhere. `job`: the file is
    offered to a job that is there. `cloud`: the answer that the button gives to where the file may go.
    """

    id: str
    name: str
    bytes: int
    owner: str
    channel: str = ""
    origin: str | None = None
    thread: str | None = None
    job: str | None = None
    cloud: bool | None = None


def make(house: House, me: Standing, ask: Ask, source: str, options: Options) -> Reply:
    """Have a video made of the paper that was named."""
    if no := barred(me, house.tongue) or not_here(house.kit, options):
        return said(no)
    if len(several := sources_in(source)) > 1:
        return one_at_a_time(house, several)
    paper = typed_paper(source)
    if isinstance(paper, Reply):
        return paper
    order = order_of(house, me, options, source=paper)
    return _submitted(house, me, ask.place, order, options, thread=ask.place.thread)


def cost(house: House, me: Standing, ask: Ask, source: str, options: Options) -> Reply:
    """What a video of this paper, or of the file that came with the words, would cost today. Nothing is made."""
    if no := not_here(house.kit, options) or (unreadable(ask.file) if ask.file is not None else None):
        return said(no)
    paper = ask.file.name if ask.file is not None and not source else typed_paper(source)
    if isinstance(paper, Reply):
        return paper
    handed_in = {"upload": ask.file.id} if ask.file is not None and not source else {}
    order = settled(house, me, order_of(house, me, options, source=paper, **handed_in))
    if not order.asks:
        return said(cost_sentence(estimate(order, house.kit)))
    sent = cost_sentence(estimate(order.model_copy(update={"cloud": True}), house.kit))
    return said(f"{sent} You are asked before any of the file leaves; kept here, it costs nothing.")


def typed_paper(source: str) -> str | Reply:
    """The bare id of the paper that was named, or why it can't be had."""
    if not source:
        return said(f"Which paper? {_FORMS}")
    paper = paper_id(source)
    if is_at_arxiv(paper or source):
        return said("I can’t fetch papers from arXiv, and PubMed has few of them: drop the PDF here.")
    if paper is not None:
        return paper
    if (doi := doi_inside(source)) is not None:
        return _at_another_site(doi)
    suffix = PurePath(source).suffix.lower()
    if suffix in KINDS.keys() | OTHER_TEXTS and "://" not in source:
        return said("A file’s name is not enough: drop the file itself here.")
    if source[:1].isdigit() or source.lower().startswith(("doi", "http")):
        try:
            parse_source(source)
        except UnknownSourceError as error:
            return said(f"{error.sentence} {_FORMS}")
        except (OSError, ValueError):
            pass
    return said(f"That is no paper that I know. {_FORMS}")


def one_at_a_time(house: House, papers: Sequence[str]) -> Reply:
    """What is said to several papers at once."""
    say = [house.tongue.say(paper) for paper in papers[:MOST_PAPERS]]
    return said(f"One paper at a time: say {', then '.join(say)}.")


def _at_another_site(doi: str) -> Reply:
    """Pages of publishers are not read; PubMed may know the paper by the DOI that the address seems to hold."""
    button = Button(label="Make video", deed=MAKE, value=f"make {doi}", style="primary")
    return said(f"I can’t read that page. PubMed may have the paper by its DOI, if that is {doi}.", button)


def make_file(
    house: House,
    me: Standing,
    ask: Ask,
    file: DroppedFile,
    options: Options,
    *,
    thread: str | None,
    cloud: bool | None = None,
) -> Reply:
    """Have a video made of a file; first the platform fetches it. `cloud`: what they said of where it may go."""
    if no := barred(me, house.tongue) or unreadable(file) or not_here(house.kit, options):
        return said(no)
    if file.path is None:
        return _wanted(file)
    key = _taken_in(house, me, file)
    if isinstance(key, Reply):
        return key
    name = _shown_name(file.name)
    order = order_of(house, me, options, source=name, upload=key, upload_name=name)
    order = settled(house, me, order, cloud)
    return _submitted(house, me, ask.place, order, options, thread=thread, origin=ask.origin)


def dropped(house: House, me: Standing, ask: Ask) -> Reply | None:
    """A file was dropped where the app is: it is made, or offered; `None` when it is none of our business."""
    file = ask.file
    assert file is not None
    alone = ask.place.kind == "dm"
    if no := unreadable(file):
        return said(no) if alone else None
    root = ask.place.thread or ask.origin
    offer = FileOffer(
        id=file.id,
        name=_shown_name(file.name),
        bytes=file.bytes,
        owner=me.who.user,
        channel=ask.place.channel,
        origin=ask.origin,
        thread=root,
    )
    if ask.thread_of is not None and (job := _waits_for_it(house, ask)) is not None:
        if is_theirs(job, me.who):
            return attach(house, me, file, job.id)
        if me.who.admin and not job.private:
            offer = offer.model_copy(update={"job": job.id})
            return Reply(
                card=attach_card(job, offer.name, offer.model_dump_json()), private=False, thread=root
            )
        if barred(me, house.tongue):
            return None
        instead = Button(label="Make a video of it", deed="make-file", value=offer.model_dump_json())
        return said(may_do(me, job, _ATTACH) or "", instead, thread=root)
    if alone or ask.place.channel in me.terms.automatic:
        return make_file(house, me, ask, file, Options(), thread=root)
    if barred(me, house.tongue):
        return None
    card = offer_to_make(
        house, me, offer.name, lambda cloud: offer.model_copy(update={"cloud": cloud}).model_dump_json()
    )
    return Reply(card=card, private=False, thread=root)


def dropped_together(house: House, me: Standing, ask: Ask, files: Sequence[DroppedFile]) -> list[Reply]:
    """The same for all the files of one message; more than `MOST_FILES` are not looked at, and that is said."""
    asks = [ask.model_copy(update={"file": file}) for file in files[:MOST_FILES]]
    replies = [reply for one in asks if (reply := dropped(house, me, one)) is not None]
    if replies and len(files) > MOST_FILES:
        replies.append(
            said(f"I looked at the first {MOST_FILES} of {len(files)} files: drop the others again.")
        )
    return replies


def pressed(house: House, me: Standing, ask: Ask, deed: str, value: str) -> Reply:
    """An answer to an offer: "make-file", "not-file" or "attach"."""
    try:
        offer = FileOffer.model_validate_json(value)
    except ValidationError:  # the button of a job's card: its value is the job's id
        no = not_attachable(house, me, value)
        return said(no or "Reply to the video’s message with the paper’s PDF: it goes on with that.")
    if offer.owner != me.who.user and not me.who.admin:
        return said("Only whoever dropped the file, or an admin, can answer this.")
    if deed == "not-file":
        return said(f"No video of {offer.name}.", replace=True)
    file = DroppedFile(
        id=offer.id, name=offer.name, bytes=offer.bytes, path=ask.file.path if ask.file else None
    )
    there = offer.channel in ("", ask.place.channel)
    ask = ask.model_copy(update={"origin": offer.origin if there else None})
    if deed == "attach":
        return attach(house, me, file, offer.job or "")
    thread = offer.thread if there else None
    reply = make_file(house, me, ask, file, Options(), thread=thread, cloud=offer.cloud)
    if reply.job is None:
        return reply
    return said(f"A video of {offer.name} is being made.", job=reply.job, replace=True)


def not_attachable(house: House, me: Standing, job_id: str) -> str | None:
    """Why this person can't give the job a PDF; `None` when they can."""
    job = of_id(house, me, job_id)
    return job if isinstance(job, str) else may_do(me, job, _ATTACH) or barred(me, house.tongue)


def attach(house: House, me: Standing, file: DroppedFile, job_id: str) -> Reply:
    """Go on with a job that lacked its paper's full text, with this file."""
    job = of_id(house, me, job_id)
    if isinstance(job, str):
        return said(job)
    if no := may_do(me, job, _ATTACH) or barred(me, house.tongue) or unreadable(file):
        return said(no)
    if file.path is None:
        return _wanted(file)
    key = _taken_in(house, me, file)
    if isinstance(key, Reply):
        return key
    order = JobOrder.model_validate_json(job.order).model_copy(update={"upload": key, "script": None})
    order = settled(house, me, order)
    answer = rewriting.attach(
        house.office,
        job.id,
        key,
        _shown_name(file.name),
        by=me.by,
        cloud=order.cloud,
        leaving=order.leaving,
    )
    if isinstance(answer, Job):
        return said(f"{named(me, job)} goes on with {_shown_name(file.name)}.", replace=True)
    return said(answer.sentence)


def unreadable(file: DroppedFile) -> str | None:
    """Why this file can't become a video, as far as its name and size say; `None` when it may."""
    suffix = PurePath(file.name).suffix.lower()
    name = _shown_name(file.name)
    if suffix in OTHER_TEXTS:
        return f"{name}: {suffix} files can’t be read. Save it as .docx or PDF and drop that."
    if suffix not in KINDS:
        return f"{name} is no paper that I can read: drop a PDF, a Word file (.docx) or a JATS .xml file."
    if file.bytes > LARGEST:
        most = f"{file.bytes / 1e6:.0f} MB; {LARGEST / 1e6:.0f} MB are taken at most"
        return f"{name} has {most}. Drop it without its supplements."
    return None


def _submitted(
    house: House,
    me: Standing,
    place: Place,
    order: JobOrder,
    options: Options,
    *,
    thread: str | None,
    origin: str | None = None,
) -> Reply:
    """Hand the order in. The job and its place in the chat are written down together, or neither is."""
    opened: list[str] = []

    def open_chat(job: str) -> None:
        opened.append(job)
        chat.open_chat(
            house.office.database,
            job=job,
            platform=place.platform,
            workspace=place.workspace,
            channel=place.channel,
            kind=place.kind,
            thread=thread,
            origin=origin,
        )

    approve = me.preferences.approve if options.approve is None else options.approve
    cost = estimate(order, house.kit)
    order = order.model_copy(
        update={"offer_closed": approve is None and order.upload is None, "about_cents": cost.about}
    )
    answer = submit(
        house.office,
        me.who,
        order,
        private=place.private,
        estimate_cents=cost.most,
        needs_approval=approve,
        versions=house.versions,
        along=open_chat,
        repeat_within=_REPEATED_WITHIN,
    )
    if isinstance(answer, Refusal):
        return said(refused(answer, order, house.kit, house.tongue.option("footage", "no")))
    if answer.id not in opened:
        opening = open_it(house, me, answer)
        if answer.state is JobState.DONE:
            at = f": {answer.link}" if answer.link else "."
            return said(f"You have {named(me, answer)} already{at}", *opening)
        return said(f"You asked for this video just now: {named(me, answer)} is on its way.", *opening)
    return said("On its way.", job=answer.id)


def _waits_for_it(house: House, ask: Ask) -> Job | None:
    """The job of this thread, if the paper's PDF would help it."""
    db, where = house.office.database, ask.place

    def look() -> Job | None:
        named = chat.job_at(db, where.platform, where.channel, cast(str, ask.thread_of))
        return None if named is None else jobs.find(named)

    job = db.do(look)
    return job if job is not None and wants_pdf(job) else None


def _wanted(file: DroppedFile) -> Reply:
    return said(f"Reading {_shown_name(file.name)} …", fetch=file.id)


def _taken_in(house: House, me: Standing, file: DroppedFile) -> str | Reply:
    """The key under which the file is kept, or why it isn't. It is taken for what it holds, whatever its name says."""
    assert file.path is not None
    suffix = PurePath(file.name).suffix.lower()
    # In a folder of its own: pictures are looked for beside an article.
    with tempfile.TemporaryDirectory() as folder:
        paper = Path(folder, f"article{suffix}")
        try:
            shutil.copyfile(file.path, paper)
            held = kind_held(paper)
            if held is None and KINDS[suffix] == "pdf":
                return said(_no_pdf(file))
            if held is not None and held != KINDS[suffix]:
                paper = paper.rename(paper.with_suffix(_ENDINGS[held]))
            return take_in_article(house.office.objects, me.who.workspace, paper)
        except InputError as error:
            return said(f"{_shown_name(file.name)}: {error.sentence} {error.advice}".strip())
        except OSError as error:
            _log.warning("not taken in", error=repr(error))
            return said(
                f"{_shown_name(file.name)} could not be kept at this moment: drop it again in a minute."
            )


def _no_pdf(file: DroppedFile) -> str:
    name = _shown_name(file.name)
    return f"{name} is called a PDF and holds something else. Open it, save it as PDF, and drop that here."


def _shown_name(name: str) -> str:
    """A file's name without folders and line breaks, not too long, its ending kept."""
    bare = " ".join(PurePath(name.replace("\\", "/")).name.split()) or "paper"
    if len(bare) <= _LONGEST_NAME:
        return bare
    suffix = PurePath(bare).suffix[:10]
    return bare[: _LONGEST_NAME - len(suffix) - 1] + "…" + suffix
