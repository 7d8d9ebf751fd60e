"""Mails of Outlook are read as mails that were sent are."""

import struct
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from corpus.files.mails.eml import letter_of
from corpus.files.mails.letter import Attachment, Body, Letter
from corpus.files.mails.msg import as_mail
from corpus.files.mails.packed_rtf import unpacked_rtf
from tests.corpus.files.archive_makers import read_one, zipped
from tests.corpus.files.ole_makers import filetime, ole, properties

QUAY = "The quay is 300 metres long."
SENT = filetime(datetime(2026, 4, 16, 1, tzinfo=UTC))
TOP = {"0037001F": "The quay", "0C1A001F": "Ann Lee", "0C1F001F": "ann@example.org", "1035001F": "<1@example.org>"}


def message(streams: dict[str, Any], pages: dict[int, int] | None = None, **inner: dict[str, Any]) -> bytes:
    """Return a mail; what else is in it is named by what it is and a number, as `attach_0`."""
    kept = properties(32, {0x0039: SENT, **(pages or {})}, {**TOP, **streams})
    for name, each in inner.items():
        kind, number = name.split("_")
        kept[f"__{kind}_version1.0_#{int(number):08X}"] = each
    return ole(kept)


def packed_rtf(text: str) -> bytes:
    """Return RTF as Outlook keeps it, every byte as it is."""
    raw = "".join(letter if letter.isascii() else f"\\u{ord(letter)}?" for letter in text).encode()
    pieces = [raw[at : at + 8] for at in range(0, len(raw), 8)]
    body = b"".join(b"\0" + piece for piece in pieces)
    return struct.pack("<LL4sL", len(body) + 12, len(raw), b"LZFu", 0) + body


