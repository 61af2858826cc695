"""
What is not out yet leaks nowhere: a paper with drafts and embargoed articles of every kind, and a zone that shows them, answers
byte for byte as one without them, in both protocols, on every page that a crawl or a guess finds.
"""
import collections
import re
import subprocess

import pytest

import smallweb
from identity import Identity
from running import until

EDITIONS = ["", "/es", "/ar"]
LATER = "2097-05-06T07:08:09Z"
# None of these words is in what is published, so none may be in any reply but those of the zone.
WORDS = ["zanzarim", "quellibor", "wuxnavel", "ostrivel", "2097", "dormouse"]
LISTS = ["latest", "trending", "most-read", "picks", "corrections", "live", "headlines", "today", "tags/", "authors/", "archive/",
         "news/", "news/town/", "live/", "tags/benches", "tags/zanzarim", "authors/ada-pier", "authors/quellibor", "archive/2097/",
         "archive/2097/05/", "archive/2097/05/06/", "archive/2026/", "wuxnavel/", "news/wuxnavel/", ""]
OTHERS = ["search", "about", "robots.txt", "favicon.txt", "caps.txt", ".well-known/security.txt", "about/certificate", "ostrivel",
          "authors/ostrivel", "news/town/bench", "news/town/lamp", "search/zanzarim", "search/ostrivel", "search/tag:zanzarim",
          "search/author:quellibor", "search/after:2090-01-01", "search/section:wuxnavel", "search/bench"]


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def write_published(folder):
    write(folder, "edition.ini", "name = The Open Page\nlanguage = en\ncontact = desk@example.org\nboxes = 5\n"
          "picks = /news/town/planned, /news/town/bench\n")
    for prefix in ("es", "ar"):
        write(folder, f"{prefix}/edition.ini", f"name = {prefix}\nlanguage = {prefix}\n")
    write(folder, "about.gmi", "Title: About\n\n=> /ostrivel Our next page\n")
    write(folder, "authors/ada-pier.gmi", "Title: Ada Pier\n\nWrites.\n")
    write(folder, "news/town/bench.gmi", "Title: The bench\nDate: 2026-01-02T08:00:00Z\nId: bench\nAuthor: Ada Pier\nTag: benches\n"
          "Related: /news/town/planned\nRelated: /news/town/drafted\nTranslation: es /es/news/town/bench\n"
          "Correction: 2026-01-03 | It has three legs.\nPick: yes\n\n"
          "=> /news/town/planned See the plan\n=> drafted.txt See the draft\n")
    write(folder, "news/town/lamp.gmi", "Title: The lamp\nDate: 2026-01-01T08:00:00Z\nTag: benches\nType: live\n\nLit.\n")


def write_unpublished(folder):
    head = "Summary: zanzarim.\nAuthor: Ada Pier\nAuthor: Quellibor\nTag: benches\nTag: Zanzarim\nPick: yes\nUrgency: 1\n"
    for state, name in (("Date: " + LATER, "planned"), ("Status: draft", "drafted"),
                        (f"Date: {LATER}\nStatus: draft", "both"), ("Date: 2026-01-04T00:00:00Z\nStatus: draft", "dated")):
        for place in ("news/town", "news/wuxnavel", "wuxnavel", "live", "es/news/town", "ar/wuxnavel"):
            write(folder, f"{place}/{name}.gmi", f"Title: Zanzarim {name}\n{state}\n{head}Type: live\n"
                  f"{f'Id: zanzarim-{name}' + chr(10) if place.endswith('news/town') else ''}"
                  "Correction: 2026-01-05 | zanzarim\nShares: 2097\nRelated: /news/town/bench\n\nA dormouse called zanzarim.\n")
        # As other editions of what is out.
        write(folder, f"{'es' if name == 'planned' else 'ar'}/news/town/{name}-bench.gmi",
              f"Title: Zanzarim bench {name}\n{state}\nId: bench\n\nA dormouse.\n"
              if name in ("planned", "drafted") else f"Title: Zanzarim\n{state}\n\nA dormouse.\n")
    write(folder, "ostrivel.gmi", "Title: Ostrivel\nStatus: draft\n\nA dormouse.\n")
    write(folder, "authors/ostrivel.gmi", "Title: Ostrivel\nStatus: draft\n\nA dormouse.\n")


