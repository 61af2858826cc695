"""Several sites in one server: who is served what, under which certificate, and how sites come and go."""
import signal
import sqlite3
import ssl
import subprocess
import time

import pytest

import clients
import smallweb
from papers import write_article, write_paper
from running import until

FOREIGN = "That host is not served here"


@pytest.fixture
def other(tmp_path):
    """The folder of another paper."""
    folder = tmp_path / "other"
    write_paper(folder)
    (folder / "edition.ini").write_text("name = The Other Mirror\nlanguage = en\n")
    write_article(folder, "lamp", "A lamp is lit")
    return folder


def site_of(other, **more):
    return {"content": other, "hostname": "b.example, www.b.example", "certificate": "b.crt", "key": "b.key", **more}


@pytest.fixture
def sites(run, other):
    """A server of two sites."""
    return run({"site b": site_of(other, gopher_listen="127.0.0.1:0")})


def ask(server, host, path="/", name=None, session=None, context=None):
    """What host's path gives: (status, meta, body, session, whether it was resumed)."""
    with clients.secure(server.gemini, context or smallweb.tls_context(), server_name=name or host,
                        session=session) as tls:
        tls.sendall(clients.url(server.gemini, path, host))
        status, meta, body = smallweb.split_gemini(smallweb.read_all(tls))
        return status, meta, body.decode(), tls.session, tls.session_reused


def shown(server, name, port=None):
    """The DNS names of the certificate that a client gets who asks for name; None: who asks for none."""
    asked = ["-servername", name] if name else ["-noservername"]
    got = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port or server.gemini}", *asked],
                         stdin=subprocess.DEVNULL, capture_output=True, timeout=20).stdout
    text = subprocess.run(["openssl", "x509", "-noout", "-ext", "subjectAltName"], input=got, capture_output=True,
                          timeout=20, check=True).stdout.decode()
    return sorted(word.strip(" ,\n")[4:] for word in text.split() if word.startswith("DNS:"))


def gopher_of(server, site):
    for line in server.log().splitlines():
        if "protocol=gopher" in line and line.endswith(f" site={site}"):
            return int(line.split("port=")[1].split()[0])
    return None


def workers(server):
    return {pid for name, pid in server.children().items() if name.startswith("worker")}


def reload(server, settings):
    """Takes the settings, and waits until nobody is left who serves the old ones."""
    before, old = server.log().count("reloaded"), workers(server)
    server.configure(settings)
    server.signal(signal.SIGHUP)
    until(lambda: server.log().count("reloaded") > before, 30)
    until(lambda: not old & set(server.pids()), 30)


def test_the_host_of_the_url_decides_which_paper_it_is(sites):
    assert ask(sites, "localhost")[2].startswith("# The Socket Courier")
    assert ask(sites, "b.example")[2].startswith("# The Other Mirror")
    assert ask(sites, "www.b.example", "/news/lamp")[0] == 20
    assert ask(sites, "localhost", "/news/lamp")[0] == 51
    assert ask(sites, "c.example")[:2] == (53, FOREIGN)


def test_a_name_in_tls_of_one_site_and_a_url_of_another_are_foreign(sites):
    for host, name in (("localhost", "b.example"), ("b.example", "localhost"), ("b.example", "www.b.example")):
        status, meta, body, *_ = ask(sites, host, name=name)
        assert (status, meta, body) == (53, "TLS and URL name different hosts", "")
    assert ask(sites, "b.example", name="unknown.example")[0] == 20


def test_each_name_gets_the_certificate_of_its_site(sites):
    default, other = ["localhost", "second.example"], ["b.example", "www.b.example"]
    assert shown(sites, "localhost") == shown(sites, "SECOND.example") == default
    assert shown(sites, "b.example") == shown(sites, "WWW.b.example.") == other
    assert shown(sites, None) == shown(sites, "unknown.example") == default


