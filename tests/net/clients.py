"""Clients that behave badly on purpose. All of them talk to 127.0.0.1 only."""
import socket
import ssl
import struct

import smallweb

SECONDS = 20


def connect(port, receive_buffer=None):
    stream = socket.socket()
    if receive_buffer:
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    stream.settimeout(SECONDS)
    stream.connect(("127.0.0.1", port))
    return stream


def secure(port, context=None, server_name="localhost", session=None, receive_buffer=None):
    """A TLS connection on which a missing close_notify raises ssl.SSLError."""
    return (context or smallweb.tls_context()).wrap_socket(
        connect(port, receive_buffer), server_hostname=server_name, suppress_ragged_eofs=False, session=session)


def ask_tls(port, request, **how):
    """The whole reply to the bytes of request; it must end with close_notify."""
    with secure(port, **how) as tls:
        tls.sendall(request)
        return smallweb.read_all(tls)


def ask(port, request):
    """The whole reply to the bytes of request over plain TCP."""
    with connect(port) as stream:
        stream.sendall(request)
        return smallweb.read_all(stream)


def url(port, path, host="localhost"):
    return f"gemini://{host}:{port}{path}\r\n".encode()


def half_close(stream):
    """Ends our direction of the TCP connection, below TLS if there is any."""
    socket.socket.shutdown(stream, socket.SHUT_WR)


def reset(stream):
    """Closes with a TCP reset."""
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    socket.socket.close(stream)


def read_exactly(stream, count):
    data = b""
    while len(data) < count:
        piece = stream.recv(count - len(data))
        assert piece, f"the end after {len(data)} bytes"
        data += piece
    return data


def is_ended(stream):
    """Whether the other side has ended, with EOF or a reset, instead of sending something."""
    try:
        return stream.recv(1) == b""
    except (ConnectionResetError, ssl.SSLEOFError):
        return True
