"""Full stops that end no sentence, in the languages that write them."""

import pytest

from corpus.splitting.sentences import sentence_bounds


@pytest.mark.parametrize(
    "first",
    [
        "Der Töpferkurs beginnt am 3. März im Haus am See.",
        "Im 19. Jahrhundert stand hier ein Speicher.",
        "Nach Art. 5 Abs. 2 ist der Steg gesperrt.",
        "It was signed by Gov. Alma Roe on Nov. 3 at the pier.",
        "See p. 12 for the tides.",
        "Møtet er 7. Mai på kaien.",
        "There were 12.",
        "Sie zählten 31.",
    ],
)
def test_a_number_or_an_abbreviation_may_stand_before_a_capital(first: str) -> None:
    text = f"{first} Then it rained."
    assert [text[start:end] for start, end in sentence_bounds(text)] == [first, "Then it rained."]
