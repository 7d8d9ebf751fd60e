"""Stems of English words: one form for all forms of a word, and British spellings as American ones.

Lighter than Porter's (1980), for a dictionary has the word itself and few of its relatives: plurals, tenses, a silent
e. What is left has three letters at least and a vowel, so that "added" is no AD and "string" no "str".
"""

import re

SHORTEST = 3
PLURALS = (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("s", ""))
TENSES = (("ied", "y"), ("ing", ""), ("ed", ""))
SINGULAR = ("ss", "us", "is")
VOWEL = re.compile("[aeiouy]")
UNDOUBLED = "aeious"  # at the end of a word: see, and class
# What is spelled in two ways, by letters that a word without it lacks: harbour, organisation, analyse, centre, fibre,
# defence, catalogue.
BRITISH = tuple(
    (letters, re.compile(pattern), other)
    for letters, pattern, other in (
        ("our", r"(?<=...)our", "or"),
        ("is", r"(?<=..)is(?=$|ation|er$)", "iz"),
        ("lys", r"(?<=..)lys$", "lyz"),
        ("tr", r"(?<=[aeioun])tr$", "ter"),
        ("br", r"(?<=[aeiou])br$", "ber"),
        ("enc", r"enc$", "ens"),
        ("logu", r"(?<=..)logu$", "log"),
    )
)
IRREGULAR = {
    form: word
    for word, *forms in map(
        str.split,
        """age aged|become became|begin began begun|bear bore born|break broke broken|bring brought|build built
        buy bought|catch caught|choose chose chosen|come came|deal dealt|die died|draw drew drawn|drive drove driven
        eat ate eaten|fall fell fallen|feel felt|fight fought|find found|fly flew flown|forbid forbade forbidden
        freeze froze frozen|get got gotten|give gave given|go went gone|grow grew grown|hear heard|hide hid hidden
        hold held|keep kept|know knew known|lay laid|lead led|leave left|lend lent|lose lost|make made|mean meant
        meet met|pay paid|ride rode ridden|rise rose risen|run ran|say said|see saw seen|seek sought|sell sold
        send sent|shoot shot|sing sang sung|sink sank sunk|speak spoke spoken|spend spent|stand stood
        steal stole stolen|strike struck|swim swam swum|take took taken|teach taught|tell told|think thought
        throw threw thrown|tie tied|understand understood|use used using|win won|write wrote written
        child children|foot feet|half halves|knife knives|leaf leaves|life lives|man men|mouse mice
        person people persons|tooth teeth|wife wives|wolf wolves|woman women""".replace("\n", "|").split("|"),
    )
    for form in forms
}


def stem(word: str) -> str:
    """Return a word in lower case without its commonest endings, the same for all its forms; not always a word."""
    word = IRREGULAR.get(word, word)
    if word[-1:] == "s" and not word.endswith(SINGULAR):
        word = _without(word, PLURALS)
    if word.endswith(("ing", "ed")) and not word.endswith("eed"):
        word = _without(word, TENSES)
    if len(word) > SHORTEST:
        word = word.removesuffix("e")
        if word[-1] == word[-2] and word[-1] not in UNDOUBLED and len(word) > SHORTEST:
            word = word[:-1]
    for letters, pattern, other in BRITISH:
        if letters in word:
            word = pattern.sub(other, word)
    return word


def _without(word: str, endings: tuple[tuple[str, str], ...]) -> str:
    for ending, instead in endings:
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= SHORTEST and VOWEL.search(rest):
            return rest + instead
    return word
