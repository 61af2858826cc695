"""`tidings get PATH`: what the server would send, from the shell."""
import hashlib

import pytest


def test_gemini_is_the_default_and_prints_the_body_only(paper):
    text = paper.out("get", "/news/bench")
    assert text.startswith("=> ") or text.startswith("# ")
    assert "# A bench is mended\n" in text
    assert paper.out("get", "gemini:/news/bench") == text
    assert paper.out("get", "--header", "/news/bench") == "20 text/gemini; charset=utf-8; lang=en\r\n" + text


def test_gopher_gives_a_menu_with_the_hosts_of_the_configuration(paper):
    text = paper.run("get", "gopher:/news/").stdout.decode()
    assert text.endswith("\r\n.\r\n")
    assert "1" == next(line for line in text.split("\r\n") if "A bridge opens" in line)[0]
    assert "\t/news/bridge\tgopher.example\t7070\r\n" in text


def test_the_port_in_menus_is_the_configured_one_if_there_is_one(paper):
    config = paper.folder / "server.ini"
    config.write_text(config.read_text() + "port = 70\n")
    assert "\tgopher.example\t70\r\n" in paper.run("get", "gopher:/").stdout.decode()


@pytest.mark.parametrize("selector", ["", "/", "1/"])
def test_sloppy_selectors_are_passed_on_as_they_are(paper, selector):
    assert paper.out("get", f"gopher:{selector}") == paper.out("get", "gopher:/")


def test_words_behind_the_question_mark_are_searched_in_both_protocols(paper):
    assert "A bench is mended" in paper.out("get", "/search?bench again")
    assert "A bench is mended" in paper.out("get", "gopher:/search?bench again")
    assert "A bench is mended" in paper.out("get", "gopher:/search?bench%20again")
    assert "A bridge opens" not in paper.out("get", "gopher:/search?bench again")


@pytest.mark.parametrize("path,header", [("/nothing", "51 "), ("/search", "10 "), ("/news", "31 ")])
def test_what_is_no_page_is_told_on_stderr_and_exits_with_1(paper, path, header):
    done = paper.run("get", path, code=1)
    assert done.stdout == b""
    assert done.stderr.decode().startswith(header)
    assert paper.run("get", "--header", path, code=1).stdout == done.stderr.replace(b"\n", b"\r\n")


def test_a_gopher_error_is_printed_as_it_is_sent_and_exits_with_1(paper):
    assert paper.out("get", "gopher:/nothing", code=1).startswith("3")


def test_files_come_byte_by_byte(paper):
    data = bytes(range(256)) * 1000
    paper.write("news/picture.png", data)
    for protocol in ("gemini", "gopher"):
        got = paper.run("get", f"{protocol}:/news/picture.png").stdout
        assert hashlib.sha256(got).digest() == hashlib.sha256(data).digest()
    assert paper.run("get", "--header", "/news/picture.png").stdout == b"20 image/png\r\n" + data


def test_the_clock_can_be_set_to_see_an_embargoed_article(paper):
    paper.write("news/later.gmi", "Title: Later\nDate: 2030-01-01T12:00:00Z\nTag: x\n\nNow it is out.\n")
    assert paper.err("get", "/news/later").startswith("51 ")
    assert paper.err("get", "--at", "2030-01-01T11:59:59Z", "/news/later").startswith("51 ")
    assert "Now it is out." in paper.out("get", "--at", "2030-01-01T12:00:00Z", "/news/later")
    assert "Later" not in paper.out("get", "/news/")
    assert "Later" in paper.out("get", "/news/", "--at", "2030-01-01T12:00:00Z")


def test_the_state_folder_is_not_touched(paper):
    paper.out("get", "/")
    assert not (paper.folder / "state").exists()


def test_the_certificate_page_has_the_fingerprints(paper):
    shown = paper.out("cert", "make")
    digest = shown.split("SHA-256")[1].split()[0]
    assert digest in paper.out("get", "/about/certificate")


def test_robots_and_favicon_come_from_the_configuration(paper):
    config = paper.folder / "server.ini"
    config.write_text(config.read_text().replace("state = state", "state = state\nfavicon = 🗞\nrobots_disallow = /a, /b"))
    assert paper.out("get", "/favicon.txt").strip() == "🗞"
    assert "Disallow: /a\nDisallow: /b\n" in paper.out("get", "/robots.txt")


def test_a_store_that_is_not_there_is_an_error(paper):
    config = paper.folder / "server.ini"
    config.write_text(config.read_text().replace("content = content", "content = nowhere"))
    assert "nowhere" in paper.err("get", "/")


KEY = "0123456789abcdef" * 4


@pytest.fixture
def zone(paper):
    config = paper.folder / "server.ini"
    config.write_text(config.read_text() + f"[zone /preview/]\nkeys = {KEY}\n")
    paper.write("news/idea.gmi", "Title: An idea\nStatus: draft\n\nPerhaps.\n")
    return paper


def test_a_key_shows_what_its_holder_gets_from_a_zone(zone):
    colons = ":".join(KEY[i:i + 2].upper() for i in range(0, 64, 2))
    for key in (KEY, colons):
        assert "=> /preview/news/idea An idea (" in zone.out("get", "--key", key, "/preview/")
    assert f"Your key: {colons}" in zone.out("get", "/preview/", "--key", KEY)
    assert "# An idea\n" in zone.out("get", "--key", KEY, "/preview/news/idea")


def test_without_a_listed_key_a_zone_is_as_closed_as_on_the_net(zone):
    assert zone.run("get", "/preview/", code=1).stderr.startswith(b"60 ")
    other = "F" * 64
    assert zone.run("get", "--key", other, "/preview/", code=1).stderr.decode() == f"61 Not on the list; your key is {other}\n"
    assert zone.run("get", "--key", KEY, "/news/idea", code=1).stderr.startswith(b"51 ")
    assert zone.out("get", "--key", KEY, "gopher:/preview/", code=1).startswith("3")


@pytest.mark.parametrize("key", ["", "abc", KEY + "0", "g" * 64])
def test_what_is_no_key_is_refused(zone, key):
    assert "--key needs the SHA-256 of a public key" in zone.run("get", "/preview/", "--key", key, code=2).stderr.decode()
