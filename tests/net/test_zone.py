"""Zones over real sockets: who is asked, who is let in, and that nobody else learns anything."""
import pathlib
import signal
import sqlite3
import ssl
import subprocess

import pytest

import clients
import smallweb
from identity import Identity
from papers import write_article
from running import until

V12, V13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
VERSIONS = pytest.mark.parametrize("version", [V12, V13])
NEEDED = (60, "A client certificate is needed here")
INVALID = (62, "This client certificate is expired or not valid yet")
PATHS = ["/preview", "/preview/", "/preview/news/later", "/preview/news/later.txt", "/preview/news/bench", "/preview/nothing",
         "//preview//", "/%70review/news", "/preview/?words"]


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    folder = tmp_path_factory.mktemp("people")
    return {"ada": Identity(folder, "ada"), "bo": Identity(folder, "bo", "rsa"), "ed": Identity(folder, "ed", "ed25519"),
            "late": Identity(folder, "late", when="2020-01-01 00:00:00"),
            "early": Identity(folder, "early", when="2045-01-01 00:00:00"),
            "stranger": Identity(folder, "stranger")}


@pytest.fixture
def zone(run, paper, people):
    """A server that admits ada, bo, and two whose certificates are not valid now."""
    write_article(paper, "later", "The secret ferry", Date="2099-01-01T00:00:00Z")
    write_article(paper, "draft", "The quiet draft", Status="draft")
    keys = ", ".join(people[name].digits.lower() for name in ("bo", "late"))
    server = run.new({"zone /preview/": {"keys": f"{people['ada'].fingerprint} ; Ada",
                                         "keys ": f"{keys}\nkeys = {people['early'].digits}\nkeys = {people['ed'].digits}"}})
    return server.start()


def ask(server, path, who=None, session=None, context=None):
    """(status, meta, body, the socket as it was)"""
    context = context or (who.context() if who else smallweb.tls_context())
    with clients.secure(server.gemini, context, session=session) as tls:
        tls.sendall(clients.url(server.gemini, path))
        status, meta, body = smallweb.split_gemini(smallweb.read_all(tls))
        return status, meta, body.decode(), tls.session, tls.session_reused


@pytest.mark.parametrize("path", PATHS)
def test_without_certificate_everything_in_a_zone_is_60(zone, path):
    assert ask(zone, path)[:3] == (*NEEDED, "")


@pytest.mark.parametrize("path", PATHS)
def test_with_a_key_that_is_not_listed_it_is_61_and_the_key_is_told(zone, people, path):
    stranger = people["stranger"]
    assert ask(zone, path, stranger)[:3] == (61, f"Not on the list; your key is {stranger.digits}", "")


@VERSIONS
@pytest.mark.parametrize("name", ["late", "early"])
def test_listed_with_a_certificate_that_is_not_valid_now_is_62(zone, people, name, version):
    assert ask(zone, "/preview/", context=people[name].context(version, version))[:3] == (*INVALID, "")


@VERSIONS
@pytest.mark.parametrize("name", ["ada", "bo", "ed"])
def test_listed_and_valid_is_let_in_whatever_kind_of_key(zone, people, name, version):
    status, meta, body, _, _ = ask(zone, "/preview/", context=people[name].context(version, version))
    assert (status, meta) == (20, "text/gemini; charset=utf-8; lang=en")
    assert "=> /preview/news/later 2099-01-01 00:00 UTC The secret ferry" in body
    assert "=> /preview/news/draft" in body
    assert f"Your key: {people[name].fingerprint}\n" in body


