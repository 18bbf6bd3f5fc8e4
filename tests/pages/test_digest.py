"""The digest: in both languages, with links that hold their data, as one message; silent when nothing changed."""

import email
import json
import re
from datetime import date, datetime
from email import policy

import pytest

from data.written.notes import add
from pages import digest as command
from pages.digest import NOTHING_CHANGED, main
from pages.ui.digests import Digest, Item, as_html, as_text


@pytest.fixture
def place(sample_snapshots, tmp_path, monkeypatch):
    """Snapshots in a folder of their own, beside which the last digest is remembered."""
    (tmp_path / "snapshots").symlink_to(sample_snapshots)
    monkeypatch.setenv("OUTSIDE_IN_SNAPSHOTS", str(tmp_path / "snapshots"))
    monkeypatch.setattr(command.Path, "resolve", lambda self: self)
    return tmp_path


def written(place, name: str, *words: str) -> tuple[int, bytes]:
    out = place / name
    code = main(["--snapshots", str(place / "snapshots"), "--out", str(out), *words])
    return code, out.read_bytes() if out.exists() else b""


@pytest.mark.parametrize(("lang", "titles"), [("fr", ("Un client", "Ce qui va bien")), ("en", ("One customer",))])
def test_it_is_one_message_with_text_and_html_in_the_readers_language(place, lang, titles):
    words = ("--language", lang, "--to", "board@example.org", "--site", "http://host:1/")
    code, content = written(place, "digest.eml", *words)
    mail = email.message_from_bytes(content, policy=policy.default)
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert code == 0
    assert mail["To"] == "board@example.org"
    assert "Maison Clairval" in mail["Subject"]
    assert all(title in html and title.upper() in text for title in titles)
    links = set(re.findall(r"http://host:1/\S+", text))
    assert links
    assert all("snap=" in link and f"lang={lang}" in link and "from=2025-11" in link for link in links)
    assert not re.search(r"<(img|script|link|style)|src=|url\(", html), "nothing is fetched"


def test_it_is_written_once_and_silent_until_something_changes(place, capsys):
    assert written(place, "a.txt", "--language", "en")[0] == 0
    assert written(place, "b.txt", "--language", "en") == (NOTHING_CHANGED, b"")
    assert "Nothing changed" in capsys.readouterr().err
    assert written(place, "c.txt", "--language", "fr")[0] == 0, "each language has its own readers"
    assert written(place, "d.html", "--language", "en", "--again")[0] == 0
    last = place / command.LAST
    last.write_text(json.dumps(json.loads(last.read_text()) | {"en": "another month"}))
    assert written(place, "e.txt", "--language", "en")[0] == 0


def test_without_data_it_says_so_and_writes_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("OUTSIDE_IN_SNAPSHOTS", str(tmp_path))
    assert main(["--snapshots", str(tmp_path), "--out", str(tmp_path / "x.eml")]) == 1
    assert capsys.readouterr().err
    assert not (tmp_path / "x.eml").exists()


def test_a_story_is_told_by_its_printed_rule_and_masked(place):
    text = written(place, "digest.txt", "--language", "en")[1].decode()
    story = text.split("ONE CUSTOMER")[1]
    assert "Chosen by rule" in story
    assert "stands under a pseudonym" in story
    assert "/walk?" in story


def test_words_from_outside_stay_words():
    found = Digest("<b>", (("T & U", (Item("<img src=x>", ("<i>",), ("go", "http://h/?a=1&b=2")),)),), ("<u>",), "")
    html = as_html(found, "en")
    assert "<img" not in html
    assert "&lt;img src=x&gt;" in html
    assert "http://h/?a=1&amp;b=2" in html
    assert "<img src=x>" in as_text(found, "en")


def test_notes_on_its_months_are_told_and_a_new_one_is_a_change(place, monkeypatch):
    monkeypatch.setenv("OUTSIDE_IN_WRITTEN", str(place / "written_store"))
    assert written(place, "a.txt", "--language", "en")[0] == 0
    for month, text in ((date(2026, 10, 1), "Strike at the carrier"), (date(2026, 2, 1), "Long ago")):
        add(place / "written_store", "promise", month, text, "ada", datetime(2026, 11, 2, 9))
    code, content = written(place, "b.txt", "--language", "en")
    assert code == 0
    assert "Strike at the carrier (ada, 2 Nov 2026)" in content.decode()
    assert "Long ago" not in content.decode()
    assert written(place, "c.txt", "--language", "en")[0] == NOTHING_CHANGED