def test_gopher_has_its_own_listener_for_each_site_and_tls_with_its_own_certificate(sites):
    port = gopher_of(sites, "b")
    assert b"The Other Mirror" in clients.ask(port, b"\r\n")
    assert b"\tb.example\t%d\r\n" % port in clients.ask(port, b"\r\n")
    assert b"The Socket Courier" in clients.ask(sites.gopher, b"\r\n")
    assert shown(sites, "localhost", port) == shown(sites, None, port) == ["b.example", "www.b.example"]
    assert shown(sites, "b.example", sites.gopher) == ["localhost", "second.example"]


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_session_resumes_in_its_own_site_and_in_no_other(sites, version):
    context = smallweb.tls_context()
    context.minimum_version = context.maximum_version = version
    for host, elsewhere in (("b.example", "localhost"), ("localhost", "b.example")):
        session = ask(sites, host, context=context)[3]
        assert ask(sites, host, session=session, context=context)[4]
        status, _, _, _, resumed = ask(sites, elsewhere, session=session, context=context)
        assert (status, resumed) == (20, False)


def test_each_site_counts_its_own_reads_and_tells_them_in_the_log(sites):
    for _ in range(3):
        assert ask(sites, "b.example", "/news/lamp")[0] == 20
    assert ask(sites, "localhost", "/news/bench")[0] == 20

    def reads(folder):
        with sqlite3.connect(f"file:{folder}/catalogue.db?mode=ro", uri=True) as catalogue:
            return catalogue.execute("SELECT total(count) FROM reads").fetchone()[0]

    state = sites.folder / "state"
    until(lambda: (reads(state / "b"), reads(state)) == (3, 1), 20)
    lines = [line.split(" ") for line in sites.access()]
    assert [line[1] for line in lines] == 3 * ["site=b"] + ["site=localhost"]


def test_a_zone_of_one_site_is_none_of_the_other(run, other):
    server = run({"site b": site_of(other), "zone b /preview/": {"keys": "ab" * 32}})
    assert ask(server, "b.example", "/preview/")[0] == 60
    assert ask(server, "localhost", "/preview/")[0] == 51


def test_a_change_in_either_paper_shows(sites, paper, other):
    write_article(paper, "here", "It is here")
    write_article(other, "there", "It is there")
    until(lambda: ask(sites, "localhost", "/news/here")[0] == 20)
    until(lambda: ask(sites, "b.example", "/news/there")[0] == 20)
    assert ask(sites, "localhost", "/news/there")[0] == 51


def test_an_editor_that_dies_is_replaced_and_the_sites_go_on(sites, other):
    old = sites.children()["editor b"]
    sites.signal(signal.SIGKILL, "editor b")
    assert ask(sites, "b.example")[0] == 20
    until(lambda: sites.children().get("editor b", old) != old)
    write_article(other, "there", "It is there")
    until(lambda: ask(sites, "b.example", "/news/there")[0] == 20)


def test_a_reload_adds_a_site_beside_the_others_and_drops_it_again(run, other):
    server = run()
    assert ask(server, "b.example")[:2] == (53, FOREIGN)
    reload(server, {"site b": site_of(other, gopher_listen="127.0.0.1:0")})
    assert ask(server, "b.example", "/news/lamp")[0] == 20
    assert shown(server, "b.example") == ["b.example", "www.b.example"]
    port = gopher_of(server, "b")
    assert b"The Other Mirror" in clients.ask(port, b"\r\n")
    assert ask(server, "localhost")[0] == 20
    assert b"The Socket Courier" in clients.ask(server.gopher, b"\r\n")

    reload(server, {"site b": None})
    assert ask(server, "b.example")[:2] == (53, FOREIGN)
    until(lambda: "editor b" not in server.children())
    until(lambda: not listens(port))
    reload(server, {"site b": site_of(other, gopher_listen="127.0.0.1:0")})
    assert ask(server, "b.example", "/news/lamp")[0] == 20


def test_a_site_comes_back_at_once_and_changes_its_name_in_two_reloads(run, other):
    server = run({"site b": site_of(other, state="s")})
    reload(server, {"site b": None})
    reload(server, {"site b": site_of(other, state="s")})
    assert ask(server, "b.example", "/news/lamp")[0] == 20
    server.configure({"site b": None, "site c": site_of(other, state="s")})
    server.signal(signal.SIGHUP)
    until(lambda: "[site c] state: the site b has this folder; reload without that one first" in server.log())
    assert ask(server, "b.example")[0] == 20
    reload(server, {"site c": None})
    reload(server, {"site c": site_of(other, state="s")})
    assert ask(server, "b.example", "/news/lamp")[0] == 20
    assert "another server" not in server.log()


