"""What customers write and what agents note, in French and English."""

from data.sample.words.writing import write_words

__all__ = ["write_words"]
