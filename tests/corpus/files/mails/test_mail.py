"""Mails are read as a person reads them, whatever their programs say of them; what hangs on them are files."""

from base64 import encodebytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.files.mails import eml
from corpus.files.mails.texts import addresses, day_of, header_text, unflowed
from tests.corpus.files.archive_makers import read_one, zipped
from tests.corpus.files.file_makers import column, make_pdf

QUAY = "The quay is 300 metres long."
HEAD = (
    b"From: Ann Lee <ann@example.org>\r\nTo: Bo Ek <bo@example.org>\r\nDate: Thu, 16 Apr 2026 23:30:00 +0800\r\n"
    b"Subject: The quay\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n"
)
TOP = (
    "From: Ann Lee <ann@example.org>\nTo: Bo Ek <bo@example.org>\nDate: Thu, 16 Apr 2026 23:30:00 +0800\n"
    "Subject: The quay\n\n"
)


def body_of(tmp_path: Path, head: bytes, body: bytes) -> str:
    documents, skipped = read_one(tmp_path / "m.eml", HEAD + head + b"\r\n" + body)
    assert not skipped, skipped
    text = documents["m.eml"].text
    assert text.startswith(TOP)
    return text.removeprefix(TOP).rstrip("\n")


def test_headers_stand_above_the_text_and_are_what_is_known_of_it(tmp_path: Path) -> None:
    documents, _ = read_one(tmp_path / "m.eml", HEAD + b"\r\n" + QUAY.encode())
    document = documents["m.eml"]
    assert document.text == f"{TOP}{QUAY}\n"
    assert (document.title, document.author, document.published) == ("The quay", "Ann Lee", "2026-04-16")
    assert document.metadata == {"from": "ann@example.org", "to": ["bo@example.org"], "message_id": "<1@example.org>"}


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("us-ascii", "utf-8"),  # a lie that many tell
        ("iso-8859-1", "utf-8"),
        ("gb2312", "gb18030"),
        ("utf-8", "gb18030"),
        ("big5", "cp950"),
        ("x-unknown", "utf-8"),
    ],
)
def test_encodings_and_what_is_said_of_them(tmp_path: Path, declared: str, encoding: str) -> None:
    said = (
        "港口有兩座起重機，碼頭長三百公尺，每天有十二班船。"
        if encoding == "cp950"
        else "港口有两台起重机，码头长三百米，每天有十二班船。"
    )
    head = f"Content-Type: text/plain; charset={declared}\r\nContent-Transfer-Encoding: 8bit\r\n".encode()
    assert body_of(tmp_path, head, said.encode(encoding)) == said


@pytest.mark.parametrize("encoding", ["iso-2022-jp", "hz"])
def test_encodings_of_seven_bits(tmp_path: Path, encoding: str) -> None:
    said = "港の岸壁は三百メートルです。" if encoding == "iso-2022-jp" else "码头长三百米。"
    assert (
        body_of(tmp_path, f"Content-Type: text/plain; charset={encoding}\r\n".encode(), said.encode(encoding)) == said
    )


@pytest.mark.parametrize(
    ("coding", "coded"),
    [
        ("quoted-printable", b"Caf=C3=A9 =E2=80=93 the quay is 300 =\r\nmetres long."),
        ("base64", b"Q2Fmw6kg4oCTIHRoZSBxdWF5IGlzIDMwMCBtZXRyZXMgbG9uZy4="),
        ("BASE64 ", b"Q2Fmw6kg4oCTIHRoZSBxdWF5\r\nIGlzIDMwMCBtZXRyZXMgbG9uZy4=\r\n\r\n--\r\n"),
        ("8bit", "Café – the quay is 300 metres long.".encode()),
    ],
)
def test_codings(tmp_path: Path, coding: str, coded: bytes) -> None:
    head = f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {coding}\r\n".encode()
    assert body_of(tmp_path, head, coded) == "Café – the quay is 300 metres long."


