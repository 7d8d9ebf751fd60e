"""Dictionaries that a user has installed: words of a language and what they mean in English or Chinese.

Each is a file of SQLite in one folder, named by its languages. They are looked into where they lie, so they take no
memory, and by whatever process was told of the folder; what is installed later is seen by processes that start later.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain, count
from pathlib import Path

from babel.core import get_global
from opencc import OpenCC

from corpus.errors import InvalidInput, NotFound, StoreDamaged, UnreadableFile
from corpus.language import LATIN, SCRIPTS
from corpus.store.folders import workshop
from index.terms.dictd import Files, entries
from index.terms.dictionary import WORD, translations
from index.terms.small_words import ENGLISH
from index.terms.snowball import phrase_of

FOLDER = "dictionaries"  # in the cache folder
ENDING = ".sqlite"
NAMED = re.compile(r"(?:.*[^A-Za-z])?([a-z]{2,3})-([a-z]{2,3})")
LANGUAGES = {"ja", *LATIN, *(language for _, languages in SCRIPTS for language in languages)} - {"zh"}
INTO = {"en", "zh"}
LONGEST_PHRASE = 5  # words of a headword
# Meanings of a word that are looked at: more make a question slower and no better.
MOST_MEANINGS = 16
MOST_REMEMBERED = 10_000  # headwords whose stems are remembered, for one with many meanings has a line for each
NEXT_MEANING = 0.9  # share of a meaning in that of the one before it; most words have several for each sense
MOST_WORDS = 2  # of an English meaning, for passages with all of them; more describe
HAN = re.compile("[\u3400-\u9fff]{2,6}")
SCHEMA = "CREATE TABLE words (stems TEXT, place INTEGER, meaning TEXT, PRIMARY KEY (stems, meaning)) WITHOUT ROWID"
MEANINGS = "SELECT meaning FROM words WHERE stems = ? ORDER BY place LIMIT ?"


@dataclass(frozen=True, order=True, slots=True)
class Pair:
    """The languages of a dictionary as its name has them, as codes of ISO 639.

    One from English or Chinese into another language is read backwards.
    """

    source: str
    target: str

    @property
    def backwards(self) -> bool:
        """Whether headwords and meanings change places."""
        return self.source in INTO and self.target not in INTO

    @property
    def language(self) -> str:
        """The language of the questions whose words are looked up."""
        return self.target if self.backwards else self.source

    @property
    def into(self) -> str:
        """The language that they are translated into."""
        return self.source if self.backwards else self.target

    def __str__(self) -> str:
        return f"{self.source}-{self.target}"


class Dictionary:
    """A dictionary that is installed. Safe to use from several threads, as SQLite is."""

    def __init__(self, folder: Path, pair: Pair) -> None:
        self._path, self._pair = _file(folder, pair), pair
        # Nothing writes to it: another one of the same languages takes its place as a whole.
        uri = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
        with self._intact():
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)

    def translations(self, phrase: str) -> Iterator[tuple[str, float]]:
        """Yield the words for a phrase in stems: English ones and the Chinese ones for these, or Chinese ones.

        Each comes with its share, above 0 and at most 1, and maybe several times.

        Raises:
            StoreDamaged: if the file is no longer a dictionary.
        """
        with self._intact():
            found = [meaning for (meaning,) in self._connection.execute(MEANINGS, (phrase, MOST_MEANINGS))]
        for place, meaning in enumerate(found):
            shares = [(meaning, 1.0)] if self._pair.into == "zh" else _in_english_and_chinese(meaning)
            for word, share in shares:
                yield word, share * NEXT_MEANING**place

    @contextmanager
    def _intact(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            way_out = f"remove it: wherefrom dictionary --remove {self._pair}"
            raise StoreDamaged(f"{self._path}: no longer a dictionary ({error}); {way_out}") from None

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


_in_use: dict[str, list[Dictionary]] = {}


def use(folder: Path) -> None:
    """Look words up in the dictionaries of a folder from now on, in this process, and in no others."""
    for dictionary in chain.from_iterable(_in_use.values()):
        dictionary.close()
    _in_use.clear()
    for pair in installed(folder):
        _in_use.setdefault(pair.language, []).append(Dictionary(folder, pair))


def dictionaries(language: str) -> Sequence[Dictionary]:
    """Return the dictionaries of a language that are in use."""
    return _in_use.get(language, ())


def installed(folder: Path) -> list[Pair]:
    """Return the languages of the dictionaries in a folder, in order."""
    matches = (NAMED.fullmatch(path.name.removesuffix(ENDING)) for path in folder.glob(f"*{ENDING}"))
    return sorted(Pair(match[1], match[2]) for match in matches if match)


def pair_of(path: Path, source: str | None = None, target: str | None = None) -> Pair:
    """Return the languages of a dictionary: those given, or those in its name, as in `freedict-deu-eng.index`.

    Raises:
        InvalidInput: if neither tells them, or words of such a dictionary would never be looked up.
    """
    named = NAMED.match(path.name)
    codes = (source or (named and named[1]), target or (named and named[2]))
    if not all(codes):
        raise InvalidInput(f"{path}: of which languages? name it as in deu-eng.index, or say --from de --to en")
    pair = Pair(*(_code(str(code)) for code in codes))
    if pair.language not in LANGUAGES or pair.into not in INTO or pair.language == pair.into:
        languages = ", ".join(sorted(LANGUAGES))
        raise InvalidInput(f"{path}: is {pair}; dictionaries of use are between en or zh and one of {languages}")
    return pair


def install(files: Files, pair: Pair, folder: Path) -> int:
    """Put a dictionary into a folder, in the place of one of the same languages, and return how many words it has.

    Raises:
        UnreadableFile: if its files are not those of a dictionary, or nothing in it translates.
        OSError: if nothing can be written there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with workshop(folder, str(pair)) as beside:
        made = beside / "made"
        with closing(sqlite3.connect(made)) as connection, connection:
            connection.execute(SCHEMA)
            connection.executemany("INSERT OR IGNORE INTO words VALUES (?, ?, ?)", _rows(files, pair))
            (words,) = connection.execute("SELECT count(DISTINCT stems) FROM words").fetchone()
        if not words:
            raise UnreadableFile(f"{files.index}: nothing in it reads as a word and what it means")
        made.replace(_file(folder, pair))
    return int(words)


