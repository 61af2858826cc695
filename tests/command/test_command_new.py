"""`tidings new`: where the file goes, what is in it, and what is never touched."""
import datetime
import re

import pytest


def test_new_writes_a_skeleton_and_prints_its_path(paper):
    assert paper.out("new", "news", "Ferry sails: again!") == "content/news/ferry-sails-again.gmi\n"
    lines = (paper.folder / "content/news/ferry-sails-again.gmi").read_text().split("\n")
    date = lines.pop(1)
    assert lines == ["Title: Ferry sails: again!", "Summary:", "Author:", "Tag:", "Status: draft", "", ""]
    at = datetime.datetime.strptime(date, "Date: %Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    assert abs(datetime.datetime.now(datetime.timezone.utc) - at).total_seconds() < 60


@pytest.mark.parametrize("section", ["news", "/news", "news/", "/news//"])
def test_a_section_is_named_as_people_name_it(paper, section):
    assert paper.out("new", section, "A") == "content/news/a.gmi\n"


def test_subsections_and_editions_work_too(paper):
    paper.write("es/news/europe/section.ini", "name = Europa\n")
    assert paper.out("new", "es/news/europe", "El puente") == "content/es/news/europe/el-puente.gmi\n"


def test_titles_in_other_scripts_get_names_in_latin_letters(paper):
    path = paper.out("new", "news", "جسر جديد").strip()
    assert re.fullmatch(r"content/news/[a-z0-9-]+\.gmi", path)
    assert "Title: جسر جديد\n" in (paper.folder / path).read_text()


def test_what_exists_is_never_overwritten(paper):
    before = (paper.folder / "content/news/bench.gmi").read_bytes()
    assert "content/news/bench.gmi: File exists" in paper.err("new", "news", "Bench")
    assert (paper.folder / "content/news/bench.gmi").read_bytes() == before


def test_a_link_that_leads_nowhere_is_not_followed(paper):
    (paper.folder / "content/news/a.gmi").symlink_to(paper.folder / "outside")
    paper.err("new", "news", "A")
    assert not (paper.folder / "outside").exists()


def test_a_section_that_does_not_exist_is_named(paper):
    assert "There is no section sports: the folder content/sports does not exist" in paper.err("new", "sports", "A")
    assert not (paper.folder / "content/sports").exists()


def test_a_title_cannot_forge_header_lines(paper):
    path = paper.out("new", "news", "A\nStatus: published\n\n=> x").strip()
    assert (paper.folder / path).read_text().startswith("Title: A Status: published")


def test_a_title_may_have_1024_bytes_and_not_one_more(paper):
    paper.out("new", "news", "a" * 1024)
    assert "longer than 1024 bytes" in paper.err("new", "news", "b" * 1025, code=2)


def test_an_article_that_was_started_is_not_seen_before_it_is_published(paper):
    path = paper.folder / paper.out("new", "news", "Soon").strip()
    assert paper.err("get", "/news/soon").startswith("51 ")
    path.write_text(path.read_text().replace("Status: draft\n", "") + "Here it is.\n")
    assert "Here it is." in paper.out("get", "/news/soon")
