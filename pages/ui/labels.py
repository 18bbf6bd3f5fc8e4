"""What codes are called on screen: segment columns and their values, cuts of metrics, in the reader's language."""

from data.settings import Settings
from pages.ui.text import sentences, t

WITHOUT = {"unknown", "none"}


def column_label(settings: Settings, column: str, lang: str) -> str:
    """Name of a column by which things can be cut; a column that nobody named shows as its code."""
    if column in settings.segments:
        return settings.segments[column].label[lang]
    key = f"columns.{column}"
    return t(key, lang) if key in sentences(lang) else column


def code_label(settings: Settings, column: str, code: str, lang: str) -> str:
    """Label of a code of a column; the company's own first, then the words of this project, then the code itself."""
    label = settings.label(column, code, lang)
    if label != code:
        return label
    for key in (f"codes.{column}.{code}", f"codes.{code}"):
        if key in sentences(lang):
            return t(key, lang)
    return code
