"""What says who is hidden; what does not is left to read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.masking import MASK, masked

HIDDEN = [
    ("Rappelez-moi au 06 39 98 44 14", "06 39 98 44 14"),
    ("Mon numéro : +33 6 39 98 84 41 merci", "+33 6 39 98 84 41"),
    ("call me on (0)20-7946-0958", "20-7946-0958"),
    ("écrivez à thomas.henry1@courrier.example svp", "thomas.henry1@courrier.example"),
    ("remboursez sur FR76 3000 6000 0112 3456 7890 189", "FR76"),
    ("remboursez sur fr76 3000 6000 0112 3456 7890 189", "fr76"),
    ("ma carte 4970 1234 5678 9012 a été débitée", "9012"),
    ("joignable au 06.39.98.11.46", "11.46"),
    ("jean.dupont (at) courrier.example", "dupont"),
    ("Cordialement, Jeanne Dupont", "Dupont"),
    ("Merci à Nadège pour sa patience", "Nadège"),
    ("Mme Dupont-Martin a tout réglé", "Dupont"),
    ("Thanks to Oliver for the help", "Oliver"),
]


@pytest.mark.parametrize(("text", "secret"), HIDDEN)
def test_what_says_who_is_hidden(text, secret):
    assert secret not in masked(text)
    assert MASK in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "Livré le 12/03/2026 à 8 h 30, 399,90 € bien dépensés",
        "J'ai attendu 45 minutes. La livraison était prévue le 2 mars.",
        "Great service, 10/10, ordered 3 times in 2026",
        "Merci beaucoup, je reviendrai",
    ],
)
def test_ordinary_words_and_numbers_stay(text):
    assert masked(text) == text


def test_the_customers_own_name_is_hidden_wherever_it_stands():
    assert masked("ici THOMAS, encore Henry !", ("Thomas Henry",)) == f"ici {MASK}, encore {MASK} !"


@given(st.text(max_size=200))
def test_any_text_can_be_masked_and_masking_again_hides_nothing_more(text):
    once = masked(text)
    assert masked(once).count("@") <= once.count("@")


@given(st.from_regex(r"0[67]( ?[0-9]{2}){4}", fullmatch=True), st.sampled_from(["au ", "tel:", "\n", "(", "« "]))
def test_every_french_number_is_hidden(number, before):
    assert number not in masked(f"appelez {before}{number} merci")
