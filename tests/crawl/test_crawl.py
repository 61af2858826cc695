"""Follows every link from the fronts: none may be dead, no reply malformed. On the sample paper and on 1,000 articles."""
import collections
import urllib.parse

import pytest

import smallweb

PAGES_MAX = 20000


@pytest.fixture(scope="module", params=["sample", "generated"])
def paper(request, content, generated_paper, serve):
    return serve(content if request.param == "sample" else generated_paper)


def check_text(status, meta, body):
    """What every good reply of text must be."""
    text = body.decode()
    assert "\r" not in text
    if meta.startswith("text/gemini"):
        assert "charset=utf-8" in meta and "lang=" in meta
        assert text.endswith("\n") and not text.startswith("\ufeff") and "\n\n\n" not in text


def crawl_gemini(port):
    base = f"gemini://localhost:{port}/"
    context = smallweb.tls_context()
    seen, dead, queue = {base}, [], collections.deque([(base, "")])
    while queue:
        url, source = queue.popleft()
        status, meta, body = smallweb.gemini(port, url, context)
        if status in (10, 30, 31):
            targets = [(meta, "")] if status != 10 else []
        elif status != 20:
            dead.append((url, source, status))
            continue
        else:
            targets = []
            if meta.startswith("text/"):
                check_text(status, meta, body)
            if meta.startswith("text/gemini"):
                targets = smallweb.gemtext_links(body)
        for target, _ in targets:
            full = smallweb.absolute(url, target)
            if full.startswith(base) and full not in seen:
                seen.add(full)
                queue.append((full, url))
        assert len(seen) < PAGES_MAX
    return seen, dead


def check_gopher_reply(kind, reply):
    """The selectors that a reply of this item type leads to."""
    if kind in "17":
        items = smallweb.menu_items(reply)
        assert not any(item[0] == "3" for item in items), items
        return [(item[0], item[2], item[4]) for item in items if item[0] not in "ih"]
    if kind == "0":
        assert not any(line.startswith(".") for line in reply.decode().splitlines())
    return []


def crawl_gopher(port):
    seen, dead, queue = {("1", "")}, [], collections.deque([("1", "", "")])
    while queue:
        kind, selector, source = queue.popleft()
        words = "\tharbour" if kind == "7" else ""
        reply = smallweb.gopher(port, selector + words)
        try:
            links = check_gopher_reply(kind, reply)
            assert reply
        except AssertionError as fault:
            dead.append((selector, source, str(fault)[:300]))
            continue
        for kind, target, target_port in links:
            if target_port == str(port) and (kind, target) not in seen:
                seen.add((kind, target))
                queue.append((kind, target, selector))
        assert len(seen) < PAGES_MAX
    return seen, dead


def test_every_gemini_link_leads_somewhere(paper):
    seen, dead = crawl_gemini(paper.gemini)
    assert dead == []
    assert len(seen) > 500


def test_every_gopher_link_leads_somewhere(paper):
    seen, dead = crawl_gopher(paper.gopher)
    assert dead == []
    assert len(seen) > 500


def test_both_protocols_reach_the_same_articles(paper):
    gemini_paths = {urllib.parse.urlsplit(url).path for url in crawl_gemini(paper.gemini)[0]}
    gopher_paths = {selector for _, selector in crawl_gopher(paper.gopher)[0]}
    texts = {path for path in gemini_paths if path.endswith(".txt")}
    assert texts == {path for path in gopher_paths if path.endswith(".txt")}
