"""Characters that no reader sees: what they could hide is taken out of what is read by models and searched.

They turn the direction of a line, part words, or spell out an instruction in tags or variation selectors. A few are
part of what is seen and stay: joiners inside emoji and in scripts that write with them, one selector after an emoji,
the flags of England, Scotland and Wales.
"""

import re

from corpus.noise import blanked

# Unicode's Default_Ignorable_Code_Point, controls that are no white space, and marks of interlinear notes.
HIDDEN = (
    "\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
PICTURE = "\u2100-\u2bff\U0001f000-\U0001fbff"  # most of what emoji are made of, skin tones among it
SELECTED = f"#*0-9\xa9\xae\u203c\u2049\u3030\u303d\u3297\u3299{PICTURE}"  # what a selector makes an emoji or a sign
# Arabic and its kin, the scripts of India and around it, Mongolian and 'Phags-pa.
JOINING = (
    "\u0600-\u061b\u061d-\u07ff\u0840-\u0e00\u0f00-\u109f\u1780-\u17b3\u17b6-\u180a\u1810-\u18af\ua840-\ua8ff\ufb50-\ufdff"
    "\ufe70-\ufefc\U00011000-\U00011fff"
)
TAG_FLAG = "\U0001f3f4(?:{})\U000e007f".format(
    "|".join("".join(chr(0xE0000 + ord(letter)) for letter in region) for region in ("gbeng", "gbsct", "gbwls"))
)
SEEN = (
    TAG_FLAG,
    f"(?:(?<=[{PICTURE}])|(?<=[{PICTURE}]\ufe0f))\u200d(?=[{PICTURE}])",
    f"(?<=[{SELECTED}])[\ufe0e\ufe0f]",
    f"(?<=[{JOINING}])[\u200c\u200d]",
    "(?<=[\u1820-\u18aa])[\u180b-\u180f]",
)
FOUND = re.compile(f"(?P<seen>{'|'.join(SEEN)})|[{HIDDEN}]")
ANY_HIDDEN = re.compile(f"[{HIDDEN}]")
# What some program takes for the end of a line, and \x1f, which separates, too.
LINE_END = re.compile("[\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")


def without_hidden(text: str) -> str:
    """Return a text without the characters that no reader sees."""
    return FOUND.sub(lambda found: found["seen"] or "", text) if ANY_HIDDEN.search(text) else text


def hidden_places(text: str) -> frozenset[int]:
    """Return at which offsets of a text characters stand that nobody reads, noise among them."""
    found = FOUND.finditer(text) if ANY_HIDDEN.search(text) else ()
    hidden = frozenset(each.start() for each in found if each["seen"] is None)
    blank = blanked(text)
    if blank == text:
        return hidden
    return hidden.union(place for place, pair in enumerate(zip(text, blank, strict=True)) if pair[0] != pair[1])


def with_plain_ends(text: str) -> str:
    r"""Return a text whose lines all end in `\n`."""
    return LINE_END.sub("\n", text)


def seen(text: str) -> str:
    """Return a text as a model is told it: without what nobody sees, its lines ended in the one usual way."""
    return with_plain_ends(without_hidden(text))


def seen_in_one_line(text: str) -> str:
    """Return a title or a name as a model is told it: unable to pass for two lines, too."""
    return seen(text).replace("\n", " ")
