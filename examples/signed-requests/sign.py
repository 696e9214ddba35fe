"""Sends a signed request to Parley: HTTP Message Signatures (RFC 9421) with Ed25519.

    pip install cryptography
    python3 examples/signed-requests/sign.py bob.pem POST http://127.0.0.1:7070/v1/intentions < post.json
    python3 examples/signed-requests/sign.py bob.pem GET http://127.0.0.1:7070/v1/deals

bob.pem is a private key as `parley keys pair` makes it. The body, where there is one, comes on standard input.
"""

import base64
import hashlib
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization


def signed_headers(private_key, method: str, url: str, body: bytes | None) -> dict[str, str]:
    raw = private_key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    key_id = hashlib.sha256(raw).hexdigest()[:12]
    where = urlsplit(url)
    covered = {
        "@method": method,
        "@authority": where.netloc.lower(),
        "@path": where.path or "/",
        "@query": "?" + where.query,
    }
    headers = {}
    if body is not None:
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers = {"Content-Type": "application/json", "Content-Digest": f"sha-256=:{digest}:"}
        covered["content-digest"] = headers["Content-Digest"]
    names = " ".join(f'"{name}"' for name in covered)
    parameters = f'({names});created={int(time.time())};keyid="{key_id}"'
    lines = [f'"{name}": {value}' for name, value in covered.items()]
    base = "\n".join([*lines, f'"@signature-params": {parameters}'])
    signature = base64.b64encode(private_key.sign(base.encode())).decode()
    return {**headers, "Signature-Input": f"sig={parameters}", "Signature": f"sig=:{signature}:"}


def main() -> None:
    key_file, method, url = sys.argv[1:4]
    with open(key_file, "rb") as pem:
        private_key = serialization.load_pem_private_key(pem.read(), password=None)
    body = None if method in ("GET", "DELETE") else sys.stdin.buffer.read()
    headers = signed_headers(private_key, method, url, body)
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method)) as answer:
            print(answer.read().decode())
    except urllib.error.HTTPError as refusal:
        print(refusal.read().decode(), file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
