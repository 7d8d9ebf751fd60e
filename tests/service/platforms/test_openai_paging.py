"""Pages hold every id once, gone through in either direction, and attributes come back as they were given."""

from hypothesis import given
from hypothesis import strategies as st

from service.platforms.openai.attributes import attributes_of, patch_of
from service.platforms.openai.paging import Order, Paging
from service.writing import patched_document, written_document

IDS = st.sets(st.text("ab_-9船", min_size=1, max_size=4))
ORDERS = st.sampled_from(["asc", "desc"])
KEYS = st.text(min_size=1, max_size=8).filter(lambda key: key.isalnum()) | st.sampled_from(
    ["title", "language", "author", "publisher", "url", "published", "date", "name", "TITLE", "tags"]
)
VALUES = st.sampled_from(["2024-05", "Grey Point", "船", "true"]) | st.booleans() | st.integers(-9, 9) | st.just(0.5)


@given(IDS, st.integers(1, 4), ORDERS)
def test_pages_are_the_list(ids: set[str], limit: int, order: Order) -> None:
    there: list[str] = []
    every, more = sorted(ids, reverse=order == "desc"), True
    while more:
        page, more = Paging(there[-1] if there else "", "", limit, order).cut(ids)
        assert len(page) == limit or not more
        there += page
    assert there == every
    back: list[str] = every[-1:]
    while more := bool(back) and back[0] != every[0]:
        page, more = Paging("", back[0], limit, order).cut(ids)
        back = page + back
    assert back == every


@given(st.dictionaries(KEYS, VALUES, max_size=16))
def test_attributes_come_back_as_they_were_given(attributes: dict[str, str | bool | int | float]) -> None:
    before = written_document("d", "A pier of oak.\n", None, {"metadata": {"old": 1, "kept": ["a"]}, "author": "Old"})
    texts = {"title", "language", "author", "publisher", "url"}
    possible = {name: str(value) if name in texts else value for name, value in attributes.items()}
    possible |= {"published": "2024-05"} if "published" in attributes else {}
    told = attributes_of(patched_document(before, patch_of(before.facts, possible)).facts)
    assert {name: told[name] for name in possible} == possible
    assert set(told) - set(possible) <= {*texts, "published"}, "a field that is called otherwise, too"
    assert "old" not in told
