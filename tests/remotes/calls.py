"""Calls that the tests of the HTTP kernel make."""

from xero_bridge.remotes.http import Answer, Request

BASE = "https://api.example.test"


def same(answer: Answer) -> Answer:
    return answer


def get(path: str = "/list", **more: object) -> Request:
    return Request(url=BASE + path)


def put(body: bytes = b"{}") -> Request:
    return Request(method="PUT", url=f"{BASE}/list", body=body)
