import os
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from carter.commands import demo
from carter.companies.models import Company
from tests.builders import a_company


@pytest.mark.django_db
def test_the_book_of_another_company_is_not_touched():
    a_company("Ada’s Movers")

    said = demo.prepared()

    assert "no demo was made in it" in said
    assert [company.name for company in Company.objects.all()] == ["Ada’s Movers"]


def test_a_demo_again_is_served_from_a_file_of_its_own(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"CARTER_VAR": str(tmp_path), "CARTER_PORT": port, "CARTER_WORKERS": "1"}
    (tmp_path / "demo.sqlite3").write_text("an earlier demo")
    words = [sys.executable, "-m", "carter", "demo", "--again"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            said = [server.stdout.readline() for _ in range(2)]
            wait_for_port(port)
            page = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20).read()
        finally:
            server.terminate()

    assert said == ["Making the demo book …\n", f"Carter is at http://localhost:{port}\n"]
    assert b"Sign in" in page
    assert not (tmp_path / "carter.sqlite3").exists()


def wait_for_port(port):
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", int(port))) == 0:
                return
        time.sleep(0.1)
