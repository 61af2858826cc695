"""What the paper's pages promise as a whole: sizes, feeds, boxes that count, articles that fall due."""
import datetime
import re
import subprocess
import xml.etree.ElementTree as xml

import pytest

import smallweb
from running import until

ATOM = "{http://www.w3.org/2005/Atom}"
EDITIONS = ["/", "/es/", "/ar/"]


@pytest.fixture(scope="module")
def generated(generated_paper, serve):
    return serve(generated_paper)


@pytest.fixture(scope="module")
def small(tmp_path_factory, serve):
    """A server on a paper that the tests may change."""
    folder = tmp_path_factory.mktemp("small")
    write(folder, "edition.ini", "name = The Small Courier\ncontact = desk@example.org\nboxes = 3\n")
    for number in range(6):
        write_article(folder, f"news/story-{number}", f"Story number {number}", f"2026-01-0{number + 1}T08:00:00Z")
    server = serve(folder)
    server.paper = folder
    return server


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def write_article(folder, path, title, date, more=""):
    write(folder, f"{path}.gmi", f"Title: {title}\nDate: {date}\nSummary: A summary.\nTag: bells\n{more}\nA text.\n")


def gemini(server, path):
    return smallweb.gemini(server.gemini, f"gemini://localhost:{server.gemini}{path}")


def body(server, path):
    status, meta, text = gemini(server, path)
    assert status == 20, (path, status, meta)
    return text.decode()


def box(text, heading):
    """The links below a heading, up to the next empty line."""
    return text.split(f"## {heading}\n")[1].split("\n\n")[0]


@pytest.mark.parametrize("root", EDITIONS)
def test_front_page_fits_in_4_kb_where_settings_ask_for_it(generated, root):
    assert len(gemini(generated, root)[2]) < 4096
    assert len(smallweb.gopher(generated.gopher, root)) < 4096


@pytest.mark.parametrize("root", EDITIONS)
def test_headlines_fit_in_1500_bytes(generated, root):
    assert len(gemini(generated, root + "headlines")[2]) < 1536
    reply = smallweb.gopher(generated.gopher, root + "headlines")
    assert len(reply) < 1536
    assert len(smallweb.menu_items(reply)) > 5


def test_list_has_20_entries_to_a_page_and_links_by_path(generated):
    first, second = body(generated, "/latest"), body(generated, "/latest/page/2")
    assert len(re.findall(r"^=> \S+ \d{4}-\d\d-\d\d \S", first, re.M)) == 20
    assert "=> /latest/page/2 Older" in first and "Newer" not in first
    assert "=> /latest Newer" in second and "=> /latest/page/3 Older" in second
    dates = re.findall(r"^=> \S+ (\d{4}-\d\d-\d\d)", first + second, re.M)
    assert dates == sorted(dates, reverse=True) and len(dates) == 40


@pytest.mark.parametrize("protocol", ["gemini", "gopher"])
@pytest.mark.parametrize("path", ["/atom.xml", "/ar/news/atom.xml", "/tags/ferry/atom.xml", "/search/ferry/atom.xml"])
def test_atom_feed_is_well_formed_with_absolute_links_and_stable_ids(generated, protocol, path):
    port = getattr(generated, protocol)
    text = body(generated, path).encode() if protocol == "gemini" else smallweb.gopher(port, path)
    subprocess.run(["xmllint", "--noout", "-"], input=text, check=True, timeout=30)
    feed = xml.fromstring(text)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 20
    ids = [element.text for element in feed.iter(f"{ATOM}id")]
    assert len(set(ids)) == 21 and all(one.startswith("tag:localhost,2026:") for one in ids)
    for link in feed.iter(f"{ATOM}link"):
        assert link.get("href").startswith(f"{protocol}://localhost:{port}/")
    for updated in feed.iter(f"{ATOM}updated"):
        datetime.datetime.strptime(updated.text, "%Y-%m-%dT%H:%M:%SZ")
    for entry in entries:
        content = entry.find(f"{ATOM}content")
        assert content.get("type") == "html" and "<p>" in content.text
        assert entry.find(f"{ATOM}title").text


def test_atom_ids_are_the_same_over_both_protocols(generated):
    over_gemini = xml.fromstring(body(generated, "/atom.xml"))
    over_gopher = xml.fromstring(smallweb.gopher(generated.gopher, "/atom.xml"))
    assert ([one.text for one in over_gemini.iter(f"{ATOM}id")] == [one.text for one in over_gopher.iter(f"{ATOM}id")])


