"""What page makers call a thing leaves no word of a text out: not in a line, in a heading, in a table or below one."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.files.html.page import read
from tests.corpus.files.html.test_html import read_page

NAMES = st.one_of(
    st.sampled_from(
        "popup modal nav menu header footer top next prev pager share shared sharing related related-work recommend"
        " recommendations comments comment comment-list cookie cookies consent copyright ad ads advert banner sidebar"
        " toc breadcrumb logo widget newsletter teaser tags search social toolbar skip-link overlay print hidden dialog"
        " entry-meta byline popular sponsored katex MathJax mjx-container mw-editsection headerlink".split()
    ),
    st.text("abcdefghijklmnopqrstuvwxyz-_", min_size=1, max_size=12),
)
ATTRIBUTES = st.sampled_from(["class", "id"])
AROUND = "<h1>The harbour in winter</h1><p>The harbour freezes every third winter. Boats are hauled out before.</p>{}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


def text_of(folder: Path, markup: str) -> str:
    return read_page(folder, f"<html><body>{AROUND.format(markup)}</body></html>").text


@settings(max_examples=40)
@given(NAMES, ATTRIBUTES, st.sampled_from("a abbr b cite code em font i ins kbd label mark s span time u".split()))
def test_a_name_on_words_in_a_line_keeps_them(folder: Path, name: str, attribute: str, tag: str) -> None:
    markup = f'<p>The pilot was <{tag} {attribute}="{name}" href="#">not</{tag}> on board that night.</p>'
    said = text_of(folder, markup).replace("`", "")
    assert "was not on board" in said


@settings(max_examples=40)
@given(NAMES, ATTRIBUTES, st.sampled_from("table thead tbody tr th td caption".split()))
def test_a_name_on_a_part_of_a_table_keeps_the_table(folder: Path, name: str, attribute: str, tag: str) -> None:
    table = (
        "<table><caption>Catch by year</caption><thead><tr><th>Year</th><th>Tonnes</th></tr></thead>"
        "<tbody><tr><td>2021</td><td>310</td></tr><tr><td>2022</td><td>287</td></tr></tbody></table>"
    )
    said = text_of(folder, table.replace(f"<{tag}>", f'<{tag} {attribute}="{name}">'))
    assert "Catch by year" in said
    assert "| Year | Tonnes |" in said
    assert "| 2022 | 287 |" in said


@settings(max_examples=40)
@given(NAMES, ATTRIBUTES, st.sampled_from("h2 h3 h4".split()))
def test_a_name_on_a_heading_keeps_it(folder: Path, name: str, attribute: str, tag: str) -> None:
    markup = f'<{tag} {attribute}="{name}">Ice</{tag}><p>Ice is measured at the mole.</p>'
    assert f"{'#' * int(tag[1])} Ice" in text_of(folder, markup)


@settings(max_examples=40)
@given(NAMES, ATTRIBUTES, st.sampled_from("section div".split()), st.booleans())
def test_a_name_on_a_section_with_a_heading_keeps_it(
    folder: Path, name: str, attribute: str, tag: str, listed: bool
) -> None:
    body = "<ul><li>Ropes in April</li><li>Anchors in May</li></ul>" if listed else "<p>Ropes are changed in April.</p>"
    said = text_of(folder, f'<{tag} {attribute}="{name}"><h2>Upkeep</h2>{body}</{tag}>')
    assert "## Upkeep" in said
    assert "Ropes" in said


@settings(max_examples=40)
@given(NAMES, ATTRIBUTES, st.sampled_from("section div aside p ul dl article".split()))
def test_a_name_on_sentences_keeps_them(folder: Path, name: str, attribute: str, tag: str) -> None:
    inner = {"ul": "<li>{}</li>", "dl": "<dd>{}</dd>", "p": "{}"}.get(tag, "<p>{}</p>")
    sentence = inner.format("Never step on ice thinner than ten centimetres.")
    assert "Never step on ice" in text_of(folder, f'<{tag} {attribute}="{name}">{sentence}</{tag}>')


@pytest.mark.parametrize("hidden", ["hidden", 'style="display: none"', 'aria-hidden="true"', 'class="collapse"'])
@pytest.mark.parametrize("tag", ["div", "section", "p", "dd"])
def test_hidden_answers_are_kept(tmp_path: Path, hidden: str, tag: str) -> None:
    answer = f"<{tag} {hidden}>Berths are let for a year at a time.</{tag}>"
    page = f'<h1>Questions</h1><h2><button aria-expanded="false">How long is a berth let?</button></h2>{answer}'
    assert read_page(tmp_path, page).text == "# Questions\n\n## How long is a berth let?\n\n" + (
        ":   " * (tag == "dd") + "Berths are let for a year at a time."
    )


def test_what_is_hidden_and_said_again_is_read_once(tmp_path: Path) -> None:
    page = (
        "<p>Berths are let for a year.</p><p>Boats are washed.</p><div hidden><p>Berths are let for a year.</p></div>"
    )
    assert read_page(tmp_path, page).text.count("Berths") == 1


@pytest.mark.parametrize(
    ("markup", "kept"),
    [
        ("<noscript><p>The harbour office is open from nine to four.</p></noscript>", True),
        ("<noscript>Please enable JavaScript to see this page.</noscript>", False),
        ('<noscript>&lt;img src="https://count.example/1.gif"&gt; is a picture.</noscript>', False),
        ('<aside class="warning"><p>The ladder is slippery in rain.</p></aside>', True),
        ('<aside><h3>More</h3><ul><li><a href="a">Weather</a></li><li><a href="b">Tides</a></li></ul></aside>', False),
        ("<p>Our two guides on mooring:</p><ul><li><a href=a>Mooring in strong winds</a></li>"
         "<li><a href=b>Mooring without an engine</a></li></ul>", True),
        ('<div><a href="/">Home</a> <a href="/boats">Boats</a> <a href="/shop">Shop</a></div>', False),
        ('<h3>Related articles</h3><ul><li><a href="a">Ice on the lake in March</a></li></ul>', False),
        ("<h2>Related work</h2><p>An older report counts the days of ice.</p>", True),
        ('<div class="cookie-banner"><p>We use cookies to count visits.</p><button>Accept</button></div>', False),
        ('<form><label>Your mail</label><input type="email"><p>Get our letter.</p></form>', False),
        ('<div id="comments"><h2>2 comments</h2><p>I saw it freeze. Twice.</p></div>', False),
        ('<ol class="comment-list"><li class="comment-body"><p>I saw it freeze. Twice.</p></li></ol>', False),
        ('<div class="sidebar"><a href="/a">Weather of the week</a> <p>Sun.</p></div>', False),
        ("<blockquote><p>It froze.</p><footer>A pilot of the harbour</footer></blockquote>", True),
    ],
)  # fmt: skip
def test_what_is_a_text_is_kept_and_what_is_around_it_is_not(tmp_path: Path, markup: str, kept: bool) -> None:
    bare = read_page(tmp_path, AROUND.format("")).text
    assert (text_of(tmp_path, markup) != bare) is kept


def test_a_page_tells_how_much_of_it_was_left_out(tmp_path: Path) -> None:
    page = '<nav><a href="/">abcdefghij</a></nav><p>klmno pqrst</p>'
    assert read_page(tmp_path, page).left_out == 0.5
    assert read_page(tmp_path, "<p>klmno pqrst</p>").left_out == 0


def test_an_article_is_told_from_those_that_are_only_announced(tmp_path: Path) -> None:
    page = (
        "<article><h1>Ice</h1><p>The harbour froze in January. It thawed in March.</p></article>"
        '<article><h2><a href="/fog">Fog</a></h2><p>Fog lay for a week.</p></article>'
    )
    assert read_page(tmp_path, page).text == "# Ice\n\nThe harbour froze in January. It thawed in March."


def test_a_label_leaves_no_table_out(tmp_path: Path) -> None:
    row = '<tr><td><a href="a">Oban</a></td><td><a href="b">x</a></td></tr>'
    table = f"<table><tr><th>Port</th><th>Link</th></tr>{row}</table>"
    assert "Oban" in text_of(tmp_path, f"<h2>Related</h2>{table}")


def test_pages_of_the_shared_cases(shared: Path) -> None:
    cases = shared / "cases" / "reading"
    kept = {
        "1-inline-class-deletes-word.html": ["he was not guilty"],
        "2-table-header-row-lost.html": ["| Year | Workers | Of them women |"],
        "3-faq-question-in-button-lost.html": ["## How long is a residence permit valid?", "## What does it cost?"],
        "5-list-of-linked-titles-lost.html": ["Transfers of workers from Lincang (2022)"],
        "8-section-by-its-heading-id-lost.html": [
            f"## {name}\n" for name in ("Recommendations", "Shareholders", "Comments", "Consent", "Copyright")
        ],
    }
    for name, wanted in kept.items():
        text = read(cases / name).text
        assert [each for each in wanted if each not in text] == []