@pytest.mark.parametrize(
    ("packed", "text"),
    [  # the two examples of [MS-OXRTFCP]
        (
            "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0",
            b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n",
        ),
        ("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0", b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"),
        ("1a0000001c0000004c5a4675e2d44b5141000420", b"{\\rtf1 "),
        ("1a000000040000004d454c4100000000" + b"{ab}".hex(), b"{ab}"),
        ("1a00", b""),
    ],
)
def test_packed_rtf(packed: str, text: bytes) -> None:
    assert unpacked_rtf(bytes.fromhex(packed)) == text


def attached(name: str, content: bytes) -> dict[str, Any]:
    return properties(8, {}, {"3707001F": name, "37010102": content})


def test_a_mail_with_its_headers(tmp_path: Path) -> None:
    people = [
        properties(8, {0x0C15: 1 + at}, {"3001001F": name, "39FE001F": f"{name}@example.org"})
        for at, name in enumerate(("bo", "cy", "di"))
    ]
    content = message({"1000001F": f"{QUAY}\r\n"}, recip_0=people[0], recip_1=people[1], recip_2=people[2])
    documents, skipped = read_one(tmp_path / "m.msg", content)
    assert not skipped
    document = documents["m.msg"]
    assert document.text == (
        "From: Ann Lee <ann@example.org>\nTo: bo <bo@example.org>\nCc: cy <cy@example.org>\n"
        f"Date: Thu, 16 Apr 2026 01:00:00 +0000\nSubject: The quay\n\n{QUAY}\n"
    )
    assert (document.title, document.author, document.published) == ("The quay", "Ann Lee", "2026-04-16")
    assert document.metadata == {
        "from": "ann@example.org",
        "to": ["bo@example.org"],
        "cc": ["cy@example.org"],
        "message_id": "<1@example.org>",
    }


def test_the_headers_that_it_was_sent_with_win(tmp_path: Path) -> None:
    sent = (
        "Microsoft Mail Internet Headers Version 2.0\r\nFrom: =?utf-8?Q?B=C3=B8?= <bo@example.org>\r\n"
        "Date: Fri, 17 Apr 2026 09:00:00 +0800\r\n"
    )
    documents, _ = read_one(tmp_path / "m.msg", message({"1000001F": QUAY, "007D001F": sent}))
    document = documents["m.msg"]
    assert (document.author, document.published, document.title) == ("Bø", "2026-04-17", "The quay")


@pytest.mark.parametrize(
    ("streams", "pages"),
    [
        ({"1000001F": "码头长三百米，港口有两台起重机。"}, {}),
        ({"1000001E": "码头长三百米，港口有两台起重机。".encode("gbk")}, {0x3FDE: 936}),
        ({"1000001E": "码头长三百米，港口有两台起重机。".encode("gbk")}, {0x3FFD: 936}),
        ({"10130102": "<p>码头长三百米，港口有两台起重机。</p>".encode()}, {0x3FDE: 65001}),
        ({"10090102": packed_rtf("{\\rtf1\\ansi \\u30721?\\u22836?长三百米，港口有两台起重机。}")}, {}),
        ({"1013001F": "<p>码头长三百米，港口有两台起重机。</p>"}, {}),
        ({"1000001F": " \0", "10130102": "<p>码头长三百米，港口有两台起重机。</p>".encode("gbk")}, {0x3FDE: 936}),
    ],
)
def test_forms_and_code_pages_of_the_text(tmp_path: Path, streams: dict[str, Any], pages: dict[int, int]) -> None:
    documents, skipped = read_one(tmp_path / "m.msg", message(streams, pages))
    assert not skipped
    assert documents["m.msg"].text.endswith("\n\n码头长三百米，港口有两台起重机。\n")


def test_what_hangs_on_it(tmp_path: Path) -> None:
    older = properties(
        24, {}, {"0037001F": "Old/one", "1000001F": "The old quay.", "0C1A001F": "张三", "0C1F001F": "z@example.org"}
    )
    older["__attach_version1.0_#00000000"] = attached("计划.txt", b"The plan has nine parts.")
    content = message(
        {"1000001F": QUAY},
        attach_0=attached("list.zip", zipped({"quay.txt": QUAY})),
        attach_1=properties(8, {}, {"3701000D": older}),
        attach_2=attached("run.exe", b"x"),
        attach_3=properties(
            8, {}, {"3707001F": "logo.png", "370E001F": "image/png", "3712001F": "1", "37010102": b"x"}
        ),
    )
    documents, skipped = read_one(tmp_path / "m.msg", content)
    assert not skipped
    assert sorted(documents) == [
        "m.msg",
        "m.msg/Old-one.eml",
        "m.msg/Old-one.eml/计划.txt",
        "m.msg/list.zip/quay.txt",
    ]
    assert documents["m.msg/Old-one.eml"].author == "张三"
    assert documents["m.msg/Old-one.eml/计划.txt"].metadata["attached_to"] == "m.msg/Old-one.eml"


def test_a_mail_that_is_written_again_says_the_same() -> None:
    letter = Letter(
        {"From": "张三 <z@example.org>", "Subject": "码头"},
        [Body("码头长三百米。\n")],
        attachments=[Attachment("计划.txt", ".txt", b"x")],
    )
    again = letter_of(as_mail(letter))
    assert (again.headers["From"], again.headers["Subject"], again.sender) == ("张三 <z@example.org>", "码头", "张三")
    assert [body.text for body in again.body] == ["码头长三百米。\n"]
    assert [(each.name, each.content) for each in again.attachments] == [("计划.txt", b"x")]
    assert as_mail(letter) == as_mail(letter)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (ole({"Workbook": b"x"}), "what it holds is XLS"),
        (ole({"Anything": b"x"}), "no mail"),
        (ole({})[:600], "damaged or no mail"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), "damaged or no"),
        (b"From: a@b.c\n\nText", "no MSG"),
    ],
)
def test_what_is_no_mail_of_outlook(tmp_path: Path, content: bytes, told: str) -> None:
    documents, skipped = read_one(tmp_path / "m.msg", content)
    assert not documents
    assert told in skipped["m.msg"]
