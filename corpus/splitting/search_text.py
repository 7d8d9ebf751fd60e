"""The form of a text in which it is searched. It is never quoted, so it may unify what writers vary.

A change here changes what is indexed, so it raises NORMALISER_VERSION.
"""

import re
import unicodedata

from corpus.splitting.hidden import without_hidden

NORMALISER_VERSION = 6

# A full stop misused as a decimal point, as in 14。24亿元: at most three digits follow it, and they are no date.
MISUSED_DECIMAL = re.compile(r"(?<=\d)[。．](?=\d{1,3}(?![\d年月日]))")
# Markdown's marks around words and before lines: they help the eye, and only cost the model tokens.
EMPHASIS = re.compile(r"\*\*|__|`")
LINE_MARK = re.compile(r"^[ \t]*(?:#{1,6}|>+|[-*+•])[ \t]+", re.MULTILINE)
TABLE_RULE = re.compile(r"^[ \t]*+\|?(?:[ \t]*+:?-{2,}+:?[ \t]*+\|)++[ \t]*+(?::?-{2,}+:?[ \t]*+)?$", re.MULTILINE)

ANY_MARK = re.compile(r"[*_`#>+•|-]")  # without one there is nothing of these


def normalise(text: str) -> str:
    """Return `text` in its searched form: NFKC, decimals repaired; Markdown's marks, spare space, the unseen gone."""
    text = without_hidden(text)
    if ANY_MARK.search(text):
        text = LINE_MARK.sub("", TABLE_RULE.sub("", text))
        text = EMPHASIS.sub("", text).replace("|", " ")
    if not text.isascii():
        text = unicodedata.normalize("NFKC", MISUSED_DECIMAL.sub(".", text))
    return " ".join(text.split())
