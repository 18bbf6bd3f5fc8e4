import numpy as np


def write_words(made, rng):
    surveys = made.tables["surveys"]
    words = surveys["words"].to_numpy()
    english = made.people.english[surveys["customer"].to_numpy()]
    surveys["verbatim"] = np.where(words, "x", None)
    surveys["language"] = np.where(words, english.astype(int), -1)
    made.tables["contacts"]["note"] = None
