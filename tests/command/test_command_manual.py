"""The manual says what the program knows: settings, fields and keys are compared with the tables."""
import pathlib
import re
import shutil
import subprocess

import pytest


ROOT = pathlib.Path(__file__).resolve().parents[2]
MAN = ROOT / "src" / "man"


def test_the_manual_lists_exactly_the_settings_of_the_table(paper):
    table = re.findall(r"^(?:\[(\w+)\]|(\w+) =)", paper.out("check", "--defaults"), re.M)
    pattern = r"^\.(?:Ss \[(\w+)\]|It Ic (\w+) No =)"
    pieces = re.split(r"(?=^\.Ss )", (MAN / "tidings.ini.5").read_text(), flags=re.M)
    sites = [piece for piece in pieces if piece.startswith(".Ss [site")]
    sources = [piece for piece in pieces if piece.startswith(".Ss [source")]
    page = re.findall(pattern, "".join(piece for piece in pieces if piece not in sites + sources), re.M)
    assert len(table) > 20
    assert page == table
    of_site, of_source = (re.findall(r"^; (\w+) =", text, re.M) for text in
                          paper.out("check", "--defaults").split("; [site NAME]\n")[1].split("; [source NAME]\n"))
    assert len(of_source) > 10 and of_source == re.findall(r"^\.It Ic (\w+) No =", "".join(sources), re.M)
    assert len(of_site) == 10 and of_site == re.findall(r"^\.It Ic (\w+) No =", "".join(sites), re.M)


def test_the_manual_says_the_defaults(paper):
    page = (MAN / "tidings.ini.5").read_text()
    for name, value in re.findall(r"^(\w+) = (.+)$", paper.out("check", "--defaults"), re.M):
        entry = page.split(f".It Ic {name} ", 1)[1] if name not in ("listen", "hostname") else page
        assert value in entry.split("Default:", 1)[1] if name in ("listen", "hostname") else entry.split(".It Ic")[0]


def test_the_readme_has_the_settings_with_their_defaults_and_help(paper):
    rows, section, about = [], "", ""
    for line in paper.out("check", "--defaults").splitlines():
        if line.startswith("["):
            section = line
        elif line.startswith("; "):
            about = line[2:]
        elif line:
            name, value = line.split(" =", 1)
            shown = f"`{value.strip()}`" if value.strip() else ""
            rows.append(f"| `{section} {name}` | {shown} | {about} |")
    assert [line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("| `[")] == rows


def test_the_sample_configuration_is_accepted_and_uses_known_settings(paper):
    paper.write("server.ini", (ROOT / "server.ini").read_text(), below="")
    assert "Test Courier" in paper.out("get", "/")


def test_the_manual_lists_exactly_the_fields_of_an_article():
    source = (ROOT / "src/store/article_fields.c").read_text()
    fields = re.findall(r'^\t\{ "([A-Z][A-Za-z-]*)", \w+', source, re.M)
    page = re.findall(r"^\.It Ic ([A-Z][\w-]*) :", (MAN / "tidings-article.5").read_text(), re.M)
    assert len(fields) > 20
    assert page == fields


def test_the_manual_lists_exactly_the_keys_of_editions_and_sections():
    source = (ROOT / "src/store/edition_ini.c").read_text()
    keys = re.findall(r'^\t\{ "([a-z]+)", set_\w+', source, re.M)
    page = re.findall(r"^\.It Ic ([a-z]+) No =", (MAN / "tidings-article.5").read_text(), re.M)
    assert len(keys) > 10
    assert page == keys


def test_every_command_is_in_the_manual(paper):
    commands = re.findall(r"^  ([a-z]+) ", paper.out("--help"), re.M)
    page = (MAN / "tidings.1").read_text()
    assert [name for name in commands if f"\n.It Cm {name}\n" not in page] == []


@pytest.mark.skipif(not shutil.which("mandoc"), reason="mandoc is not installed")
def test_the_manual_is_free_of_lint():
    pages = sorted(map(str, MAN.glob("*.[15]")))
    assert len(pages) == 3
    done = subprocess.run(["mandoc", "-Tlint", "-W", "warning", *pages], capture_output=True)
    assert done.stdout.decode() == ""
    assert done.returncode == 0