def test_preview_is_the_article_as_it_will_look(zone, people):
    status, _, body, _, _ = ask(zone, "/preview/news/later", people["ada"])
    assert status == 20
    assert body.startswith("=> /preview/ Preview: Embargoed until 2099-01-01 00:00 UTC\n")
    assert "# The secret ferry\n" in body and "A short story." in body
    status, meta, body, _, _ = ask(zone, "/preview/news/draft.txt", people["ada"])
    assert (status, meta) == (20, "text/plain; charset=utf-8; lang=en")
    assert body.startswith("Preview: Draft\n")
    assert ask(zone, "/preview/news/bench", people["ada"])[:2] == (30, "/news/bench")
    assert ask(zone, "/preview/nothing", people["ada"])[:2] == (51, "Not found")
    assert ask(zone, "/preview", people["ada"])[:2] == (31, "/preview/")


def test_preview_follows_the_paper(zone, paper, people):
    write_article(paper, "draft", "The quiet draft, again", Status="draft")
    until(lambda: "The quiet draft, again" in ask(zone, "/preview/", people["ada"])[2])
    for name in ("draft", "later"):
        (paper / "news" / f"{name}.gmi").unlink()
    until(lambda: "Nothing waits to be published." in ask(zone, "/preview/", people["ada"])[2])


@VERSIONS
@pytest.mark.parametrize("name,status", [("ada", 20), ("stranger", 61), ("late", 62), (None, 60)])
def test_resumed_session_is_judged_by_the_certificate_it_began_with(zone, people, name, status, version):
    context = people[name].context(version, version) if name else smallweb.tls_context(version, version)
    got, _, _, session, reused = ask(zone, "/preview/", context=context)
    assert (got, reused) == (status, False)
    for _ in range(2):  # each ticket makes the next one
        got, _, _, session, reused = ask(zone, "/preview/", session=session, context=context)
        assert (got, reused) == (status, True)
    assert ask(zone, "/", session=session, context=context)[0] == 20


@VERSIONS
def test_certificate_that_comes_later_counts_from_the_next_full_handshake(zone, people, version):
    context = smallweb.tls_context(version, version)
    session = ask(zone, "/", context=context)[3]
    context.load_cert_chain(people["ada"].certificate, people["ada"].key)
    assert ask(zone, "/preview/", session=session, context=context)[::4] == (60, True)
    assert ask(zone, "/preview/", context=context)[0] == 20


@pytest.mark.parametrize("name", [None, "ada", "stranger", "late"])
def test_outside_of_zones_everybody_reads_the_same(zone, people, name):
    who = people[name] if name else None
    for path in ("/", "/news/", "/news/bench", "/atom.xml", "/robots.txt", "/search?secret", "/previews", "/news/later"):
        assert ask(zone, path, who)[:3] == ask(zone, path)[:3]
    assert ask(zone, "/news/later", who)[0] == 51


def test_gopher_has_no_zone(zone, people):
    missing = smallweb.gopher(zone.gopher, "/nothing-of-the-kind")
    for path in ("/preview", "/preview/", "/preview/news/later", "/preview/news/later.txt", "preview/", "1/preview/", "/preview/\t+",
                 "/preview/\t!", "/preview/\twords"):
        reply = smallweb.gopher(zone.gopher, path)
        assert b"secret" not in reply and b"quiet" not in reply
        if "\t" not in path:
            assert reply.replace(b"/" + path.removeprefix("1").lstrip("/").encode(), b"/nothing-of-the-kind") == missing
    reply = clients.ask_tls(zone.gopher, b"/preview/\r\n", context=people["ada"].context())
    assert reply.replace(b"/preview/", b"/nothing-of-the-kind") == missing


def certificate_requests(server, version):
    """What openssl's client was asked for."""
    done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{server.gemini}", version, "-servername", "localhost"],
                          input=clients.url(server.gemini, "/"), capture_output=True, timeout=20)
    return done.stdout.decode(errors="replace")


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_certificates_are_asked_for_only_where_there_is_a_zone(run, zone, version):
    assert "Client Certificate Types" in certificate_requests(zone, version) or \
        "Requested Signature Algorithms" in certificate_requests(zone, version)
    assert "Acceptable client certificate CA names" not in certificate_requests(zone, version)
    plain = certificate_requests(run(), version)
    assert "Client Certificate Types" not in plain and "Requested Signature Algorithms" not in plain


