"""The page of the proof: sums, what differs, and the table to download."""

from __future__ import annotations

import pytest

from tests.web.test_pages import problems
from tests.web.visitor import Visitor, words


@pytest.fixture
def months(reader: Visitor) -> list[str]:
    """The addresses of the months of invoices."""
    links = reader.soup("/proof/demo").select("tbody th a[href*='kind=invoice']")
    return [str(link["href"]) for link in links]


def test_the_page_says_first_whether_both_books_agree(reader: Visitor) -> None:
    page = reader.soup("/proof/demo")
    lede = page.select_one(".lede")
    assert lede is not None
    assert "difference" in lede.get_text()
    assert problems(page) == []
    assert "Drafts stay home until they are numbered." in words(reader.get("/proof/demo"))


def test_a_month_leads_to_its_customers_and_they_to_their_documents(
    reader: Visitor, months: list[str]
) -> None:
    page = reader.soup(months[0])
    assert problems(page) == []
    heads = [head.get_text() for head in page.select("thead th")]
    assert "Customer" in heads
    customer = page.select_one("tbody th a[href*='customer=']")
    assert customer is not None
    deeper = reader.soup(str(customer["href"]))
    assert len(deeper.select("table.proof tbody tr")) == 1


def test_a_document_that_differs_leads_to_its_record_and_to_both_systems(reader: Visitor) -> None:
    page = reader.soup("/proof/demo")
    row = page.select("table.sides tbody tr")[0]
    record = row.select_one("th a")
    assert record is not None
    assert reader.get(str(record["href"])).status_code == 200
    assert "/admin/" in str(row.select("td a")[0]["href"])


def test_the_table_is_downloaded_under_the_name_of_the_connection(reader: Visitor) -> None:
    answer = reader.get("/proof/demo/csv?kind=payment")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert 'filename="proof-demo-' in answer.headers["Content-Disposition"]
    rows = answer.data.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("kind,month")
    assert {row.split(",")[0] for row in rows[1:]} == {"payment"}


def test_an_odd_address_shows_everything_or_says_what_is_wrong(reader: Visitor) -> None:
    assert reader.get("/proof/demo?kind=nothing&currency=%00").status_code == 400
    assert reader.get("/proof/demo?kind=nothing&currency=XYZ&customer=none").status_code == 200
    assert reader.get("/proof/nothing").status_code == 404
    assert "write it as 2026-11" in words(reader.get("/proof/demo?month=May"))
