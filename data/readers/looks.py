"""What a file is by its first bytes, to say so when it is not the text that its adapter declares."""

from data.errors import Fault
from data.readers.files import Export

HEAD = 4096
BY_MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive or an Excel workbook"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"PAR1", "a Parquet file"),
    (b"\xd0\xcf\x11\xe0", "an old or password-protected Office file"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"(\xb5/\xfd", "a zstd archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
)
UTF16 = (b"\xff\xfe", b"\xfe\xff")


def not_text(export: Export, encoding: str, format_: str) -> Fault | None:
    """Why a file declared as csv or jsonl cannot be one."""
    with export.path.open("rb") as stream:
        head = stream.read(HEAD)
    expected = f"The adapter declares {format_} in {encoding}"
    if not head:
        return Fault(export.name, "empty", "the file is empty", "Export it again; if there is nothing, leave it out")
    for magic, name in BY_MAGIC:
        if head.startswith(magic):
            return Fault(export.name, "content", f"this is {name}", f"{expected}: export it so, or change the adapter")
    if not encoding.startswith(("utf-16", "utf-32")) and (fault := other_encoding(export, head, expected)):
        return fault
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<head", b"<body")):
        found = "this is a web page (a login page, perhaps)" if b"<?xml" not in start[:5] else "this is XML"
        return Fault(export.name, "content", found, f"{expected}: sign in and export the file again")
    if format_ == "csv" and start.startswith((b"{", b"[{", b"[\n", b"[\r")):
        return Fault(export.name, "content", "this is JSON", f"{expected}: export it so, or say format: jsonl")
    return None


def other_encoding(export: Export, head: bytes, expected: str) -> Fault | None:
    """UTF-16 with a mark at its start, or without one by its many NUL bytes."""
    fix = f"{expected}: export it so, or say encoding: utf-16 (utf-16-le, utf-16-be without a mark)"
    if head.startswith(UTF16):
        return Fault(export.name, "encoding", "this is UTF-16", fix)
    if len(head) > 1 and head.count(0) * 5 > len(head):
        return Fault(export.name, "encoding", "every other byte is NUL: this looks like UTF-16 without a mark", fix)
    return None
