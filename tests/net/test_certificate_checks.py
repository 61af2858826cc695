"""What the server says of a certificate when it loads it, and which certificates it sends."""
import signal
import ssl
import subprocess

import pytest

from clients import ask_tls, url
from running import until

KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def openssl(*words, when=None):
    clock = ["faketime", when] if when else []
    subprocess.run([*clock, "openssl", *words], check=True, capture_output=True)


def make(folder, *names, when=None):
    """site.crt and site.key, self-signed for ninety days."""
    extension = ("-addext", "subjectAltName=" + ",".join(f"DNS:{name}" for name in names)) if names else ()
    openssl("req", "-x509", *KEY, "-subj", "/CN=localhost", *extension, "-days", "90",
            "-keyout", folder / "site.key", "-out", folder / "site.crt", when=when)
    (folder / "site.key").chmod(0o600)


def warnings(server):
    return [line.partition("warning: ")[2] for line in server.log().splitlines() if "site.crt" in line
            and "warning: " in line]


@pytest.mark.parametrize("names, missing", [
    (("localhost", "a.second.example"), []),
    (("localhost", "*.second.example"), []),
    (("localhost",), ["a.second.example"]),
    (("other.example",), ["localhost", "a.second.example"]),
    ((), ["localhost", "a.second.example"]),  # the common name alone is no name for many clients
])
def test_names_that_the_certificate_does_not_have_are_told_at_load(run, names, missing):
    server = run.new({"gemini": {"hostname": "localhost, a.second.example, 127.0.0.1, [::1]"}})
    make(server.folder, *names)
    server.start()
    path = server.folder / "site.crt"
    assert warnings(server) == [f"{path}: the certificate does not name {name}: some clients refuse it"
                                for name in missing]
    assert ask_tls(server.gemini, url(server.gemini, "/")).startswith(b"20 ")


@pytest.mark.parametrize("when, words", [("2020-01-01 00:00:00", "has expired on 2020-03-31"),
                                         ("2045-01-01 00:00:00", "is not valid before 2045-01-01")])
def test_dates_that_are_not_now_are_told_at_the_start_and_at_a_reload(run, when, words):
    server = run.new()
    make(server.folder, "localhost", "second.example", when=when)
    server.start()
    assert len(warnings(server)) == 1 and words in warnings(server)[0]
    server.signal(signal.SIGHUP)
    until(lambda: "reloaded" in server.log())
    assert len(warnings(server)) == 2


def test_chain_is_sent_so_that_clients_need_only_the_root(run, tmp_path):
    """As an authority hands them out: the site's certificate and the one that signed it, in one file."""
    for name, signer, extension in (("root", None, "basicConstraints=critical,CA:true"),
                                    ("middle", "root", "basicConstraints=critical,CA:true"),
                                    ("site", "middle", "subjectAltName=DNS:localhost,DNS:second.example")):
        by = ("-CA", tmp_path / f"{signer}.crt", "-CAkey", tmp_path / f"{signer}.key") if signer else ()
        openssl("req", "-x509", *KEY, "-subj", f"/CN={name}", "-addext", extension, "-days", "9", *by,
                "-keyout", tmp_path / f"{name}.key", "-out", tmp_path / f"{name}.crt")
    chain = tmp_path / "chain.crt"
    chain.write_bytes((tmp_path / "site.crt").read_bytes() + (tmp_path / "middle.crt").read_bytes())
    (tmp_path / "site.key").chmod(0o600)
    server = run({"gemini": {"certificate": chain, "key": tmp_path / "site.key"}})
    context = ssl.create_default_context(cafile=tmp_path / "root.crt")  # checks the name as well
    assert ask_tls(server.gemini, url(server.gemini, "/"), context=context).startswith(b"20 ")
    with pytest.raises(ssl.SSLCertVerificationError):
        ask_tls(server.gemini, url(server.gemini, "/"), context=context, server_name="third.example")
