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


def irritant_name(settings: Settings, thing: str, lang: str) -> str:
    """A candidate of metrics/irritants.py in words: its source says the sentence, its code what stands in it."""
    source, _, code = thing.partition(":")
    if source == "promise":
        return t(f"irritants.names.promise_{code}", lang)
    if source == "seam":
        ends = [code_label(settings, "channel", channel, lang) for channel in code.split(">")]
        return t("irritants.names.seam", lang, left=ends[0], right=ends[-1])
    kind = "reason" if source == "repeat" else source
    return t(f"irritants.names.{source}", lang, what=code_label(settings, kind, code, lang))
