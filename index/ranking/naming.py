"""Who or what is asked for by name, among others of the same list: 郑霞, and neither 郑霞明 nor 王霞."""

from collections.abc import Callable, Iterator, Sequence

from corpus.store.feature_reader import FeatureReader
from corpus.store.stored import Key
from index.terms.names import NAME, names
from index.terms.packing import unpack_terms
from index.terms.phrases import holds
from index.terms.terms import LETTERS, PAIR, LexicalQuestion, digest_of, question_terms

Find = Callable[[LexicalQuestion, int], list[Key]]

# So many passages of lists may have a name: that of who is asked for, and of namesakes.
NAMESAKES = 3
# And so many may have its words at all, side by side or not; what more have is no name, or what they are all about.
MENTIONS = 6
LOOKED_AT = 50  # passages with any of the names


def passages_naming(reader: FeatureReader, forms: Sequence[str], find: Find) -> Iterator[list[Key]]:
    """Yield the passages of each rare name: those of lists that have it as an entry, and those of prose that hold it.

    Args:
        reader: where the words of passages are.
        forms: terms of all that a question may name.
        find: returns the passages of the highest BM25 scores for a question, so many at most.
    """
    entered = _entered(reader, forms, find) if forms else {}
    for name, holders in entered.items():
        if len(holders) <= NAMESAKES and not any(name != other and name in other for other in entered):
            mentions = _mentioning(name, find)
            if len(mentions) <= MENTIONS:
                texts = reader.search_texts([key for key in mentions if key not in holders])
                prose = [key for key, text in texts.items() if holds(text, name) and not any(names(text))]
                yield holders + prose


def _entered(reader: FeatureReader, forms: Sequence[str], find: Find) -> dict[str, list[Key]]:
    """Return the names that are entries of lists, and the passages of each."""
    keys = find(LexicalQuestion([], [{(form,): 1.0 for form in forms}]), LOOKED_AT)
    wanted = {digest_of(form): form.partition(NAME)[2] for form in forms} if keys else {}
    entered: dict[str, list[Key]] = {}
    for key, terms in reader.terms(keys).items():
        for digest in wanted.keys() & set(unpack_terms(terms).digests.tolist()):
            entered.setdefault(wanted[digest], []).append(key)
    return entered


def _mentioning(name: str, find: Find) -> list[Key]:
    """Return the passages that have all words, or pairs of characters, of a name, one more than a few at most."""
    words = tuple(term for term in sorted(question_terms(name)) if term[0] in (LETTERS, PAIR))
    return find(LexicalQuestion([], [{words: 1.0}]), MENTIONS + 1)
