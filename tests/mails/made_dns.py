"""A DNS server on loopback that answers for TXT records, and a signing key made on the spot."""

from __future__ import annotations

import base64
import random
import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


@dataclass
class Names:
    """Records by name, and every name that was asked for."""

    address: str
    records: Mapping[str, str]
    asked: list[str] = field(default_factory=list)


@contextmanager
def dns_server(records: Mapping[str, str], *, is_silent: bool = False) -> Iterator[Names]:
    """Serves TXT records until the block ends; a silent one never answers."""

    class Question(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data, sock = self.request
            query = dns.message.from_wire(data)
            name = query.question[0].name.to_text().rstrip(".").lower()
            names.asked.append(name)
            if is_silent:
                return
            response = dns.message.make_response(query)
            response.flags |= dns.flags.RA
            if name in names.records:
                value = names.records[name]
                strings = " ".join(f'"{value[at : at + 200]}"' for at in range(0, len(value), 200))
                response.answer.append(dns.rrset.from_text(query.question[0].name, 60, "IN", "TXT", strings))
            else:
                response.set_rcode(dns.rcode.NXDOMAIN)
            sock.sendto(response.to_wire(), self.client_address)

    with socketserver.UDPServer(("127.0.0.1", 0), Question) as server:
        names = Names(f"127.0.0.1:{server.server_address[1]}", records)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield names
        finally:
            server.shutdown()
            thread.join()


@dataclass(frozen=True)
class SigningKey:
    """A private key as PEM and its DNS record."""

    pem: bytes
    record: str


def signing_key(seed: int) -> SigningKey:
    """An RSA key of 1024 bits: quick to make and long enough for a test."""
    source = random.Random(seed)  # the key is good for tests only
    e = 65537
    p, q = _prime(source), _prime(source)
    n, phi = p * q, (p - 1) * (q - 1)
    d = pow(e, -1, phi)
    private = _sequence(*(_integer(i) for i in (0, n, e, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p))))
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    public = _sequence(algorithm, _tagged(3, b"\0" + _sequence(_integer(n), _integer(e))))
    pem = b"-----BEGIN RSA PRIVATE KEY-----\n" + base64.encodebytes(private) + b"-----END RSA PRIVATE KEY-----\n"
    return SigningKey(pem, f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}")


def _prime(source: random.Random) -> int:
    while True:
        n = source.getrandbits(512) | 1 | 3 << 510
        if n % 65537 != 1 and all(n % small for small in (3, 5, 7, 11, 13, 17, 19, 23)) and _is_prime(n, source):
            return n


def _is_prime(n: int, source: random.Random) -> bool:
    """Miller and Rabin's test."""
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(20):
        x = pow(source.randrange(2, n - 1), odd, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = pow(x, 2, n)
            if x == n - 1:
                break
        else:
            return False
    return True


def _tagged(tag: int, content: bytes) -> bytes:
    length = len(content)
    size = bytes([min(length, 127)])
    if length >= 128:
        digits = length.to_bytes(-(-length.bit_length() // 8), "big")
        size = bytes([128 + len(digits)]) + digits
    return bytes([tag]) + size + content


def _integer(n: int) -> bytes:
    return _tagged(2, n.to_bytes(n.bit_length() // 8 + 1, "big"))


def _sequence(*parts: bytes) -> bytes:
    return _tagged(0x30, b"".join(parts))
