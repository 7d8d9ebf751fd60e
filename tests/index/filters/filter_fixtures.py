"""Facts and conditions of every kind, few enough values that they meet."""

from collections.abc import Mapping

from hypothesis import strategies as st

from corpus.document import DocumentFacts
from index.filters.comparing import Operator, compares_days
from index.filters.conditions import And, Comparison, Condition, Not, Or
from index.filters.names import Value, column_of

WORDS = [
    "a",
    "A",
    "ab",
    "ba",
    "abab",
    "a/b",
    "a/b/a.md",
    "b.md",
    "7",
    "07",
    "7.0",
    "1e3",
    "ß",
    "港",
    "渔港",
    "true",
    "x*y?",
]
DATES = ["2021", "2022", "2022-05", "2022-05-06", "2022-05-31", "2023-01"]
NUMBERS = [7, 7.0, 7.5, -3, 1000, 2**53, 2**53 + 1, 2022, 0.1]
TEXTS = st.sampled_from([*WORDS, *DATES])
VALUES: st.SearchStrategy[Value] = TEXTS | st.sampled_from(NUMBERS) | st.booleans()
OWN = ["key", "size", "source", "tags"]
YEARS = st.frozensets(st.sampled_from([2021, 2022, 2023]), max_size=2)


def facts(document_id: str = "d_1", source: str = "harbour.md", **more: object) -> DocumentFacts:
    """Return what is known of a document, nothing but its names unless more is given."""
    known: Mapping[str, object] = {
        "title": "The New Harbour",
        "sha256": "",
        "language": "en",
        "publisher": None,
        "published": None,
        "url": None,
        "author": None,
        "metadata": {},
    }
    return DocumentFacts(document_id, source, **{**known, **more})  # type: ignore[arg-type] # known by their names


FACTS = st.builds(
    facts,
    document_id=st.sampled_from(["d_1", "d_2", "D_2", "7", "a"]),
    source=st.sampled_from(["b.md", "a/b.md", "a/b/a.md", "A/c.txt", "ab/b.md", "x*y?"]),
    title=TEXTS,
    language=st.sampled_from(["en", "zh"]),
    publisher=st.none() | TEXTS,
    published=st.none() | st.sampled_from(DATES),
    url=st.none() | TEXTS,
    author=st.none() | TEXTS,
    metadata=st.dictionaries(
        st.sampled_from(OWN),
        VALUES | st.none() | st.lists(VALUES, max_size=4) | st.just("a, ab，b.md") | st.just({"deep": 1}),
        max_size=3,
    ),
)
PLAIN = ["author", "id", "folder", "language", "published_at", "publisher", "source", "tag", "title", "url"]
NAMES = st.sampled_from([*PLAIN, "mentions_year", "key", "size", "metadata.source"])
GLOBS = st.text("ab*?./m", min_size=1, max_size=6)


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    """Draw a comparison that is one."""
    name, how = draw(NAMES), draw(st.sampled_from(Operator))
    wanted: st.SearchStrategy[Value] = VALUES
    if how is Operator.MATCHES:
        wanted = GLOBS.filter(lambda glob: glob.strip("/"))  # a folder is none without a name
    elif compares_days(column_of(name), how):
        wanted = st.sampled_from(DATES)
    elif name == "mentions_year":
        wanted = st.sampled_from([2021, "2022", 2023, 202])
    return Comparison(name, how, tuple(draw(st.lists(wanted, min_size=1, max_size=3))))


CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    comparisons(),
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(And, st.lists(inner, max_size=3).map(tuple))
        | st.builds(Or, st.lists(inner, max_size=3).map(tuple))
    ),
    max_leaves=6,
)
