import os
import subprocess
import sys

from carter.configuration import SETTINGS


def shown(tmp_path, **environment):
    """What `carter config` prints for an installation with a `.env` file."""
    (tmp_path / ".env").write_text("CARTER_WORKERS=7\nCARTER_PORT=8001\n")
    done = subprocess.run(
        [sys.executable, "-m", "carter", "config"],
        env={
            "PATH": os.environ["PATH"],
            "CARTER_ENV_FILE": str(tmp_path / ".env"),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()


def test_every_setting_is_shown_with_its_source(tmp_path):
    status, lines = shown(tmp_path, CARTER_PORT="8002", CARTER_SECRET_KEY="sesame")

    assert status == 0
    named = [line.split()[0] for line in lines if " = " in line]
    assert named == [setting.name for setting in SETTINGS]
    assert "CARTER_WORKERS = 7  [.env file]" in lines
    assert "CARTER_PORT = 8002  [environment]" in lines
    assert "CARTER_BIND = 127.0.0.1  [default]" in lines
    assert "CARTER_SECRET_KEY = (hidden)  [environment]" in lines
    assert not any("sesame" in line for line in lines)


def test_what_makes_no_sense_is_told_at_the_end(tmp_path):
    status, lines = shown(tmp_path, CARTER_PORT="eighty")

    assert status == 1
    assert "CARTER_PORT = eighty  [environment]" in lines
    assert lines[-1] == "FIX   CARTER_PORT must be a whole number, not “eighty”."
