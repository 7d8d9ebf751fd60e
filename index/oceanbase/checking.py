"""Where the tables of a collection contradict each other, which no write of ours leaves behind."""

from index.oceanbase.connecting import Connection

PASSAGES = "SELECT coalesce(sum(passages), 0) FROM documents WHERE collection = %s"
BYTES = "SELECT coalesce(sum(text_bytes), 0) FROM documents WHERE collection = %s"
# What there is, how it is counted, and how it is counted otherwise.
COUNTS = {
    "documents": (
        "SELECT documents FROM collections WHERE collection = %s",
        "SELECT count(*) FROM documents WHERE collection = %s",
    ),
    "passages": ("SELECT passages FROM collections WHERE collection = %s", PASSAGES),
    "rows of passages": (PASSAGES, "SELECT count(*) FROM passages WHERE collection = %s"),
    "rows of features": (PASSAGES, "SELECT count(*) FROM features WHERE collection = %s"),
    "rows of token vectors": (PASSAGES, "SELECT count(*) FROM tokens WHERE collection = %s"),
    "bytes of texts": (
        BYTES,
        "SELECT coalesce(sum(length(content)), 0) FROM pieces WHERE collection = %s AND kind = 1",
    ),
}


def contradictions(connection: Connection, collection: int) -> list[str]:
    """Return what of a collection is not as many as it should be, a line each."""
    lines = []
    for what, queries in COUNTS.items():
        told, found = (int(connection.rows(query, collection)[0][0]) for query in queries)
        if told != found:
            lines.append(f"{what}: {told:,} are told of, {found:,} are there")
    return lines
