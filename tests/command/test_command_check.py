"""`tidings check`: each kind of fault is found, worded, placed, and weighs what it should."""
import re

import pytest

HEADER = "Title: {title}\nDate: 2026-03-03T08:00:00Z\nSummary: S.\nTag: x\n{more}\n"


def article(body="Text.\n", title="T", more=""):
    return HEADER.format(title=title, more=more) + body


def findings(paper, code):
    """(file:line, severity, sentence) of each finding, and the counts of the last line."""
    *lines, last = paper.out("check", code=code).splitlines()
    found = [re.fullmatch(r"(.*?): (error|warning): (.*)", line).groups() for line in lines]
    counts = re.fullmatch(r"(\d+) files, (\d+) errors, (\d+) warnings, (\d+) pages rendered", last)
    files, errors, warnings, pages = map(int, counts.groups())
    assert errors == sum(severity == "error" for _, severity, _ in found)
    assert warnings == sum(severity == "warning" for _, severity, _ in found)
    assert pages > 0
    return found, files


def only(paper, code=1):
    found, _ = findings(paper, code)
    assert len(found) == 1, found
    return found[0]


def test_a_good_paper_has_no_findings_and_every_page_is_rendered(paper):
    found, files = findings(paper, 0)
    assert found == []
    assert files == 6
    pages = int(re.search(r"(\d+) pages", paper.out("check")).group(1))
    paper.write("news/more.gmi", article())
    # The article, its plain text and its source, the tag with two feeds: in two protocols.
    assert int(re.search(r"(\d+) pages", paper.out("check")).group(1)) == pages + 12


def test_the_sample_paper_has_no_findings(paper, content):
    config = paper.folder / "server.ini"
    config.write_text(config.read_text().replace("content = content", f"content = {content}"))
    found, files = findings(paper, 0)
    assert found == []
    assert files > 100


def test_dead_links_are_errors_where_they_stand(paper):
    paper.write("news/a.gmi", article("Text.\n\n=> /news/nothing Read more\n=> bench\n=> ../news/bridge Yes\n"))
    assert only(paper) == ("content/news/a.gmi:8", "error", "dead link: there is no /news/nothing")


def test_relative_dead_links_are_told_by_their_full_path(paper):
    paper.write("news/a.gmi", article("=> ../sports/x Read more\n"))
    assert only(paper)[2] == "dead link: there is no /sports/x"


@pytest.mark.parametrize("target", [
    "/", "/news/", "/news", "/news/bench.txt", "/news/bench.gmi", "/news/dot.txt", "/about", "/latest", "/tags/benches",
    "/authors/ada-pier", "/archive/2026/", "/search", "/search?bench", "/news/atom.xml", "/feed.gmi", "bench#part",
    "/about/certificate", "#here", "?x", "https://example.org/nothing", "mailto:desk@example.org", "//example.org/x",
])
def test_links_that_lead_somewhere_are_fine(paper, target):
    paper.write("news/a.gmi", article(f"=> {target} Somewhere\n"))
    assert findings(paper, 0)[0] == []


@pytest.mark.parametrize("target", ["/tags/nothing", "/authors/nobody", "/archive/1901/", "/news/bench.pdf",
                                    "/nothing/", "/news/page/9"])
def test_pages_that_the_paper_does_not_have_are_dead(paper, target):
    paper.write("news/a.gmi", article(f"=> {target} Nowhere\n"))
    assert only(paper)[2] == f"dead link: there is no {target}"


def test_links_in_preformatted_text_are_no_links(paper):
    paper.write("news/a.gmi", article("```\n=> /news/nothing\n```\n"))
    assert findings(paper, 0)[0] == []


def test_related_and_translations_are_followed(paper):
    paper.write("news/a.gmi", article(more="Related: /news/nothing\nTranslation: es /es/nothing\n"))
    found, _ = findings(paper, 1)
    assert found == [("content/news/a.gmi:5", "error", "dead link: there is no /news/nothing"),
                     ("content/news/a.gmi:6", "error", "dead link: there is no /es/nothing")]


def test_pictures_must_be_there_and_have_an_alternative_text(paper):
    paper.write("news/here.png", b"\x89PNG")
    more = "Image: gone.png | Caption | Credit | Alt\nImage: here.png | Caption\nImage: https://example.org/x.png | | | A\n"
    paper.write("news/a.gmi", article(more=more))
    found, _ = findings(paper, 1)
    assert ("content/news/a.gmi:5", "error", "there is no file /news/gone.png") in found
    assert [(place, severity) for place, severity, text in found if "alt text" in text] == [
        ("content/news/a.gmi:6", "warning")]
    assert len(found) == 2


