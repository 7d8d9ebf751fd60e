"""The tables of the truth, the number of their format, and how a database is brought to it.

Every table begins with the number of a collection. Ids are bytes in UTF-8: texts compare without regard to spaces at
their ends here, and two ids may differ in nothing else. What has to be found by its key is spread over partitions.
What is derived, one table for each collection and dimension, is in `index_tables`.
"""

import re
from collections.abc import Mapping, Sequence

FORMAT_VERSION = 1  # raised with each change of the tables; `MIGRATIONS` has what leads to it from the one before
MIGRATIONS: Mapping[int, Sequence[str]] = {}  # of a format, the statements that lead to the next
PARTITIONS = 4  # of a table, which is how many machines it can spread over; frozen when the tables are made
SPREAD = re.compile(r" PARTITION BY KEY \([^)]*\) PARTITIONS \d+")

ID = "VARBINARY(800)"  # 200 code points
WORD = "VARCHAR(255)"

# What each write changes by what it writes stands in `collections`, whose row a writer locks: so one writes at a time
# to a collection, and its reads see what the one before has left. Numbers and keys are given from there, never twice.
TABLES = (
    """
    CREATE TABLE IF NOT EXISTS wherefrom_format (
        only_row TINYINT PRIMARY KEY,
        version INT NOT NULL
    )
    """,
    f"""
    CREATE TABLE IF NOT EXISTS collections (
        collection INT AUTO_INCREMENT PRIMARY KEY,
        name VARBINARY(63) NOT NULL UNIQUE,
        documents BIGINT NOT NULL DEFAULT 0,
        passages BIGINT NOT NULL DEFAULT 0,
        term_count BIGINT NOT NULL DEFAULT 0,
        digest VARBINARY(32) NOT NULL,
        sequence BIGINT NOT NULL DEFAULT 0,
        next_key BIGINT NOT NULL DEFAULT 1,
        next_document BIGINT NOT NULL DEFAULT 1,
        next_job BIGINT NOT NULL DEFAULT 1,
        created {WORD} NOT NULL
    )
    """,
    # Numbers of collections that are gone, and whose rows are not yet.
    """
    CREATE TABLE IF NOT EXISTS deleted_collections (
        collection INT PRIMARY KEY
    )
    """,
    f"""
    CREATE TABLE IF NOT EXISTS meta (
        collection INT NOT NULL,
        name {ID} NOT NULL,
        value LONGTEXT NOT NULL,
        PRIMARY KEY (collection, name)
    )
    """,
    # `folded` is the title and the source without case, where lists of documents are searched for words.
    f"""
    CREATE TABLE IF NOT EXISTS documents (
        collection INT NOT NULL,
        document_id {ID} NOT NULL,
        number BIGINT NOT NULL,
        source LONGTEXT NOT NULL,
        title LONGTEXT NOT NULL,
        sha256 CHAR(64) NOT NULL,
        language {WORD} NOT NULL,
        publisher LONGTEXT,
        published {WORD},
        url LONGTEXT,
        author LONGTEXT,
        metadata LONGTEXT NOT NULL,
        synonyms LONGTEXT NOT NULL,
        page_labels LONGTEXT NOT NULL,
        folded LONGBLOB NOT NULL,
        characters BIGINT NOT NULL,
        text_bytes BIGINT NOT NULL,
        passages BIGINT NOT NULL,
        checksum CHAR(64) NOT NULL,
        sequence BIGINT NOT NULL,
        path LONGBLOB,
        path_digest BINARY(32),
        PRIMARY KEY (collection, document_id),
        KEY documents_by_number (collection, number),
        KEY documents_by_path (collection, path_digest)
    ) PARTITION BY KEY (collection, document_id) PARTITIONS {PARTITIONS}
    """,
    # Texts, originals, uploads and files of jobs, in pieces that are read one by one, whole code points in each.
    f"""
    CREATE TABLE IF NOT EXISTS pieces (
        collection INT NOT NULL,
        kind TINYINT NOT NULL,
        owner {ID} NOT NULL,
        number INT NOT NULL,
        first_character BIGINT NOT NULL,
        first_byte BIGINT NOT NULL,
        content LONGBLOB NOT NULL,
        PRIMARY KEY (collection, kind, owner, number)
    ) PARTITION BY KEY (collection, kind, owner) PARTITIONS {PARTITIONS}
    """,
    f"""
    CREATE TABLE IF NOT EXISTS passages (
        collection INT NOT NULL,
        passage_key BIGINT NOT NULL,
        passage_id {ID} NOT NULL,
        document_id {ID} NOT NULL,
        start BIGINT NOT NULL,
        `end` BIGINT NOT NULL,
        quote LONGTEXT NOT NULL,
        text LONGTEXT NOT NULL,
        section LONGTEXT NOT NULL,
        search_text LONGTEXT NOT NULL,
        sentences LONGTEXT NOT NULL,
        pages LONGTEXT NOT NULL,
        table_header LONGTEXT,
        years LONGTEXT NOT NULL,
        checksum CHAR(64) NOT NULL,
        PRIMARY KEY (collection, passage_key),
        KEY passages_of_document (collection, document_id),
        KEY passages_by_id (collection, passage_id)
    ) PARTITION BY KEY (collection, passage_key) PARTITIONS {PARTITIONS}
    """,
    # A question reads the vectors and terms of a hundred passages, and of sixteen the tokens.
    f"""
    CREATE TABLE IF NOT EXISTS features (
        collection INT NOT NULL,
        passage_key BIGINT NOT NULL,
        vector LONGBLOB NOT NULL,
        sentence_vectors LONGBLOB NOT NULL,
        terms LONGBLOB NOT NULL,
        PRIMARY KEY (collection, passage_key)
    ) PARTITION BY KEY (collection, passage_key) PARTITIONS {PARTITIONS}
    """,
    f"""
    CREATE TABLE IF NOT EXISTS tokens (
        collection INT NOT NULL,
        passage_key BIGINT NOT NULL,
        token_vectors LONGBLOB NOT NULL,
        sentence_tokens LONGBLOB NOT NULL,
        PRIMARY KEY (collection, passage_key)
    ) PARTITION BY KEY (collection, passage_key) PARTITIONS {PARTITIONS}
    """,
    f"""
    CREATE TABLE IF NOT EXISTS changes (
        collection INT NOT NULL,
        sequence BIGINT NOT NULL,
        document_id {ID} NOT NULL,
        removed_from BIGINT NOT NULL,
        removed_to BIGINT NOT NULL,
        added_from BIGINT NOT NULL,
        added_to BIGINT NOT NULL,
        PRIMARY KEY (collection, sequence)
    )
    """,
    f"""
    CREATE TABLE IF NOT EXISTS derived (
        collection INT NOT NULL,
        name {ID} NOT NULL,
        sha256 CHAR(64) NOT NULL,
        sequence BIGINT NOT NULL,
        PRIMARY KEY (collection, name)
    )
    """,
    f"""
    CREATE TABLE IF NOT EXISTS originals (
        collection INT NOT NULL,
        document_id {ID} NOT NULL,
        media_type {WORD} NOT NULL,
        pages INT,
        bytes BIGINT NOT NULL,
        PRIMARY KEY (collection, document_id)
    )
    """,
    f"""
    CREATE TABLE IF NOT EXISTS uploads (
        collection INT NOT NULL,
        upload_id {ID} NOT NULL,
        source LONGTEXT NOT NULL,
        purpose LONGTEXT NOT NULL,
        bytes BIGINT NOT NULL,
        created BIGINT NOT NULL,
        PRIMARY KEY (collection, upload_id)
    )
    """,
    # `owner` is the server that does a job, until `kept_until`, in seconds since 1970: then it is anyone's again.
    f"""
    CREATE TABLE IF NOT EXISTS jobs (
        collection INT NOT NULL,
        number BIGINT NOT NULL,
        job_id {ID} NOT NULL,
        state {WORD} NOT NULL,
        source LONGTEXT NOT NULL,
        document_id {ID},
        facts LONGTEXT NOT NULL,
        pages INT,
        passages BIGINT NOT NULL,
        total BIGINT,
        reason LONGTEXT,
        created {WORD} NOT NULL,
        changed {WORD} NOT NULL,
        owner {WORD},
        kept_until BIGINT,
        PRIMARY KEY (collection, number),
        KEY jobs_by_id (collection, job_id),
        KEY jobs_by_state (collection, state)
    )
    """,
    # Of each term, by its digest, how many passages of the collection hold it, and the digest of how it sounds, 0 if
    # it has no sound.
    f"""
    CREATE TABLE IF NOT EXISTS term_counts (
        collection INT NOT NULL,
        digest BIGINT UNSIGNED NOT NULL,
        passages BIGINT NOT NULL,
        sound INT UNSIGNED NOT NULL,
        PRIMARY KEY (collection, digest),
        KEY term_counts_by_sound (collection, sound)
    ) PARTITION BY KEY (collection, digest) PARTITIONS {PARTITIONS}
    """,
    # What conditions are about: a row for each text that a document has under a name. Names and texts are found by
    # digests, for they may be long; dates are days counted from the year 1.
    f"""
    CREATE TABLE IF NOT EXISTS facets (
        collection INT NOT NULL,
        document BIGINT NOT NULL,
        name_digest BIGINT UNSIGNED NOT NULL,
        value_digest BIGINT UNSIGNED NOT NULL,
        name LONGBLOB NOT NULL,
        value LONGBLOB NOT NULL,
        number DOUBLE,
        first_day INT,
        last_day INT,
        KEY facets_of_document (collection, document),
        KEY facets_by_value (collection, name_digest, value_digest)
    ) PARTITION BY KEY (collection, document) PARTITIONS {PARTITIONS}
    """,
)


def in_one_piece(definition: str) -> str:
    """Return the definition of a table as one machine is best with it.

    The rows that a question asks for are in all partitions, and each partition is a task of its own to the database:
    on two cores, ninety rows took twice as long from four, and as long as seventy milliseconds where others worked.
    """
    return SPREAD.sub("", definition)