def listens(port):
    try:
        clients.connect(port).close()
        return True
    except ConnectionRefusedError:
        return False


def test_nobody_is_refused_while_sites_come_and_go(run, other):
    server = run()
    failed, asked = [], 0
    for turn in range(6):
        server.configure({"site b": site_of(other) if turn % 2 == 0 else None})
        count = server.log().count("reloaded")
        server.signal(signal.SIGHUP)
        end = time.monotonic() + 30
        while server.log().count("reloaded") == count and time.monotonic() < end:
            for reply in (ask(server, "localhost", "/news/bench")[0] == 20,
                          b"A short story" in clients.ask(server.gopher, b"/news/bench\r\n")):
                asked += 1
                if not reply:
                    failed.append(turn)
        assert server.log().count("reloaded") > count, server.log()
    assert asked and not failed


BAD = [
    ({"content": "empty"}, "[site b] content: the content folder"),
    ({"content": "nowhere"}, "[site b] content: the content folder"),
    ({"gopher_listen": "192.0.2.1:7070"}, "[site b] gopher_listen: 192.0.2.1:7070"),
    ({"hostname": "localhost"}, "the same hostname localhost"),
    ({"key": "missing/no.key", "certificate": "site.crt"}, "site.crt"),
    ({"colour": "red"}, 'unknown key "colour" in [site b]'),
]


@pytest.mark.parametrize("bad, sentence", BAD)
def test_a_site_that_cannot_be_served_leaves_everything_as_it_was(run, other, bad, sentence):
    server = run()
    (server.folder / "empty").mkdir()
    server.configure({"site b": {**site_of(other), **bad}})
    server.signal(signal.SIGHUP)
    until(lambda: sentence in server.log() and ("stay" in server.log() or "as it was" in server.log()))
    assert ask(server, "localhost")[0] == 20 and ask(server, "b.example")[0] == 53
    reload(server, {"site b": None})
    reload(server, {"site b": site_of(other)})
    assert ask(server, "b.example")[0] == 20


def test_what_a_site_is_made_of_does_not_change_with_a_reload(sites, paper, other):
    sites.configure({"site b": {"content": paper}})
    sites.signal(signal.SIGHUP)
    until(lambda: "[site b] content cannot change without a restart" in sites.log())
    assert ask(sites, "b.example")[2].startswith("# The Other Mirror")


def test_each_name_of_a_site_may_have_a_certificate_of_its_own(run, other):
    server = run({"site b": site_of(other, certificate="b.crt, www.crt", key="b.key, www.key")})
    assert shown(server, "b.example") == ["b.example"]
    assert shown(server, "www.b.example") == ["www.b.example"]
    assert shown(server, "localhost") == ["localhost", "second.example"]
    _, _, page, *_ = ask(server, "b.example", "/about/certificate")
    assert page.count("Certificate SHA-256: ") == 2 and "* www.b.example\n" in page


def tidings(server, *words):
    return subprocess.run([server.tidings, "-c", str(server.folder / "server.ini"), *words], capture_output=True,
                          text=True, timeout=60)


def test_commands_take_the_site_that_is_named(sites):
    assert tidings(sites, "get", "/").stdout.startswith("# The Socket Courier")
    assert tidings(sites, "--site", "b", "get", "/").stdout.startswith("# The Other Mirror")
    assert "The Other Mirror" in tidings(sites, "get", "--site", "b", "gopher:/").stdout
    assert tidings(sites, "get", "--site", "b", "/news/lamp").returncode == 0
    both = tidings(sites, "check").stdout
    assert "Site localhost:\n" in both and "Site b:\n" in both and both.count(" pages rendered\n") == 2
    assert tidings(sites, "check", "--site", "b").stdout.count(" pages rendered\n") == 1
    assert tidings(sites, "cert").stdout.count("Certificate SHA-256") == 2
    assert "Names                       b.example, www.b.example" in tidings(sites, "cert", "--site", "b").stdout
    wrong = tidings(sites, "--site", "c", "get", "/")
    assert wrong.returncode == 1 and "has no [site c]" in wrong.stderr
    assert tidings(sites, "--site", "b", "serve").returncode == 2
    status = tidings(sites, "status").stdout
    assert "site        localhost: " in status and "site        b: " in status and "editor b " in status
