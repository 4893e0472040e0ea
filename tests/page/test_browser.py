"""The page in a real browser: it filters, works by keyboard, and runs no script of the data."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pyverify.evaluate.page import write_page

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from pages import FIGURES, PAYLOADS, collect, hostile_rows, write, write_rows
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = os.environ.get("PYVERIFY_CHROMIUM") or shutil.which("chromium") or ""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Runs first: whatever calls canary() is seen, and so is what the policy stops.
WATCH = """
window.seen = [];
window.canary = () => window.seen.push("canary");
addEventListener("securitypolicyviolation",
  (event) => window.seen.push(`${event.violatedDirective} ${event.sample}`));
"""

# Texts below WCAG's contrast of 4.5 with what is painted behind them.
FAINT = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const light = (colors) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const color of colors) { canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); }
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(
      (part) => (part /= 255) <= .03928 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b + .05;
  };
  const faint = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility() || element.closest("script, svg, option")) continue;
    const behind = [];
    for (let at = element; at; at = at.parentElement) {
      behind.unshift(getComputedStyle(at).backgroundColor);
    }
    const pair = [light(behind), light([...behind, getComputedStyle(element).color])];
    const contrast = Math.max(...pair) / Math.min(...pair);
    if (contrast < 4.5) faint.push(`${element.className}, ${element.textContent}: ${contrast}`);
  }
  return faint;
}"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="there is no chromium; PYVERIFY_CHROMIUM names one"),
]

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield one
        one.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Opens a page; in the end nothing may have been said, asked for or run."""
    contexts = []
    said: list[str] = []
    requests: list[str] = []
    pages: list[Page] = []

    def open_(path: Path, **settings: Any) -> Page:
        context = browser.new_context(**settings)
        contexts.append(context)
        context.add_init_script(WATCH)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(path.as_uri())
        pages.append(page)
        return page

    yield open_
    seen = [page.evaluate("window.seen") for page in pages]
    for context in contexts:
        context.close()
    assert said == []
    assert seen == [[] for _ in pages]
    assert all(url.startswith("file:") for url in requests)
    assert len(requests) == len(pages)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    target = tmp_path_factory.mktemp("page") / "r.html"
    write(target, repository / "examples" / "preds.jsonl", extra=FIGURES)
    return target


def test_it_opens(open_page: Open, report: Path) -> None:
    page = open_page(report)
    expect(page).to_have_title("preds.jsonl – pyverify")
    expect(page.get_by_role("heading", level=1)).to_have_text("preds.jsonl")
    expect(page.locator("#count")).to_have_text("79 responses, 50 shown.")
    assert page.locator("details.row").count() == 50
    page.get_by_role("button", name="Show more").click()
    assert page.locator("details.row").count() == 79
    expect(page.get_by_role("button", name="Show more")).to_be_hidden()


def test_filters(open_page: Open, report: Path) -> None:
    page = open_page(report)
    count = page.locator("#count")
    page.get_by_label("Right").uncheck()
    expect(count).to_have_text("34 responses, 34 shown.")
    page.get_by_label("No answer").uncheck()
    expect(count).to_have_text("28 responses, 28 shown.")
    page.locator("#dataset").select_option("competition")
    expect(count).not_to_have_text("28 responses, 28 shown.")
    assert set(page.locator(".where bdi:last-child").all_inner_texts()) == {"competition"}
    page.get_by_role("button", name="Reset").click()
    expect(count).to_have_text("79 responses, 50 shown.")
    page.get_by_role("searchbox").fill("BAKERY packs")
    expect(count).to_have_text("4 responses, 4 shown.")
    page.get_by_role("searchbox").fill("no such text")
    expect(count).to_have_text("No response matches.")
    page.get_by_role("searchbox").fill("")
    page.locator("#reason").select_option(index=1)
    shown = page.locator(".why").all_inner_texts()
    assert len(set(shown)) == 1
    assert f"({len(shown)})" in (page.locator("#reason option").nth(1).text_content() or "")


def test_a_row_shows_what_happened(open_page: Open, report: Path) -> None:
    page = open_page(report)
    page.get_by_role("searchbox").fill("c01-2")
    row = page.locator("details.row")
    expect(row).to_have_count(1)
    row.locator("summary").click()
    expect(row.locator("mark")).to_have_text("5.196")
    expect(row.locator(".problem")).to_contain_text("Simplify")
    expect(row.locator(".verdict")).to_contain_text("answer 5.196, gold 3*sqrt(3)")
    root = row.locator(".reading math msqrt")
    expect(root).to_have_text("3")
    assert root.evaluate("element => element.namespaceURI").endswith("MathML")
    assert (root.bounding_box() or {"width": 0})["width"] > 5