def test_boxes_are_full_before_anybody_has_read_anything(small):
    for heading in ("Trending now", "Most read"):
        assert box(body(small, "/"), heading).count("=> /news/") == 3


def test_reads_over_both_protocols_lead_the_boxes_and_their_lists(small):
    for _ in range(3):
        body(small, "/news/story-1")
        smallweb.gopher(small.gopher, "/news/story-1")
    until(lambda: box(body(small, "/"), "Most read").startswith("=> /news/story-1 "), 20)
    for path in ("/trending", "/most-read"):
        assert re.search(r"^=> (\S+) \d{4}", body(small, path), re.M).group(1) == "/news/story-1"
    menu = smallweb.menu_items(smallweb.gopher(small.gopher, "/most-read"))
    assert next(item[2] for item in menu if "Story" in item[1]) == "/news/story-1"
    assert "=> /news/story-1 " in box(body(small, "/news/story-2"), "Trending now")


def test_visits_of_the_short_link_are_shares(small):
    short = re.search(r"=> (/s/\S+)", body(small, "/news/story-3")).group(1)
    assert "share" not in body(small, "/news/story-3").split("min read")[0]
    assert gemini(small, short)[:2] == (30, "/news/story-3")
    reply = smallweb.gopher(small.gopher, short)
    assert b"Story number 3" in reply
    until(lambda: "2 shares" in body(small, "/news/story-3"), 20)


def test_embargoed_article_appears_by_itself_when_its_time_has_come(small):
    due = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=4)
    write_article(small.paper, "news/later", "Later today", due.strftime("%Y-%m-%dT%H:%M:%SZ"))
    until(lambda: "7 articles" in small.log(), 10)
    if datetime.datetime.now(datetime.timezone.utc) < due - datetime.timedelta(seconds=1):
        assert gemini(small, "/news/later")[0] == 51
        assert "Later today" not in body(small, "/") + body(small, "/search?later") + body(small, "/tags/bells")
    until(lambda: gemini(small, "/news/later")[0] == 20, 15)
    assert "Later today" in body(small, "/latest") and "Later today" in body(small, "/atom.xml")


def test_live_line_comes_first_while_something_is_live(small):
    assert "Live now" not in body(small, "/")
    write_article(small.paper, "live/now", "As it happens", "2026-01-20T08:00:00Z", "Type: live\nUrgency: 1\n")
    until(lambda: "Live now" in body(small, "/"), 15)
    assert body(small, "/").split("\n\n")[1] == "=> /live/now Live now: As it happens"
    menu = smallweb.menu_items(smallweb.gopher(small.gopher, "/"))
    assert next(item for item in menu if item[0] == "1")[1:3] == ("Live now: As it happens", "/live/now")


def test_moved_article_with_an_id_answers_at_its_old_path(small):
    write_article(small.paper, "news/before", "It moves", "2026-01-21T08:00:00Z", "Id: it-moves\n")
    until(lambda: gemini(small, "/news/before")[0] == 20, 15)
    (small.paper / "news/before.gmi").rename(small.paper / "news/after.gmi")
    until(lambda: gemini(small, "/news/before")[:2] == (31, "/news/after"), 15)
    assert gemini(small, "/news/after")[0] == 20
    assert b"It moves" in smallweb.gopher(small.gopher, "/news/before")


def test_deleted_article_leaves_pages_lists_and_search(small):
    write_article(small.paper, "news/brief", "Brief appearance", "2026-01-22T08:00:00Z")
    until(lambda: "Brief appearance" in body(small, "/search?appearance"), 15)
    (small.paper / "news/brief.gmi").unlink()
    until(lambda: gemini(small, "/news/brief")[0] == 51, 15)
    for path in ("/latest", "/search?appearance", "/tags/bells", "/atom.xml"):
        assert "Brief appearance" not in body(small, path)


