"""Front matter gives a text its metadata; whatever it looks like, the text is indexed and nothing of it is quoted."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.files.documents import read_documents
from corpus.files.folders.folder import Skipped
from corpus.files.folders.front_matter import split_front_matter
from tests.command_fixtures import Command, documents

BODY = "The quay has nine bollards.\n"


def test_values_are_text_however_they_look() -> None:
    metadata, _ = split_front_matter("---\npublished: 2026-04-16\nsize: .nan\nversion: 1.10\n---\n")
    assert metadata.published == "2026-04-16"
    assert metadata.other == {"size": ".nan", "version": "1.10"}


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("published: 2031/4/6", "published", "2031-04-06"),
        ("published: 2031年4月6日", "published", "2031-04-06"),
        ("published: 2031年4月", "published", "2031-04"),
        ("published: 2031.4.6 08:30", "published", "2031-04-06"),
        ("published: 2031-04-06T23:30:00+08:00", "published", "2031-04-06"),
        ("published:", "published", None),
        ("title: ''", "title", None),
        ("author: [Ann Lee, Bo]", "author", "Ann Lee, Bo"),
        ("author:\n  - Ann Lee\n  - 李波", "author", "Ann Lee, 李波"),
    ],
)
def test_forms_that_people_write_are_read(line: str, field: str, value: str | None) -> None:
    metadata, text = split_front_matter(f"---\n{line}\nkey: value\n---\n{BODY}")
    assert (getattr(metadata, field), metadata.other, text) == (value, {"key": "value"}, BODY)
    assert metadata.mistakes == ()


MISTAKES = {
    "title: Tide: tables": "line 2, column 12 is no YAML",
    "title: {{title}}": "is no YAML",
    "title:\tTides": "is no YAML",
    "tags: [1": "is no YAML",
    "title: 'x": "is no YAML",
    'title: "\\ud800"': "surrogate pair",
    'note: "a\\0b"': "NUL",
    "x: " + "[" * 5000: "nested more than 20 deep",
    "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]": "aliases",
    "published: 2026-02-30": "published is no date",
    "date: soon": "date is no date",
    "published: false\ndate: [2031]": "date is no date",
    "published: April 6, 2031": "published is no date",
    "published: 04/06/2031": "published is no date",
    "published: 2031-04-06 to 2031-04-09": "published is no date",
    "title: [a, b]": "title is no text",
    "author: {first: Ann}": "author is no text",
}


@pytest.mark.parametrize("front_matter", MISTAKES)
def test_mistakes_are_told_by_place_and_kind(front_matter: str) -> None:
    metadata, text = split_front_matter(f"---\n{front_matter}\n---\n{BODY}")
    assert text == BODY
    assert MISTAKES[front_matter] in metadata.mistakes[0]
    assert len(metadata.mistakes[0]) < 100


@pytest.mark.parametrize(
    ("block", "field", "value"),
    [
        ("date: 2031-04-06", "published", "2031-04-06"),
        ("date: 2031-04-06 10:00:00 -0700", "published", "2031-04-06"),
        ("date: 2031年4月6日", "published", "2031-04-06"),
        ("date: 1933196400", "published", "2031-04-05"),
        ("date: 1933196400000", "published", "2031-04-05"),
        ("pubDate: 2031/4/6", "published", "2031-04-06"),
        ("Date: 2031-04-06\npublishDate: 2031-05-01", "published", "2031-04-06"),
        ("published: true\ndate: 2031-04-06", "published", "2031-04-06"),
        ("published: 2030\ndate: 2031-04-06", "published", "2030"),
        ("published: false", "published", None),
        ("created: 2031-04-06", "published", None),
        ("authors: [Ann Lee, Bo]", "author", "Ann Lee, Bo"),
        ("authors:\n  - name: Ann Lee\n    url: https://example.org\n  - Bo", "author", "Ann Lee, Bo"),
        ("author:\n  - name: {given: Ann, family: Lee}\n  - name: 李波", "author", "Ann Lee, 李波"),
        ("author:\n  name: Ann Lee\n  email: ann@example.org", "author", "Ann Lee"),
        ("Title: The quay", "title", "The quay"),
        ("title: The quay\ntags:\n  - quay\n  - light\naliases: []\ncover:\n  image: a.png", "title", "The quay"),
    ],
)
def test_names_and_forms_of_other_programs_are_read(block: str, field: str, value: str | None) -> None:
    metadata, text = split_front_matter(f"---\n{block}\n---\n{BODY}")
    assert (getattr(metadata, field), text, metadata.mistakes) == (value, BODY, ())


@pytest.mark.parametrize(
    ("block", "field", "value"),
    [
        ("title = 'The quay'\ndraft = false", "title", "The quay"),
        ("date = 2031-04-06", "published", "2031-04-06"),
        ("date = 2031-04-06T23:30:00+08:00", "published", "2031-04-06"),
        ('published = "2031年4月6日"', "published", "2031-04-06"),
        ("authors = ['Ann Lee', 'Bo']\n[extra]\nweight = 3", "author", "Ann Lee, Bo"),
        ("[[author]]\nname = 'Ann Lee'\n[[author]]\nname = '李波'", "author", "Ann Lee, 李波"),
        ("tags = [\n  'quay',\n  'light',\n]\ntitle = 'The quay'", "title", "The quay"),
    ],
)
def test_toml_is_read(block: str, field: str, value: str) -> None:
    metadata, text = split_front_matter(f"+++\n{block}\n+++\n{BODY}")
    assert (getattr(metadata, field), text, metadata.mistakes) == (value, BODY, ())


def test_mistakes_in_toml_are_told_and_the_plain_lines_read() -> None:
    metadata, text = split_front_matter(f"+++\ntitle = 'The quay'\nkey = {{{{ x }}}}\ndate = 2031-04-06\n+++\n{BODY}")
    assert (metadata.title, metadata.published, text) == ("The quay", "2031-04-06", BODY)
    assert metadata.mistakes[0].startswith("it is no TOML at line 3, column 8")
    metadata, text = split_front_matter(f"+++\n{'a.' * 30}b = 1\n+++\n{BODY}")
    assert "more than 20 parts" in metadata.mistakes[0]


def test_tags_are_kept_as_they_are() -> None:
    for block in ("---\ntags: [quay, 灯塔]\n---\n", "+++\ntags = ['quay', '灯塔']\n+++\n"):
        metadata, _ = split_front_matter(block + BODY)
        assert metadata.other == {"tags": ["quay", "灯塔"]}


def test_a_mistake_in_one_line_leaves_the_plain_ones() -> None:
    block = "title: Tide: tables\nauthor: Ann Lee\npublisher: 'The Bay'\nkey: {{x}}\nlist: [1\n- x"
    metadata, text = split_front_matter(f"---\n{block}\n---\n{BODY}")
    assert (metadata.title, metadata.author, metadata.publisher) == ("Tide: tables", "Ann Lee", "The Bay")
    assert (metadata.other, text) == ({}, BODY)


@pytest.mark.parametrize(
    "text",
    [
        "---\nA line of prose.\n---\nMore prose.\n",
        "---\nBoats: kinds: many.\nThey moor here.\n---\nMore prose.\n",
        "---\n{ boats and more\n---\n",
        "---\n    indented: code: of a program\n---\nMore prose.\n",
        "---\n\nBoats.\n\n---\n\nMore.\n",
        "---\ntitle: never closed\n",
        "+++\nA line of prose.\n+++\nMore prose.\n",
        "+++\ntitle = 'never closed'\n",
    ],
)
def test_dashes_that_are_no_front_matter_are_text(text: str) -> None:
    metadata, kept = split_front_matter(text)
    assert kept == text
    assert metadata.mistakes == ()


@given(st.text(alphabet="ab:=-[]{}&*!|>'\"%@`#\t\n \\0", max_size=60))
def test_any_front_matter_leaves_the_text(block: str) -> None:
    for rule in ("---", "+++"):
        _, text = split_front_matter(f"{rule}\n{block}\n{rule}\n{BODY}")
        assert text.endswith(BODY)


def test_a_file_is_indexed_with_a_warning(wherefrom: Command, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.md").write_text(f"---\npassword: hunter2: hidden\npublished: soonish\n---\n{BODY}")
    for outcome in ("added", "unchanged"):
        out = " ".join(wherefrom("index", folder).succeeded().out.split())
        assert f"1 {outcome} warning a.md: front matter: line 2, column 18 is no YAML; only its plain lines are" in out
        assert "warning a.md: front matter: published is no date; write 2026, 2026-04 or 2026-04-16" in out
        assert "hunter2" not in out and "soonish" not in out
    assert list(documents(wherefrom)) == ["a.md"]


def test_what_the_folder_says_comes_before_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "documents.toml").write_text('["a.md"]\npublished = "2031"\n')
    (tmp_path / "a.md").write_text(f"---\npublished: soon\n---\n{BODY}")
    (found,) = read_documents([tmp_path])
    assert not isinstance(found, Skipped)
    assert found[1].published == "2031"


def test_front_matter_that_people_wrote_is_never_a_reason_to_refuse(shared: Path) -> None:
    files = shared / "cases" / "20-front-matter" / "files"
    if not files.is_dir():
        pytest.skip("the folder of texts with odd front matter is not there")
    found = list(read_documents([files]))
    assert not [each for each in found if isinstance(each, Skipped)]
    assert len(found) == 14
