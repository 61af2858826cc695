"""The paper in real clients: curl, lynx and openssl from the shell, amfora and bombadillo in a terminal."""
import subprocess
import time
import uuid

import pytest

from identity import Identity

SECONDS = 30
LEAD = "Lantern Regatta"
SECTION_STORY = "Eleven bakers share one boatload of flour"


@pytest.fixture(scope="module")
def paper(content, serve):
    return serve(content)


def shell(*command, text=""):
    """What a command prints; it must end well."""
    done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=SECONDS)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_curl_reads_menu_text_and_search(paper):
    base = f"gopher://localhost:{paper.gopher}"
    assert LEAD in shell("curl", "-sS", f"{base}/")
    assert SECTION_STORY in shell("curl", "-sS", f"{base}/0/news/economy/flour-by-the-boatload.txt")
    assert SECTION_STORY in shell("curl", "-sS", f"{base}/7/search%09flour%20barge")


def test_curl_downloads_an_image_whole(paper, content):
    image = next((content / "pictures").glob("*.png"))
    done = subprocess.run(["curl", "-sS", f"gopher://localhost:{paper.gopher}/I/pictures/{image.name}"],
                          capture_output=True, timeout=SECONDS, check=True)
    assert done.stdout == image.read_bytes()


def test_lynx_shows_front_section_and_article(paper):
    base = f"gopher://localhost:{paper.gopher}"
    assert LEAD in shell("lynx", "-dump", f"{base}/")
    assert SECTION_STORY in shell("lynx", "-dump", f"{base}/1/news/economy/")
    article = shell("lynx", "-dump", f"{base}/1/news/economy/flour-by-the-boatload")
    assert "Read this" in article and "error.host" not in article
    assert SECTION_STORY in shell("lynx", "-dump", f"{base}/0/news/economy/flour-by-the-boatload.txt")


def test_openssl_gets_a_page_over_both_tls_versions(paper):
    for version in ("-tls1_2", "-tls1_3"):
        reply = shell("openssl", "s_client", "-quiet", version, "-connect", f"localhost:{paper.gemini}",
                      "-servername", "localhost", text=f"gemini://localhost:{paper.gemini}/news/\r\n")
        assert reply.startswith("20 text/gemini; charset=utf-8; lang=en\r\n")


@pytest.fixture(scope="module")
def editor(tmp_path_factory):
    """Somebody with a client certificate."""
    return Identity(tmp_path_factory.mktemp("editor"), "editor")


@pytest.fixture(scope="module")
def previewed(tmp_path_factory, serve, editor):
    """A paper with a draft and an embargoed article, and a zone for the editor."""
    folder = tmp_path_factory.mktemp("previewed")
    (folder / "news").mkdir()
    (folder / "edition.ini").write_text("name = The Preview Times\n")
    (folder / "news" / "soon.gmi").write_text("Title: What is to come\nDate: 2099-01-01T00:00:00Z\n\nSoon.\n")
    (folder / "news" / "draft.gmi").write_text("Title: What may come\nStatus: draft\n\n=> soon What is to come\n")
    return serve(folder, {"zone /preview/": {"keys": editor.fingerprint}})


def test_openssl_shows_its_certificate_and_goes_on_with_its_session(previewed, editor, tmp_path):
    for version in ("-tls1_2", "-tls1_3"):
        command = ["openssl", "s_client", "-quiet", version, "-connect", f"localhost:{previewed.gemini}", "-servername", "localhost"]
        url = f"gemini://localhost:{previewed.gemini}/preview/\r\n"
        session = tmp_path / f"session{version}"
        assert shell(*command, text=url).startswith("60 ")
        first = shell(*command, "-cert", str(editor.certificate), "-key", str(editor.key), "-sess_out", str(session), text=url)
        assert first.startswith("20 ") and "=> /preview/news/draft What may come" in first
        assert shell(*command, "-sess_in", str(session), text=url) == first