@pytest.fixture(scope="module")
def odd(tmp_path_factory, serve):
    """A paper of articles that name what is not out, say things twice, or stand alone in their section."""
    folder = tmp_path_factory.mktemp("odd")
    write(folder, "edition.ini", "name = The Odd Courier\nsections = live, news, videos\n")
    write(folder, "ar/edition.ini", "name = The Other Courier\nlanguage = ar\n")
    write(folder, "videos/section.ini", "name = Videos\n")
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    write(folder, "live/boats.gmi", f"Title: Live: boats\nDate: {now}\nType: live\n"
                              f"Image: boat.png | A boat | Ada | A boat with one sail.\n\n### 10:00\n\nOff.\n")
    write(folder, "live/boat.png", "not a picture, but a file")
    for number in range(2):
        write_article(folder, f"videos/film-{number}", f"Film {number}", f"2026-01-0{number + 1}T08:00:00Z", "Type: video\n")
    write_article(folder, "news/later", "Later", "2100-01-01T08:00:00Z", "Id: one\n")
    write_article(folder, "secret/x", "Alone", "2100-01-01T08:00:00Z")
    write_article(folder, "news/hidden/x", "Alone", "2100-01-01T08:00:00Z")
    write_article(folder, "news/wrong", "Wrong", "2026-01-01T08:00:00Z",
                  "Correction: 2026-02-01 | Older one.\nCorrection: 2026-03-01 | It was five.\n")
    write_article(folder, "ar/news/out", "Out", "2026-01-01T08:00:00Z")
    write_article(folder, "ar/news/later", "Later there", "2100-01-01T08:00:00Z")
    write(folder, "news/names.gmi", "Title: Names\nDate: 2026-01-01T08:00:00Z\nRelated: /news/later\n"
                                    "Translation: ar /ar/news/later\nAuthor: Ada Pier\n\nA text.\n")
    write(folder, "news/out.gmi", "Title: Out\nDate: 2026-01-01T08:00:00Z\nRelated: /news/names\n"
                                  "Translation: ar /ar/news/out\n\nA text.\n")
    return serve(folder)


def both(server, path):
    """The page's text over both protocols."""
    menu = smallweb.menu_items(smallweb.gopher(server.gopher, path))
    return [body(server, path), "".join(item[1] + "\n" for item in menu)]


def test_heading_stands_only_above_links_that_are_out(odd):
    for text in both(odd, "/news/names"):
        assert "Related" not in text and "In other languages" not in text and "Later" not in text
    for text in both(odd, "/news/out"):
        assert "Read more: Names" in text and "The Other Courier: Out" in text


def test_kicker_does_not_say_the_type_twice(odd):
    for text in both(odd, "/videos/film-1"):
        assert re.search("^Video$", text, re.M) and "Videos\n" in text and "Video ·" not in text


def test_live_line_does_not_say_live_twice(odd):
    for text in both(odd, "/"):
        assert "Live now: boats" in text


def test_section_with_nothing_but_the_lead_story_has_no_empty_box(odd):
    for text in both(odd, "/"):
        assert "All: Videos" in text and "All: live" not in text


def test_part_of_a_name_finds_an_author_s_articles(odd):
    for words in ("author:ada", "author:PIER", "author:ada-pier"):
        assert "=> /news/names " in body(odd, f"/search?{words}")
    assert "Nothing was found" in body(odd, "/search?author:names")


def test_folder_with_nothing_but_what_is_to_come_is_no_section(odd):
    for page in both(odd, "/") + both(odd, "/news/"):
        assert "secret" not in page and "hidden" not in page
    for path in ("/secret", "/secret/", "/secret/atom.xml", "/news/hidden/", "/news/hidden/feed.gmi"):
        assert gemini(odd, path)[0] == 51
        assert smallweb.gopher(odd.gopher, path).startswith(b"3Not found")


def test_corrections_say_what_was_put_right_and_when(odd):
    for text in both(odd, "/corrections"):
        assert "2026-03-01 Wrong" in text and "It was five." in text
    assert re.search("^=> .*/news/wrong 2026-03-01 Wrong", body(odd, "/corrections/feed.gmi"), re.M)


@pytest.mark.parametrize("view", [".txt", ".gmi"])
def test_corrections_stand_in_every_form_of_an_article(odd, view):
    for text in (body(odd, "/news/wrong" + view), smallweb.gopher(odd.gopher, "/news/wrong" + view).decode()):
        assert "* 2026-02-01: Older one." in text and "* 2026-03-01: It was five." in text


def test_pages_of_whole_articles_describe_their_pictures(odd):
    for path in ("/today", "/live/atom.xml"):
        assert "Description: A boat with one sail." in body(odd, path)
        assert b"Description: A boat with one sail." in smallweb.gopher(odd.gopher, path)