def remove(pair: Pair, folder: Path) -> None:
    """Remove a dictionary from a folder.

    Raises:
        NotFound: if it is not there.
    """
    try:
        _file(folder, pair).unlink()
    except FileNotFoundError:
        there = ", ".join(map(str, installed(folder))) or "none"
        raise NotFound(f"{pair}: no such dictionary; installed: {there}") from None


def _rows(files: Files, pair: Pair) -> Iterator[tuple[str, int, str]]:
    """Yield the stems of each word, a place in the order of the dictionary, and a meaning."""
    phrase = lru_cache(MOST_REMEMBERED)(partial(phrase_of, language=pair.language))
    simplified = OpenCC("t2s").convert
    places = count()
    for headword, meanings in entries(files):
        for meaning in meanings:
            word, meant = (meaning, headword) if pair.backwards else (headword, meaning)
            stems = phrase(word)
            if stems and stems.count(" ") < LONGEST_PHRASE:
                for each in HAN.findall(simplified(meant)) if pair.into == "zh" else [meant]:
                    yield stems, next(places), each


def _in_english_and_chinese(meaning: str) -> Iterator[tuple[str, float]]:
    """Yield the content words of an English meaning, and what it is in Chinese as a whole, with their shares."""
    words = [word for word in WORD.findall(meaning.lower()) if word not in ENGLISH]
    if 1 <= len(words) <= MOST_WORDS:
        yield " ".join(words), 1.0
    found = list(translations(meaning))
    if found and all(found[0].start <= each.start and each.end <= found[0].end for each in found):
        yield from found[0].shares.items()


def _code(code: str) -> str:
    """Return the shortest code of a language: de for deu and ger."""
    return str(get_global("language_aliases").get(code.lower(), code.lower()))


def _file(folder: Path, pair: Pair) -> Path:
    return folder / f"{pair}{ENDING}"
