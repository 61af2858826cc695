"""Certificates that are replaced on disk are taken without a word to the server."""
import hashlib
import os
import signal
import subprocess
import time

import pytest

from clients import ask_tls, secure, url
from running import until

REFUSED = "the old settings stay"
READ = "are read again"


def make(folder, name="new"):
    """folder/name.crt and folder/name.key."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "9",
                    "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.crt"],
                   check=True, capture_output=True)
    (folder / f"{name}.key").chmod(0o600)


def shown(server):
    with secure(server.gemini) as tls:
        return tls.getpeercert(binary_form=True)


def is_served(server, old):
    until(lambda: shown(server) != old, 30)
    assert ask_tls(server.gemini, url(server.gemini, "/")).startswith(b"20 ")


def rename(folder):
    (folder / "new.key").rename(folder / "site.key")
    (folder / "new.crt").rename(folder / "site.crt")


def overwrite(folder):
    for end in "key", "crt":
        (folder / f"site.{end}").write_bytes((folder / f"new.{end}").read_bytes())


@pytest.mark.parametrize("replace", [rename, overwrite])
def test_new_certificate_is_taken_when_its_files_have_changed(run, replace):
    server = run()
    for count in 1, 2:
        old = shown(server)
        make(server.folder)
        replace(server.folder)
        is_served(server, old)
        until(lambda count=count: server.log().count("reloaded") == count)
    assert REFUSED not in server.log()


def test_certificate_is_taken_through_changed_symbolic_links(run, tmp_path):
    """As certbot has them: the path is a link to the newest of several files."""
    for name in "first", "second":
        make(tmp_path, name)
    for end in "key", "crt":
        (tmp_path / f"live.{end}").symlink_to(f"first.{end}")
    server = run({"gemini": {"certificate": tmp_path / "live.crt", "key": tmp_path / "live.key"}})
    old = shown(server)
    for end in "key", "crt":
        (tmp_path / f"next.{end}").symlink_to(f"second.{end}")
        (tmp_path / f"next.{end}").rename(tmp_path / f"live.{end}")
    is_served(server, old)


def test_key_without_its_certificate_is_refused_once_and_taken_with_it(run):
    server = run()
    old = shown(server)
    make(server.folder)
    (server.folder / "new.key").rename(server.folder / "site.key")
    until(lambda: REFUSED in server.log(), 30)
    assert shown(server) == old
    time.sleep(3)  # three looks at the files
    assert server.log().count(REFUSED) == server.log().count(READ) == 1
    assert ask_tls(server.gemini, url(server.gemini, "/")).startswith(b"20 ")
    (server.folder / "new.crt").rename(server.folder / "site.crt")
    is_served(server, old)


def test_page_about_the_certificate_tells_of_the_one_that_is_shown(run):
    """Also by a worker that has started since the file on the disk is another one."""
    server = run({"server": {"workers": 1}})
    old = shown(server)
    make(server.folder)
    (server.folder / "new.crt").rename(server.folder / "site.crt")
    until(lambda: REFUSED in server.log(), 30)
    first = server.children()["worker 1"]
    os.kill(first, signal.SIGKILL)
    until(lambda: server.children().get("worker 1", first) != first)
    digest = hashlib.sha256(old).hexdigest().upper()
    page = ask_tls(server.gemini, url(server.gemini, "/about/certificate")).decode()
    assert ":".join(digest[at:at + 2] for at in range(0, 64, 2)) in page
    assert shown(server) == old


def test_missing_file_is_waited_for(run):
    server = run()
    old = shown(server)
    make(server.folder)
    (server.folder / "site.crt").unlink()
    (server.folder / "new.key").rename(server.folder / "site.key")
    time.sleep(3)
    assert READ not in server.log() and shown(server) == old
    (server.folder / "new.crt").rename(server.folder / "site.crt")
    is_served(server, old)


def test_refused_key_is_taken_when_its_mode_is_right(run):
    server = run()
    old = shown(server)
    make(server.folder)
    (server.folder / "new.key").chmod(0o644)
    rename(server.folder)
    until(lambda: "others may read this private key" in server.log(), 30)
    assert shown(server) == old
    (server.folder / "site.key").chmod(0o600)
    is_served(server, old)


def test_unchanged_files_are_not_read_again_and_the_configuration_is_left_alone(run):
    server = run()
    time.sleep(3)
    assert READ not in server.log()
    (server.folder / "server.ini").write_text("[server]\nhalf = edi")
    old = shown(server)
    make(server.folder)
    rename(server.folder)
    is_served(server, old)
    assert REFUSED not in server.log()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
def test_server_that_started_as_root_reads_new_files_that_its_workers_may_not(run, tmp_path):
    for folder in [tmp_path, *tmp_path.parents][:-2]:
        folder.chmod(0o755)
    secret = tmp_path / "secret"  # as /etc/letsencrypt/live is
    secret.mkdir(0o700)
    server = run({"server": {"user": "nobody", "access_log": "-"},
                  "gemini": {"certificate": secret / "site.crt", "key": secret / "site.key"}})
    old = shown(server)
    make(secret)
    rename(secret)
    assert (secret / "site.key").stat().st_uid == 0
    is_served(server, old)
    os.kill(server.children()["worker 1"], signal.SIGKILL)
    until(lambda: server.children().get("worker 1"))
    page = ask_tls(server.gemini, url(server.gemini, "/about/certificate"))
    assert b"Public key (SPKI) SHA-256" in page
