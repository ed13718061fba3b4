"""Checks delegation tokens of Fullmakt, as docs/recipes/README.md tells: the numbers are those of the checks there.

Python 3.11 or later, and the package `cryptography` for the one signature. Copy this file into your service.
"""

import base64
import json
import re
import threading
import time
import urllib.request
import zlib
from dataclasses import dataclass
from datetime import datetime, timezone

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

CLOCK_SKEW = 30
LONGEST_LIFE = 300
LONGEST_TOKEN = 16_384
LONGEST_LIST = 524_288
LARGEST_LIST = 262_144
OLDEST_LIST = 90
DEEPEST = 32
BASES = {"mandate", "parent", "guardian", "lasting_power", "organisation_role", "employment", "estate"}
OBLIGATIONS = {"introspect", "stale_facts", "ask_for_each_object"}
LEVELS = {
    "idporten-loa-low": 0, "idporten-loa-substantial": 1, "idporten-loa-high": 2,
    "eidas-loa-substantial": 1, "eidas-loa-high": 2, "Level3": 1, "Level4": 2, "substantial": 1, "high": 2,
}


class TokenRefused(Exception):
    """The one error that a bad token gives. `code` is as in client/README.md; nothing of the token stands in it."""

    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code = code


@dataclass(frozen=True)
class Asked:
    """What the token must say. `user` is (iss, sub) of the id_token of your own session."""

    audience: str
    user: tuple[str, str]
    service: str
    action: str
    provider: str | None = None
    object: str | None = None
    minimum_assurance: str = "substantial"


@dataclass(frozen=True)
class Verified:
    """Who is represented, and by what ground. Caches go by `token_id`: one token has two valid signatures."""

    principal: str
    handle: str
    basis: str
    token_id: str
    evaluation_id: str


