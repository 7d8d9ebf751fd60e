"""The tokenizer of the embedded model, built for the library `tokenizers` from what the model file says.

Its normaliser is exact: for each of the 1.1 million code points it writes what the file says. Sequences of
them, such as a letter and its accent, are composed as NFKC composes them; the file is silent about these.
"""

import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from index.models.making.e5_file import E5File

if TYPE_CHECKING:
    from tokenizers import Regex, Tokenizer
    from tokenizers.normalizers import Normalizer

LONGEST_INPUT = 512
SURROGATES = range(0xD800, 0xE000)


def build_tokenizer(file: E5File) -> "Tokenizer":
    """Return the tokenizer: unigram pieces, a mark for spaces, `<s> … </s>` around each text.

    Its settings pad to the longest of a batch and cut at 512 tokens; whoever counts tokens lifts them.
    """
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    special = file.special
    begin, end, padding = (file.pieces[place][0] for place in (special.begin, special.end, special.padding))
    tokenizer = Tokenizer(models.Unigram(list(file.pieces), unk_id=special.unknown, byte_fallback=False))
    tokenizer.normalizer = build_normalizer(file)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single=[begin, "$A", end],
        pair=[begin, "$A", end, end, "$B", end],
        special_tokens=[(begin, special.begin), (end, special.end)],
    )
    tokenizer.enable_padding(pad_id=special.padding, pad_token=padding)
    tokenizer.enable_truncation(max_length=LONGEST_INPUT)
    return tokenizer


def build_normalizer(file: E5File) -> "Normalizer":
    """Return NFKC with the exceptions that the file makes, single spaces, and special pieces made plain.

    NFKC can be kept from a character only by a placeholder; a control character serves, for the
    file removes those first. A space inside what reads `<s>`, `<mask>` and so on in a text
    keeps it from being taken for the piece of that name, which would steer the model.
    """
    from tokenizers import Regex, normalizers

    unlike = unlike_nfkc(file.folding)
    removed = [character for character, written in unlike.items() if written == ""]
    spaces = [character for character, written in unlike.items() if written == " "]
    kept = [character for character, written in unlike.items() if written == character]
    protected = list(zip(kept, removed, strict=False))
    special = "|".join(piece[1:] for piece in special_pieces(file))
    return normalizers.Sequence(
        [
            normalizers.Replace(any_of(removed), ""),
            normalizers.Replace(any_of(spaces), " "),
            *(normalizers.Replace(character, placeholder) for character, placeholder in protected),
            normalizers.NFKC(),
            *(normalizers.Replace(placeholder, character) for character, placeholder in protected),
            normalizers.Replace(Regex(f"<(?={special})"), "< "),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )


def unlike_nfkc(folding: Mapping[str, str]) -> dict[str, str]:
    """Return how the file writes the characters for which it differs from the library's NFKC."""
    from tokenizers import normalizers

    nfkc = normalizers.NFKC()
    characters = (chr(code) for code in range(sys.maxunicode + 1) if code not in SURROGATES)
    return {
        character: written
        for character in characters
        if nfkc.normalize_str(character) != (written := folding.get(character, character))
    }


def any_of(characters: Iterable[str]) -> "Regex":
    """Return the pattern of one of these characters."""
    from tokenizers import Regex

    return Regex("[" + "".join(rf"\x{{{ord(character):X}}}" for character in characters) + "]")


def special_pieces(file: E5File) -> list[str]:
    """Return the pieces that mean something of their own: the first four, and the mask, which is the last."""
    return [piece for piece, _ in (*file.pieces[:4], file.pieces[-1])]
