"""Real Natural Questions are downloaded and converted. Here a local server offers small files in the published formats."""

import gzip
import http.server
import json
import threading

import fetch_nq
import pytest

from dpr_course.data import load_samples


def dpr_records(n):
    ctx = {"title": "T", "text": "some text", "score": 1000, "title_score": 1, "passage_id": "12"}
    return [
        {"dataset": "nq", "question": f"q’{i}", "answers": ["a"], "positive_ctxs": [ctx | {"passage_id": str(i)}] if i != 1 else [],
         "negative_ctxs": [ctx], "hard_negative_ctxs": [ctx]} for i in range(n)
    ]  # fmt: skip


def tevatron_lines(n):
    ctx = {"docid": "5", "title": "T", "text": "some text"}
    return "".join(
        json.dumps({"query_id": str(i), "query": f"q{i}", "answers": ["a"], "positive_passages": [ctx], "negative_passages": []})
        + "\n"
        for i in range(n)
    )


@pytest.fixture
def server():
    """A server that offers `files`, {path: bytes}, and supports the header Range.

    `asked` lists the requests as (path, Range or None). `cuts`, {path: n}, makes the next reply for a path end after n bytes.
    """
    files, cuts, asked = {}, {}, []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = files.get(self.path)
            asked.append((self.path, self.headers.get("Range")))
            if body is None:
                return self.send_error(404)
            start = int(self.headers["Range"].split("=")[1].rstrip("-")) if "Range" in self.headers else 0
            if start >= len(body):
                return self.send_error(416)
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(body) - start))
            self.end_headers()
            stop = cuts.pop(self.path, len(body))
            self.wfile.write(body[start:stop])

        def log_message(self, *args):
            pass

    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    httpd.files, httpd.cuts, httpd.asked = files, cuts, asked
    httpd.address = f"http://127.0.0.1:{httpd.server_port}"
    yield httpd
    httpd.shutdown()


def serve_dpr(server):
    for split, n in (("train", 40), ("dev", 12)):
        server.files[f"/nq-{split}.json.gz"] = gzip.compress(json.dumps(dpr_records(n), indent=4).encode())
    return server.address + "/nq-{split}.json.gz"


def test_dpr_files_become_the_course_format(server, tmp_path):
    fetch_nq.fetch(tmp_path, "dpr", serve_dpr(server), {"train": 39, "dev": 11})
    samples = load_samples(tmp_path / "nq-train.json")
    assert len(samples) == 39 and samples[0]["question"] == "q'0" and samples[1]["gold_context"]["id"] == "2"
    asked = len(server.asked)
    fetch_nq.fetch(tmp_path, "dpr", serve_dpr(server))
    assert len(server.asked) == asked, "what is there is not fetched again"


def test_tevatron_files_become_the_course_format(server, tmp_path):
    for split in ("train", "dev"):
        server.files[f"/{split}.gz"] = gzip.compress(tevatron_lines(5).encode())
    fetch_nq.fetch(tmp_path, "tevatron", server.address + "/{split}.gz", None)
    assert load_samples(tmp_path / "nq-dev.json")[4]["question"] == "q4"


def test_an_interrupted_download_goes_on(server, tmp_path):
    url = serve_dpr(server)
    server.cuts["/nq-train.json.gz"] = 100
    with pytest.raises(fetch_nq.FetchError, match="again"):
        fetch_nq.fetch(tmp_path, "dpr", url, None)
    assert not (tmp_path / "nq-train.json").exists()
    fetch_nq.fetch(tmp_path, "dpr", url, None)
    assert ("/nq-train.json.gz", "bytes=100-") in server.asked
    assert len(load_samples(tmp_path / "nq-train.json")) == 39


def test_a_truncated_file_is_named_and_leaves_nothing(server, tmp_path):
    url = serve_dpr(server)
    server.files["/nq-train.json.gz"] = server.files["/nq-train.json.gz"][:-40]
    with pytest.raises(fetch_nq.FetchError, match="damaged after record"):
        fetch_nq.fetch(tmp_path, "dpr", url, None)
    assert not list(tmp_path.glob("*.json*"))


def test_a_corrupt_file_is_named_and_leaves_nothing(server, tmp_path):
    url = serve_dpr(server)
    body = bytearray(gzip.compress(json.dumps(dpr_records(500)).encode(), compresslevel=1))
    body[len(body) // 2 : len(body) // 2 + 40] = bytes(40)
    server.files["/nq-train.json.gz"] = bytes(body)
    with pytest.raises(fetch_nq.FetchError, match="damaged after record"):
        fetch_nq.fetch(tmp_path, "dpr", url, None)
    assert not list(tmp_path.glob("*.json*"))


def test_a_wrong_format_or_count_is_told(server, tmp_path):
    server.files["/nq-train.json.gz"] = gzip.compress(json.dumps([{"query": "x"}]).encode())
    with pytest.raises(fetch_nq.FetchError, match="record 0 is not in the dpr format"):
        fetch_nq.fetch(tmp_path / "a", "dpr", server.address + "/nq-{split}.json.gz", None)
    with pytest.raises(fetch_nq.FetchError, match="39 questions.*58880 are expected"):
        fetch_nq.fetch(tmp_path / "b", "dpr", serve_dpr(server))
    with pytest.raises(fetch_nq.FetchError, match="404"):
        fetch_nq.fetch(tmp_path / "c", "dpr", server.address + "/nowhere-{split}.gz")
    assert not list(tmp_path.rglob("nq-*.json"))