def test_the_command_can_be_copied(open_page: Open, report: Path) -> None:
    page = open_page(report, permissions=["clipboard-read", "clipboard-write"])
    row = page.locator("details.row").first
    row.locator("summary").click()
    row.get_by_role("button", name="Copy the command").click()
    expect(row.locator(".command button")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == row.locator(".command code").inner_text()
    assert copied.startswith("pyverify explain ")


def test_keyboard(open_page: Open, report: Path) -> None:
    page = open_page(report)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the responses")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Wrong")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_label("Wrong")).not_to_be_checked()
    for name in ("No answer", "Right"):
        page.keyboard.press("Tab")
        expect(page.get_by_label(name)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("g01")
    expect(page.locator("#count")).to_have_text("3 responses, 3 shown.")
    for _ in range(4):
        page.keyboard.press("Tab")
    first = page.locator("details.row > summary").first
    expect(first).to_be_focused()
    assert first.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("details.row").first).to_have_attribute("open", "")


def test_what_a_screen_reader_finds(open_page: Open, report: Path) -> None:
    page = open_page(report)
    for role in ("banner", "main", "search", "contentinfo", "status"):
        assert page.get_by_role(role).count() == 1, role  # type: ignore[arg-type]
    assert page.locator("#count").get_attribute("aria-live") == "polite"
    for chart in page.locator("figure svg").all():
        names = (chart.get_attribute("aria-labelledby") or "").split()
        assert names
        assert all(page.locator(f"#{name}").inner_text() for name in names)
    # Every drawing has its figures in words.
    figures = page.locator("figure")
    assert figures.count() == 3
    for figure in figures.all():
        assert figure.locator("details table tbody tr").count() >= 2
    for control in page.locator("input, select, button").all():
        assert control.evaluate("element => element.labels?.length || element.textContent.trim()")
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3')].map((element) => +element.tagName[1])"
    )
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out(open_page: Open, report: Path, scheme: str) -> None:
    page = open_page(report, color_scheme=scheme)
    page.locator("details.row > summary").first.click()
    faint = page.evaluate(FAINT)
    assert faint == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_sticks_out(open_page: Open, report: Path, width: int) -> None:
    page = open_page(report, viewport={"width": width, "height": 800})
    for index in range(5):
        page.locator("details.row > summary").nth(index).click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_its_script_the_figures_are_there(open_page: Open, report: Path) -> None:
    page = open_page(report, java_script_enabled=False)
    assert page.get_by_text("The list needs the page's own script").is_visible()
    assert page.locator("#filters").is_hidden()
    assert page.locator("figure svg").count() == 3


def test_no_script_of_the_data_runs(open_page: Open, tmp_path: Path) -> None:
    source = write_rows(tmp_path / "<img src=x onerror=canary()>'\"&.jsonl", hostile_rows())
    summary, collector = collect(source, source)
    summary["by"] = {payload: {payload: {"num_scores": 1, "acc": 0.5}} for payload in PAYLOADS}
    summary["grader"] = PAYLOADS[1]
    for title in (None, PAYLOADS[0], PAYLOADS[1], PAYLOADS[14]):
        target = tmp_path / "h.html"
        write_page(str(target), summary, collector, title=title)
        page = open_page(target)
        while page.get_by_role("button", name="Show more").is_visible():
            page.get_by_role("button", name="Show more").click()
        rows = page.locator("details.row")
        assert rows.count() == collector.rows
        page.evaluate("for (const row of document.querySelectorAll('details.row')) row.open = true")
        expect(page.locator(".body")).to_have_count(collector.rows)
        for name in ("script", "img", "iframe", "a", "form", "object", "embed", "base", "link"):
            expected = {"script": 3, "a": 1, "form": 1}.get(name, 0)
            assert page.locator(name).count() == expected, name
    for text in PAYLOADS:
        page.get_by_role("searchbox").fill(text.strip("\u2028\u0000")[:60])
        page.wait_for_timeout(130)
    page.locator("#dataset").select_option(index=3)


def test_the_policy_stops_what_would_slip_through(browser: Browser, report: Path) -> None:
    """The page doesn't rely on it, but markup put into it by hand runs nothing either."""
    context = browser.new_context()
    context.add_init_script(WATCH)
    requests: list[tuple[str, str | None]] = []
    context.on("request", lambda request: requests.append((request.url[:5], request.failure)))
    context.on("requestfailed", lambda request: requests.append(("", request.failure)))
    page = context.new_page()
    page.goto(report.as_uri())
    refused = page.evaluate("""
      () => {
        const stopped = [];
        try { document.body.innerHTML = "<img src=x onerror=canary()>"; }
        catch (error) { stopped.push(error.name); }
        const script = document.createElement("script");
        script.append("canary()");
        document.body.append(script);
        const image = document.createElement("img");
        image.src = "https://example.invalid/a.png";
        document.body.append(image);
        return stopped;
      }
    """)
    page.wait_for_timeout(200)
    seen = page.evaluate("window.seen")
    context.close()
    assert refused == ["TypeError"]
    assert "canary" not in seen
    assert any(what.startswith("img-src") for what in seen)
    assert requests == [("file:", None), ("https", None), ("", "csp")]
