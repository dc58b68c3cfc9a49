"""Stands for a forge on loopback: the comments of issues, as GitHub's REST API has them, and files of releases below /releases/.

Limits: only what the action asks for. It ends with the script that started it.
"""

import argparse
import http.server
import json
import pathlib
import re

arguments = argparse.ArgumentParser()
arguments.add_argument("--port-file", required=True)
arguments.add_argument("--log", required=True)
arguments.add_argument("--releases", required=True)
arguments.add_argument("--comments", help="JSON file with the comments that are there at the start")
arguments.add_argument("--read-only", action="store_true", help="answer 403 to whatever writes")
arguments.add_argument("--race", action="store_true", help="another run makes its comment just before ours")
options = arguments.parse_args()

comments = json.loads(pathlib.Path(options.comments).read_text()) if options.comments else []
BOT = "github-actions[bot]"


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, status, value=None, raw=None):
        body = raw if raw is not None else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        with open(options.log, "a", encoding="utf-8") as log:
            record = {"method": self.command, "path": self.path, "authorization": self.headers.get("Authorization"), "body": body}
            log.write(json.dumps(record) + "\n")
        return body

    def do_GET(self):
        self.body()
        if self.path.startswith("/releases/"):
            file = pathlib.Path(options.releases) / self.path.removeprefix("/releases/")
            return self.answer(200, raw=file.read_bytes()) if file.is_file() else self.answer(404, {})
        page = re.fullmatch(r"/repos/[^/]+/[^/]+/issues/\d+/comments\?per_page=(\d+)&page=(\d+)", self.path)
        if not page:
            return self.answer(404, {})
        size, number = int(page[1]), int(page[2])
        self.answer(200, comments[size * (number - 1) : size * number])

    def do_POST(self):
        body = self.body()
        if options.read_only:
            return self.answer(403, {"message": "Resource not accessible by integration"})
        if options.race:
            options.race = False
            comments.append({"id": len(comments) + 1, "user": {"login": BOT}, "body": body["body"]})
        comment = {"id": len(comments) + 1, "user": {"login": BOT}, "body": body["body"]}
        comments.append(comment)
        self.answer(201, comment)

    def change(self):
        body = self.body()
        found = [c for c in comments if self.path.endswith(f"/issues/comments/{c['id']}")]
        if options.read_only or not found:
            return self.answer(403 if options.read_only else 404, {})
        if self.command == "DELETE":
            comments.remove(found[0])
            return self.answer(204, raw=b"")
        found[0]["body"] = body["body"]
        self.answer(200, found[0])

    do_PATCH = do_DELETE = change

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
pathlib.Path(options.port_file).write_text(str(server.server_port))
server.serve_forever()
