"""Sessions that go on with another server, when both have the same ticket key."""
import signal
import ssl

import pytest

import smallweb
from clients import secure
from running import until

V12, V13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


def session_of(server, context):
    with secure(server.gemini, context) as tls:
        tls.sendall(f"gemini://localhost:{server.gemini}/\r\n".encode())
        assert smallweb.read_all(tls).startswith(b"20 ")
        return tls.session


def resumes(server, context, session):
    with secure(server.gemini, context, session=session) as tls:
        tls.sendall(f"gemini://localhost:{server.gemini}/\r\n".encode())
        assert smallweb.read_all(tls).startswith(b"20 ")
        return tls.session_reused


@pytest.fixture
def pair(run, tmp_path):
    """pair(ticket key or "") is two servers with one certificate."""
    def start(ticket_key):
        files = {"certificate": tmp_path / "site.crt", "key": tmp_path / "site.key", "ticket_key": ticket_key}
        return run({"gemini": files}), run({"gemini": files})
    return start


def shared(version):
    return smallweb.tls_context(version, version)


@pytest.mark.parametrize("version", [V12, V13])
def test_session_of_one_server_resumes_on_another_with_the_same_ticket_key(pair, tmp_path, version):
    first, second = pair(tmp_path / "tickets")
    context = shared(version)
    session = session_of(first, context)
    assert resumes(second, context, session)
    second.stop()
    second.gemini = second.gopher = None
    second.start()
    assert resumes(second, context, session)


@pytest.mark.parametrize("version", [V12, V13])
def test_session_does_not_resume_elsewhere_without_a_ticket_key(pair, version):
    first, second = pair("")
    context = shared(version)
    assert not resumes(second, context, session_of(first, context))
    assert resumes(first, context, session_of(first, context))


def test_missing_ticket_key_is_made_for_its_owner_only(run):
    server = run({"gemini": {"ticket_key": "secrets/tickets"}})
    path = server.folder / "secrets/tickets"
    assert path.stat().st_mode & 0o7777 == 0o600 and path.stat().st_size == 48
    assert "made the ticket key" in server.log()


def test_ticket_key_that_others_may_read_ends_the_start(run):
    server = run.new({"gemini": {"ticket_key": "tickets"}})
    path = server.folder / "tickets"
    path.write_bytes(b"x" * 48)
    path.chmod(0o644)
    server.launch()
    assert server.wait() == 1
    assert "others may read this ticket key" in server.log()


def test_changed_ticket_key_is_taken_by_a_reload_and_ends_old_sessions(run):
    server = run({"gemini": {"ticket_key": "tickets"}})
    context = shared(V13)
    session = session_of(server, context)
    server.signal(signal.SIGHUP)
    until(lambda: "reloaded" in server.log())
    assert resumes(server, context, session)
    path = server.folder / "tickets"
    (server.folder / "new").write_bytes(b"y" * 32)
    (server.folder / "new").chmod(0o600)
    (server.folder / "new").rename(path)
    server.signal(signal.SIGHUP)
    until(lambda: server.log().count("reloaded") == 2)
    assert not resumes(server, context, session)
    session = session_of(server, context)
    server.configure({"gemini": {"ticket_key": ""}})
    server.signal(signal.SIGHUP)
    until(lambda: server.log().count("reloaded") == 3)
    assert not resumes(server, context, session)
