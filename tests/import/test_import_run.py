"""What becomes of a source: articles, once each, changed and removed as the source says."""
import re
import sqlite3
import subprocess
import time

from web import rss

DAY = 24 * 3600


def date(days_ago=0):
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() - days_ago * DAY))


def item(number, **more):
    fields = {"title": f"Ferry number {number} has a new bell", "link": f"$URL/ferry-{number}.html",
              'guid isPermaLink="false"': f"ferry-{number}", "pubDate": date(1),
              "description": f"<p>The bell of ferry {number} rings in D.</p>"}
    fields.update(more)
    return fields


def field(text, name):
    return re.findall(rf"^{name}: (.*)$", text, re.M)


def test_an_entry_becomes_an_article_that_the_paper_shows(web, paper):
    web.put("/feed", rss(item(1, **{"category": "Bells & whistles", "author": "desk@harbour.example (Ada Quay)"})))
    paper.source("harbour", web.url + "/feed", "news/harbour", license="CC BY 4.0", attribution="Thanks to the Harbour Post.")
    assert "1 new" in paper.out()
    text = paper.articles()["news/harbour/ferry-number-1-has-a-new-bell.gmi"]
    assert field(text, "Title") == ["Ferry number 1 has a new bell"]
    assert field(text, "Author") == ["Ada Quay"]
    assert field(text, "Tag") == ["Bells & whistles"]
    assert field(text, "Source") == ["The Harbour Post"]
    assert field(text, "Canonical") == [web.url + "/ferry-1.html"]
    assert field(text, "License") == ["CC BY 4.0"]
    assert field(text, "X-Import") == ["harbour"]
    assert "Thanks to the Harbour Post." in text
    assert f"=> {web.url}/ferry-1.html Read on at The Harbour Post" in text
    shown = subprocess.run([paper.tidings, "get", "/news/harbour/"], cwd=paper.folder, capture_output=True, timeout=60)
    assert b"Ferry number 1 has a new bell" in shown.stdout
    checked = subprocess.run([paper.tidings, "check"], cwd=paper.folder, capture_output=True, timeout=60)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_nothing_comes_twice(web, paper):
    web.put("/feed", rss(item(1), item(2)))
    paper.source("harbour", web.url + "/feed")
    paper.run()
    before = paper.articles()
    assert "0 new" in paper.out() and paper.articles() == before


def test_the_same_story_under_another_id_and_a_tracked_address_is_known(web, paper):
    web.put("/feed", rss(item(1)))
    paper.source("harbour", web.url + "/feed")
    paper.run()
    web.put("/feed", rss(item(1, **{"link": "$URL/ferry-1.html?utm_source=x#top", 'guid isPermaLink="false"': "other"})))
    assert "0 new, 0 changed" in paper.out()


def test_a_story_in_two_feeds_is_one_article_in_two_sections(web, paper):
    web.put("/a", rss(item(1)))
    web.put("/b", rss(item(1, description="Another word for it.")))
    paper.source("a", web.url + "/a", "news/ferries")
    paper.source("b", web.url + "/b", "culture")
    paper.run()
    text = paper.article()
    assert len(field(text, "Section")) == 1
    for section in "/news/ferries/", "/culture/":
        shown = subprocess.run([paper.tidings, "get", section], cwd=paper.folder, capture_output=True, timeout=60)
        assert b"Ferry number 1 has a new bell" in shown.stdout, section
    paper.run()
    assert field(paper.article(), "Section") == field(text, "Section")


def test_a_changed_story_keeps_its_file_and_id_and_gets_updated(web, paper):
    web.put("/feed", rss(item(1)))
    paper.source("harbour", web.url + "/feed")
    paper.run()
    (path, old), = paper.articles().items()
    web.put("/feed", rss(item(1, title="Ferry number 1 has two bells", description="One more bell hangs there.")))
    assert "1 changed" in paper.out()
    (new_path, new), = paper.articles().items()
    assert new_path == path and field(new, "Id") == field(old, "Id") and field(new, "Date") == field(old, "Date")
    assert field(new, "Updated") and not field(old, "Updated")
    assert "two bells" in new


def test_only_a_change_of_words_is_one(web, paper):
    web.put("/feed", rss(item(1)))
    paper.source("harbour", web.url + "/feed")
    paper.run()
    before = paper.articles()
    web.put("/feed", rss(item(1, description="<div><p>The  bell of <b>ferry 1</b> rings in D</p></div>")))
    assert "0 changed" in paper.out() and paper.articles() == before


