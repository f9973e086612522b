from __future__ import annotations

import pytest

from pipeline.errors import (
    DamagedFileError,
    LanguageError,
    NotAPaperError,
    NoticeError,
    SeveralPapersError,
    TooLittleTextError,
)
from pipeline.model import Paper
from pipeline.paper.jats import ABSTRACT_ONLY, read_jats
from tests.pipeline.paper.sample import ABSTRACT, BODY, OPEN, WORDS, article, in_body

SPANISH = (
    "El objetivo de este estudio fue medir cómo la altura de las colinas cambió por la lluvia que cayó. " * 5
)


def read(data: bytes) -> Paper:
    return read_jats(data, "file:hills.xml").paper


def paragraphs(data: bytes) -> list[str]:
    """The paragraphs of the body, without the words that make it long enough."""
    return [line for section in read(data).sections for line in section.paragraphs if line != WORDS.strip()]


# Front matter


def test_the_facts_of_the_front_matter_are_read() -> None:
    meta = f"""<article-id pub-id-type="pmid">123</article-id><article-id pub-id-type="pmc">456</article-id>
    <article-id pub-id-type="doi">https://doi.org/10.5555/hills</article-id>
    <contrib-group>
      <contrib contrib-type="author"><name><surname>Hill</surname><given-names>Ada B</given-names>
        <suffix>Jr</suffix></name><xref ref-type="aff">1</xref></contrib>
      <contrib contrib-type="author"><name name-style="eastern"><surname>Yamada</surname>
        <given-names>Taro</given-names></name></contrib>
      <contrib contrib-type="author"><name-alternatives><name><surname>Li</surname>
        <given-names>Na</given-names></name><string-name>李娜</string-name></name-alternatives></contrib>
      <contrib contrib-type="author"><string-name>Plato of Athens</string-name></contrib>
      <contrib><collab>Hill Group<contrib-group><contrib><name><surname>Member</surname></name></contrib>
        </contrib-group></collab></contrib>
      <contrib contrib-type="author"><anonymous/></contrib>
      <contrib contrib-type="editor"><name><surname>Editor</surname></name></contrib>
    </contrib-group>
    <contrib-group content-type="reviewers"><contrib><name><surname>Judge</surname></name></contrib>
    </contrib-group>
    <pub-date pub-type="pmc-release"><year>2016</year></pub-date>
    <pub-date pub-type="ppub"><year>2019</year></pub-date>
    <pub-date pub-type="epub"><year>2018</year></pub-date>
    {OPEN}"""
    paper = read(article(meta=meta))
    assert [author.name for author in paper.authors] == [
        "Ada B Hill Jr", "Yamada Taro", "Na Li", "Plato of Athens", "Hill Group",
    ]  # fmt: skip
    assert [author.surname for author in paper.authors] == ["Hill", "Yamada", "Li", "Athens", "Hill Group"]
    assert (paper.pmid, paper.pmcid, paper.doi) == ("123", "PMC456", "10.5555/hills")
    assert (paper.journal, paper.year, paper.licence) == ("Annals of Hills", 2018, "CC-BY-4.0")
    assert (paper.source, paper.language, paper.article_type) == ("file:hills.xml", "en", "research-article")


def test_a_title_loses_the_marks_of_its_footnotes_and_keeps_its_own() -> None:
    title = "Ca<sup>2+</sup> in <italic>Collis</italic><xref>*</xref> hills<sup><xref>1</xref></sup>"
    assert read(article(title=title)).title == "Ca²⁺ in Collis hills"


def test_a_licence_in_a_copyright_statement_counts() -> None:
    meta = "<copyright-statement>Hill. Creative Commons Attribution License.</copyright-statement>"
    assert read(article(meta=meta)).licence == "LicenseRef-CC-BY"


def test_an_abbreviated_journal_stands_in_for_a_missing_name() -> None:
    data = article().replace(b"journal-title>", b"abbrev-journal-title>")
    assert read(data).journal == "Annals of Hills"
    bare = article().replace(
        b"<journal-title-group><journal-title>Annals of Hills</journal-title></journal-title-group>",
        b'<journal-id journal-id-type="nlm-ta">Ann Hills</journal-id>',
    )
    assert read(bare).journal == "Ann Hills"


@pytest.mark.parametrize(
    "journal", [b"bioRxiv", b"medRxiv : the preprint server", b"arXiv", b"Research Square"]
)
def test_preprint_servers_are_known(journal: bytes) -> None:
    assert read(article().replace(b"Annals of Hills", journal)).preprint
    assert not read(article()).preprint


