"""Words that are no command: a paper among them is offered, thanks are answered, the rest is said not to be clear."""

from __future__ import annotations

from typing import Final

from bots.cards.card import Button
from bots.commands import Command, NotUnderstood, Options, options_in, parse
from bots.desk import lists, making, oneself
from bots.desk.access import Standing
from bots.desk.replies import House, Reply, said
from bots.desk.wishes import worth
from bots.papers import paper_id, sources_in
from bots.talk import heard

#: So few words with a paper are a misspelt command rather than talk.
_COMMAND: Final = 2


def answer(house: House, me: Standing, text: str, misread: NotUnderstood) -> Reply:
    """The answer to what was not understood as a command."""
    if not misread.loose:
        return oneself.not_understood(house, misread)
    papers = sources_in(text)
    if len(papers) > 1:
        return making.one_at_a_time(house, papers)
    if papers and len(text.split()) > _COMMAND:
        return _offered(house, me, text, papers[0])
    match None if papers else heard(text):
        case "thanks":
            return said("You’re welcome.")
        case "question":
            return lists.help_(house, me)
        case _:
            return oneself.not_understood(house, misread)


def _offered(house: House, me: Standing, text: str, paper: str) -> Reply:
    if paper_id(paper) is None:
        no = making.typed_paper(paper)
        assert isinstance(no, Reply)
        return no
    name = f"PMID {paper}" if paper.isdecimal() else paper
    value = " ".join(("make", paper, *options_in(text)))
    read = parse(value)
    options = read.options if isinstance(read, Command) else Options()
    return said(
        f"Shall I make a video of {name}? {worth(house, me, options, source=paper)}".strip(),
        Button(label="Make video", deed=making.MAKE, value=value, style="primary"),
    )
