"""Trust what this machine trusts, and complete a chain of certificates as browsers do.

Some hosts leave out a certificate between theirs and the one that everybody trusts. A browser
fetches it from the address that the host's own certificate names (RFC 5280, section 4.2.2.1),
so that no reader notices. Windows and macOS do the same; OpenSSL doesn't.
"""

import asyncio
import os
import ssl

import aiohttp
import truststore
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from .report import WrongUseError

LONGEST_CHAIN = 3  # certificates to fetch
LARGEST = 2**16  # bytes
FETCH_TIME = 10.0  # seconds for one of them
# An issuer that this machine doesn't know may be known to a browser:
# https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/#error-codes
UNKNOWN_ISSUER = {19, 20, 21}


def context() -> ssl.SSLContext:
    """Return settings for TLS that trust the system's certificates and `SSL_CERT_FILE`.

    Raises:
        WrongUseError: if that file can't be read.
    """
    trust = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if own := os.environ.get("SSL_CERT_FILE"):  # Windows and macOS don't look at it
        try:
            trust.load_verify_locations(cafile=own)
        except OSError as error:
            raise WrongUseError(f"SSL_CERT_FILE={own}: it can't be read ({error})") from error
    return trust


async def completed(host: str, port: int, session: aiohttp.ClientSession) -> ssl.SSLContext | None:
    """Fetch the certificates that a host leaves out.

    Args:
        host: its name.
        port: its port.
        session: fetches what is left out.

    Returns:
        Settings that have them too, and trust no more than before; None if there are none.
    """
    try:
        pem = await asyncio.to_thread(ssl.get_server_certificate, (host, port), timeout=FETCH_TIME)
        certificate = x509.load_pem_x509_certificate(pem.encode())
        trust = context()
        count = 0
        while count < LONGEST_CHAIN and (address := _issuer_address(certificate)):
            async with asyncio.timeout(FETCH_TIME), session.get(address) as response:
                body = await response.content.read(LARGEST)
            certificate = x509.load_der_x509_certificate(body)
            if certificate.issuer == certificate.subject:
                break  # a root, which only this machine can make us trust
            trust.load_verify_locations(cadata=body)
            count += 1
    except (OSError, ValueError, aiohttp.ClientError, x509.DuplicateExtension):
        return None
    return trust if count else None


def _issuer_address(certificate: x509.Certificate) -> str:
    """Return where the certificate of the issuer can be fetched; "" if it isn't named."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess)
    except x509.ExtensionNotFound:
        return ""
    issuers = (
        item.access_location.value
        for item in access.value
        if item.access_method == AuthorityInformationAccessOID.CA_ISSUERS
    )
    return next((address for address in issuers if address.startswith("http://")), "")