def test_a_retracted_paper_is_marked_and_not_refused() -> None:
    assert read(article(title="RETRACTED: Hills grow")).retracted
    assert read(article(meta='<related-article related-article-type="retraction-forward"/>')).retracted
    assert not read(article(meta='<related-article related-article-type="commentary"/>')).retracted


# Abstracts


def test_the_plain_abstract_is_chosen_among_several() -> None:
    several = f"""<abstract abstract-type="summary"><title>Author Summary</title><p>For all.</p></abstract>
    <abstract><title>Abstract</title><p>{WORDS}</p><p>DOI: http://dx.doi.org/10.5555/x.001</p></abstract>
    <abstract abstract-type="graphical"><p>A picture.</p></abstract>"""
    assert read(article(abstract=several)).abstract == (WORDS.strip(),)


def test_a_word_that_only_an_unknown_dtd_holds_leaves_a_gap() -> None:
    own = f"<abstract><p>{WORDS} It grew by &height; in a year.</p></abstract>"
    assert b"JATS.dtd" in article()
    assert read(article(abstract=own)).abstract[0].endswith("It grew by … in a year.")


def test_an_abstract_that_is_called_summary_is_the_abstract() -> None:
    own = f"<abstract><title>SUMMARY</title><p>{WORDS}</p></abstract>"
    highlights = '<abstract abstract-type="author-highlights"><p>Hills grow.</p></abstract>'
    paper = read(article(abstract=highlights + own))
    assert paper.abstract == (WORDS.strip(),)
    assert [summary.kind for summary in paper.summaries] == ["highlights"]


def test_a_summary_beside_an_abstract_stays_one() -> None:
    both = f"<abstract><p>{WORDS}</p></abstract><abstract><title>Summary</title><p>For all.</p></abstract>"
    paper = read(article(abstract=both))
    assert paper.abstract == (WORDS.strip(),)
    assert [summary.paragraphs for summary in paper.summaries] == [("For all.",)]


@pytest.mark.parametrize(
    "inside",
    [
        """<sec><title>BACKGROUND:</title><p>Hills grow.</p></sec>
        <sec><title>Results</title><p>By 12 cm.</p><p>Yes.</p></sec>""",
        "<p><bold>BACKGROUND:</bold> Hills grow.</p><p><bold>Results</bold>: By 12 cm. Yes.</p>",
    ],
)
def test_a_structured_abstract_keeps_its_labels(inside: str) -> None:
    paper = read(article(abstract=f"<abstract>{inside}</abstract>"))
    assert paper.abstract == ("BACKGROUND: Hills grow.", "Results: By 12 cm. Yes.")
    assert paper.abstract_labels == ("BACKGROUND", "Results")
    assert [passage.text for passage in paper.passages()][:2] == ["Hills grow.", "By 12 cm. Yes."]


def test_labels_within_one_paragraph_cut_it() -> None:
    inside = (
        f"<italic>Purpose</italic>. Hills. <bold>Methods</bold> We {WORDS}<italic>Results:</italic> By 12 cm."
    )
    paper = read(article(abstract=f"<abstract><p>{inside}</p></abstract>"))
    assert paper.abstract_labels == ("Purpose", "Methods", "Results")
    assert paper.abstract == ("Purpose: Hills.", f"Methods: We {WORDS.strip()}", "Results: By 12 cm.")


def test_a_section_type_stands_in_for_a_heading_that_says_nothing() -> None:
    body = f"""<body><sec sec-type="intro"><p>Once.</p></sec>
    <sec sec-type="materials|methods"><title>Hills we used</title><p>Two.</p></sec>
    <sec sec-type="supplementary-material"><title>More</title><p>{WORDS}</p></sec></body>"""
    kinds = [section.kind for section in read(article(body=body)).sections]
    assert kinds == ["introduction", "methods", "other"]


def test_a_bold_word_that_opens_an_abstract_is_no_label() -> None:
    paper = read(
        article(abstract=f"<abstract><p><italic>Collis magna</italic> grows. {WORDS}</p></abstract>")
    )
    assert paper.abstract_labels == ()
    assert paper.abstract[0].startswith("Collis magna grows.")


# Body


def test_subsections_are_folded_in_and_keep_the_kind_of_their_section() -> None:
    body = f"""<body><sec><title>2. Methods</title><p>One.</p>
    <sec><title>Results of others</title><p>Two.</p></sec></sec>
    <sec><title>The hills</title><sec><title>Slopes</title><p>Three.</p></sec>
    <sec><title>Conclusions</title><p>Four.</p></sec></sec><sec><title>Results</title><p>{WORDS}</p></sec></body>"""
    sections = read(article(body=body)).sections
    assert [(s.title, s.kind, s.paragraphs) for s in sections[:3]] == [
        ("2. Methods", "methods", ("One.", "Results of others", "Two.")),
        ("The hills", "other", ("Slopes", "Three.")),
        ("Conclusions", "discussion", ("Four.",)),
    ]


