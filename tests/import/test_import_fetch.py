"""How news is fetched: politely, within bounds, from nowhere that it must not be fetched from."""
import sqlite3
import time

import pytest

from web import rss

FEED = rss({"title": "The lock at the mill opens at noon", "link": "$URL/lock.html", "guid": "$URL/lock.html",
            "description": "It opens at noon."})


def record(paper, column):
    with sqlite3.connect(paper.folder / "state" / "import.db") as db:
        return db.execute(f"SELECT {column} FROM feed").fetchone()[0]


@pytest.mark.parametrize("etag", ['"a b"', 'W/"x~y;z"', "bare-one", '"\xe9\xff"'])
def test_what_a_server_knows_a_feed_by_is_sent_back_byte_for_byte(web, paper, etag):
    web.put("/feed", FEED, headers={"ETag": etag, "Last-Modified": "Tue, 24 Nov 2026 08:40:00 GMT"})
    paper.source("mill", web.url + "/feed")
    paper.run()
    assert "0 new" in paper.out()
    first, second = web.headers_of("/feed")
    assert "If-None-Match" not in first
    assert second["If-None-Match"] == etag
    assert second["If-Modified-Since"] == "Tue, 24 Nov 2026 08:40:00 GMT"


def test_it_says_who_it_is_and_how_to_reach_its_operator(web, paper):
    web.put("/feed", FEED)
    paper.source("mill", web.url + "/feed")
    paper.run()
    agent = web.headers_of("/feed")[0]["User-Agent"]
    assert agent.startswith("Tidings/") and agent.endswith("(+desk@paper.example)")


def test_robots_txt_is_heeded_for_pages(web, paper):
    web.put("/feed", FEED)
    web.put("/lock.html", "<p>Secret.</p>")
    web.put("/robots.txt", "User-agent: *\nDisallow: /lock\n", type="text/plain")
    paper.source("mill", web.url + "/feed", mode="full")
    paper.run()
    assert "/lock.html" not in web.paths() and "It opens at noon" in paper.article()


def test_a_host_whose_robots_txt_fails_is_not_asked_for_pages(web, paper):
    web.put("/feed", FEED)
    web.put("/robots.txt", "", status=500)
    paper.source("mill", web.url + "/feed", mode="full")
    paper.run()
    assert "/lock.html" not in web.paths()


def test_a_permanent_redirect_is_remembered_and_another_is_not(web, paper):
    web.put("/old", status=301, headers={"Location": "/now"})
    web.put("/now", status=302, headers={"Location": "$URL/feed"})
    web.put("/feed", FEED)
    paper.source("mill", web.url + "/old")
    paper.run()
    web.forget()
    paper.run()
    assert web.paths() == ["/now", "/feed"]


def test_redirects_without_end_are_given_up(web, paper):
    web.put("/a", status=302, headers={"Location": "/b"})
    web.put("/b", status=302, headers={"Location": "/a"})
    paper.source("mill", web.url + "/a")
    assert "sends from one address to the next without end" in paper.err()
    assert len(web.asked) == 6


def test_five_redirects_are_followed(web, paper):
    for i in range(5):
        web.put(f"/{i}", status=307, headers={"Location": f"/{i + 1}"})
    web.put("/5", FEED)
    paper.source("mill", web.url + "/0")
    paper.run()
    assert len(paper.articles()) == 1


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/1", "javascript:x"])
def test_a_redirect_leads_to_the_web_only(web, paper, target):
    web.put("/a", status=302, headers={"Location": target})
    paper.source("mill", web.url + "/a")
    assert "sends to where nothing can be fetched from" in paper.err()


def test_private_networks_are_not_fetched_from(web, paper):
    web.put("/feed", FEED)
    paper.source("mill", web.url + "/feed", allow_private="no")
    assert "is at 127.0.0.1, a private network" in paper.err()
    paper.source("mill", web.url.replace("127.0.0.1", "localhost") + "/feed", allow_private="no")
    assert "a private network" in paper.err()
    assert web.asked == []


def test_a_compressed_feed_is_read_and_a_bomb_is_not(web, paper):
    web.put("/feed", FEED, gzipped=True)
    paper.source("mill", web.url + "/feed")
    paper.run()
    assert len(paper.articles()) == 1
    web.put("/feed", b" " * (17 << 20), gzipped=True)
    assert "larger than 16777216 bytes" in paper.err()


def test_half_a_feed_is_no_feed(web, paper):
    web.put("/feed", FEED, cut=1000)
    paper.source("mill", web.url + "/feed")
    assert "ended its answer too early" in paper.err()
    assert paper.articles() == {}


def test_a_server_that_asks_to_be_left_alone_is(web, paper):
    web.put("/feed", FEED, status=503, headers={"Retry-After": "7200"})
    paper.source("mill", web.url + "/feed")
    assert "answers 503 (not at the moment)" in paper.err()
    assert record(paper, "next_check") - time.time() > 7000


def test_failures_in_a_row_are_met_with_patience(web, paper):
    paper.source("mill", web.url + "/feed", every="10m")
    waits = []
    for _ in range(3):
        paper.run(code=1)
        waits.append(record(paper, "next_check - last_try"))
    assert waits == [1200, 2400, 4800]
    web.put("/feed", FEED)
    paper.run()
    assert record(paper, "next_check - last_try") == 600


def test_a_feed_that_may_be_kept_for_long_is_looked_at_later(web, paper):
    web.put("/feed", FEED, headers={"Cache-Control": "public, max-age=7200"})
    paper.source("mill", web.url + "/feed", every="10m")
    paper.run()
    assert record(paper, "next_check - last_try") == 7200


def test_one_host_is_asked_one_thing_at_a_time(web, paper):
    items = [{"title": f"Lock number {i} opens at noon", "link": f"$URL/{i}.html", "guid": f"$URL/{i}.html",
              "description": "Noon."} for i in range(6)]
    web.put("/feed", rss(*items))
    for i in range(6):
        web.put(f"/{i}.html", "<p>Noon.</p>", wait=0.1)
    paper.source("a", web.url + "/feed", mode="full")
    paper.source("b", web.url + "/feed?b", mode="full")
    web.put("/feed?b", rss(*items))
    paper.run()
    assert len(web.asked) >= 8 and web.most_at_once == 1


def test_a_host_that_does_not_exist_is_told_in_plain_words(paper):
    paper.source("mill", "http://no-such-host.invalid/feed")
    assert "no-such-host.invalid: there is no host of this name" in paper.err()


def test_a_stopped_import_ends_soon_and_keeps_what_it_has(web, paper):
    import signal
    import subprocess
    web.put("/feed", FEED)
    web.put("/slow", FEED, wait=60)
    paper.source("mill", web.url + "/feed")
    paper.source("slow", web.url.replace("127.0.0.1", "localhost") + "/slow")
    process = subprocess.Popen([paper.tidings, "import"], cwd=paper.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.time() + 30
    while len(paper.articles()) < 1 and time.time() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert b"the import was stopped" in err
    assert len(paper.articles()) == 1