def test_flowed_lines_are_paragraphs(tmp_path: Path) -> None:
    head = b"Content-Type: text/plain; format=flowed\r\n"
    body = b"The quay is 300 \r\nmetres long.\r\n> It was \r\n> shorter.\r\n-- \r\nAnn"
    assert body_of(tmp_path, head, body) == "The quay is 300 metres long.\n> It was shorter.\n--\nAnn"
    assert unflowed("港口 \n很大。", spaceless=True) == "港口很大。"


def letter(*parts: tuple[str, str], kind: str = "mixed") -> bytes:
    inner = "".join(f"--b\r\nContent-Type: {head}\r\n\r\n{body}\r\n" for head, body in parts)
    return HEAD + f"Content-Type: multipart/{kind}; boundary=b\r\n\r\n{inner}--b--\r\n".encode()


PLAIN, PAGE = ("text/plain; charset=utf-8", QUAY), ("text/html; charset=utf-8", f"<p>{QUAY} <b>Indeed.</b></p>")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (letter(PLAIN, PAGE, kind="alternative"), QUAY),
        (letter(PAGE, PLAIN, kind="alternative"), QUAY),
        (letter(("text/plain", " \r\n"), PAGE, kind="alternative"), f"{QUAY} Indeed."),
        (letter(PAGE), f"{QUAY} Indeed."),
        (letter(PAGE, ("text/plain", "-- \r\nThe list")), f"{QUAY} Indeed.\n\n--\nThe list"),
        (letter(PLAIN, ("text/calendar", "BEGIN:VCALENDAR"), kind="alternative"), QUAY),
        (letter(PLAIN, ("application/pgp-signature", "xyz"), kind="signed"), QUAY),
        (letter(PAGE, ("image/png\r\nContent-ID: <1>", "xyz"), kind="related"), f"{QUAY} Indeed."),
    ],
)
def test_one_of_several_forms_is_read(tmp_path: Path, content: bytes, text: str) -> None:
    documents, skipped = read_one(tmp_path / "m.eml", content)
    assert documents["m.eml"].text == f"{TOP}{text}\n"
    assert not skipped


def test_a_page_is_read_in_the_encoding_of_its_part(tmp_path: Path) -> None:
    page = '<html><head><meta charset="iso-8859-1"></head><body><p>码头长三百米，港口有两台起重机。</p></body></html>'
    head = b"Content-Type: text/html; charset=gbk\r\nContent-Transfer-Encoding: 8bit\r\n"
    assert body_of(tmp_path, head, page.encode("gbk")) == "码头长三百米，港口有两台起重机。"


def test_what_hangs_on_a_mail_is_a_document_of_its_own(tmp_path: Path) -> None:
    message = EmailMessage(policy=SMTP)
    message["From"], message["Subject"], message["Date"] = (
        "Ann <ann@example.org>",
        "Plans",
        "Thu, 16 Apr 2026 09:00:00 +0000",
    )
    message["Message-ID"] = "<2@example.org>"
    message.set_content("See the plans.")
    pdf = make_pdf(tmp_path / "plan.pdf", [column("The crane lifts 40 tonnes.")]).read_bytes()
    (tmp_path / "plan.pdf").unlink()
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename="计划.pdf")
    message.add_attachment("first", filename="../note.txt")
    message.add_attachment("second", filename="note.txt")
    message.add_attachment(zipped({"quay.txt": QUAY}), maintype="application", subtype="zip", filename="more.zip")
    message.add_attachment(b"x", maintype="application", subtype="octet-stream", filename="run.exe")
    older = EmailMessage()
    older["From"], older["Subject"] = "Bo <bo@example.org>", "Re: old/new"
    older.set_content("The old quay was 200 metres long.")
    message.add_attachment(older)
    documents, skipped = read_one(tmp_path / "m.eml", message.as_bytes())
    assert sorted(documents) == [
        "m.eml",
        "m.eml/Re: old-new.eml",
        "m.eml/more.zip/quay.txt",
        "m.eml/note (2).txt",
        "m.eml/note.txt",
        "m.eml/计划.pdf",
    ]
    assert not skipped
    assert {each.metadata.get("attached_to") for each in documents.values()} == {None, "m.eml"}
    assert documents["m.eml/计划.pdf"].metadata["message_id"] == "<2@example.org>"
    forwarded = documents["m.eml/Re: old-new.eml"]
    assert forwarded.metadata["from"] == "bo@example.org"
    assert "message_id" not in forwarded.metadata
    assert forwarded.text.endswith("The old quay was 200 metres long.\n")


