"""Where a file may go that somebody handed in: as the workspace says, or asked of whoever handed it in."""

from __future__ import annotations

from collections.abc import Callable

from bots.cards.card import Card
from bots.cards.results import offer_card, offer_to_send
from bots.desk.access import Standing
from bots.desk.replies import House
from jobs import consent, leaving
from jobs.deeds import NotPossible
from jobs.estimate import estimate, estimate_cents, span
from jobs.order import JobOrder
from storage import jobs
from storage.quotas import Refusal
from storage.records import Job


def settled(house: House, me: Standing, order: JobOrder, said: bool | None = None) -> JobOrder:
    """The order with what is known of where its file may go; one that `asks` waits for the answer."""
    return leaving.decided(order, leaving.leaving(house.kit, order), me.terms.uploads, said=said)


def offer(house: House, me: Standing, name: str, value: Callable[[bool | None], str]) -> Card:
    """Offers to make a video of the file called `name`, and asks where it may go if that is to be asked.

    `value` is what a button remembers, with the answer that it gives.
    """
    order = settled(house, me, JobOrder(source=name, upload=name))
    if order.leaving is None or not order.asks:
        cost = estimate(order, house.kit)
        worth = f"It costs {span(cost.about, cost.most)}." if cost.most else ""
        return offer_card(name, value(None), worth)
    return offer_to_send(name, order.leaving, send=value(True), keep=value(False), value=value(None))


def answered_for(house: House, job_id: str, *, cloud: bool, by: str) -> Job | Refusal | NotPossible:
    """Write down what was answered to a job's question."""
    cents = 0
    there = house.office.database.do(lambda: jobs.find(job_id))
    if cloud and there is not None:
        order = JobOrder.model_validate_json(there.order).model_copy(update={"cloud": True})
        cents = estimate_cents(order, house.kit)
    answer = consent.answer(house.office, job_id, cloud=cloud, by=by, estimate_cents=cents)
    if isinstance(answer, Refusal) and answer.limit == "cents_per_job":
        less = "Keep it local, or ask whoever looks after the app for a higher limit."
        return answer.model_copy(update={"sentence": f"{answer.sentence} {less}"})
    return answer
