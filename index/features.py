"""What the index computes of passages once, when they are written: vectors, terms and years."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus.passage import Passage, Span
from corpus.splitting.layout import readings
from corpus.splitting.search_text import normalise
from corpus.store.stored import Features
from index.models.encoder import Encoder
from index.models.vectors import counts_to_bytes, to_bytes
from index.ranking.late import pack_tokens
from index.ranking.sentence_tokens import Sentences, count_sentence_tokens
from index.ranking.years import years_of
from index.terms.packing import pack_terms
from index.terms.terms import passage_terms


def sentences_of(passage: Passage) -> Sentences:
    """Return the sentences of a passage in their searched form; equal ones have equal features."""
    spans = (Span(span.start - passage.start, span.end - passage.start) for span in passage.sentences)
    texts = map(normalise, readings(passage.quote, passage.text, spans))
    return Sentences(passage.search_text, tuple(texts))


def compute_features(encoder: Encoder, passages: Sequence[Sentences]) -> Mapping[Sentences, Features]:
    """Return the features of passages, computed once for those that are equal."""
    wanted = list(dict.fromkeys(passages))
    texts = list(dict.fromkeys(each.passage for each in wanted))
    sentences = list(dict.fromkeys(text for each in wanted for text in each.texts))
    encoded = encoder.encode_passages_with_tokens(texts)
    vectors = dict(zip(texts, map(to_bytes, encoded.vectors), strict=True))
    tokens = dict(zip(texts, encoded.tokens, strict=True))
    packed = {text: pack_tokens(of_text) for text, of_text in tokens.items()}
    of_sentences = dict(zip(sentences, map(to_bytes, encoder.encode_passages(sentences)), strict=True))
    counts = count_sentence_tokens(encoder, wanted, [len(tokens[each.passage]) for each in wanted])
    return {
        each: with_words(
            Features(
                vector=vectors[each.passage],
                sentence_vectors=b"".join(of_sentences[text] for text in each.texts),
                token_vectors=packed[each.passage],
                sentence_tokens=counts_to_bytes(of_each),
                terms=b"",
            ),
            each.passage,
        )
        for each, of_each in zip(wanted, counts, strict=True)
    }


def with_words(features: Features, search_text: str) -> Features:
    """Return features with the terms and the years of a passage's search text."""
    terms = pack_terms(passage_terms(search_text))
    return replace(features, terms=terms, years=tuple(sorted(years_of(search_text))))