def test_recordings_must_be_there(paper):
    paper.write("news/a.gmi", article(more="Media: bells.ogg | The bells | 0:42 | 310 KB\n"))
    assert only(paper) == ("content/news/a.gmi:5", "error", "there is no file /news/bells.ogg")


def test_a_link_to_an_embargoed_article_is_a_warning_until_both_are_out(paper):
    paper.write("news/later.gmi", article().replace("2026-03-03", "2090-03-03"))
    paper.write("news/a.gmi", article("=> later Read more\n"))
    assert only(paper, 0) == ("content/news/a.gmi:6", "warning",
                              "the link to /news/later is dead until that is published")
    paper.write("news/a.gmi", article("=> later Read more\n").replace("2026-03-03", "2090-03-04"))
    assert findings(paper, 0)[0] == []


def test_a_link_to_a_draft_is_dead_and_a_draft_is_only_warned(paper):
    paper.write("news/draft.gmi", article("=> /news/nothing N\n", more="Status: draft\n"))
    assert only(paper, 0)[1] == "warning"
    paper.write("news/draft.gmi", article(more="Status: draft\n"))
    paper.write("news/a.gmi", article("=> draft Read more\n"))
    assert only(paper) == ("content/news/a.gmi:6", "error", "dead link: there is no /news/draft")


def test_a_link_to_a_retracted_article_is_a_warning(paper):
    paper.write("news/wrong.gmi", article(more="Status: retracted\n"))
    paper.write("news/a.gmi", article("=> wrong Read more\n"))
    assert only(paper, 0)[2] == "the link leads to the retracted article /news/wrong"


def test_picks_and_links_of_the_edition_are_followed(paper):
    paper.write("edition.ini", "name = T\npicks = /news/bench, /news/nothing\n[links]\nHelp = /help\nAbout = /about\n")
    found, _ = findings(paper, 1)
    assert found == [("content/edition.ini:2", "error", "dead link: there is no /news/nothing"),
                     ("content/edition.ini:4", "error", "dead link: there is no /help")]


def test_a_title_may_fill_a_menu_line_and_not_one_column_more(paper):
    paper.write("news/a.gmi", article(title="a" * 56))
    assert findings(paper, 0)[0] == []
    paper.write("news/a.gmi", article(title="橋" * 28 + "a"))
    place, severity, text = only(paper, 0)
    assert (place, severity) == ("content/news/a.gmi:1", "warning")
    assert "68 columns, 67 fit" in text


@pytest.mark.parametrize("body,line,part", [
    ("=>\n", 6, "a link line without a target"),
    ("=> \n", 6, "a link line without a target"),
    ("=> https://example.org/a|b Label\n", 6, "is not a URL"),
    ("=> https://example.org/جسر Label\n", 6, "is not a URL"),
    ("=> https://example.org/100% Label\n", 6, "is not a URL"),
    ("=> https://example.org/my file.pdf The file\n", 6, "looks as if it had a blank in it"),
    ("Text.\n```Table\na b\n", 7, "has no end"),
    ("```\na\n```\n\n```\nb\n", 10, "has no end"),
    ("a\tb\n", 6, "a TAB"),
    ("```\na\tb\n```\n", 7, "a TAB"),
    ("A\x1b[31m\n", 6, "control character"),
    ("#### Four\n", 6, "at most three #"),
    ("*star\n", 6, "with a blank behind it"),
    ("See [the bridge](/news/bridge) here.\n", 6, "a link of Markdown"),
    ("a" * 50 + "\nand on\n" + "a" * 50 + "\nand on\n", 7, "one line is one paragraph"),
    ("a" * 100 + "\nand on\n", 7, "one line is one paragraph"),
])
def test_gemtext_in_trouble_is_a_warning_where_it_stands(paper, body, line, part):
    paper.write("news/a.gmi", article(body))
    place, severity, text = only(paper, 0)
    assert (place, severity) == (f"content/news/a.gmi:{line}", "warning")
    assert part in text


