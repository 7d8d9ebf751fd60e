"""What the index computes of passages once, when they are written: vectors, terms and years."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType

from corpus.passage import Passage, Span
from corpus.splitting.layout import readings
from corpus.splitting.search_text import normalise
from corpus.store.stored import Features
from index.models.encoder import Encoder
from index.models.vectors import counts_to_bytes, each_to_bytes
from index.ranking.late import pack_tokens
from index.ranking.sentence_tokens import Sentences, count_sentence_tokens
from index.ranking.years import years_of
from index.terms.packing import pack_terms
from index.terms.terms import passage_terms

MOST_ABOVE = 200  # code points of titles and headings
LONGEST_NAME = 2000  # of one that is looked at; each passage has it anew, and a file may claim any title
TOGETHER = 256  # passages encoded before it is told; enough that equal sentences among them are encoded once
FEWEST_LETTERS = 4  # letters or ideographs of a sentence that says something; see docs/ablation.md

Tell = Callable[[int], None]
Progress = Callable[[int, int], None]  # how many passages are ready, and how many there are


@dataclass(frozen=True, slots=True)
class Searched:
    """What of a passage is searched; equal ones have equal features.

    Attributes:
        sentences: the passage with its sentences, in their searched form.
        names: the title and the headings above it, in the same form.
    """

    sentences: Sentences
    names: tuple[str, ...] = ()

    @property
    def above(self) -> str:
        """The names that the passage lacks.

        Its subject may stand there alone, so it is found by their words; its vectors, which would all become alike,
        are without them.
        """
        return " / ".join(name for name in self.names if name not in self.sentences.passage)[:MOST_ABOVE]

    @property
    def lines(self) -> str:
        """All of it, each heading and sentence in a line: there an article of a law begins, whatever is before."""
        text = self.sentences.passage
        places = [0, *map(len, self.sentences.beginnings()), len(text)]
        headings, *sentences = (text[start:end].strip() for start, end in pairwise(places))
        for name in self.names:
            headings = headings.replace(name, f"\n{name}\n", 1)
        return "\n".join(filter(None, (self.above, headings, *sentences)))

    @property
    def words(self) -> str:
        """All that is found by words: what stands above, and the passage."""
        return "\n".join(filter(None, (self.above, self.sentences.passage)))


NOTHING_KNOWN: Mapping[Sentences, Features] = MappingProxyType({})


def untold(passages: int) -> None:
    """Tell nobody how far the work is."""


def searched(passage: Passage, title: str) -> Searched:
    """Return what of a passage of a document of that title is searched."""
    spans = (Span(span.start - passage.start, span.end - passage.start) for span in passage.sentences)
    texts = map(normalise, readings(passage.quote, passage.text, spans))
    names = dict.fromkeys(filter(None, (normalise(name[:LONGEST_NAME]) for name in (title, *passage.section))))
    return Searched(Sentences(passage.search_text, tuple(texts)), tuple(names))


def counting(tell: Progress, total: int) -> Tell:
    """Return what is told of passages more, and tells how many there are by then."""
    done = 0

    def tell_more(passages: int) -> None:
        nonlocal done
        done += passages
        tell(done, total)

    return tell_more


def compute_features(
    encoder: Encoder,
    passages: Sequence[Searched],
    known: Mapping[Sentences, Features] = NOTHING_KNOWN,
    tell: Tell = untold,
) -> Mapping[Searched, Features]:
    """Return the features of passages, computed once for those that are equal.

    Args:
        encoder: what makes the vectors.
        passages: what is wanted.
        known: features of passages that need not be encoded again; only their words are read anew.
        tell: is called with how many passages more have their vectors; what it raises ends the work.
    """
    wanted = list(dict.fromkeys(passages))
    alike = list(dict.fromkeys(each.sentences for each in wanted if each.sentences not in known))
    vectors = dict(known)
    tell(sum(each.sentences in known for each in passages))
    counts = Counter(each.sentences for each in passages)
    for start in range(0, len(alike), TOGETHER):
        some = alike[start : start + TOGETHER]
        vectors.update(_vectors_of(encoder, some))
        tell(sum(counts[each] for each in some))
    return {each: _with_words(vectors[each.sentences], each) for each in wanted}


def _vectors_of(encoder: Encoder, wanted: Sequence[Sentences]) -> Mapping[Sentences, Features]:
    """Return what the encoder knows of passages: their features without words and years."""
    texts = list(dict.fromkeys(each.passage for each in wanted))
    sentences = list(dict.fromkeys(text for each in wanted for text in each.texts))
    encoded = encoder.encode_passages_with_tokens(texts)
    vectors = dict(zip(texts, each_to_bytes(encoded.vectors), strict=True))
    tokens = dict(zip(texts, encoded.tokens, strict=True))
    packed = {text: pack_tokens(of_text) for text, of_text in tokens.items()}
    of_sentences = dict(zip(sentences, each_to_bytes(encoder.encode_passages(sentences)), strict=True))
    counts = count_sentence_tokens(encoder, wanted, [len(tokens[each.passage]) for each in wanted])
    return {
        each: Features(
            vector=vectors[each.passage],
            sentence_vectors=_sentence_vectors(each.texts, of_sentences),
            token_vectors=packed[each.passage],
            sentence_tokens=counts_to_bytes(of_each),
            terms=b"",
        )
        for each, of_each in zip(wanted, counts, strict=True)
    }


def _sentence_vectors(sentences: Sequence[str], vectors: Mapping[str, bytes]) -> bytes:
    """Return the vectors of a passage's sentences, zeros for those that say nothing where another says something.

    A lone mark would be near to any question.
    """
    saying = [sum(map(str.isalpha, sentence)) >= FEWEST_LETTERS for sentence in sentences]
    pairs = zip(sentences, saying, strict=True)
    return b"".join(vectors[text] if says or not any(saying) else bytes(len(vectors[text])) for text, says in pairs)


def _with_words(features: Features, passage: Searched) -> Features:
    """Return features with the terms and the years of what is searched."""
    words = passage.words
    terms = pack_terms(passage_terms(words, passage.lines))
    return replace(features, terms=terms, years=tuple(sorted(years_of(words))))
