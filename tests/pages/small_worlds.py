"""Companies at the edge: one customer with one order, and one whose every name would like to be markup."""

from pathlib import Path

from tests.conftest import command
from tests.data.tiny_company import TinyCompany

PAYLOADS = (
    "<img src=x onerror=document.title=1>",
    "[click](javascript:alert(1))",
    "![p](http://evil.example/p.png)",
    "https://evil.example/x",
    "www.evil.example",
    "<a href='http://evil.example'>x</a><br><b>b</b>",
    "$\\frac{1}{2}$",
    ":material/home:",
    "=cmd|' /C calc'!A0",
    "\u202ehtron",
)


def built(company: TinyCompany) -> Path:
    command("data.refresh", *company.arguments())
    return company.snapshots


def one_customer(folder: Path) -> Path:
    return built(TinyCompany(folder, customers=1))


def hostile(folder: Path) -> Path:
    """Payloads as company name, as segment codes, as labels of codes and of columns, as channels, as file content."""
    company = TinyCompany(folder, customers=300)
    codes = [payload.replace(" ", "_").replace(",", "_") for payload in PAYLOADS]
    for i, customer in enumerate(company.rows["customers"]):
        customer["region"] = codes[i % len(codes)]
    for i, contact in enumerate(company.rows["contacts"]):
        contact["channel"] = codes[i % len(codes)]
    company.write()
    both = {"en": PAYLOADS[0], "fr": PAYLOADS[2]}
    company.configure(
        company={"name": {"en": PAYLOADS[3], "fr": PAYLOADS[2]}, "currency": "EUR", "time_zone": "Europe/Paris"},
        segments={"region": {"label": both, "values": {"north": both, "labelled": both}}},
    )
    return built(company)
