"""What people do in a real browser, under the strict policy, with a mouse, a keyboard or a phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import requests
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    sync_playwright,
)

from tests.support.paths import chromium
from tests.web.seed import running
from tests.web.test_pages import PAGES
from xero_bridge.wiring.demo import Demo

pytestmark = pytest.mark.browser

#: A run over the data of the demonstration takes seconds; a busy machine needs more.
_PATIENCE = 120_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield found
        found.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running(tmp_path_factory.mktemp("browser") / "demo") as demo:
        yield demo


@dataclass
class Screen:
    """A page of one browser, with what went wrong on it and what it asked."""

    page: Page
    demo: Demo
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    #: What is answered to a question: go on, or not.
    agrees: bool = True

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", self._asks)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def _asks(self, dialog: Dialog) -> None:
        self.asked.append(dialog.message)
        if self.agrees:
            dialog.accept()
        else:
            dialog.dismiss()

    def open(self, path: str) -> None:
        self.page.goto(self.demo.url + path)

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).first.click()
        self.page.wait_for_load_state()

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def wait_for_run(self) -> None:
        """Until the fragment of the progress no longer asks."""
        self.page.wait_for_function("() => !document.querySelector('[hx-get]')", timeout=_PATIENCE)

    def sync(self) -> None:
        self.open("/connections/demo")
        self.press("Sync now")
        self.wait_for_run()
        self.open("/connections/demo")


def sign_in(browser: Browser, demo: Demo, **options: object) -> BrowserContext:
    context = browser.new_context(**options)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{demo.url}/login")
    page.get_by_label("E-mail").fill(demo.user)
    page.get_by_label("Password").fill(demo.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{demo.url}/")
    page.close()
    return context


@pytest.fixture(scope="module")
def signed_in(browser: Browser, demo: Demo) -> Iterator[BrowserContext]:
    context = sign_in(browser, demo)
    yield context
    context.close()


@pytest.fixture
def screen(signed_in: BrowserContext, demo: Demo) -> Iterator[Screen]:
    """A tab of a signed-in browser; whatever the test does, the console stays silent."""
    shown = Screen(signed_in.new_page(), demo)
    yield shown
    shown.page.close()
    assert shown.errors == []


@pytest.fixture(scope="module")
def first_plan(signed_in: BrowserContext, demo: Demo) -> str:
    """The words of the first plan, made by pressing Connect and consenting on Xero's page."""
    screen = Screen(signed_in.new_page(), demo)
    screen.open("/")
    screen.page.get_by_role("link", name="Connect").first.click()
    screen.page.get_by_role("radio").first.check()
    screen.press("Allow access")
    screen.page.wait_for_url("**/setup/demo")
    screen.wait_for_run()
    screen.open("/plan/demo")
    told = screen.text()
    screen.page.close()
    assert screen.errors == []
    return told


@pytest.fixture(scope="module")
def mapped(signed_in: BrowserContext, demo: Demo, first_plan: str) -> tuple[str, str]:
    """The plan before and after a mapping and a setting were changed in the tables."""
    screen = Screen(signed_in.new_page(), demo)
    screen.open("/admin/mapping/new/")
    screen.page.get_by_label("In Perfex").select_option(label="Payment mode Cash of demo")
    screen.page.get_by_label("In Xero").select_option(label="Petty Cash Card")
    screen.press("Save")
    screen.open("/admin/setting/new/")
    screen.page.get_by_label("Connection").select_option("demo")
    screen.page.get_by_label("Setting").select_option("births.item.perfex")
    screen.page.get_by_label("Value").fill("ignore")
    screen.press("Save")
    screen.sync()
    screen.open("/plan/demo")
    after = screen.text()
    screen.page.close()
    assert screen.errors == []
    return first_plan, after


@pytest.fixture(scope="module")
def live(signed_in: BrowserContext, demo: Demo, mapped: tuple[str, str]) -> list[str]:
    """What the progress said while the first run that writes went on."""
    screen = Screen(signed_in.new_page(), demo)
    screen.open("/plan/demo")
    seen: list[str] = []

    def keep(words: str) -> None:
        seen.append(words)

    screen.page.expose_function("seen", keep)
    # Long enough in the middle of the run that the page asks at least once meanwhile.
    slow = {"kind": "slow", "method": "PUT", "path": "Invoices", "seconds": 5}
    requests.post(f"{demo.xero_url}/_control/faults", json=slow, timeout=10).raise_for_status()
    screen.press("Go live")
    screen.page.evaluate(
        """() => new MutationObserver(() => {
             const bar = document.querySelector('progress');
             if (bar) window.seen(bar.textContent.trim());
           }).observe(document.body, {childList: true, subtree: true})"""
    )
    screen.wait_for_run()
    screen.page.close()
    assert screen.errors == []
    return seen


def test_the_first_plan_shows_counts_money_and_questions(first_plan: str) -> None:
    assert "actions planned" in first_plan
    assert "Nothing is written before you go live." in first_plan
    assert (
        "38 customers" in first_plan
    )  # Ridgeway may be the vendor of that name: it is asked about.
    assert "11 items" in first_plan
    assert "55,211.38 GBP" in first_plan
    assert "The payment mode 2 has no Xero account." in first_plan