def test_what_a_person_edits_is_left_alone(web, paper):
    web.put("/feed", rss(item(1)))
    paper.source("harbour", web.url + "/feed", keep_max=1, keep_min=0)
    paper.run()
    (path, text), = paper.articles().items()
    paper.write("content/" + path, text.replace("bell", "whistle"))
    web.put("/feed", rss(item(1, description="It rings in E now."), item(2, pubDate=date())))
    paper.run()
    assert "whistle" in paper.articles()[path] and "rings in E" not in paper.articles()[path]
    paper.run()
    assert path in paper.articles()


def test_what_a_person_removes_does_not_come_back(web, paper):
    web.put("/feed", rss(item(1)))
    paper.source("harbour", web.url + "/feed")
    paper.run()
    (path, _), = paper.articles().items()
    (paper.folder / "content" / path).unlink()
    web.put("/feed", rss(item(1, description="It rings in E now.")))
    paper.run()
    assert paper.articles() == {}


def test_old_stories_expire_but_for_the_newest(web, paper):
    web.put("/feed", rss(*(item(i, pubDate=date(i * 10)) for i in range(1, 7))))
    paper.source("harbour", web.url + "/feed", keep_days="for-ever")
    paper.run()
    assert len(paper.articles()) == 6
    paper.source("harbour", web.url + "/feed", keep_days=25, keep_min=3)
    assert "3 removed" in paper.out()
    assert sorted(paper.articles()) == [f"news/ferry-number-{i}-has-a-new-bell.gmi" for i in (1, 2, 3)]
    assert "0 new" in paper.out()
    assert len(paper.articles()) == 3


def test_no_more_are_kept_than_asked_for(web, paper):
    web.put("/feed", rss(*(item(i, pubDate=date(i)) for i in range(1, 6))))
    paper.source("harbour", web.url + "/feed", keep_max=2, keep_min=0)
    paper.run()
    assert sorted(paper.articles()) == [f"news/ferry-number-{i}-has-a-new-bell.gmi" for i in (1, 2)]


def test_a_file_of_somebody_else_is_never_written_over(web, paper):
    mine = paper.write("content/news/ferry-number-1-has-a-new-bell.gmi", "Title: Mine\nDate: 2026-01-01\n\nMine.\n")
    web.put("/feed", rss(item(1)))
    paper.source("harbour", web.url + "/feed")
    paper.run()
    assert mine.read_text().startswith("Title: Mine")
    assert "news/ferry-number-1-has-a-new-bell-2.gmi" in paper.articles()


def test_lost_records_do_not_double_the_stories(web, paper):
    web.put("/feed", rss(item(1)))
    paper.source("harbour", web.url + "/feed")
    paper.run()
    for file in (paper.folder / "state").glob("import.db*"):
        file.unlink()
    paper.run()
    assert len(paper.articles()) == 1


def test_categories_lead_to_other_sections(web, paper):
    web.put("/feed", rss(item(1, category="Science"), item(2, category="Sport")))
    paper.source("harbour", web.url + "/feed", "news", map=["Science -> news/science", "weather → news/weather"])
    paper.run()
    assert {path.rsplit("/", 1)[0] for path in paper.articles()} == {"news/science", "news"}


def test_a_headline_is_a_title_and_a_link(web, paper):
    web.put("/feed", rss(item(1, description="<p>" + "A long story of bells. " * 40 + "</p>")))
    paper.source("harbour", web.url + "/feed", mode="headline")
    paper.run()
    body = paper.article().split("\n\n", 1)[1]
    assert body.strip() == f"=> {web.url}/ferry-1.html Read on at The Harbour Post"


def test_an_excerpt_is_no_more_than_a_few_paragraphs(web, paper):
    web.put("/feed", rss(item(1, description="".join(f"<p>Paragraph {i} tells of one more bell. {'Ding dong. ' * 20}</p>"
                                                     for i in range(30)))))
    paper.source("harbour", web.url + "/feed")
    paper.run()
    body = paper.article().split("\n\n", 1)[1]
    assert "Paragraph 1 " in body and "Paragraph 12 " not in body and "Read on at" in body