def test_paragraphs_without_a_section_form_one_without_a_title() -> None:
    sections = read(article(body=f"<body><p>{WORDS}</p><p>More.</p></body>", abstract="")).sections
    assert [(s.title, s.kind, len(s.paragraphs)) for s in sections] == [("", "other", 2)]


def test_lists_quotes_and_boxes_are_paragraphs() -> None:
    inside = """<p>Before<list><list-item><label>1.</label><p>first</p></list-item>
    <list-item><p>second</p></list-item></list> after.</p><disp-quote><p>Quoted.</p></disp-quote>
    <boxed-text><caption><title>Box</title></caption><p>Boxed.</p></boxed-text>"""
    assert paragraphs(in_body(inside)) == ["Before", "first", "second", "after.", "Quoted.", "Box", "Boxed."]


def test_tables_figures_and_footnotes_are_left_out_of_the_text() -> None:
    inside = """<p>One<fn><p>A note.</p></fn> sentence
    <fig id="f"><caption><p>Not here.</p></caption></fig>.</p>
    <table-wrap><caption><p>Nor here.</p></caption><table><tr><td>1</td></tr></table></table-wrap>"""
    assert paragraphs(in_body(inside)) == ["One sentence ."]


def test_formulas_are_text_where_they_can_be_and_a_gap_where_not() -> None:
    inside = r"""<p>With <inline-formula><alternatives><tex-math>\alpha</tex-math>
    <mml:math><mml:mi>α</mml:mi><mml:mo>=</mml:mo>
    <mml:mn>2</mml:mn></mml:math></alternatives></inline-formula>
    and <inline-formula><italic>k</italic></inline-formula>
    but <inline-formula><tex-math>\beta</tex-math></inline-formula>
    or <inline-formula><tex-math>\strange</tex-math></inline-formula>
    given by <disp-formula><mml:math><mml:mi>x</mml:mi></mml:math></disp-formula>
    we end.</p><disp-formula><tex-math>y</tex-math></disp-formula>"""
    assert paragraphs(in_body(inside)) == ["With α = 2 and k but β or … given by … we end."]


def test_raised_and_lowered_digits_do_not_run_into_their_words() -> None:
    inside = (
        "10<sup>5</sup> cells<sup><xref>1</xref>,<xref>2</xref></sup> in CO<sub>2</sub>, the 5<sup>th</sup>."
    )
    assert paragraphs(in_body(f"<p>{inside}</p>")) == ["10⁵ cells¹,² in CO₂, the 5th."]


def test_a_break_is_a_space_and_comments_are_nothing() -> None:
    assert paragraphs(in_body("<p>A<break/>line<!-- no --> and<?pi?> more.</p>")) == ["A line and more."]


def test_translations_and_responses_are_left_out() -> None:
    translation = f"<body><sec><title>Métodos</title><p>{SPANISH}</p></sec></body>"
    paper = read(article(after=f"<sub-article><front-stub/>{translation}</sub-article>"))
    assert [section.title for section in paper.sections] == ["Results"]


def test_pmc_wraps_the_article_in_a_set() -> None:
    start = article().index(b"<article ")
    assert read(b"<pmc-articleset>" + article()[start:] + b"</pmc-articleset>").title == "Hills grow"


# Figures


def figure(inside: str, attributes: str = 'id="f1"') -> bytes:
    return in_body(f"<fig {attributes}>{inside}</fig>")


def test_a_figure_has_label_caption_and_address() -> None:
    told = read_jats(
        figure(
            "<label>Fig. 1.</label><caption><title>Growth</title><p>Of hills <xref>A</xref>.</p></caption>"
            '<alternatives><graphic xlink:href=""/><graphic specific-use="thumbnail" xlink:href="small.jpg"/>'
            '<graphic xlink:href="big.tif"/></alternatives>'
        ),
        "x",
    )
    (drawn,) = told.paper.figures
    assert (drawn.id, drawn.label, drawn.caption) == ("f1", "Fig. 1", "Growth. Of hills A.")
    assert not drawn.third_party
    assert told.hrefs == {"f1": "big.tif"}