class Paper:
    def __init__(self, server):
        self.server = server

    def gemini(self, path, context=None):
        """The reply with what differs from server to server taken out."""
        reply = smallweb.gemini(self.server.gemini, f"gemini://localhost:{self.server.gemini}{path}", context)
        return (*reply[:2], self.same(reply[2]))

    def gopher(self, selector):
        return self.same(smallweb.gopher(self.server.gopher, selector))

    def same(self, body):
        for port, name in ((self.server.gemini, b"GEMINI"), (self.server.gopher, b"GOPHER")):
            body = re.sub(rb"\b%d\b" % port, name, body)
        if b"<entry>" not in body:  # then it is the time of the scan
            body = re.sub(rb"<updated>[^<]*</updated>", b"", body)
        return body


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    return Identity(tmp_path_factory.mktemp("reader"), "reader")


@pytest.fixture(scope="module")
def papers(tmp_path_factory, serve, reader):
    """One with everything and a zone, and one that has only what is out."""
    both = []
    shared = tmp_path_factory.mktemp("certificate")
    gemini = {"certificate": shared / "site.crt", "key": shared / "site.key"}
    for has_secrets in (True, False):
        folder = tmp_path_factory.mktemp("unpublished")
        write_published(folder)
        if has_secrets:
            write_unpublished(folder)
        zone = {"zone /preview/": {"keys": reader.digits}} if has_secrets else {}
        both.append(Paper(serve(folder, {"gemini": gemini, **zone})))
        both[-1].folder = folder
        # So often that no reading of other tests changes the order of what is read most.
        for _ in range(100):
            both[-1].gemini("/news/town/bench")
    return both


def paths():
    """Every page kind, list and feed of every edition, and articles in each view, whether they are out or not."""
    for edition in EDITIONS:
        for page in LISTS:
            yield f"{edition}/{page}"
            for feed in ("feed.gmi", "atom.xml", "page/2"):
                yield f"{edition}/{page}" + ("" if page.endswith("/") or not page else "/") + feed
        for page in OTHERS:
            yield f"{edition}/{page}"
    for place in ("/news/town", "/news/wuxnavel", "/wuxnavel", "/es/news/town", "/ar/wuxnavel"):
        for name in ("planned", "drafted", "both", "dated", "bench", "nothing"):
            for suffix in ("", ".txt", ".gmi", "/", "/feed.gmi"):
                yield f"{place}/{name}{suffix}"


def crawl(paper, ask, links):
    """{path: reply} of everything that ask finds, from all paths on."""
    replies, queue = {}, collections.deque(paths())
    while queue:
        path = queue.popleft()
        if path not in replies:
            replies[path] = ask(path)
            queue.extend(link for link in links(replies[path]) if not link.startswith("/s/"))  # those count
    return replies


def gemini_links(reply):
    status, meta, body = reply
    if status in (30, 31):
        return [meta] if meta.startswith("/") else []
    if status != 20 or not meta.startswith("text/gemini"):
        return []
    return [target.split("gemini://localhost:GEMINI")[-1] for target, _ in smallweb.gemtext_links(body)
            if target.startswith(("/", "gemini://localhost:GEMINI/"))]


def gopher_links(reply):
    lines = [line.split("\t") for line in reply.decode().split("\r\n")]
    return [fields[1] for fields in lines if len(fields) == 4 and fields[0][:1] in "01" and fields[3] == "GOPHER"]


def assert_same(replies, words_ok=()):
    open_, plain = replies
    assert open_.keys() == plain.keys()
    assert len(open_) > 400
    for path, reply in open_.items():
        assert reply == plain[path], path


def words_in(reply, path):
    """The secret words in a reply that are not there because the path itself has them."""
    text = repr(reply).lower()
    return [word for word in WORDS if word in text and word not in path.lower()]


def test_gemini_answers_as_if_nothing_were_to_come(papers):
    replies = [crawl(paper, paper.gemini, gemini_links) for paper in papers]
    assert_same(replies)
    assert [(path, words_in(reply, path)) for path, reply in replies[0].items() if words_in(reply, path)] == []


def test_gopher_answers_as_if_nothing_were_to_come(papers):
    replies = [crawl(paper, paper.gopher, gopher_links) for paper in papers]
    assert_same(replies)
    assert [(path, words_in(reply, path)) for path, reply in replies[0].items() if words_in(reply, path)] == []


@pytest.mark.parametrize("words", WORDS + ["tag:zanzarim", "author:quellibor", "section:wuxnavel", "after:2090-01-01", "zan*", "bench"])
def test_search_finds_as_if_nothing_were_to_come(papers, words):
    for edition in EDITIONS:
        asked = [[paper.gemini(f"{edition}/search?{words}"), paper.gopher(f"{edition}/search\t{words}"),
                  paper.gopher(f"{edition}/search\t{words}\t+")] for paper in papers]
        assert asked[0] == asked[1]


