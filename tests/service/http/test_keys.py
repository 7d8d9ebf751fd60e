"""What keys open: scopes and collections, files of keys, and the page's own key."""

from hashlib import sha256
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import InvalidInput
from service.errors import Forbidden, Unauthorized
from service.http.access import Access, Key, Scope, make_access, make_page_token
from service.settings import Settings
from tests.service_fixtures import settings_of

READS, WRITES, LAW, TAX, TOKEN = (f"a-key-{name}-0123456789" for name in ("reads", "writes", "law", "tax", "token"))


def digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()


def bearer(key: str | None) -> str | None:
    return None if key is None else f"Bearer {key}"


def with_lines(tmp_path: Path, lines: str, setting: str = "read_keys", **more: str) -> Settings:
    """Return settings whose keys stand in a file of these lines."""
    file = tmp_path / "keys"
    file.write_text(lines, "utf-8")
    return settings_of(tmp_path, **{setting: str(file)} | more)  # type: ignore[arg-type]


# What each key opens, in any collection, in law, and in another one: "r" to read, "w" to write as well.
OPENS = {
    None: ("", "", ""),
    "a-key-nobody-made-1234": ("", "", ""),
    READS: ("r", "r", "r"),
    WRITES: ("w", "w", "w"),
    LAW: ("w", "w", ""),
    TAX: ("r", "", ""),
    TOKEN: ("w", "w", "w"),
}
KEYS = [
    Key(digest(READS), Scope.READ),
    Key(digest(WRITES), Scope.WRITE),
    Key(digest(LAW), Scope.WRITE, frozenset({"law"})),
    Key(digest(TAX), Scope.READ, frozenset({"tax"})),
]


@pytest.mark.parametrize("needs_key", [True, False])
@pytest.mark.parametrize("key", OPENS)
def test_what_each_key_opens_where(key: str | None, needs_key: bool) -> None:
    access = Access(KEYS, needs_key=needs_key, page_token=TOKEN)
    for (collection, opened), wanted in product(zip((None, "law", "other"), OPENS[key], strict=True), Scope):
        expected = wanted is Scope.NOTHING or (wanted is Scope.READ and (not needs_key or opened != ""))
        expected = expected or (wanted is Scope.WRITE and opened == "w")
        assert access.opens(bearer(key), wanted, collection) is expected, (key, wanted, collection)
        if expected:
            access.check(bearer(key), wanted, collection)
        else:
            with pytest.raises(Unauthorized if key is None else Forbidden) as told:
                access.check(bearer(key), wanted, collection)
            assert not [secret for secret in OPENS if secret and secret in str(told.value)]


NAMES = st.sampled_from(["default", "law", "tax"])
ANY_KEY = st.builds(
    Key,
    st.sampled_from([digest(READS), digest(WRITES)]),
    st.sampled_from([Scope.READ, Scope.WRITE]),
    st.none() | st.frozensets(NAMES, min_size=1),
)


@given(st.lists(ANY_KEY, max_size=6), st.sampled_from([READS, WRITES]), st.sampled_from(Scope), NAMES | st.none())
def test_a_key_opens_what_any_of_its_lines_does(
    keys: list[Key], asked: str, wanted: Scope, collection: str | None
) -> None:
    expected = wanted is Scope.NOTHING
    for key in keys:  # in words: it is this key, it may do as much, and there
        in_it = collection is None or key.collections is None or collection in key.collections
        expected = expected or (key.digest == digest(asked) and key.scope >= wanted and in_it)
    access = Access(keys, needs_key=True)
    assert access.opens(bearer(asked), wanted, collection) is expected
    assert not access.opens(bearer(asked[:-1]), Scope.READ, collection)
    if access.opens(bearer(asked), Scope.WRITE, collection):
        assert access.opens(bearer(asked), Scope.READ, collection)


@given(st.text())
def test_nothing_but_a_key_is_one(header: str) -> None:
    assert not Access(KEYS, needs_key=True, page_token=TOKEN).opens(header, Scope.READ)


def test_where_no_key_may_write_the_way_out_is_told(tmp_path: Path) -> None:
    access = make_access(settings_of(tmp_path, read_keys=READS))
    with pytest.raises(Unauthorized, match=r"Authorization: Bearer KEY.*set WHEREFROM_WRITE_KEYS"):
        access.check(None, Scope.WRITE)
    with pytest.raises(Forbidden, match="set WHEREFROM_WRITE_KEYS"):
        access.check(bearer(READS), Scope.WRITE)
    with pytest.raises(Forbidden, match="collection 'law'") as told:
        make_access(with_lines(tmp_path, f"{digest(TAX)} write tax", "write_keys")).check(
            bearer(TAX), Scope.WRITE, "law"
        )
    assert "WHEREFROM_WRITE_KEYS" not in str(told.value)


