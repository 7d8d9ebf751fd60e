"""What stands beside a whole text: lists of other texts, what comes after it, and who wrote it."""

from pathlib import Path

import pytest

from tests.corpus.files.html.test_html import read_page

SENTENCE = "The harbour freezes every third winter, and boats are hauled out before. "
TEXT = f"<h1>Ice</h1><p>{SENTENCE * 10}</p><p>{SENTENCE * 10}</p>"
TEASER = '<div class="x"><h3><a href="/{0}">Fog on the {0}</a></h3><p>It lay there for a week.</p></div>'
ARTICLE = '<meta property="og:type" content="article">'


def text_of(folder: Path, body: str, head: str = "") -> str:
    return read_page(folder, f"<html><head>{head}</head><body>{body}</body></html>").text


def teasers(number: int) -> str:
    return "".join(TEASER.format(place) for place in range(number))


@pytest.mark.parametrize(("number", "kept"), [(1, True), (2, False), (6, False)])
def test_headlines_side_by_side_that_lead_elsewhere_are_left_out(tmp_path: Path, number: int, kept: bool) -> None:
    said = text_of(tmp_path, f"{TEXT}<div>{teasers(number)}</div>")
    assert ("Fog on the 0" in said) is kept
    assert "# Ice" in said


@pytest.mark.parametrize(("head", "kept"), [("", True), (ARTICLE, False)])
def test_teasers_that_tell_more_than_the_rest_are_the_page_unless_it_is_an_article(
    tmp_path: Path, head: str, kept: bool
) -> None:
    said = text_of(tmp_path, f"{TEXT}<p>{SENTENCE * 20}</p><div>{teasers(200)}</div>", head)
    assert ("Fog on the 0" in said) is kept


def test_headlines_that_lead_to_places_on_the_page_are_its_own(tmp_path: Path) -> None:
    own = teasers(3).replace('href="/', 'href="#')
    assert "Fog on the 2" in text_of(tmp_path, f"{TEXT}<div>{own}</div>")


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        ('<div class="sidebar"><p>This is written by the people of the harbour.</p></div>', False),
        ('<div class="hall"><p>This is written by the people of the harbour.</p></div>', True),
        ('<section class="sidebar"><h2>Berths</h2><p>Berths are let for a year by us.</p></section>', True),
        ('<div class="sidebar"><table><tr><td>Year</td><td>Tonnes</td></tr></table></div>', True),
    ],
)
def test_what_has_a_name_of_furniture_after_the_whole_text(tmp_path: Path, after: str, kept: bool) -> None:
    whole = text_of(tmp_path, f"<div>{TEXT}</div>")
    assert (text_of(tmp_path, f"<div>{TEXT}</div>{after}") != whole) is kept
    assert text_of(tmp_path, f"{TEXT}{after}") != whole, "beside the paragraphs it is one of them"
    assert text_of(tmp_path, f"{after}<div>{TEXT}</div>") != whole, "before them it may be what they begin with"


def test_a_box_about_the_author_is_left_out_and_a_section_about_authors_is_not(tmp_path: Path) -> None:
    box = '<div class="author-bio"><img src="a.jpg"><p>Ada Hale has measured ice since 1990.</p></div>'
    section = '<section id="authors"><h2>Authors</h2><p>Ada Hale has measured ice since 1990.</p></section>'
    assert "Ada Hale" not in text_of(tmp_path, TEXT + box)
    assert "Ada Hale" in text_of(tmp_path, TEXT + section)


def test_links_below_a_line_with_a_colon_in_the_same_entry_of_a_list_are_told_of(tmp_path: Path) -> None:
    links = "".join(
        f'<li><a href="/{number}">Repair of lamp {number} on the north pier</a></li>' for number in range(4)
    )
    page = f"<p>{SENTENCE * 5}</p><ul><li>Two keepers were hired.</li><li>In progress: <ul>{links}</ul></li></ul>"
    assert "  - Repair of lamp 3 on the north pier" in text_of(tmp_path, page)