def test_gopher_plus_tells_nothing(papers):
    for path in ("/news/town/bench", "/news/town/planned", "/news/town/drafted", "/news/", "/preview/", "/"):
        for ask in ("!", "$", "+text/plain"):
            assert papers[0].gopher(f"{path}\t{ask}") == papers[1].gopher(f"{path}\t{ask}")


def test_robots_txt_does_not_name_the_zone(papers):
    assert b"preview" not in papers[0].gemini("/robots.txt")[2] + papers[0].gopher("/robots.txt")


def test_short_link_leads_nowhere_before_its_article_is_out(papers, tidings):
    server = papers[0].server
    shown = subprocess.run([tidings, "get", "-c", server.folder / "server.ini", "--at", "2098-01-01T00:00:00Z", "/news/town/planned"],
                           capture_output=True, text=True, timeout=60, check=True).stdout
    short = re.search(r"=> (/s/\w+)", shown).group(1)
    for paper in papers:
        assert paper.gemini(short)[0] == 51
        assert paper.gopher(short) == papers[1].gopher(short)


def test_certificate_changes_nothing_outside_of_the_zone(papers, reader):
    context = reader.context()
    for path in list(paths())[::3]:
        assert papers[0].gemini(path, context) == papers[1].gemini(path), path


def test_zone_shows_all_of_it_and_only_links_that_lead_somewhere(papers, reader):
    """Every link on every preview works; those to what is not out lead to its preview."""
    paper, context = papers[0], reader.context()
    seen, queue, dead = set(), collections.deque(["/preview/"]), []
    while queue:
        path = queue.popleft()
        reply = paper.gemini(path, context)
        if reply[0] not in (20, 30, 31, 10):
            dead.append((path, reply[0]))
        for link in gemini_links(reply) if path.startswith("/preview/") else []:
            if link not in seen:
                seen.add(link)
                queue.append(link)
    # A tag, an author and a section that only unpublished articles have are not there yet.
    to_come = r"(/es|/ar)?/(tags/zanzarim|authors/quellibor|(news/)?wuxnavel/)|/(es|ar)/(tags/benches|authors/ada-pier|news/(town/)?|live/)"
    assert [path for path, _ in dead if not re.fullmatch(to_come, path)] == []
    previews = {path for path in seen if path.startswith("/preview/") and not path.endswith((".txt", ".gmi")) and path != "/preview/"}
    assert previews == {"/preview/" + str(file.relative_to(paper.folder))[:-4] for file in paper.folder.rglob("*.gmi")
                        if re.search(rf"Status: draft|Date: {LATER}", file.read_text())}


def test_links_between_unpublished_articles_stay_in_the_zone(papers, reader):
    paper, context = papers[0], reader.context()
    write(paper.folder, "news/town/web.gmi", f"Title: Web\nDate: {LATER}\nRelated: /news/town/drafted\nRelated: /news/town/bench\n"
          "Translation: es /es/news/town/planned\n\n=> planned A plan\n=> /news/town/drafted.txt A text\n=> bench A bench\n=> nowhere None\n")
    try:
        body = until(lambda: (lambda got: got[0] == 20 and got[2].decode())(paper.gemini("/preview/news/town/web", context)))
    finally:
        (paper.folder / "news/town/web.gmi").unlink()
        until(lambda: paper.gemini("/preview/news/town/web", context)[0] == 51)
    assert "=> /preview/news/town/planned A plan\n" in body
    assert "=> /preview/news/town/drafted.txt A text\n" in body
    assert "=> /news/town/bench A bench\n" in body
    assert "\nNone\n" in body
    assert "=> /preview/news/town/drafted Read more: Zanzarim drafted\n" in body
    assert "=> /news/town/bench Read more: The bench\n" in body
    assert "=> /preview/es/news/town/planned es: Zanzarim planned\n" in body


def test_preview_speaks_the_language_of_its_edition(papers, reader):
    context = reader.context()
    status, meta, body = papers[0].gemini("/preview/es/news/town/planned", context)
    assert (status, meta) == (20, "text/gemini; charset=utf-8; lang=es")
    assert body.decode().startswith("=> /preview/ Vista previa: Bajo embargo hasta 2097-05-06 07:08 UTC\n")
    status, meta, body = papers[0].gemini("/preview/ar/wuxnavel/drafted", context)
    assert (status, meta) == (20, "text/gemini; charset=utf-8; lang=ar")
    assert body.decode().startswith("=> /preview/ معاينة: مسودة\n")
