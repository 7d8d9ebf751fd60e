"""Phrases that a question quotes, and where an article begins among headings and sentences."""

from index.features import Searched
from index.ranking.sentence_tokens import Sentences
from index.terms.identifiers import NAMED, exact_terms
from index.terms.phrases import MOST_QUOTED, quoted


def test_what_is_quoted_again_is_looked_up_once() -> None:
    assert quoted('"red lamp" or "two lamps", not "red lamp"') == ["red lamp", "two lamps"]
    assert len(quoted(" ".join(f'"lamp {word}"' for word in "abcdefghijklmnopqrst"))) == MOST_QUOTED


def test_an_article_begins_under_headings_of_its_own_and_of_others() -> None:
    sentences = Sentences("Lamp Act Chapter II Article 9 Fees are paid. Article 10", ("Fees are paid.", "Article 10"))
    lines = Searched(sentences, ("Lamp Act", "Chapter II", "Article 9")).lines
    assert {NAMED + "§9", NAMED + "§10"} <= set(exact_terms(lines))
    assert lines.split() == sentences.passage.split()


def test_headings_that_a_passage_lacks_stand_before_it() -> None:
    searched = Searched(Sentences("Fees are paid.", ("Fees are paid.",)), ("Lamp Act", "Article 9"))
    assert searched.lines.split("\n") == ["Lamp Act / Article 9", "Fees are paid."]
