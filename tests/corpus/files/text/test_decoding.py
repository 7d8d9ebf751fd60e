"""Bytes become the text that was meant, or the file is refused; never something in between."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import InvalidInput, UnreadableFile
from corpus.files.documents import read_documents
from corpus.files.folders.folder import Skipped
from corpus.files.text.decoding import Decoding, DecodingErrors, decode, read_bytes

SIMPLIFIED = "上海和云南的协作始于1996年，到2025年已有91个园区。\n第二段：他们在这里工作。\n"
TRADITIONAL = "上海和雲南的協作始於1996年，到2025年已有91個園區。\n第二段：他們在這裡工作。\n"
JAPANESE = "港の新しい岸壁は三月に開き、十二隻の船が入る。\n市長は予算を二百万円と話した。長い時間の工事だった。\n"
KOREAN = (
    "새 부두는 삼월에 문을 열고 배 열두 척이 들어온다.\n시장은 예산이 이백만 원이라고 말했다. 공사는 오래 걸렸다.\n"
)
RUSSIAN = (
    "Новый причал откроют в марте, и он не будет закрыт до осени.\n"
    "На нём для судов сделали всё, что нужно. Это так же.\n"
)
UKRAINIAN = (
    "Новий причал відкриють у березні, і він не буде закритий до осені.\nЦе для суден, але його ще немає, що є то є.\n"
)
GREEK = (
    "Η νέα προβλήτα θα ανοίξει τον Μάρτιο και θα είναι για τα πλοία από το νησί.\n"
    "Ο δήμαρχος είπε ότι το έργο δεν έχει τέλος.\n"
)
HEBREW = "הרציף החדש של העיר לא נפתח עד מרץ, כי הוא היה סגור.\nזה גם מה שאמר ראש העיר על הנמל, אבל אין לו את הכסף.\n"
ARABIC = (
    "يفتح الرصيف الجديد في مارس على البحر.\n"
    "قال رئيس المدينة إن هذا من العمل الذي كان مع الشركة أو بعد ذلك في الميناء.\n"
)
FRENCH = (
    "La jetée neuve ouvrira en août pour les bateaux de la côte.\n"
    "Le maire a dit que l’été à venir était une fête, où qu’il soit.\n"
)
GERMAN = (
    "Die neue Brücke öffnet im März für die Schiffe der Küste.\n"
    "Das Maß ist groß, und der Bürgermeister sagte, es sei nicht zu spät.\n"
)
POLISH = (
    "Nowe nabrzeże będzie otwarte w marcu i że to jest dla łodzi.\n"
    "Burmistrz nie powiedział, że się to uda, źródła są ważne od żeglarzy.\n"
)
HUNGARIAN = (
    "Az új kikötő márciusban nyílik meg, és nem csak a hajók jönnek, hogy egy őszi ünnep is legyen.\nMég sűrű a köd.\n"
)
CZECH = (
    "Nové nábřeží se otevře v březnu a je to pro lodě, které už přijely.\n"
    "Starosta řekl, že k řece jsou čtyři cesty, ale ne dvě, ó ďáble.\n"
)
TURKISH = (
    "Yeni iskele bu yıl mart ayında açılacak ve gemiler için çok geniş bir yer olacak.\n"
    "Başkan da daha büyük ığdır ağacı dedi.\n"
)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((SIMPLIFIED, name) for name in ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be")),
        *((SIMPLIFIED, name) for name in ("hz", "utf-7", "utf-32-le", "utf-32-be")),
        *((TRADITIONAL, name) for name in ("utf-8", "big5", "gb18030", "utf-16", "utf-32", "utf-7")),
        *((JAPANESE, name) for name in ("euc-jp", "shift_jis", "iso2022_jp", "gb18030", "utf-7")),
        *((KOREAN, name) for name in ("euc-kr", "iso2022_kr", "utf-7")),
        *((RUSSIAN, name) for name in ("windows-1251", "koi8-r", "iso8859-5", "cp866", "mac-cyrillic")),
        *((UKRAINIAN, name) for name in ("windows-1251", "koi8-u")),
        *((GREEK, name) for name in ("windows-1253", "iso8859-7")),
        (HEBREW, "windows-1255"),
        (ARABIC, "windows-1256"),
        *((FRENCH, name) for name in ("windows-1252", "mac-roman", "utf-7")),
        *((GERMAN, name) for name in ("windows-1252", "latin-1", "cp850")),
        *((POLISH, name) for name in ("windows-1250", "iso8859-2")),
        *((HUNGARIAN, name) for name in ("windows-1250", "iso8859-2")),
        *((CZECH, name) for name in ("windows-1250", "iso8859-2")),
        *((TURKISH, name) for name in ("windows-1254", "iso8859-9")),
        ("Plain ASCII, in every encoding the same.\n", "ascii"),
        ("Plain text in two bytes a letter.\n", "utf-16-le"),
    ],
)
def test_encodings(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "a.txt").removeprefix("\ufeff") == text


@pytest.mark.parametrize(
    ("text", "encodings"),
    [
        (SIMPLIFIED, ("gb18030", "hz", "utf-7")),
        (TRADITIONAL, ("big5", "gb18030", "utf-7")),
        (JAPANESE, ("euc-jp", "shift_jis", "iso2022_jp", "utf-7", "gb18030")),
        (KOREAN, ("euc-kr", "iso2022_kr", "johab", "utf-7")),
        (RUSSIAN, ("windows-1251", "koi8-r", "iso8859-5", "cp866", "mac-cyrillic", "utf-7")),
        (GREEK, ("windows-1253", "iso8859-7", "mac-greek")),
        (HEBREW, ("windows-1255", "iso8859-8")),
        (FRENCH.replace("’", "'"), ("windows-1252", "iso8859-15", "mac-roman", "cp850", "utf-7")),
        (POLISH, ("windows-1250", "iso8859-2", "cp852", "mac-latin2", "utf-7")),
        (HUNGARIAN, ("windows-1250", "iso8859-2", "cp852", "mac-latin2", "iso8859-16")),
        (TURKISH, ("windows-1254", "cp857", "mac-turkish", "iso8859-3")),
    ],
)
def test_a_part_of_a_text_is_read_as_it_is_or_refused(text: str, encodings: tuple[str, ...]) -> None:
    chance = random.Random(7)
    for encoding in encodings:
        for _ in range(60):
            begin = chance.randrange(len(text))
            part = text[begin : begin + chance.randrange(12, 60)]
            try:
                assert decode(part.encode(encoding), "a.txt").removeprefix("\ufeff") == part, encoding
            except UnreadableFile:
                pass


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_utf8_is_always_read_as_it_was_written(text: str) -> None:
    if not text.isascii():
        assert decode(text.encode(), "a.txt").removeprefix("\ufeff") == text.removeprefix("\ufeff")


@pytest.mark.parametrize(
    "text",
    [
        "sum = a+foo; total += +variable - 1;",
        "Call +49-30-1234 or +86 10 6552.",
        '(format t "~{~a~^, ~}" list)',
        "\x1b[31mred\x1b[0m of a terminal",
        "base64: +AbC/dEf+123==",
    ],
)
def test_ascii_stays_ascii(text: str) -> None:
    assert decode(text.encode(), "a.txt") == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (bytes(range(256)), "no UTF-8"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "byte 0x89 at offset 0"),
        ("Pièce d'identité".encode("latin-1"), "byte 0xE8 at offset 2 \\(line 1\\) is no UTF-8"),
        ("Текст".encode("koi8-r"), "nothing strong tells another encoding"),
        ((SIMPLIFIED * 2).encode("gb18030") + b"\xff\n", "is no gb18030 text"),
        (b"\xff\xfe\xff", "is no utf-16 text"),
        (b"text\0with a NUL", "U\\+0000 at offset 4"),
        (b"~{foobar~}", "it looks like HZ"),
        (b"\x1b$)A\x0e=;;;\x0f", "it looks like ISO-2022-CN"),
        (b"Qu+AOk- ", "it looks like UTF-7"),
    ],
)
def test_what_cannot_be_told_is_refused_by_name_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=rf"^a\.txt: .*{reason}"):
        decode(data, "a.txt")


@pytest.mark.parametrize("text", [SIMPLIFIED, RUSSIAN, "The quay has nine bollards.\n"])
def test_one_bad_byte_of_a_large_text_is_named_and_can_be_let_pass(text: str) -> None:
    lines = text * 400
    data = lines.encode() + b"\xff\n" + lines.encode()
    place = f"byte 0xFF at offset {len(lines.encode()):,} \\(line {lines.count(chr(10)) + 1:,}\\)"
    with pytest.raises(UnreadableFile, match=place):
        decode(data, "a.txt")
    assert decode(data, "a.txt", decoding=Decoding(errors=DecodingErrors.REPLACE)) == f"{lines}\ufffd\n{lines}"


def test_a_bad_byte_of_a_large_text_in_another_encoding_is_named() -> None:
    data = (SIMPLIFIED * 40).encode("gb18030") + b"\xff\n" + (SIMPLIFIED * 40).encode("gb18030")
    with pytest.raises(UnreadableFile, match=r"byte 0xFF at offset .* \(line 81\) is no gb18030 text"):
        decode(data, "a.txt")
    assert decode(data, "a.txt", decoding=Decoding(errors=DecodingErrors.REPLACE)).count("\ufffd") == 1


@pytest.mark.parametrize("lines", [SIMPLIFIED * 40, "The quay is open to all.\n" * 40])
def test_a_control_character_in_a_text_is_named_and_can_be_let_pass(lines: str) -> None:
    data = f"{lines}\x1d\n{lines}".encode()
    place = (
        f"U\\+001D at offset {len(lines):,} \\(line {lines.count(chr(10)) + 1:,}\\) is in no text; mend it, or let it"
    )
    with pytest.raises(UnreadableFile, match=place):
        decode(data, "a.txt")
    replace = Decoding(errors=DecodingErrors.REPLACE)
    assert decode(data, "a.txt", decoding=replace) == f"{lines}\ufffd\n{lines}"
    with pytest.raises(UnreadableFile, match="name its encoding"):
        decode(lines.encode() + b"\1\2\3" * len(lines), "a.txt", decoding=replace)


@pytest.mark.parametrize("data", ["め", "ab", "\u3081\n"])
def test_bytes_over_and_over_are_no_text_of_wide_units(data: str) -> None:
    for encoding in ("utf-16-le", "utf-16-be", "utf-32-le"):
        with pytest.raises(UnreadableFile):
            decode(data.encode(encoding) * 1_000, "a.txt")


def test_what_is_said_holds_for_what_shows_nothing_itself() -> None:
    short = "Pièce d'identité"
    said = Decoding("windows-1252")
    assert decode(short.encode("cp1252"), "a.txt", decoding=said) == short
    assert decode(short.encode("utf-8"), "a.txt", decoding=said) == short
    assert decode(short.encode("utf-16"), "a.txt", decoding=said).removeprefix("\ufeff") == short
    assert decode(b"~{VPND~}", "a.txt", decoding=Decoding("hz")) == "中文"
    with pytest.raises(UnreadableFile, match=r"byte 0xE8 at offset 2 .* is no euc_jp text"):
        decode(short.encode("cp1252"), "a.txt", decoding=Decoding("euc-jp"))


@pytest.mark.parametrize("name", ["", "latin-99", "rot13", "base64", "idna", "unicode_escape", "utf-8\0", "x" * 500])
def test_no_encoding_is_told(name: str) -> None:
    with pytest.raises(InvalidInput, match="is no encoding that is known") as told:
        Decoding(name)
    assert len(str(told.value)) < 200


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    for errors in DecodingErrors:
        try:
            decode(data, "a.txt", decoding=Decoding(errors=errors))
        except UnreadableFile:
            pass


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="No such file"):
        read_bytes(tmp_path / "missing.txt")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", "<p>Pièce d'identité."),
        ("a.csv", "nom;valeur\nPièce;12\nIdentité;13\n"),
        ("a.json", '[{"nom": "Pièce"}]'),
        ("a.rst", "Pièce d'identité\n"),
        ("a.py", "# Pièce d'identité\n"),
        ("a.mdx", "# Pièce d'identité\n"),
    ],
)
def test_whatever_holds_text_is_decoded_as_is_said(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_bytes(content.encode("cp1252"))
    (found,) = read_documents([tmp_path])
    assert isinstance(found, Skipped)
    assert "is no UTF-8" in found.reason
    (found,) = read_documents([tmp_path], Decoding("windows-1252"))
    assert not isinstance(found, Skipped)
    assert "Pièce" in found[1].text
