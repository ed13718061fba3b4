"""Holds delegation_tokens.py against the file of tokens that hold and tokens that do not: exit code 1 for a difference.

The issuer's answers come over HTTP from a server on this machine, so that `fetch` is tried too.
"""

import json
import sys
import threading
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from delegation_tokens import Asked, TokenRefused, Verifier, fetch


def serve(answers):
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            body = answers.get(self.path)
            self.send_response(404 if body is None else 200)
            self.end_headers()
            self.wfile.write((body or "").encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def outcome(verifier, usual, row):
    asked = {**usual, **row.get("asked", {})}
    user, power = asked["user"], asked["power"]
    question = Asked(
        audience=asked["audience"],
        user=(user["issuer"], user["subject"]),
        minimum_assurance=asked["minimumAssurance"],
        **power,
    )
    try:
        found = verifier.verify(row["token"], question, datetime.fromisoformat(asked["now"]).timestamp())
    except TokenRefused as refusal:
        return refusal.code
    return {"principal": found.principal, "handle": found.handle, "basis": found.basis}


def main(path):
    with open(path, encoding="utf-8") as opened:
        file = json.load(opened)
    issuer = file["issuer"]
    answers = {uri.removeprefix(issuer): token for uri, token in file["statusLists"].items()}
    server = serve({**answers, "/jwks": json.dumps(file["jwks"])})
    verifier = Verifier(issuer, lambda address, longest: fetch(address.replace(issuer, server, 1), longest))
    rows = [(row, row["result"]) for row in file["good"]] + [(row, row["refused"]) for row in file["bad"]]
    right = 0
    for row, wanted in rows:
        got = outcome(verifier, file["asked"], row)
        right += got == wanted
        if got != wanted:
            print(f"{row['id']} {row['title']}: {wanted} expected, {got} found", file=sys.stderr)
    print(f"Python: {right} of {len(rows)} tokens told apart as they must be")
    return 0 if right == len(rows) == 400 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