def test_the_pages_key_writes_everywhere_and_is_another_each_time(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, read_keys=READS)
    first, second = make_page_token(settings), make_page_token(settings)
    assert first is not None
    assert second is not None
    access = make_access(settings, first)
    for collection in (None, "default", "law"):
        assert access.opens(bearer(first), Scope.WRITE, collection)
        assert access.opens(bearer(first), Scope.READ, collection)
        assert not access.opens(bearer(second), Scope.WRITE, collection)
    with pytest.raises(Forbidden, match="#write="):
        access.check(bearer(second), Scope.WRITE)
    with pytest.raises(Unauthorized):
        access.check(None, Scope.READ)  # that the page may write makes no difference to who may read


def test_the_page_has_no_key_where_others_connect_or_keys_may_write(tmp_path: Path) -> None:
    others = settings_of(tmp_path, read_keys=READS).model_copy(update={"host": "0.0.0.0"})
    assert make_page_token(others) is None
    assert make_page_token(settings_of(tmp_path, write_keys=WRITES)) is None
    assert make_page_token(with_lines(tmp_path, f"{digest(LAW)} write law")) is None
    assert make_page_token(settings_of(tmp_path)) is not None


# A line of a file, whether it stands in the file of readers or writers, and what its key opens: see OPENS.
LINES = {
    "": ("r", "w"),
    "read": ("r", "r"),
    "write": ("w", "w"),
    "\tread  law": ("r:law", "r:law"),
    "write law,tax": ("w:law,tax", "w:law,tax"),
    "law , tax": ("r:law,tax", "w:law,tax"),
    "read read": ("r:read", "r:read"),
    "default": ("r:default", "w:default"),
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_a_file_says_what_its_key_opens(tmp_path: Path, line: str) -> None:
    for setting, expected in zip(("read_keys", "write_keys"), LINES[line], strict=True):
        scope, _, names = expected.partition(":")
        access = make_access(
            with_lines(tmp_path, f"\ufeff\n  {digest(LAW)} {line}\r\n\n{digest(READS)} read\n", setting)
        )
        assert access.needs_key
        for collection in ("default", "law", "tax", "read", "unknown"):
            there = not names or collection in names.split(",")
            assert access.opens(bearer(LAW), Scope.READ, collection) is there
            assert access.opens(bearer(LAW), Scope.WRITE, collection) is (there and scope == "w")


def test_reading_needs_a_key_where_any_key_was_made_for_it(tmp_path: Path) -> None:
    assert not make_access(settings_of(tmp_path, write_keys=WRITES)).needs_key
    assert make_access(with_lines(tmp_path, f"{digest(WRITES)} write")).needs_key
    assert make_access(with_lines(tmp_path, f"{digest(READS)} read law", "write_keys")).needs_key


BAD = {
    "{hash} admin x": "'admin x'",
    "{hash} READ": "'READ'",
    "{hash} read Law": "'Law'",
    "{hash} read law,": "''",
    "{hash} write ,": "''",
    "{hash} read law,,tax": "''",
    "{hash} read law tax": "'law tax'",
    "{hash} read ../law": "'../law'",
    "{hash} read 法律": "'法律'",
    "{hash} read " + "x" * 64: "no name of a collection",
    "read {hash}": "SHA-256",
    "a-key-that-is-no-hash-0123": "SHA-256",
    "{hash}{hash}": "SHA-256",
    "{hash},read": "SHA-256",
    "# {hash}": "SHA-256",
    "\u200b{hash}": "SHA-256",
    "{hash}\0 read": "SHA-256",
}


@pytest.mark.parametrize("line", BAD)
@pytest.mark.parametrize("setting", ["read_keys", "write_keys"])
def test_a_line_that_says_nothing_known_is_refused_by_its_number(tmp_path: Path, setting: str, line: str) -> None:
    lines = f"{digest(READS)}\n\n{line.format(hash=digest(LAW))}\n{digest(TAX)}\n"
    with pytest.raises(InvalidInput) as told:
        make_access(with_lines(tmp_path, lines, setting))
    message = str(told.value)
    assert message.startswith(f"WHEREFROM_{setting.upper()}: {tmp_path / 'keys'}, line 3: ")
    assert BAD[line] in message
    assert message.endswith("write a line as HASH [read|write] [collection,…]")
    assert "a-key-that-is-no-hash" not in message


def test_a_key_may_have_as_many_characters_as_a_name_and_more_bytes(tmp_path: Path) -> None:
    make_access(settings_of(tmp_path, read_keys="钥" * 200))
