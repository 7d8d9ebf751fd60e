"""Which tokens of a passage are those of each sentence, by counting what comes before it.

Sentences counted by themselves add up to another number than the passage has, and every sentence shifts all others:
a space in front is a token here and none there, and a passage that is longer than the model reads lacks its end.
Counted inside the passage, a boundary is wrong by no more than a token that belongs to both sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.models.encoder import Encoder


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of a passage, in their searched form.

    Attributes:
        passage: the search text of the passage.
        texts: the sentences in the order in which they stand there.
    """

    passage: str
    texts: tuple[str, ...]

    def beginnings(self) -> list[str]:
        """Return what of the passage stands before each sentence; a sentence that is not found begins at once."""
        places: list[int] = []
        end = 0
        for text in self.texts:
            place, length = _place(self.passage, text, end)
            places.append(place)
            end = place + length
        # A space at the end would be a token of its own; inside the passage it is the next word's.
        return [self.passage[:place].rstrip() for place in places]


def count_sentence_tokens(encoder: Encoder, passages: Sequence[Sentences], held: Sequence[int]) -> list[list[int]]:
    """Return how many of a passage's tokens each of its sentences has.

    The counts of a passage add up to its tokens without those before its first sentence, which are of headings.

    Args:
        encoder: what the passages are encoded by.
        passages: the passages.
        held: how many tokens of its own each passage has, as far as the model reads it.
    """
    beginnings = [each.beginnings() for each in passages]
    texts = [text for each, before in zip(passages, beginnings, strict=True) for text in (each.passage, *before)]
    numbers = iter(encoder.count_passage_tokens(texts))
    counts = []
    for before, own in zip(beginnings, held, strict=True):
        whole = next(numbers)
        whole_own = own + max(0, whole - encoder.spec.max_tokens)
        # Where nothing stands before, the prompt alone is counted, whose last token may be the first of the text.
        firsts = [whole_own - whole + number if text else 0 for text, number in zip(before, numbers, strict=False)]
        bounds = [min(max(first, 0), own) for first in firsts]
        counts.append([end - start for start, end in pairwise([*bounds, own])])
    return counts


def _place(passage: str, sentence: str, after: int) -> tuple[int, int]:
    """Return where a sentence begins, and how much of it is found: the whole, a half, a quarter … of it.

    Years and synonyms may be written into the passage that the sentence by itself lacks.
    """
    length = len(sentence)
    while length:
        if (place := passage.find(sentence[:length], after)) >= 0:
            return place, length
        length //= 2
    return after, 0