def test_a_mapping_and_a_setting_changed_in_the_tables_show_in_the_next_plan(
    mapped: tuple[str, str],
) -> None:
    before, after = mapped
    assert "11 items" in before
    assert "Create 11 items" not in after
    assert "The payment mode 2 has no Xero account." not in after


def test_progress_is_shown_while_a_run_writes_and_the_result_afterwards(
    live: list[str], screen: Screen
) -> None:
    assert any(" of " in told for told in live)
    screen.open("/runs/demo")
    assert "67 invoices created" in screen.text()
    screen.open("/")
    assert "Live" in screen.text()


def test_after_a_reset_a_resync_pulls_parents_along_and_a_sync_links_the_rest(
    live: list[str], screen: Screen
) -> None:
    screen.open("/connections/demo")
    # The schedule would link everything again within seconds.
    screen.press("Pause")
    screen.press("Reset the links")
    assert screen.asked == [
        "Forget all links of demo? A snapshot is kept; Perfex and Xero stay as they are."
    ]
    kept = screen.page.locator(".flash").inner_text()
    screen.open("/records/demo?kind=payment&search=1730.97")
    # Nothing is linked now, so each side is listed by itself.
    screen.page.locator("tr", has_text="Perfex only").locator("th a").click()
    screen.press("Resync")
    screen.open("/connections/demo")
    screen.wait_for_run()
    screen.open("/connections/demo")
    done = screen.page.locator("#progress-demo").inner_text()
    assert "1 payment linked" in done
    assert "1 invoice linked" in done
    assert "1 customer linked" in done
    screen.sync()
    done = screen.page.locator("#progress-demo").inner_text()
    assert "created" not in done
    assert "updated" not in done
    assert "66 invoices linked" in done
    screen.press("Restore")
    links = kept.partition(" links")[0]
    assert f"{links} links are back." in screen.page.locator(".flash").inner_text()


def test_deleting_a_row_asks_first(live: list[str], screen: Screen) -> None:
    screen.agrees = False
    screen.open("/admin/setting/")
    row = screen.page.locator("tr", has_text="births.item.perfex")
    row.get_by_role("button").click()
    assert screen.asked == ["Really delete this? It cannot be taken back."]
    assert row.count() == 1
    screen.agrees = True
    row.get_by_role("button").click()
    screen.page.wait_for_load_state()
    assert row.count() == 0


def test_a_filter_is_added_by_its_menu(live: list[str], screen: Screen) -> None:
    screen.open("/admin/record/")
    screen.page.get_by_role("button", name="Add filter").click()
    screen.page.locator(".field-filters a", has_text="Kind").click()
    screen.page.locator(".filter-val").last.fill("item")
    screen.press("Apply")
    kinds = screen.page.locator(".model-list td:nth-child(4)").all_inner_texts()
    assert set(kinds) == {"Item"}


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390)])
def test_no_page_troubles_the_console_or_outgrows_the_screen(
    browser: Browser, demo: Demo, live: list[str], scheme: str, width: int
) -> None:
    context = sign_in(browser, demo, color_scheme=scheme, viewport={"width": width, "height": 844})
    screen = Screen(context.new_page(), demo)
    for path in PAGES:
        screen.open(path)
        wide = screen.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path} is {wide} wide"
        assert screen.errors == [], path
    context.close()


def test_a_person_signs_in_and_finds_the_content_by_keyboard(browser: Browser, demo: Demo) -> None:
    context = browser.new_context()
    screen = Screen(context.new_page(), demo)
    screen.open("/login")
    keys = screen.page.keyboard
    keys.type(demo.user)
    keys.press("Tab")
    keys.type(demo.password)
    keys.press("Enter")
    screen.page.wait_for_url(f"{demo.url}/")
    keys.press("Tab")
    assert screen.page.evaluate("document.activeElement.textContent") == "Skip to the content"
    keys.press("Enter")
    assert screen.page.evaluate("document.activeElement.id") == "main"
    keys.press("Tab")
    assert screen.page.evaluate("document.querySelector('main').contains(document.activeElement)")
    assert screen.errors == []
    context.close()


def test_the_dashboard_works_without_scripts(browser: Browser, demo: Demo, live: list[str]) -> None:
    context = sign_in(browser, demo, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{demo.url}/")
    page.get_by_role("button", name="Sync now").click()
    page.wait_for_load_state()
    assert "A run was asked for" in page.locator("main").inner_text()
    page.goto(f"{demo.url}/questions")
    page.locator("section p.row button[name=code]").first.click()
    page.wait_for_load_state()
    assert "the next run carries it out" in page.locator("main").inner_text()
    context.close()


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_colours_are_chosen_by_a_button(screen: Screen) -> None:
    screen.open("/")
    before = background(screen.page)
    screen.page.get_by_role("button", name="Dark colours").click()
    screen.page.wait_for_load_state()
    assert background(screen.page) != before
    screen.page.get_by_role("button", name="Light colours").click()
    screen.page.wait_for_load_state()
    assert background(screen.page) == before