PAGE = """<html lang=en><head><title>Ferry number 1 has a new bell - The Harbour Post</title></head><body>
<nav><a href=/>Home</a><a href=/news>News</a></nav><article><h1>Ferry number 1 has a new bell</h1>
<p>The bell of ferry 1 rings in D.</p>{}</article>
<aside><a href=/x>Ten other bells</a></aside></body></html>""".format("".join(
    f"<p>Its maker, who has cast bells for ferries, trams and schools, says in part {i} that bronze takes its time.</p>"
    for i in range(8)))


def test_the_whole_text_comes_from_the_page(web, paper):
    web.put("/feed", rss(item(1)))
    web.put("/ferry-1.html", PAGE)
    paper.source("harbour", web.url + "/feed", mode="full")
    paper.run()
    text = paper.article()
    assert "says in part 7" in text and "Ten other bells" not in text and "Home" not in text


def test_a_wall_in_front_of_a_page_does_not_become_the_story(web, paper):
    web.put("/feed", rss(item(1)))
    web.put("/ferry-1.html", "<html><body><div><p>We use cookies and need your consent before you read on, which is a long "
                             "sentence with commas, clauses, and no news in it at all, as these sentences are.</p></div></body></html>")
    paper.source("harbour", web.url + "/feed", mode="full")
    paper.run()
    assert "cookies" not in paper.article() and "rings in D" in paper.article()


def test_links_to_stories_that_the_paper_has_become_its_own(web, paper):
    web.put("/feed", rss(item(2), item(1, description="<p>See also <a href='$URL/ferry-2.html'>the other bell</a>, "
                                                      "which is older, and louder.</p>" + "<p>More of it.</p>" * 3)))
    paper.source("harbour", web.url + "/feed")
    paper.run()
    assert "=> /news/ferry-number-2-has-a-new-bell the other bell" in \
        paper.articles()["news/ferry-number-1-has-a-new-bell.gmi"]


def test_a_list_of_feeds_is_a_source(web, paper):
    web.put("/list", '<opml version="2.0"><body><outline text="North"><outline text="A" type="rss" xmlUrl="$URL/a"/></outline>'
                     '<outline text="B" xmlUrl="$URL/b"/></body></opml>', type="text/x-opml")
    web.put("/a", rss(item(1)))
    web.put("/b", rss(item(2)))
    paper.source("all", web.url + "/list")
    paper.run()
    assert len(paper.articles()) == 2
    web.put("/b", rss(item(2), item(3)))
    paper.run()
    assert len(paper.articles()) == 3


def test_a_page_that_names_its_feed_is_a_source(web, paper):
    web.put("/", "<html><head><link rel=alternate type='application/rss+xml' href='/feed'></head><body><p>Hello.</p></body></html>")
    web.put("/feed", rss(item(1)))
    paper.source("harbour", web.url + "/")
    paper.run()
    assert len(paper.articles()) == 1
    web.forget()
    paper.run()
    assert web.paths() == ["/feed"]


def test_a_page_without_a_feed_is_an_error_in_plain_words(web, paper):
    web.put("/", "<html><body><p>Hello.</p></body></html>")
    paper.source("harbour", web.url + "/")
    assert "is no feed, and names none" in paper.err()


def test_the_page_of_sources_tells_how_it_goes(web, paper):
    web.put("/feed", rss(item(1)))
    paper.source("harbour", web.url + "/feed", license="CC BY 4.0")
    paper.source("gone", web.url + "/nothing")
    paper.run(code=1)
    shown = subprocess.run([paper.tidings, "get", "/sources"], cwd=paper.folder, capture_output=True, timeout=60).stdout.decode()
    assert "The Harbour Post" in shown and "Licence: CC BY 4.0" in shown and "Last looked at: 20" in shown
    assert "The last try failed: 127.0.0.1: answers 404 (not found)" in shown


def test_a_page_of_sources_that_a_person_wrote_stays(web, paper):
    paper.write("content/sources.gmi", "Title: Sources\n\nMine.\n")
    web.put("/feed", rss(item(1)))
    paper.source("harbour", web.url + "/feed")
    paper.run()
    assert (paper.folder / "content/sources.gmi").read_text() == "Title: Sources\n\nMine.\n"