class Verifier:
    """Make one for the life of the process. `fetch(address, longest)` gives the bytes at an address of the issuer."""

    def __init__(self, issuer, fetch):
        if not re.match(r"https://|http://(localhost|127\.0\.0\.1)[:/]", issuer):
            raise ValueError("the issuer must be https, or http on this machine")
        self.issuer = issuer
        self._keys = Held(lambda _: read_keys(fetch(f"{issuer}/jwks", 65_536)), 60)
        self._lists = Held(lambda uri: self._read_list(uri, fetch(uri, LONGEST_LIST)), 15, keeps_old=True)

    def verify(self, token, asked, now=None):
        """Raises TokenRefused unless the token holds for what is asked, at this second."""
        now = time.time() if now is None else now
        claims = self._signed(token, "at+jwt", LONGEST_TOKEN)  # checks 1 to 5
        if claims.get("iss") != self.issuer:  # 6
            raise TokenRefused("issuer", "iss is not the issuer")
        if claims.get("aud") != asked.audience:  # 7
            raise TokenRefused("audience", "aud is not this audience alone, as one string")
        check_times(claims, now)  # 8
        principal, token_id = text(claims, "sub"), text(claims, "jti")
        evaluation_id = text(claims, "evaluation_id")
        text(claims, "client_id")
        if "cnf" in claims:  # 9
            raise TokenRefused("proof_required", "the token is bound to a key")
        check_actor(claims, asked.user)  # 10
        handle, basis = ground(claims, self.issuer, asked, now)  # 11
        uri, index = status_place(claims, self.issuer)
        check_assurance(text(claims, "acr"), asked.minimum_assurance)  # 12
        self._check_status(uri, index, now)  # 13
        return Verified(principal, handle, basis, token_id, evaluation_id)

    def _signed(self, token, kind, longest):
        """Checks 1 to 5: form, type, algorithm, key, signature. Nothing of the payload is read before the last."""
        if not isinstance(token, str) or len(token) > longest:
            raise TokenRefused("format", "no text, or too long")
        parts = [canonical(part) for part in token.split(".", 3)]
        if len(parts) != 3 or None in parts:
            raise TokenRefused("format", "not three canonical base64url segments")
        header = strict_json(parts[0])
        if header.get("typ") not in (kind, f"application/{kind}"):
            raise TokenRefused("type", f"typ is not {kind}")
        if header.get("alg") != "ES256":
            raise TokenRefused("algorithm", "alg is not ES256")
        if not header.keys() <= {"alg", "kid", "typ"}:
            raise TokenRefused("format", "the header has a member that would tell the verifier how to verify")
        key = self._key(text(header, "kid", "key"))
        signed, signature = token.rpartition(".")[0].encode("ascii"), parts[2]
        if len(signature) != 64:
            raise TokenRefused("signature", "the signature does not hold")
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        try:
            key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            raise TokenRefused("signature", "the signature does not hold") from None
        return strict_json(parts[1])

    def _key(self, kid):
        try:
            key = self._keys.get("keys").get(kid) or self._keys.get("keys", older_than=10).get(kid)
        except Exception as cause:
            raise TokenRefused("keys_unavailable", "the issuer's keys could not be had") from cause
        if key is None:
            raise TokenRefused("key", "kid is not a key of the issuer")
        return key

    def _read_list(self, uri, body):
        claims = self._signed(body.decode("latin-1"), "statuslist+jwt", LONGEST_LIST)
        made, ends, ttl = seconds(claims, "iat"), seconds(claims, "exp"), seconds(claims, "ttl")
        if claims.get("iss") != self.issuer or claims.get("sub") != uri or ttl == 0:
            raise TokenRefused("claims", "not this list of this issuer")
        entries = claims.get("status_list")
        if not isinstance(entries, dict) or entries.get("bits") != 2 or isinstance(entries.get("bits"), bool):
            raise TokenRefused("claims", "not a list of 2 bits")
        return made, ends, inflate(canonical(text(entries, "lst")))

    def _check_status(self, uri, index, now):
        try:
            made, ends, entries = self._lists.get(uri)
        except Exception as cause:
            raise TokenRefused("status_unavailable", "the status list could not be had") from cause
        if made > now + CLOCK_SKEW or now - made > OLDEST_LIST or ends <= now:
            raise TokenRefused("status_unavailable", "the status list is too old, or lies in the future")
        status = entries[index // 4] >> (index % 4 * 2) & 3 if index // 4 < len(entries) else None
        if status == 1:
            raise TokenRefused("status_ended", "the ground has ended or changed since the token was issued")
        if status == 2:
            raise TokenRefused("status_suspended", "the ground is frozen")
        if status != 0:
            raise TokenRefused("status_unavailable", "the status list does not tell of the token")


class Held:
    """What was loaded, held for so many seconds, at most 16 things; after a failure none is loaded for a second.

    With `keeps_old` a failure is not told while there is an older value: a status list says itself how old it is.
    """

    def __init__(self, load, for_seconds, keeps_old=False):
        self._load, self._for_seconds, self._keeps_old = load, for_seconds, keeps_old
        self._held, self._lock = {}, threading.Lock()

    def get(self, name, older_than=None):
        with self._lock:
            value, failure, at, until = self._held.pop(name, (None, None, 0, 0))
            clock = time.monotonic()
            if clock >= until or (older_than is not None and failure is None and clock - at > older_than):
                value, failure = self._attempt(name, value)
                at, until = clock, clock + (self._for_seconds if failure is None else 1)
            self._held[name] = (value, failure, at, until)
            if len(self._held) > 16:
                del self._held[next(iter(self._held))]
            if failure is not None and not (self._keeps_old and value is not None):
                raise failure
            return value

    def _attempt(self, name, old):
        try:
            return self._load(name), None
        except Exception as failure:
            return old, failure


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(NoRedirect)


def fetch(address, longest):
    """The bytes at this address: status 200, no redirection, 3 s for each wait, not longer than told."""
    request = urllib.request.Request(address, headers={"accept-encoding": "identity"})
    with OPENER.open(request, timeout=3) as response:
        body = response.read(longest + 1)
        if response.status != 200 or len(body) > longest:
            raise ValueError("the issuer's answer is not 200, or too long")
        return body


def canonical(segment):
    """The bytes of one base64url segment in its only canonical spelling, or None."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+", segment, re.ASCII):
        return None
    try:
        data = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except ValueError:
        return None
    return data if base64.urlsafe_b64encode(data).rstrip(b"=") == segment.encode() else None


def strict_json(data):
    """One JSON object in UTF-8, without a member twice, at most 32 levels deep."""
    try:
        decoded = data.decode("utf-8")
        outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", decoded, flags=re.DOTALL)
        depth = 0
        for sign in re.findall(r"[\[\]{}]", outside):
            depth += 1 if sign in "[{" else -1
            if depth > DEEPEST:
                raise ValueError("nested too deep")
        value = json.loads(decoded, object_pairs_hook=once_each, parse_constant=refuse)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise TokenRefused("format", "not one JSON object in UTF-8 without duplicate members")
    return value


def once_each(pairs):
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member stands twice")
    return members


def refuse(word):
    raise ValueError(f"{word} is no JSON")


def text(members, name, code="claims"):
    value = members.get(name)
    if not isinstance(value, str) or value == "":
        raise TokenRefused(code, f"{name} is missing or not a non-empty string")
    return value


def texts(members, name):
    value = members.get(name)
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise TokenRefused("claims", f"{name} is missing or not an array of strings")
    return value


def whole(value):
    """A whole number from 0 to 2^53 - 1, or None. `True` is an int to Python, and not to JSON."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 2**53:
        return None
    return int(value) if value == int(value) else None


def seconds(members, name):
    value = whole(members.get(name))
    if value is None:
        raise TokenRefused("claims", f"{name} is missing or not in whole seconds")
    return value


def check_times(claims, now):
    issued, expires, login = (seconds(claims, name) for name in ("iat", "exp", "auth_time"))
    begins = seconds(claims, "nbf") if "nbf" in claims else issued
    if max(issued, begins) > now + CLOCK_SKEW:
        raise TokenRefused("not_yet_valid", "iat or nbf lies in the future")
    if expires <= now - CLOCK_SKEW:
        raise TokenRefused("expired", "exp has passed")
    if not issued < expires <= issued + LONGEST_LIFE:
        raise TokenRefused("lifetime", "exp is not within 300 seconds after iat")
    if login > issued + CLOCK_SKEW:
        raise TokenRefused("claims", "auth_time lies after iat")


def check_actor(claims, user):
    act = claims.get("act")
    names = [act.get("iss"), act.get("sub")] if isinstance(act, dict) else []
    if not names or not all(isinstance(name, str) and name for name in names) or act.get("sub_profile") != "user":
        raise TokenRefused("actor_missing", "act is missing or does not name a user by iss and sub")
    if tuple(names) != tuple(user):
        raise TokenRefused("actor_mismatch", "act is not the logged-in user")


def ground(claims, issuer, asked, now):
    """The handle and basis of the one ground, where it and the scope cover what is asked."""
    details = claims.get("authorization_details")
    if not isinstance(details, list):
        raise TokenRefused("claims", "authorization_details is missing or not an array")
    kind = f"{issuer}/rar/representation"
    ours = [entry for entry in details if isinstance(entry, dict) and entry.get("type") == kind]
    if any(texts(entry, "locations") != [asked.audience] for entry in ours):
        raise TokenRefused("audience", "locations is not exactly this audience")
    grounds = {(text(entry, "identifier"), text(entry, "basis")) for entry in ours}
    if len(grounds) != 1 or next(iter(grounds))[1] not in BASES:
        raise TokenRefused("claims", "not exactly one ground, on a known basis")
    covering = [entry for entry in ours if covers(entry, asked)]
    if not covering:
        raise TokenRefused("power_not_covered", "authorization_details do not cover the power")
    if any(has_ended(entry, now) for entry in covering):
        raise TokenRefused("expired", "the ground has ended")
    if f"{asked.service}.{asked.action}" not in text(claims, "scope").split(" "):
        raise TokenRefused("power_not_covered", "scope does not cover the power")
    for entry in covering:
        check_obligations(entry)
    return next(iter(grounds))


def check_obligations(entry):
    """Whoever goes on must see to all of them. These recipes do not introspect; an unknown one stops everybody."""
    stated = texts(entry, "obligations") if "obligations" in entry else []
    if not OBLIGATIONS.issuperset(stated):
        raise TokenRefused("claims", "obligations has one that is not known here")
    if "introspect" in stated:
        raise TokenRefused("introspection_required", "the issuer itself must be asked about this token")


def covers(entry, asked):
    return (
        asked.service in texts(entry, "datatypes")
        and asked.action in texts(entry, "actions")
        and ("provider" not in entry or text(entry, "provider") == asked.provider)
        and ("object" not in entry or text(entry, "object") == asked.object)
    )


INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)", re.ASCII)


