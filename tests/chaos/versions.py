"""Articles that come in versions, and tell of themselves whether all of them is of one version."""
import hashlib
import re

PARAGRAPHS = 40
STABLE = [f"s{number}" for number in range(8)]


def text(version):
    """An article file. Every paragraph names its version and place, the last one has the checksum of all."""
    words = [f"v{version}p{number}e" for number in range(PARAGRAPHS)]
    check = hashlib.sha256(" ".join(words).encode()).hexdigest()[:16]
    body = "\n\n".join(f"{word} has news of the quay, the ferry and the bench." for word in words)
    return (f"Title: Version {version}\nDate: 2026-03-01T08:00:00Z\nSummary: Of version {version}.\nTag: quay\n\n"
            f"{body}\n\nChecksum {check}\n")


def version(page):
    """The version that a page (bytes, of any protocol) shows whole; raises when it is torn."""
    shown = page.decode()
    words = re.findall(r"v\d+p\d+e\b", shown)
    check = re.search(r"Checksum ([0-9a-f]{16})", shown)
    title = re.search(r"Version (\d+)", shown)
    assert len(words) == PARAGRAPHS and check and title, f"torn: {len(words)} paragraphs, {shown[-200:]!r}"
    assert hashlib.sha256(" ".join(words).encode()).hexdigest()[:16] == check.group(1), f"torn: {words}"
    assert words[0].startswith(f"v{title.group(1)}p"), f"the title is of another version than {words[0]}"
    return int(title.group(1))


def path_of(paper, name):
    return paper / "news" / f"{name}.gmi"


def write(paper, name, number):
    """By a hidden file that takes the place of the old one at once."""
    path = path_of(paper, name)
    temporary = path.with_name(f".{name}.new")
    temporary.write_text(text(number))
    temporary.rename(path)


def write_paper(folder):
    (folder / "news").mkdir(parents=True)
    (folder / "edition.ini").write_text("name = The Torn Courier\nslogan = All of it\nlanguage = en\n")
    (folder / "about.gmi").write_text("Title: About\n\nA paper.\n")
    for name in STABLE:
        write(folder, name, 1)
