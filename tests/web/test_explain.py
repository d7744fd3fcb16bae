"""The page that explains: one box, one answer for each record."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.web.test_pages import problems
from tests.web.visitor import Visitor, words


def test_the_home_page_asks_why_and_leads_to_the_answer(reader: Visitor) -> None:
    box = reader.soup("/").select_one("form[role=search]")
    assert box is not None
    assert box["action"] == "/explain"
    page = reader.soup("/explain?text=INV-000076")
    assert problems(page) == []
    text = words(reader.get("/explain?text=INV-000076"))
    assert "It is in step." in text
    assert "To do: Nothing." in text
    assert "Is its customer on the other side?" in text
    links = [str(link["href"]) for link in page.select("main a")]
    assert "/records/demo/invoice/perfex/76" in links
    assert any("/admin/invoices/list_invoices/76" in link for link in links)
    assert any("shortcode=" in link for link in links)


def test_what_waits_for_a_person_leads_to_its_question(reader: Visitor) -> None:
    page = reader.soup("/explain?text=INV-00")
    answer = page.select_one("main a.button.primary")
    assert answer is not None
    number = str(answer["href"]).partition("#")[2]
    assert number.startswith("q")
    assert "More records fit" in page.get_text()


@pytest.mark.parametrize(
    "text", ["nothing of the kind", "_%_", "' or 1=1 --", "<script>", "a" * 500]
)
def test_nothing_found_says_where_it_was_looked(reader: Visitor, text: str) -> None:
    answer = reader.get("/explain", query_string={"text": text})
    assert answer.status_code == 200
    assert "nothing found" in words(answer)
    assert "Where it was looked" in words(answer)
    assert "<script>" not in answer.text.partition("</header>")[2].partition("<script nonce")[0]


def test_an_empty_box_says_what_can_be_typed(reader: Visitor) -> None:
    assert "Type what you know of a record" in words(reader.get("/explain"))


def test_strangers_learn_nothing(visit: Callable[[str], Visitor]) -> None:
    answer = visit("").get("/explain?text=INV-000076")
    assert answer.status_code == 302
    assert "INV-000076" in visit("viewer").get("/explain?text=INV-000076").text


def test_the_page_of_a_record_leads_to_both_systems_and_to_its_explanation(reader: Visitor) -> None:
    page = reader.soup("/records/demo/invoice/perfex/76")
    links = {link.get_text(): str(link["href"]) for link in page.select("main .row a")}
    assert links["Open in Perfex"].endswith("/admin/invoices/list_invoices/76")
    assert "organisationlogin" in links["Open in Xero"]
    assert "INV-000076" in words(reader.get(links["Explain"]))
