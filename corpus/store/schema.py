"""The tables of the SQLite file, and the number of their format."""

import sqlite3

PAGE_BYTES = 16_384  # vectors of a passage are some 30 KB: larger pages are fewer reads
FORMAT_VERSION = 8  # raised with each change of what is stored; `corpus.store.upgrade` reads the older ones
# Whose rows are read as they are: 6 lacks tables, which it gets where it is opened; 7 lacks the second checksum of
# passages, so that it becomes one of this version when something is written first.
LACKS_TABLES, LACKS_CHECKSUMS = 6, 7
EXTENDED_FORMATS = (LACKS_TABLES, LACKS_CHECKSUMS)

SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
-- What each write changes by what it writes, so that nothing has to be counted. The digest is a sum over documents.
CREATE TABLE state (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    documents INTEGER NOT NULL,
    passages INTEGER NOT NULL,
    digest BLOB NOT NULL
) STRICT;
INSERT INTO state VALUES (1, 0, 0, zeroblob(32));
CREATE TABLE documents (
    document_id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    title TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    language TEXT NOT NULL,
    publisher TEXT,
    published TEXT,
    url TEXT,
    author TEXT,
    metadata TEXT NOT NULL,
    synonyms TEXT NOT NULL,
    page_labels TEXT NOT NULL,
    characters INTEGER NOT NULL,
    passages INTEGER NOT NULL,
    checksum TEXT NOT NULL,
    path TEXT UNIQUE
) STRICT;
-- Apart, so that what is known of a document is read without its text.
CREATE TABLE texts (
    document_id TEXT PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    text TEXT NOT NULL
) STRICT;
-- Keys are never used twice (AUTOINCREMENT): one in an old file of an index can only be gone, not another's.
CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    passage_id TEXT NOT NULL UNIQUE,
    document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    quote TEXT NOT NULL,
    text TEXT NOT NULL,
    section TEXT NOT NULL,
    search_text TEXT NOT NULL,
    sentences TEXT NOT NULL,
    pages TEXT NOT NULL,
    table_header TEXT,
    years TEXT NOT NULL,
    checksum TEXT NOT NULL
) STRICT;
-- With the years, so that what conditions are about is read without the passages.
CREATE INDEX passages_of_document ON passages (document_id, years);
-- A question reads the vectors of a hundred passages, and of sixteen the tokens, which take ten times the room.
CREATE TABLE vectors (
    key INTEGER PRIMARY KEY REFERENCES passages ON DELETE CASCADE,
    vector BLOB NOT NULL,
    sentence_vectors BLOB NOT NULL
) STRICT;
CREATE TABLE tokens (
    key INTEGER PRIMARY KEY REFERENCES passages ON DELETE CASCADE,
    token_vectors BLOB NOT NULL,
    sentence_tokens BLOB NOT NULL
) STRICT;
CREATE TABLE terms (
    key INTEGER PRIMARY KEY REFERENCES passages ON DELETE CASCADE,
    terms BLOB NOT NULL
) STRICT;
-- The keys of a document's passages follow each other, so a change is two stretches of keys: those that went and came.
CREATE TABLE changes (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id TEXT NOT NULL,
    removed_from INTEGER NOT NULL,
    removed_to INTEGER NOT NULL,
    added_from INTEGER NOT NULL,
    added_to INTEGER NOT NULL
) STRICT;
CREATE TABLE derived (
    name TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""
# What format 6 had not: the change that last wrote a document, and what is read and kept over HTTP.
EXTENSION = """
CREATE INDEX changes_of_document ON changes (document_id);
CREATE TABLE originals (
    document_id TEXT PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    media_type TEXT NOT NULL,
    pages INTEGER,
    bytes INTEGER NOT NULL,
    content BLOB NOT NULL
) STRICT;
CREATE TABLE jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    source TEXT NOT NULL,
    document_id TEXT,
    facts TEXT NOT NULL,
    pages INTEGER,
    passages INTEGER NOT NULL,
    total INTEGER,
    reason TEXT,
    created TEXT NOT NULL,
    changed TEXT NOT NULL
) STRICT;
CREATE INDEX jobs_by_state ON jobs (state);
-- Apart, so that a job is written at each step without its file; gone when the job has ended.
CREATE TABLE job_files (
    number INTEGER PRIMARY KEY REFERENCES jobs ON DELETE CASCADE,
    content BLOB NOT NULL
) STRICT;
CREATE TABLE uploads (
    upload_id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    purpose TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    created INTEGER NOT NULL,
    content BLOB NOT NULL
) STRICT;
"""


def create_tables(connection: sqlite3.Connection) -> None:
    """Make the tables and note their format, inside a transaction of the caller's."""
    _run(connection, SCHEMA)
    _run(connection, EXTENSION)
    connection.execute(f"PRAGMA user_version = {FORMAT_VERSION}")


def extend_tables(connection: sqlite3.Connection) -> None:
    """Make of a store of an extended format one of this, inside a transaction of the caller's; no row is touched.

    Others are left as they are.
    """
    found = format_of(connection)
    if found == LACKS_TABLES:
        _run(connection, EXTENSION)
    if found in EXTENDED_FORMATS:
        connection.execute(f"PRAGMA user_version = {FORMAT_VERSION}")


def format_of(connection: sqlite3.Connection) -> int:
    """Return the format of a store, 0 where it has none."""
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return found


def _run(connection: sqlite3.Connection, statements: str) -> None:
    for statement in statements.split(";\n"):
        connection.execute(statement)
