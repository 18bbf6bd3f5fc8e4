"""Customers' and agents' words without what says who: addresses, numbers, account numbers, names.

By rules, so a name that nothing announces may stay; readers who may not see persons are told so.
"""

import re

MASK = "▒▒▒"
EMAIL = re.compile(r"[\w.+-]+ ?(?:@|\(at\)|\[at\]) ?[\w-]+(?:\.[\w-]+)+")
IBAN = re.compile(
    r"\b(?:[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){3,7}(?:[ ]?[A-Z0-9]{1,4})?"
    r"|[A-Za-z]{2}\d{2}(?:[ ]?\d{4}){3,7}(?:[ ]?\w{1,4})?)\b"
)
NUMBER = re.compile(r"(?<![\w.])(?:\+|00)?\d(?:[ .\-/()]{0,2}\d){8,18}(?!\w)")  # telephone, card, customer number
CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'-]+"
# A name that is announced: by a title, by thanks, by a signature.
ANNOUNCED = re.compile(
    r"\b(?P<before>M\.|Mr\.?|Mrs\.?|Ms\.?|Mme|Mlle|Madame|Monsieur|Mademoiselle|Dr\.?"
    r"|[Mm]erci (?:encore )?à|[Bb]ravo à|[Mm]erci|[Tt]hanks to|[Tt]hank you,?|[Bb]ien à vous,|[Ss]igné"
    r"|[Cc]ordialement,?|[Rr]egards,?|[Ss]incerely,?|[Jj]e m[’']appelle|[Mm]y name is)\s+"
    rf"(?P<name>{CAPITAL}(?:\s+{CAPITAL})?)"
)
LEAST_NAME = 3  # letters: shorter parts of a name would hide ordinary words


def masked(text: str, names: tuple[str, ...] = ()) -> str:
    """The text with e-mail addresses, account and telephone numbers, announced names and `names` hidden."""
    for pattern in (EMAIL, IBAN, NUMBER):
        text = pattern.sub(MASK, text)
    text = ANNOUNCED.sub(lambda found: f"{found['before']} {MASK}", text)
    parts = {part for name in names for part in re.split(r"[\s-]+", name) if len(part) >= LEAST_NAME}
    if not parts:
        return text
    known = "|".join(re.escape(part) for part in sorted(parts, key=len, reverse=True))
    return re.sub(rf"\b(?:{known})\b", MASK, text, flags=re.IGNORECASE)
