"""What the files of the index on one machine are called."""

from index.terms.terms import TERMS_VERSION

DENSE_FILE = "dense.faiss"
LEXICAL_FILE = f"lexical-{TERMS_VERSION}.npz"