def test_a_forwarded_mail_in_base64(tmp_path: Path) -> None:
    inner = encodebytes(HEAD + b"\r\nIt is coded.").decode()
    documents, _ = read_one(
        tmp_path / "m.eml", letter(PLAIN, ("message/rfc822\r\nContent-Transfer-Encoding: base64", inner))
    )
    assert documents["m.eml/The quay.eml"].text == f"{TOP}It is coded.\n"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?utf-8?Q?Quay_=E2=80=93_plans?=", "Quay – plans"),
        ("=?gb2312?B?wuvNtw==?=\r\n =?gb2312?B?vMa7rg==?=", "码头计划"),
        ("=?utf-8?B?5rib?= =?utf-8?B?5Y+j?=", "減口"),
        ("=?utf-8?B?56A=?= =?utf-8?B?geWktA==?=", "码头"),
        ("=?no-such?Q?Quay?= plans", "Quay plans"),
        ("=?utf-8?B?!!!?=", "=?utf-8?B?!!!?="),
        ("Plain, with = and ?", "Plain, with = and ?"),
        ("码头".encode().decode("ascii", "surrogateescape"), "码头"),
        ("The quay\r\n\tplans", "The quay plans"),
    ],
)
def test_headers_as_they_are_sent(raw: str, text: str) -> None:
    assert header_text(raw) == text


def test_addresses_and_days() -> None:
    assert addresses('"Lee, Ann" <ann@example.org>, =?utf-8?Q?B=C3=B8?= <bo@example.org>') == [
        ("Lee, Ann", "ann@example.org"),
        ("Bø", "bo@example.org"),
    ]
    assert day_of("Thu, 16 Apr 2026 23:30:00 +0800") == "2026-04-16"
    assert [day_of(odd) for odd in ("", "soon", "99 Foo 20", "Thu, 32 Apr 2026 00:00:00 +0000")] == [None] * 4


def test_a_header_of_brackets_costs_itself_only(tmp_path: Path) -> None:
    documents, _ = read_one(tmp_path / "m.eml", HEAD + b"Cc: " + b"(" * 100_000 + b"\r\n\r\n" + QUAY.encode())
    document = documents["m.eml"]
    assert document.text.endswith(QUAY + "\n")
    assert document.metadata["to"] == ["bo@example.org"]
    assert "cc" not in document.metadata


def test_what_is_no_mail(tmp_path: Path) -> None:
    _, skipped = read_one(tmp_path / "m.eml", b"Dear reader,\n\nthis is a text.")
    assert "none of the headers of a mail" in skipped["m.eml"]


def test_parts_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eml, "MOST_PARTS", 10)
    with pytest.raises(UnreadableFile, match="more than the 10 of a mail"):
        eml.letter_of(letter(*[PLAIN] * 20))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=60)), max_size=5), st.binary(max_size=300))
def test_no_header_and_no_body_is_too_odd(headers: list[tuple[str, str]], body: bytes) -> None:
    head = "".join(f"{name}: {value}\n" for name, value in headers).encode("utf-8", "surrogatepass")
    found = eml.letter_of(b"From: a@b.c\n" + head + b"Content-Type: multipart/mixed; boundary=x\n\n--x\n" + body)
    assert found.sender is not None