def has_ended(entry, now):
    if "valid_until" not in entry:
        return False
    found = INSTANT.fullmatch(text(entry, "valid_until"))
    try:
        base, fraction, zone = found.groups()
        end = datetime.fromisoformat(base + zone.replace("Z", "+00:00")).astimezone(timezone.utc)
    except (AttributeError, ValueError, OverflowError):
        raise TokenRefused("claims", "valid_until is not an instant") from None
    return end.timestamp() + float(f"0.{fraction or 0}") <= now


def status_place(claims, issuer):
    status = claims.get("status")
    entry = status.get("status_list") if isinstance(status, dict) else None
    if not isinstance(entry, dict) or whole(entry.get("idx")) is None:
        raise TokenRefused("claims", "status is missing or names no entry of a status list")
    uri, place = entry.get("uri"), f"{issuer}/statuslists/"
    if not isinstance(uri, str) or not re.fullmatch(re.escape(place) + r"[A-Za-z0-9_-]{1,64}", uri, re.ASCII):
        raise TokenRefused("claims", "uri is missing or not the address of a list of the issuer")
    return uri, whole(entry["idx"])


def check_assurance(acr, minimum):
    if LEVELS.get(acr, 0) < LEVELS[minimum]:
        raise TokenRefused("assurance", f"the actor logged in below the level {minimum}, or at an unknown one")


def inflate(packed):
    """ZLIB, one stream and nothing after it, into at most 2^20 entries."""
    stream = zlib.decompressobj()
    data = stream.decompress(packed or b"", LARGEST_LIST)
    if not stream.eof and (stream.decompress(stream.unconsumed_tail, 1) or not stream.eof):
        raise ValueError("the list is cut off, or longer than 2^20 entries")
    if stream.unused_data:
        raise ValueError("something stands after the list")
    return data


def read_keys(body):
    """The ES256 keys of a JWK set by kid. A key published with its private part is none any more."""
    keys = {}
    for jwk in strict_json(body)["keys"]:
        ours = isinstance(jwk, dict) and jwk.get("kty") == "EC" and jwk.get("crv") == "P-256" and "d" not in jwk
        if not ours or jwk.get("alg", "ES256") != "ES256" or jwk.get("use", "sig") != "sig":
            continue
        if "verify" not in jwk.get("key_ops", ["verify"]):
            continue
        x, y = (int.from_bytes(canonical(text(jwk, name)), "big") for name in "xy")
        if jwk["kid"] in keys:
            raise ValueError("a kid names two keys")
        keys[jwk["kid"]] = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    return keys
