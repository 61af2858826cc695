"""A server that imports: sources are looked at while it serves, and what comes is in the paper."""
import re
import signal
import socket
import struct
import subprocess
import time
import zlib

from web import rss

STORY = {"title": "The crane at the dock turns again", "link": "$URL/crane.html", "guid": "$URL/crane.html",
         "description": "It had stood still for a year."}


def png(width, height):
    """A picture of one colour that changes from side to side."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes(value for x in range(width) for value in (x * 255 // width, y * 255 // height, 90))
                    for y in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def wait_for(what, seconds=60):
    deadline = time.time() + seconds
    while time.time() < deadline:
        found = what()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


def gopher(port, selector):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(selector.encode() + b"\r\n")
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


def test_a_server_looks_at_its_sources_by_itself(web, paper):
    web.put("/feed", rss(STORY))
    paper.source("dock", web.url + "/feed", "news/dock")
    log = open(paper.folder / "log", "w+")
    server = subprocess.Popen([paper.tidings, "serve"], cwd=paper.folder, stdout=log, stderr=log)
    try:
        text = wait_for(lambda: re.search(r"protocol=gopher address=127\.0\.0\.1 port=(\d+)",
                                          (paper.folder / "log").read_text()))
        port = int(text[1])
        wait_for(lambda: "The crane at the dock turns again" in gopher(port, "/news/dock/"))
        assert "dock: 1 new, 0 changed" in (paper.folder / "log").read_text()
        asked = len(web.asked)
        time.sleep(5)
        assert len(web.asked) == asked, "a source that is not due was asked again"
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0
        log.close()


def test_a_picture_is_kept_small_beside_its_article(web, paper):
    web.put("/feed", rss(STORY).replace("</item>", '<enclosure url="$URL/crane.png" type="image/png" length="1"/></item>'))
    web.put("/crane.png", png(900, 600), type="image/png")
    paper.source("dock", web.url + "/feed", images="scaled", image_side=320, image_bytes=20000)
    paper.run()
    (path, text), = paper.articles().items()
    picture = (paper.folder / "content" / path).with_suffix(".jpg").read_bytes()
    assert re.search(r"^Image: the-crane-at-the-dock-turns-again\.jpg \|", text, re.M)
    assert picture.startswith(b"\xff\xd8\xff") and len(picture) <= 20000


def test_a_picture_that_is_none_leaves_the_story_without_one(web, paper):
    web.put("/feed", rss(STORY).replace("</item>", '<enclosure url="$URL/crane.png" type="image/png" length="1"/></item>'))
    web.put("/crane.png", png(900, 600)[:2000], type="image/png")
    paper.source("dock", web.url + "/feed", images="scaled")
    paper.run()
    assert "\nImage:" not in paper.article()


def test_files_of_a_folder_become_articles_of_its_sections(paper):
    paper.configure()
    paper.write("in/World/Europe/bridge.md", '---\ntitle: "A bridge"\ndate: 2026-10-01\ntags: [bridges, rivers]\n---\n\n'
                                             "It *opened*, with [a view](https://view.example/).\n\n- one\n- two\n")
    paper.write("in/sea.json", '{"uri":"urn:x:1","headlines":[{"role":"main","value":"A calm sea"}],'
                               '"versionCreated":"2026-10-02T08:00:00Z",'
                               '"bodies":[{"contentType":"text/html","value":"<p>No waves.</p><p>No wind.</p>"}]}')
    paper.write("in/tide.html", "<html><head><title>A tide table</title></head><body><article>" + "".join(
        f"<p>Line {i} of the table tells, as tables do, when the water is high, and when it is not.</p>"
        for i in range(6)) + "</article></body></html>")
    paper.write("in/broken.json", "{")
    assert "broken.json: is no JSON" in paper.err("in")
    articles = paper.articles()
    assert set(articles) == {"world/europe/bridge.gmi", "news/sea.gmi", "news/tide.gmi"}
    assert "=> https://view.example/ a view" in articles["world/europe/bridge.gmi"]
    assert "Title: A calm sea" in articles["news/sea.gmi"] and "No wind." in articles["news/sea.gmi"]
    assert "Line 5 of the table" in articles["news/tide.gmi"]


def test_a_page_is_shown_as_json_with_exactly_the_keys(paper):
    page = """<html lang="en-GB"><head><title>Tide tables, explained | The Harbour Post</title>
<script type="application/ld+json">{"@type":"NewsArticle","headline":"Tide tables, explained",
"datePublished":"2026-10-03T08:40:00+02:00","author":{"name":"Ada Quay"}}</script></head><body>
<nav><ul><li><a href="/">Home</a></li></ul></nav><article><h1>Tide tables, explained</h1>
<p>Water rises and falls twice a day, which every sailor knows, and which every <a href="/glossary">tide table</a> tells.</p>
<p>A table is wrong, at times, by a minute or two, since wind, rain and rivers have their say, and do not ask.</p>
<h2>How it is made</h2><ul><li>By hand</li><li>By machine</li></ul>
<p>The area of the bay is 5&nbsp;km<sup>2</sup>, which is not much, but enough for ships, gulls and swim&shy;mers.</p>
</article><footer>The end</footer></body></html>"""
    paper.configure()
    (story,) = paper.look(page, "https://paper.example/tides")
    assert list(story) == ["id", "url", "title", "author", "published", "updated", "language", "summary", "tags", "image",
                           "text", "gemtext", "extract"]
    assert story["title"] == "Tide tables, explained" and story["author"] == "Ada Quay"
    assert story["published"] == "2026-10-03T06:40:00Z" and story["updated"] is None and story["image"] is None
    assert story["language"] == "en-GB" and story["extract"] == "readability"
    assert "=> https://paper.example/glossary tide table\n" in story["gemtext"]
    assert "\n## How it is made\n\n* By hand\n* By machine\n" in story["gemtext"]
    assert "5\u00a0km²," in story["text"] and "swimmers" in story["text"]
    assert "Home" not in story["text"] and "The end" not in story["text"]
