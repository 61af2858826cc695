"""Client certificates for the tests, made by openssl."""
import hashlib
import subprocess

import smallweb

NEW_KEY = {"ec": ("ec", "-pkeyopt", "ec_paramgen_curve:P-256"), "rsa": ("rsa:2048",), "ed25519": ("ed25519",)}


class Identity:
    """A self-signed certificate with its key; when: the time at which it was made for nine days, now without one."""

    def __init__(self, folder, name, kind="ec", when=None):
        self.certificate, self.key = folder / f"{name}.crt", folder / f"{name}.pem"
        clock = ["faketime", when] if when else []
        subprocess.run([*clock, "openssl", "req", "-x509", "-newkey", *NEW_KEY[kind], "-nodes", "-days", "9", "-subj",
                        f"/CN={name}", "-keyout", self.key, "-out", self.certificate], check=True, capture_output=True)
        public = subprocess.run(["openssl", "x509", "-in", self.certificate, "-noout", "-pubkey"], check=True,
                                capture_output=True).stdout
        der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "der"], input=public, check=True,
                             capture_output=True).stdout
        self.digits = hashlib.sha256(der).hexdigest().upper()
        self.fingerprint = ":".join(self.digits[i:i + 2] for i in range(0, 64, 2))

    def context(self, *versions):
        context = smallweb.tls_context(*versions)
        context.load_cert_chain(self.certificate, self.key)
        return context