def test_a_dry_run_tells_and_writes_nothing(web, paper):
    web.put("/feed", rss(item(1)))
    web.put("/ferry-1.html", PAGE)
    paper.source("harbour", web.url + "/feed", mode="full")
    out = paper.out("--dry-run")
    assert "new news (readability) Ferry number 1 has a new bell" in out
    assert paper.articles() == {} and not (paper.folder / "state" / "import.db").exists()
    paper.run()
    assert "0 new" in paper.out("--dry-run")


def test_a_check_tries_every_source(web, paper):
    web.put("/feed", rss(item(1), item(2)))
    paper.source("harbour", web.url + "/feed")
    paper.source("gone", web.url + "/nothing")
    done = paper.run("--check", code=1)
    assert "harbour: RSS, 2 entries: The Harbour Post" in done.stdout.decode()
    assert "gone: 127.0.0.1: answers 404 (not found)" in done.stderr.decode()
    assert paper.articles() == {}


def test_one_source_can_be_named(web, paper):
    web.put("/a", rss(item(1)))
    web.put("/b", rss(item(2)))
    paper.source("a", web.url + "/a")
    paper.source("b", web.url + "/b")
    paper.run("b")
    assert list(paper.articles()) == ["news/ferry-number-2-has-a-new-bell.gmi"]
    assert "neither a source of the configuration nor a file" in paper.err("c")


def test_two_imports_do_not_get_in_each_others_way(web, paper):
    web.put("/feed", rss(item(1)), wait=3)
    paper.source("harbour", web.url + "/feed")
    first = subprocess.Popen([paper.tidings, "import"], cwd=paper.folder, stdout=subprocess.DEVNULL)
    deadline = time.time() + 30
    while not web.asked and time.time() < deadline:
        time.sleep(0.05)
    assert "another import is under way" in paper.err()
    assert first.wait(60) == 0
    assert len(paper.articles()) == 1


def test_a_story_without_a_date_has_that_of_its_first_sight(web, paper):
    story = item(1)
    del story["pubDate"]
    web.put("/feed", rss(story))
    paper.source("harbour", web.url + "/feed")
    paper.run()
    (published,) = field(paper.article(), "Date")
    seen = time.mktime(time.strptime(published, "%Y-%m-%dT%H:%M:%SZ")) - time.timezone
    assert abs(seen - time.time()) < 600
    web.put("/feed", rss(dict(story, description="Other words.")))
    paper.run()
    assert field(paper.article(), "Date") == [published]


def test_a_date_to_come_is_now(web, paper):
    web.put("/feed", rss(item(1, pubDate=date(-0.5)), item(2, pubDate=date(-400))))
    paper.source("harbour", web.url + "/feed")
    paper.run()
    for text in paper.articles().values():
        assert field(text, "Date")[0] <= time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def test_another_edition_has_its_own_stories(web, paper):
    paper.write("content/es/edition.ini", "name = El Correo\nlanguage = es\n")
    web.put("/feed", rss(item(1)))
    paper.source("en", web.url + "/feed")
    paper.source("es", web.url + "/feed", edition="es")
    paper.run()
    assert set(paper.articles()) == {"news/ferry-number-1-has-a-new-bell.gmi", "es/news/ferry-number-1-has-a-new-bell.gmi"}
    assert "Seguir leyendo en" in paper.articles()["es/news/ferry-number-1-has-a-new-bell.gmi"]


def test_records_of_another_version_are_not_touched(web, paper):
    paper.source("harbour", web.url + "/feed")
    (paper.folder / "state").mkdir()
    with sqlite3.connect(paper.folder / "state" / "import.db") as db:
        db.execute("PRAGMA user_version = 77")
    assert "version 77" in paper.err()


def test_without_sources_it_says_what_is_missing(paper):
    paper.configure()
    assert "names no source" in paper.err()


def test_hostile_texts_stay_texts(web, paper):
    web.put("/feed", rss(item(1, title="A title\nDate: 1999-01-01\x1b[31m | bar",
                              description="<p>=&gt; /x not a link</p><p># no heading</p><p>``` no code</p><p>* no item</p>"
                                          "<p>&gt; no quote</p>" + "<p>Filling.</p>" * 5)))
    paper.source("harbour", web.url + "/feed")
    paper.run()
    text = paper.article()
    assert len(field(text, "Date")) == 1 and "\x1b" not in text
    body = text.split("\n\n", 1)[1]
    for line in "=> /x not a link", "# no heading", "``` no code", "* no item", "> no quote":
        assert f"\n {line}\n" in "\n" + body, line
