"""Pages travel compressed; what holds a secret, or is no page, does not."""

import gzip

import pytest

pytestmark = pytest.mark.django_db

ASKED = {"accept-encoding": "gzip, br"}


def test_a_page_is_compressed_and_says_so(visitor, world):
    response = visitor.get("/", headers=ASKED)
    assert response["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response["Vary"]
    assert int(response["Content-Length"]) == len(response.content)
    assert "</html>" in gzip.decompress(response.content).decode()


def test_the_chinese_page_is_compressed_too(visitor, world):
    assert visitor.get("/zh/", headers=ASKED)["Content-Encoding"] == "gzip"


def test_who_cannot_unpack_gets_the_page_as_it_is_under_the_same_vary(visitor, world):
    response = visitor.get("/")
    assert "Content-Encoding" not in response
    assert "Accept-Encoding" in response["Vary"]


def test_the_length_of_a_page_is_different_each_time(visitor, world):
    told = {len(visitor.get("/method/", headers=ASKED).content) for _ in range(12)}
    assert len(told) > 1


@pytest.mark.parametrize("address", ["/account/tokens/", "/zh/account/tokens/", "/account/"])
def test_pages_that_may_show_a_secret_are_never_compressed(client, ana, address):
    client.force_login(ana)
    response = client.get(address, headers=ASKED)
    assert response["Content-Type"].startswith("text/html")
    assert "Content-Encoding" not in response


def test_the_sign_in_is_not_compressed(visitor):
    assert "Content-Encoding" not in visitor.get("/accounts/login/", headers=ASKED)


def test_a_file_still_leaves_row_by_row(visitor, world):
    response = visitor.get("/measures.csv", headers=ASKED)
    assert response.streaming
    assert "Content-Encoding" not in response


@pytest.mark.parametrize("address", ["/embed/ladder.svg", "/changes.atom", "/api/v1/measures"])
def test_what_machines_read_keeps_its_strong_tag(visitor, world, address):
    response = visitor.get(address, headers=ASKED)
    assert "Content-Encoding" not in response
    assert response["ETag"].startswith('"')
