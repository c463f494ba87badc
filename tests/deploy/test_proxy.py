"""The reverse proxy of `deploy/nginx.conf`, by nginx where it is installed, in front of a server that notes what comes."""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from tests.certificate import Certificate, certificate_in
from training.processes import ROOT, Process, free_port, is_taken
from web.environment import Environment

_TEXT = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
_NGINX = shutil.which("nginx", path="/usr/local/sbin:/usr/sbin:/usr/local/bin:/usr/bin")
_AGENT = "Agent-0815"
#: An address of loopback that is not 127.0.0.1, which may do more.
_SOMEBODY = "127.0.0.2"


class _Server(ThreadingHTTPServer):
    """Stands for the web process. `asked`: path and headers of what came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.go_on = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        stream = self.path == "/api/v1/events"
        self.send_response(200)
        self.send_header("Content-Length", "12" if stream else "4")
        if stream:
            self.send_header("X-Accel-Buffering", "no")
        self.end_headers()
        self.wfile.write(b"Wort")
        if stream:
            self.wfile.flush()
            self.server.go_on.wait(10)
            self.wfile.write(b" um Wort")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@dataclass(frozen=True)
class _Proxy:
    """`client` asks from `_SOMEBODY`."""

    server: _Server
    client: httpx.Client
    trust: ssl.SSLContext
    plain: int
    folder: Path


def _configuration(folder: Path, certificate: Certificate, server: str, plain: int, encrypted: int) -> Path:
    """The configuration as it stands in `deploy/`, with ports and paths of its own, in a main file as Debian has one."""
    text = re.sub(r"^\s*listen \[::\].*\n", "", _TEXT, flags=re.MULTILINE)
    text = text.replace("listen 80;", f"listen 127.0.0.1:{plain};").replace("listen 443 ", f"listen 127.0.0.1:{encrypted} ")
    text = text.replace("127.0.0.1:8000", server).replace("/etc/ssl/wohnlotse", str(certificate.path.parent))
    text = text.replace("/var/log/nginx", str(folder))
    (folder / "wohnlotse.conf").write_text(text, encoding="utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    main = folder / "nginx.conf"
    main.write_text(
        f"pid {folder}/nginx.pid;\nerror_log {folder}/main.log;\ndaemon off;\nmaster_process off;\n"
        f"events {{}}\nhttp {{\n{paths}include {folder}/wohnlotse.conf;\n}}\n",
        encoding="utf-8",
    )
    return main


def _value(name: str) -> str:
    found = re.search(rf"^\s*{name} (.+);$", _TEXT, re.MULTILINE)
    assert found is not None
    return found[1]


def test_body_that_the_web_process_takes_passes_and_stays_off_the_disk() -> None:
    largest, in_memory = (int(_value(f"client_{name}_size").removesuffix("k")) * 1024 for name in ("max_body", "body_buffer"))

    assert Environment().body_bytes <= largest <= in_memory
    assert _value("proxy_max_temp_file_size") == "0"


@pytest.mark.skipif(_NGINX is None, reason="this machine has no nginx")
class TestNginx:
    @pytest.fixture
    def proxy(self, tmp_path: Path) -> Iterator[_Proxy]:
        server = _Server()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        plain, encrypted = free_port(), free_port()
        certificate = certificate_in(tmp_path)
        main = _configuration(tmp_path, certificate, f"127.0.0.1:{server.server_address[1]}", plain, encrypted)
        process = Process("nginx", [str(_NGINX), "-c", str(main)], tmp_path / "nginx.log", lambda: is_taken(encrypted))
        trust = ssl.create_default_context(cafile=str(certificate.path))
        process.start()
        try:
            process.wait()
            options = {"verify": trust, "local_address": _SOMEBODY, "retries": 0}
            transport = httpx.HTTPTransport(**options)  # type: ignore[arg-type]
            headers = {"User-Agent": _AGENT}
            base = f"https://127.0.0.1:{encrypted}"
            with httpx.Client(base_url=base, transport=transport, headers=headers, timeout=10) as client:
                yield _Proxy(server, client, trust, plain, tmp_path)
        finally:
            process.stop()
            server.shutdown()
            server.server_close()

    def test_finds_nothing_wrong(self, tmp_path: Path) -> None:
        main = _configuration(tmp_path, certificate_in(tmp_path), "127.0.0.1:8000", free_port(), free_port())

        tested = subprocess.run([str(_NGINX), "-q", "-t", "-c", main], capture_output=True, text=True, check=False)

        assert (tested.returncode, tested.stderr) == (0, "")

    def test_web_process_learns_address_scheme_and_host(self, proxy: _Proxy) -> None:
        proxy.client.get("/fragen/", headers={"Host": "wohnlotse.example.de", "X-Forwarded-Proto": "http"})

        path, headers = proxy.server.asked[0]
        assert path == "/fragen/"
        assert {name: headers[name] for name in ("Host", "X-Forwarded-For", "X-Forwarded-Proto")} == {
            "Host": "wohnlotse.example.de",
            "X-Forwarded-For": _SOMEBODY,
            "X-Forwarded-Proto": "https",
        }

    def test_plain_http_is_sent_to_https(self, proxy: _Proxy) -> None:
        response = httpx.get(f"http://127.0.0.1:{proxy.plain}/fragen/?sprache=en", headers={"Host": "chat.example.de"})

        assert (response.status_code, response.headers["Location"]) == (301, "https://chat.example.de/fragen/?sprache=en")
        assert proxy.server.asked == []

    @pytest.mark.parametrize(("method", "path"), [("GET", "/api/v1/widget"), ("POST", "/api/v1/messages"), ("GET", "/fragen/")])
    def test_address_that_asks_too_much_is_put_off_and_others_are_not(self, proxy: _Proxy, method: str, path: str) -> None:
        def ask(_: int) -> httpx.Response:
            return proxy.client.request(method, path, content=b"{}" if method == "POST" else None)

        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(ask, range(400)))

        refused = [answer for answer in answers if answer.status_code != 200]
        assert {answer.status_code for answer in refused} == {429}
        assert len(proxy.server.asked) == len(answers) - len(refused) >= 200
        if path.startswith("/api/"):
            assert {answer.headers["Retry-After"] for answer in refused} == {"10"}
            assert {answer.json()["error"]["code"] for answer in refused} == {"too_many"}
        assert httpx.get(proxy.client.base_url.join(path), verify=proxy.trust).status_code == 200

    def test_stream_is_not_held_back(self, proxy: _Proxy) -> None:
        with proxy.client.stream("GET", "/api/v1/events") as response:
            words = response.iter_raw()
            assert next(words) == b"Wort"
            proxy.server.go_on.set()
            assert b"".join(words) == b" um Wort"

    def test_health_is_told_to_this_machine_alone(self, proxy: _Proxy) -> None:
        assert proxy.client.get("/health").status_code == 403
        assert httpx.get(proxy.client.base_url.join("/health"), verify=proxy.trust).status_code == 200

    def test_too_large_body_gets_the_shape_of_all_errors(self, proxy: _Proxy) -> None:
        response = proxy.client.post("/api/v1/messages", content=b"x" * 70_000)

        assert (response.status_code, response.json()["error"]["code"]) == (413, "too_large")
        assert proxy.server.asked == []

    def test_web_process_that_is_away_gets_the_shape_of_all_errors(self, proxy: _Proxy) -> None:
        proxy.server.shutdown()
        proxy.server.server_close()

        response = proxy.client.get("/api/v1/widget")

        assert (response.status_code, response.headers["Retry-After"]) == (503, "3")
        assert response.json()["error"]["code"] == "unavailable"

    def test_logs_hold_no_address_no_user_agent_and_no_query(self, proxy: _Proxy) -> None:
        proxy.client.get("/antwort/?thema=alliance_goals", headers={"Referer": "https://www.example.org/herkunft"})
        with ThreadPoolExecutor(8) as threads:
            statuses = set(threads.map(lambda _: proxy.client.get("/api/v1/widget").status_code, range(400)))
        proxy.client.post("/api/v1/messages", content=b"x" * 70_000)

        logged = "".join(path.read_text(encoding="utf-8") for path in proxy.folder.glob("*.log"))
        assert statuses == {200, 429}
        assert "GET /antwort/ 200" in logged
        assert [word for word in (_SOMEBODY, _AGENT, "thema", "herkunft") if word in logged] == []
