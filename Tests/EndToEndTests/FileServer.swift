import Foundation
import Testing

/// A small HTTP server with the habits, good and bad, of those that publish weights. It runs in Python, for as long as the value lives.
///
/// The first part of a path says how it answers: `/plain/NAME` as it should, with entity tags and ranges; `/cut/COUNT/NAME`
/// closes the connection after so many bytes unless a range is asked for; `/careless/NAME` gives ranges and neither tag nor
/// date; `/stubborn/NAME` knows no ranges; `/page/NAME` gives a web page; `/sly/NAME` gives one and calls it bytes;
/// `/moved/NAME` sends on to `/plain/NAME`; `/status/CODE/NAME` gives that status. `/changing/KIND/COUNT/NAME` closes the connection
/// after so many bytes, and then gives ranges of another file of that size whatever is asked: KIND `weak` with weak tags, `none` with
/// neither tag nor date, `date` with dates of a moment ago, `same` with the first file and one weak tag. `/empty/NAME` has no bytes; `/away/SCHEME` sends on to an address with
/// that scheme, `/loop/NAME` to itself; `/sworn/NAME` states the file's MD5 as Google's storage does, `/sworn/MD5/NAME` that one; `/trickle/NAME` gives a hundred bytes a second.
final class FileServer {
  private let process = Process()
  let folder: URL
  let port: Int

  /// - Parameter folder: whose files it gives; its requests are written to `requests.log` there.
  init(_ folder: URL) throws {
    self.folder = folder
    let script = folder.appendingPathComponent("server.py"), output = Pipe()
    try Data(Self.script.utf8).write(to: script)
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script.path, folder.path]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  deinit {
    // Not SIGTERM: a child of a thread of Dispatch inherits that thread's mask, which blocks it.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  func address(_ path: String) -> String { "http://127.0.0.1:\(port)/\(path)" }

  /// The requests so far: path, `Range` and `If-Range`.
  func requests() -> [String] {
    ((try? String(contentsOf: folder.appendingPathComponent("requests.log"), encoding: .utf8)) ?? "")
      .split(separator: "\n").map(String.init)
  }

  private static let script = """
    import base64, hashlib, os, sys, time
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    folder, asked = sys.argv[1], 0

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def reply(self, status, body, headers=(), kind="application/octet-stream", limit=None):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body[:limit])
            if limit is not None and limit < len(body):
                self.wfile.flush()
                self.close_connection = True
                self.connection.close()

        def do_GET(self):
            wanted, condition = self.headers.get("Range"), self.headers.get("If-Range")
            with open(os.path.join(folder, "requests.log"), "a") as log:
                log.write(f"{self.path} {wanted} {condition}\\n")
            habit, *rest = self.path.strip("/").split("/")
            if habit == "page":
                return self.reply(200, b"<!DOCTYPE html><p>Sign in", kind="text/html; charset=utf-8")
            if habit == "sly":
                return self.reply(200, b"\\n<!DOCTYPE html><p>Sign in")
            if habit == "status":
                return self.reply(int(rest[0]), b"no", kind="text/plain")
            if habit == "empty":
                return self.reply(200, b"")
            if habit == "away":
                place = {"file": "file:///etc/hostname", "ftp": "ftp://127.0.0.1/file.bin", "data": "data:,x"}[rest[0]]
                return self.reply(302, b"", [("Location", place)])
            if habit == "loop":
                return self.reply(302, b"", [("Location", self.path)])
            if habit == "changing":
                kind, count, name = rest
                body = open(os.path.join(folder, name), "rb").read()
                other = body if kind == "same" else bytes(255 - byte for byte in body)
                tags = {"weak": ('W/"1"', 'W/"2"'), "same": ('W/"1"', 'W/"1"')}.get(kind)
                headers = [("ETag", tags[bool(wanted)])] if tags else []
                if kind == "date":
                    headers = [("Last-Modified", self.date_time_string())]
                if not wanted:
                    global asked
                    asked += 1
                    return self.reply(200, body if asked == 1 else other, headers, limit=int(count) if asked == 1 else None)
                start = int(wanted.split("=")[1].split("-")[0])
                return self.reply(206, other[start:], headers + [("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")])
            if habit == "trickle":
                self.send_response(200)
                self.send_header("Content-Length", "300000")
                self.end_headers()
                try:
                    for _ in range(3000):
                        self.wfile.write(b"x" * 10)
                        self.wfile.flush()
                        time.sleep(0.1)
                except OSError:
                    pass
                return
            if habit == "sworn":
                digest = rest[0] if len(rest) > 1 else base64.b64encode(hashlib.md5(open(os.path.join(folder, rest[-1]), "rb").read()).digest()).decode()
                return self.reply(200, open(os.path.join(folder, rest[-1]), "rb").read(), [("x-goog-hash", "crc32c=AAAAAA==,md5=" + digest)])
            if habit == "moved":
                return self.reply(302, b"", [("Location", "/plain/" + rest[0])])
            path = os.path.join(folder, rest[-1])
            if not os.path.exists(path):
                return self.reply(404, b"no", kind="text/plain")
            body = open(path, "rb").read()
            tag = '"' + hashlib.md5(body).hexdigest() + '"'
            headers = [("ETag", tag), ("Accept-Ranges", "bytes")] if habit in ("plain", "cut") else []
            if wanted and habit != "stubborn" and condition in (None, tag):
                start = int(wanted.split("=")[1].split("-")[0])
                if start >= len(body):
                    return self.reply(416, b"", headers + [("Content-Range", f"bytes */{len(body)}")])
                place = ("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
                return self.reply(206, body[start:], headers + [place])
            self.reply(200, body, headers, limit=int(rest[0]) if habit == "cut" else None)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()
    """
}