def count_reads(server):
    """What the editor has counted, from its catalogue."""
    with sqlite3.connect(f"file:{server.folder}/state/catalogue.db?mode=ro", uri=True) as db:
        return dict(db.execute("SELECT a.path, sum(r.count) FROM reads AS r JOIN article AS a ON a.key = r.key GROUP BY a.path"))


def test_reading_a_preview_is_never_counted(zone, people):
    for path in ("/preview/", "/preview/news/later", "/preview/news/later.txt", "/preview/news/draft", "/preview/news/bench"):
        for _ in range(3):
            ask(zone, path, people["ada"])
    for _ in range(2):
        ask(zone, "/news/bench", people["ada"])
    until(lambda: count_reads(zone).get("/news/bench") == 2, 30)
    assert count_reads(zone) == {"/news/bench": 2}


def test_access_log_shows_the_path_and_status(zone, people):
    ask(zone, "/preview/news/later")
    ask(zone, "/preview/", people["ada"])
    until(lambda: len(zone.access()) == 2)
    lines = zone.access()
    assert "/preview/news/later" in lines[0] and "status=60" in lines[0]
    assert "/preview/" in lines[1] and "status=20" in lines[1]
    assert people["ada"].digits not in "".join(lines)


def reload(server, editors=0):
    """Returns when the workers with the old settings, which finish what they have, are gone, and so many editors."""
    pid = server.process.pid
    before = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    server.signal(signal.SIGHUP)
    until(lambda: len(set(before) & set(pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split())) == 1 - editors, 30)


@VERSIONS
def test_key_that_a_reload_takes_away_is_refused_on_resumed_sessions_too(run, people, version):
    server = run({"zone /preview/": {"keys": people["ada"].digits}})
    context = people["ada"].context(version, version)
    status, _, _, session, _ = ask(server, "/preview/", context=context)
    assert status == 20
    server.configure({"zone /preview/": {"keys": people["bo"].digits}})
    reload(server)
    status, meta, _, session, reused = ask(server, "/preview/", session=session, context=context)
    assert (status, reused) == (61, True)
    assert ask(server, "/preview/", people["bo"])[0] == 20
    server.configure({"zone /preview/": {"keys": people["ada"].digits}})
    reload(server)
    assert ask(server, "/preview/", session=session, context=context)[::4] == (20, True)


def test_zones_come_and_go_with_reloads_and_so_does_what_lies_there(run, paper, people):
    ada = people["ada"]
    write_article(paper.parent / "paper" / "other", "x", "Where a zone may be")
    server = run()
    assert "Where a zone may be" in ask(server, "/latest")[2]
    assert ask(server, "/other/news/x")[0] == 20
    server.configure({"zone /other/": {"keys": ada.digits}})
    reload(server, editors=1)
    assert ask(server, "/other/news/x")[0] == 60
    until(lambda: "Where a zone may be" not in ask(server, "/latest")[2], 30)
    assert ask(server, "/other/", ada)[0] == 20
    server.configure({"zone /other/": None, "zone /preview/": {"keys": ada.digits}})
    reload(server, editors=1)
    until(lambda: "Where a zone may be" in ask(server, "/latest")[2], 30)
    assert ask(server, "/other/news/x", ada)[0] == 20
    assert ask(server, "/preview/", ada)[0] == 20
    assert server.log().count(" error: ") == server.log().count("the configuration has a zone of this path") == 1


def ask_site(server, host, path, context, session=None):
    with clients.secure(server.gemini, context, host, session) as tls:
        tls.sendall(clients.url(server.gemini, path, host))
        status, _, body = smallweb.split_gemini(smallweb.read_all(tls))
        return status, body.decode(), tls.session, tls.session_reused