def test_figures_that_float_are_found_and_unlabelled_ones_numbered() -> None:
    floating = "<floats-group><fig><caption><p>Figure 7: Far off.</p></caption></fig></floats-group>"
    data = article(
        body=BODY.replace("<p>", "<fig><caption><p>Near.</p></caption></fig><fig/><p>"), after=floating
    )
    told = read_jats(data, "x")
    assert [(f.id, f.label, f.caption) for f in told.paper.figures] == [
        ("figure-1", "Figure 1", "Near."), ("figure-2", "Figure 2", ""), ("figure-3", "Figure 7", "Far off."),
    ]  # fmt: skip
    assert told.hrefs == {}


@pytest.mark.parametrize(
    "inside",
    [
        "<caption><p>The valley. Reproduced with permission from Hill (1999).</p></caption>",
        "<caption><p>Adapted from [12].</p></caption>",
        "<caption><p>The valley.</p></caption><attrib>Photo courtesy of A. Hill</attrib>",
        "<caption><p>Map © Hill Maps.</p></caption>",
        "<permissions><copyright-statement>Hill Press</copyright-statement></permissions>",
    ],
)
def test_a_figure_from_elsewhere_is_marked(inside: str) -> None:
    assert read(figure(inside)).figures[0].third_party


@pytest.mark.parametrize(
    "inside",
    [
        "<caption><p>Image of a hill from one of three valleys.</p></caption>",
        f"<caption><p>The valley.</p></caption>{OPEN}",
    ],
)
def test_a_figure_of_the_papers_own_is_not(inside: str) -> None:
    assert not read(figure(inside)).figures[0].third_party


# Languages


def translated(english: str) -> bytes:
    return article(
        title="Las colinas",
        meta='<trans-title-group xml:lang="en"><trans-title>The hills</trans-title></trans-title-group>',
        attributes='xml:lang="pt"',
        abstract=f"<abstract><p>{SPANISH}</p></abstract>{english}",
        body=f"<body><sec><title>Resultados</title><p>{SPANISH}</p>"
        "<fig><caption><p>Las colinas.</p></caption></fig></sec></body>",
    ).replace(b"</title-group><trans-title-group", b"<trans-title-group").replace(
        b"</trans-title-group>", b"</trans-title-group></title-group>"
    )  # fmt: skip


def test_a_paper_in_another_language_is_kept_in_it() -> None:
    paper = read(translated(f'<trans-abstract xml:lang="en"><p>{WORDS}</p></trans-abstract>'))
    assert (paper.title, paper.language, paper.abstract_only) == ("Las colinas", "es", False)
    assert paper.sections


def test_a_paper_in_another_language_is_told_from_its_english_abstract() -> None:
    paper = read(translated(f'<trans-abstract xml:lang="en"><p>{WORDS}</p></trans-abstract>')).told()
    assert (paper.title, paper.language, paper.abstract_only) == ("The hills", "es", True)
    assert paper.abstract == (WORDS.strip(),)
    assert paper.sections == ()
    assert [passage.text for passage in paper.passages()] == [WORDS.strip()]
    assert paper.notes == ("Told from the English abstract: the paper is in Spanish.",)


def test_without_an_english_abstract_it_is_refused() -> None:
    with pytest.raises(LanguageError, match="Spanish"):
        read(translated(""))


def test_an_english_title_may_stand_without_a_group() -> None:
    data = translated(ABSTRACT).replace(
        b'<trans-title-group xml:lang="en"><trans-title>', b'<trans-title xml:lang="en">'
    )
    assert (
        read(data.replace(b"</trans-title></trans-title-group>", b"</trans-title>")).told().title
        == "The hills"
    )
    untranslated = data.replace(
        b'<trans-title xml:lang="en">The hills</trans-title></trans-title-group>', b""
    )
    assert read(untranslated).told().title == "Las colinas"


# Refusals


def test_without_a_body_the_abstract_is_told() -> None:
    paper = read(article(body=""))
    assert paper.abstract_only
    assert paper.notes == (ABSTRACT_ONLY,)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (article(title="Correction: Hills grow"), NoticeError),
        (article(attributes='article-type="retraction"'), NoticeError),
        (article(abstract="", body="<body><p>Too short.</p></body>"), TooLittleTextError),
        (article(abstract="", body=""), TooLittleTextError),
        (article()[:-50], DamagedFileError),
        (b"<note><to>Ada</to></note>", NotAPaperError),
        (b"<article><p>A page of some site.</p></article>", NotAPaperError),
        (b"<pmc-articleset/>", NotAPaperError),
        (b"<set><article><front/></article><article><front/></article></set>", SeveralPapersError),
        (b"<article><front/></article>", TooLittleTextError),
    ],
)
def test_what_can_not_be_told_is_refused(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(data)


def test_a_paper_without_a_title_is_refused() -> None:
    with pytest.raises(TooLittleTextError, match="no title"):
        read(article(title=" "))
