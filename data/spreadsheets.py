"""Texts that a spreadsheet opens without taking them for formulas (OWASP: CSV injection)."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def harmless(text: str) -> str:
    """The text with an apostrophe before what would be a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def as_written(text: str) -> str:
    """What `harmless` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text