def test_each_site_has_zones_of_its_own(run, people, tmp_path):
    other = tmp_path / "other"
    write_article(other, "later", "The other's secret", Date="2099-01-01T00:00:00Z")
    (other / "edition.ini").write_text("name = The Other\n")
    server = run({"site other.example": {"content": other}, "site open.example": {"content": other, "state": tmp_path / "state"},
                  "zone /preview/": {"keys": people["ada"].digits}, "zone other.example /preview/": {"keys": people["bo"].digits}})
    for name, host, good, bad in (("ada", "localhost", 20, 61), ("bo", "other.example", 20, 61)):
        assert ask_site(server, host, "/preview/", people[name].context())[0] == good
        assert ask_site(server, host, "/preview/", people["bo" if name == "ada" else "ada"].context())[0] == bad
        assert ask_site(server, host, "/preview/", smallweb.tls_context())[0] == 60
        assert ask_site(server, "open.example", "/preview/", people[name].context())[0] == 51
    context = people["bo"].context()
    _, body, session, _ = ask_site(server, "other.example", "/preview/", context)
    assert "The other's secret" in body
    assert ask_site(server, "other.example", "/preview/", context, session)[::3] == (20, True)
    assert ask_site(server, "localhost", "/preview/", context, session)[::3] == (61, False)


def test_zone_without_keys_tells_everybody_their_own(run, people):
    server = run({"zone /preview/": {}})
    assert ask(server, "/preview/")[0] == 60
    assert ask(server, "/preview/", people["ada"])[:2] == (61, f"Not on the list; your key is {people['ada'].digits}")


def test_content_below_a_zone_is_left_out_and_told(run, paper, people, tidings):
    write_article(paper.parent / "paper" / "preview", "x", "Below the zone")
    server = run({"zone /preview/": {"keys": people["ada"].digits}})
    assert "preview: the configuration has a zone of this path" in server.log()
    assert "Below the zone" not in ask(server, "/latest")[2]
    assert ask(server, "/preview/news/x")[0] == 60
    assert ask(server, "/preview/news/x", people["ada"])[0] == 51
    done = subprocess.run([tidings, "check", "-c", server.folder / "server.ini"], capture_output=True, timeout=60, text=True)
    assert done.returncode == 1
    assert "preview: error: the configuration has a zone of this path" in done.stdout


def test_chain_that_is_too_long_costs_only_its_own_connection(zone, people, tmp_path):
    ada = people["ada"]
    bundle = tmp_path / "chain.crt"
    bundle.write_text(ada.certificate.read_text() + people["bo"].certificate.read_text() * 40)
    context = smallweb.tls_context()
    context.load_cert_chain(bundle, ada.key)
    with pytest.raises((ssl.SSLError, ConnectionError)):
        ask(zone, "/preview/", context=context)
    assert ask(zone, "/preview/", ada)[0] == 20


def forge_key(of, by, path):
    """A key file with the public half of one identity and the private half of another: openssl's client takes it."""
    halves = [subprocess.run(["openssl", "ec", "-in", who.key, "-outform", "der"], check=True, capture_output=True).stdout
              for who in (of, by)]
    point = 65  # bytes of a public key of P-256, which stands at the end (RFC 5915)
    forged = halves[1][:-point] + halves[0][-point:]
    pem = subprocess.run(["openssl", "base64"], input=forged, check=True, capture_output=True).stdout.decode()
    path.write_text(f"-----BEGIN EC PRIVATE KEY-----\n{pem}-----END EC PRIVATE KEY-----\n")


@VERSIONS
def test_certificate_of_somebody_else_without_the_key_proves_nothing(zone, people, tmp_path, version):
    forge_key(people["ada"], people["stranger"], tmp_path / "forged.pem")
    context = smallweb.tls_context(version, version)
    context.load_cert_chain(people["ada"].certificate, tmp_path / "forged.pem")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        ask(zone, "/preview/", context=context)
    assert ask(zone, "/preview/", context=people["ada"].context(version, version))[0] == 20
