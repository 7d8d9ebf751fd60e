"""Small words of a question: what it asks with, and not about.

Where passages are in the question's language, such words are common and count for little. In a corpus of another
language a title that has one is the only passage that does, and the rarest of all words would be "the" or "de la".
They are listed as they are written in the middle of a sentence, so that He and Na still may be names.
"""

import re

from corpus.language import LATIN
from index.terms.pinyin import without_diacritics

WORD = re.compile(r"[^\W\d_]+")
OPENING, ENDING = " \n\t¿¡\"'«„“‘(", ".!?:;…"  # what may stand before the first word of a sentence

# Without diacritics, as words are compared.
ENGLISH = frozenset(
    "a an the of and or to in on at by for from with as is are was were be been being it its this that these those "
    "what which who whom whose how many much when where why do does did done has have had having will would can "
    "could should may might i you he she they we his her their our your one ones so such not no than then there "
    "into out up about over under per each any some all both between among after before during since until via "
    "also more most other another same own if sb sth s t re ll ve d".split()
)
SMALL_WORDS = ENGLISH | frozenset(
    # German
    "der die das den dem des ein eine einer eines einem einen und oder von vom zu zum zur im ist sind war waren wird "
    "werden wurde wurden hat haben hatte hatten sein seine seiner seinen ihre ihr ihren er sie es mit auf fur aus bei "
    "nach vor uber unter durch zwischen wegen was wer wen wem wie wo wann warum wieso welche welcher welches welchen "
    "welchem wessen viel viele kann konnen konnte sich nicht auch als wenn dass noch nur "
    # French
    "le la les un une et ou de du en au aux est sont etait etaient a ete sur sous dans par pour avec sans entre "
    "que qui quoi quel quelle quels quelles comment combien quand pourquoi ce cet cette ces son sa ses leur leurs il "
    "elle ils elles se ne pas plus l qu n c j "
    # Spanish, Portuguese, Italian
    "el los las lo al del e y o una uno por para con sin es son fue fueron era eran ser ha han sido como cual cuales "
    "cuanto cuantos cuanta cuantas quien quienes donde cuando su sus se ya no muy mas "
    "os as um uma do da dos das no na nos nas ao aos pelo pela foi foram sao qual quais quanto quantos quantas quem "
    "onde quando seu sua seus suas com em "
    "il gli i di dello della dei delle nel nella nei nelle sul sulla dal dalla alla ai che chi cosa quale quali quanti "
    "quante dove perche sono stato stata "
    # Dutch
    "het een van en op te met voor door bij naar wat wie waar wanneer waarom hoe hoeveel welk welke zijn werd werden "
    # Vietnamese
    "la cua va co o cho nhung cac mot duoc tu khi nao gi ai".split()
)


def small_words(language: str) -> frozenset[str]:
    """Return the small words of questions in a language of the Latin script; any but English has those of all."""
    if language in ("en", "und"):
        return ENGLISH
    return SMALL_WORDS if language in LATIN else frozenset()


def without_small_words(text: str, language: str) -> list[str]:
    """Return the stretches between the small words of a question, the whole of it where it has no other words.

    A small word in the middle of a sentence that begins with a capital letter may be a name, and stays.
    """
    small = small_words(language)
    stretches, start = list[str](), 0
    for match in WORD.finditer(text) if small else ():
        word = match[0].lower()
        if without_diacritics(word) in small and (word == match[0] or _begins(text, match.start())):
            stretches.append(text[start : match.start()])
            start = match.end()
    stretches.append(text[start:])
    return stretches if any(map(WORD.search, stretches)) else [text]


def _begins(text: str, place: int) -> bool:
    """Return whether a sentence begins at a place."""
    before = text[:place].rstrip(OPENING)
    return not before or before[-1] in ENDING