@pytest.mark.parametrize("body", ["=>\thttps://example.org/\tLabel\n", "=> https://example.org/report.pdf report.pdf\n",
                                  "=> https://example.org/report See the v1.2 notes\n",
                                  "[sic] (he said)\n", "* star\n", "```\n[a](b)\n*star\n####\n```\n",
                                  "a" * 49 + "\nand on\n", "a" * 101 + "\nand on\n",
                                  "word " * 12 + "end. \nAnd on\n", "word " * 12 + "\n\nAnd on\n",
                                  "> " + "word " * 12 + "\n> and on\n", "```\n" + "word " * 12 + "\nword\n```\n"])
def test_gemtext_that_only_looks_odd_is_fine(paper, body):
    paper.write("news/a.gmi", article(body))
    assert findings(paper, 0)[0] == []


@pytest.mark.parametrize("text,line,part", [
    ("Date: 2026-03-03T08:00:00Z\n\nText.\n", None, "Title is missing"),
    ("Title: T\n\nText.\n", None, "Date is missing"),
    ("Title: T\nDate: yesterday\n\nText.\n", 2, "no date such as"),
    (b"Title: T\nDate: 2026-03-03\n\n\xff\n", 4, "not UTF-8"),
])
def test_what_the_store_leaves_out_is_an_error(paper, text, line, part):
    paper.write("news/a.gmi", text)
    place, severity, sentence = only(paper)
    assert place.startswith("content/news/a.gmi")
    assert line is None or place == f"content/news/a.gmi:{line}"
    assert severity == "error"
    assert part in sentence


def test_unknown_fields_are_warnings(paper):
    paper.write("news/a.gmi", article(more="Colour: red\nX-Desk: night\n"))
    assert only(paper, 0)[:2] == ("content/news/a.gmi:5", "warning")


def test_two_articles_with_the_same_identity_are_found(paper):
    paper.write("news/a.gmi", article(more="Id: same\n"))
    paper.write("news/b.gmi", article(more="Id: same\n"))
    found, _ = findings(paper, code=1)
    assert len(found) == 1 and "same" in found[0][2]


@pytest.mark.parametrize("name,part", [("bench", "has the same path"), ("bench.txt", "its plain text at this path")])
def test_a_file_at_the_path_of_an_article_is_found(paper, name, part):
    paper.write(f"news/{name}", "Another.\n")
    place, severity, text = only(paper)
    assert (place, severity) == (f"content/news/{name}", "error")
    assert text == f"content/news/bench.gmi {'has ' if part.startswith('its') else ''}{part}"


@pytest.mark.parametrize("more,part", [("", "no text below the header"), ("Type: gallery\n", "without a picture"),
                                       ("Type: video\n", "without a recording")])
def test_an_article_without_what_it_promises_is_a_warning_unless_it_is_a_draft(paper, more, part):
    paper.write("news/a.gmi", article("", more=more))
    assert part in only(paper, 0)[2]
    paper.write("news/a.gmi", article("", more=more + "Status: draft\n"))
    assert findings(paper, 0)[0] == []


def test_a_key_that_the_server_would_refuse_is_an_error(paper):
    paper.out("cert", "make")
    assert findings(paper, 0)[0] == []
    (paper.folder / "certs/a.key").chmod(0o640)
    assert only(paper)[:2] == ("certs/a.crt", "error")
    (paper.folder / "certs/a.key").unlink()
    assert "certs/a.key: No such file" in only(paper)[2]


def test_a_certificate_for_another_name_is_a_warning(paper):
    paper.out("cert", "make")
    config = paper.folder / "server.ini"
    config.write_text(config.read_text().replace("news.example,", "other.example,"))
    assert only(paper, 0)[:2] == ("certs/a.crt", "warning")


def test_a_finding_cannot_carry_controls_to_the_terminal(paper):
    paper.write("news/a.gmi", article("=> /\x1b[31m Label\n", more="\x1b[31m: x\n"))
    assert "\x1b" not in paper.out("check", code=1)


def test_hidden_files_are_left_alone(paper):
    paper.write("news/.draft.gmi", "nothing\n")
    paper.write(".git/config.gmi", "nothing\n")
    _, files = findings(paper, 0)
    assert files == 6


def test_the_state_folder_is_not_touched(paper):
    paper.out("check")
    assert not (paper.folder / "state").exists()


def test_defaults_are_printed_as_a_configuration(paper):
    text = paper.out("check", "--defaults")
    paper.write("server.ini", text, below="")
    assert paper.out("check", "--defaults") == text
    assert "Test Courier" in paper.out("get", "/")