class Terminal:
    """A program in a tmux of its own."""

    def __init__(self, folder, *command):
        self.name = f"tidings-test-{uuid.uuid4().hex[:12]}"
        self.tmux("new-session", "-d", "-x", "110", "-y", "60", "env", f"HOME={folder}",
                  f"XDG_CONFIG_HOME={folder}", f"XDG_DATA_HOME={folder}", f"XDG_CACHE_HOME={folder}", "TERM=xterm-256color",
                  "LANG=C.UTF-8", *command)

    def tmux(self, *words):
        return subprocess.run(["tmux", "-L", self.name, "-f", "/dev/null", *words], capture_output=True,
                              timeout=SECONDS).stdout.decode(errors="replace")

    def type(self, *keys):
        for key in keys:
            self.tmux("send-keys", key)
            time.sleep(0.2)

    def wait_for(self, text):
        """Until text is on the screen; the screen. What it shows instead is the error."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            screen = self.tmux("capture-pane", "-p")
            if text in screen:
                return screen
            time.sleep(0.2)
        raise AssertionError(f"no {text!r} in:\n{screen}")

    def close(self):
        self.tmux("kill-server")


@pytest.fixture
def terminal(tmp_path):
    opened = []

    def start(*command):
        opened.append(Terminal(tmp_path, *command))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def number_of(screen, label):
    """The number in brackets that a client puts before a link."""
    line = next(line for line in screen.splitlines() if label in line)
    return line.split("[")[1].split("]")[0]


def test_amfora_goes_from_front_to_section_article_and_search(paper, terminal):
    base = f"gemini://localhost:{paper.gemini}"
    amfora = terminal("amfora", f"{base}/")
    screen = amfora.wait_for("All: News")
    amfora.type("Space", number_of(screen, "All: News"), "Enter")
    screen = amfora.wait_for("The Harbour Courier - News")
    amfora.type("Space", number_of(screen, "Economy"), "Enter")
    screen = amfora.wait_for(SECTION_STORY)
    amfora.type("Space", number_of(screen, SECTION_STORY), "Enter")
    amfora.wait_for("By Amara Okoye")
    amfora.type("Space", f"{base}/search", "Enter")
    amfora.wait_for("Search for")
    amfora.type("flour", "Enter", "Enter")  # the field, then the button
    amfora.wait_for("Search results: flour")


def test_amfora_previews_what_its_certificate_admits_to(previewed, editor, terminal, tmp_path):
    host = f"localhost:{previewed.gemini}"
    (tmp_path / "amfora").mkdir()
    (tmp_path / "amfora" / "config.toml").write_text(
        f"[auth]\n[auth.certs]\n'localhost' = '{editor.certificate}'\n'{host}' = '{editor.certificate}'\n"
        f"[auth.keys]\n'localhost' = '{editor.key}'\n'{host}' = '{editor.key}'\n")
    amfora = terminal("amfora", f"gemini://{host}/preview/")
    screen = amfora.wait_for("The Preview Times: Preview")
    assert "2099-01-01 00:00 UTC What is to come" in screen
    amfora.type("Space", number_of(screen, "What may come"), "Enter")
    screen = amfora.wait_for("Preview: Draft")
    amfora.type("Space", number_of(screen, "What is to come"), "Enter")
    amfora.wait_for("Embargoed until 2099-01-01 00:00 UTC")


def test_amfora_and_bombadillo_say_that_a_certificate_is_needed(previewed, terminal):
    url = f"gemini://localhost:{previewed.gemini}/preview/"
    terminal("amfora", url).wait_for("certificate is needed here")
    terminal("bombadillo", url).wait_for("Client Certificate Required")


@pytest.mark.parametrize("protocol", ["gopher", "gemini"])
def test_bombadillo_goes_from_front_to_section_and_article(paper, terminal, protocol):
    bombadillo = terminal("bombadillo", f"{protocol}://localhost:{getattr(paper, protocol)}/")
    screen = bombadillo.wait_for("All: News")
    bombadillo.type(":", number_of(screen, "All: News"), "Enter")
    screen = bombadillo.wait_for("The Harbour Courier - News")
    bombadillo.type(":", number_of(screen, "Economy"), "Enter")
    screen = bombadillo.wait_for(SECTION_STORY)
    bombadillo.type(":", number_of(screen, SECTION_STORY), "Enter")
    bombadillo.wait_for("By Amara Okoye")


def test_bombadillo_searches_over_gopher(paper, terminal):
    bombadillo = terminal("bombadillo", f"gopher://localhost:{paper.gopher}/")
    bombadillo.wait_for("All: News")
    bombadillo.type(":", f"gopher://localhost:{paper.gopher}/7/search", "Enter")
    bombadillo.wait_for("??")
    bombadillo.type("flour", "Enter")
    bombadillo.wait_for("Search results: flour")
