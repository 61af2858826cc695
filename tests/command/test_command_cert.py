"""`tidings cert`: what it makes, keeps and shows."""
import os
import re
import ssl
import subprocess


def digests(text):
    return dict(re.findall(r"^(Certificate|Public key \(SPKI\)) SHA-256 +(\S+)$", text, re.M))


def test_without_a_certificate_it_says_how_to_make_one(paper):
    text = paper.err("cert")
    assert "certs/a.crt: No such file" in text
    assert "tidings cert make" in text


def test_make_shows_names_dates_and_fingerprints(paper):
    text = paper.out("cert", "make")
    assert "news.example, www.news.example" in text
    assert re.search(r"^Valid +20\d\d-\d\d-\d\d to 20[34]\d-\d\d-\d\d$", text, re.M)
    assert all(re.fullmatch(r"([0-9A-F]{2}:){31}[0-9A-F]{2}", value) for value in digests(text).values())
    assert len(digests(text)) == 2
    assert paper.out("cert") == text


def test_the_fingerprint_is_that_which_openssl_shows(paper):
    text = paper.out("cert", "make")
    shown = subprocess.run(["openssl", "x509", "-in", "certs/a.crt", "-noout", "-fingerprint", "-sha256"],
                           cwd=paper.folder, capture_output=True, check=True).stdout.decode()
    assert digests(text)["Certificate"] in shown


def test_certificate_and_key_belong_together(paper):
    paper.out("cert", "make")
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(paper.folder / "certs/a.crt", paper.folder / "certs/a.key")


def test_renew_keeps_the_key(paper):
    before = digests(paper.out("cert", "make"))
    key = (paper.folder / "certs/a.key").read_bytes()
    after = digests(paper.out("cert", "renew"))
    assert after["Public key (SPKI)"] == before["Public key (SPKI)"]
    assert after["Certificate"] != before["Certificate"]
    assert (paper.folder / "certs/a.key").read_bytes() == key
    assert sorted(os.listdir(paper.folder / "certs")) == ["a.crt", "a.key"]


def test_make_replaces_nothing(paper):
    paper.out("cert", "make")
    before = (paper.folder / "certs/a.crt").read_bytes()
    assert "are there already" in paper.err("cert", "make")
    assert (paper.folder / "certs/a.crt").read_bytes() == before


def test_a_key_that_others_can_read_is_warned_about(paper):
    paper.out("cert", "make")
    key = paper.folder / "certs/a.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert paper.err("cert", code=0) == ""
    key.chmod(0o644)
    assert "others may read this private key" in paper.err("cert", code=0)


def test_a_key_of_another_certificate_is_told(paper):
    paper.out("cert", "make")
    other = paper.folder / "other.key"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ED25519", "-out", other], check=True)
    other.replace(paper.folder / "certs/a.key")
    assert "certs/a.key is not the key of certs/a.crt" in paper.err("cert", code=0)


def test_a_key_that_is_missing_is_told(paper):
    paper.out("cert", "make")
    (paper.folder / "certs/a.key").unlink()
    assert "certs/a.key: No such file" in paper.err("cert", code=0)


def test_a_certificate_for_another_name_is_warned_about(paper):
    paper.out("cert", "make")
    config = paper.folder / "server.ini"
    config.write_text(config.read_text().replace("news.example,", "other.example,"))
    assert "does not name other.example" in paper.err("cert", code=0)


def test_a_folder_that_cannot_be_made_is_named(paper):
    paper.write("certs", "a file", below="")
    assert "certs" in paper.err("cert", "make")
