"""What one looks at: one's videos, one of them, one's quota, the help, and all of it on a page of one's own."""

from __future__ import annotations

from bots.cards.card import Buttons, Card
from bots.cards.home import HomeView, home_card
from bots.cards.job import job_card
from bots.cards.lists import PAGE, help_card, list_card, quota_card
from bots.desk.access import Standing, barred
from bots.desk.choosing import may_see, views
from bots.desk.places import open_it, places_of
from bots.desk.replies import House, Reply, said
from bots.desk.wishes import offered
from storage import catalogue, ledger
from storage.catalogue import Filter
from storage.records import Job


def own(house: House, me: Standing, offset: int = 0) -> Reply:
    """One's own videos, newest first, from the `offset`th on."""
    found, total, offset = _mine(house, me, offset)
    places = places_of(house, me, found)
    return Reply(card=list_card(found, total, offset=offset, places=places, tongue=house.tongue))


def status(house: House, me: Standing, job: Job) -> Reply:
    """How a job stands now."""
    if no := may_see(me, job):
        return said(no)
    (view,) = views(house, me, [job], ask_store=True)
    card, opening = job_card(view), open_it(house, me, job)
    if opening:
        card = card.model_copy(update={"blocks": (*card.blocks, Buttons(buttons=opening))})
    return Reply(card=card)


def quota(house: House, me: Standing) -> Reply:
    """What this person had of what they may have."""
    db = house.office.database
    return Reply(
        card=quota_card(ledger.usage(db, me.who.workspace, me.user, me.terms), db.now(), tongue=house.tongue)
    )


def help_(house: House, me: Standing) -> Reply:
    """What can be said."""
    return Reply(card=help_card(house.tongue, admin=me.who.admin, offered=offered(house.kit)))


def home(house: House, me: Standing, offset: int = 0) -> Card:
    """One's own page."""
    db = house.office.database
    found, total, offset = _mine(house, me, offset)
    view = HomeView(
        who=me.who,
        jobs=tuple(found),
        total=total,
        offset=offset,
        places=places_of(house, me, found),
        preferences=me.preferences,
        usage=ledger.usage(db, me.who.workspace, me.user, me.terms),
        now=db.now(),
        tongue=house.tongue,
        closed=barred(me, house.tongue) or "",
        offered=offered(house.kit),
    )
    return home_card(view)


def _mine(house: House, me: Standing, offset: int) -> tuple[list[Job], int, int]:
    """A page of one's own jobs, how many there are, and where the page begins: not behind the last of them."""
    db, workspace, mine = house.office.database, me.who.workspace, Filter(user=me.user)
    found, total = catalogue.page(db, workspace, mine, offset=offset, limit=PAGE)
    if not found and offset > 0:
        offset = max(total - 1, 0) // PAGE * PAGE
        found, total = catalogue.page(db, workspace, mine, offset=offset, limit=PAGE)
    return found, total, offset
