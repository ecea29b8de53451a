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
        check=True,
    )
    return done.stdout.splitlines()


def test_every_setting_is_shown_with_its_source(tmp_path):
    lines = shown(tmp_path, CARTER_PORT="8002", CARTER_SECRET_KEY="sesame")

    named = [line.split()[0] for line in lines if " = " in line]
    assert named == [setting.name for setting in SETTINGS]
    assert "CARTER_WORKERS = 7  [.env file]" in lines
    assert "CARTER_PORT = 8002  [environment]" in lines
    assert "CARTER_BIND = 127.0.0.1  [default]" in lines
    assert "CARTER_SECRET_KEY = (hidden)  [environment]" in lines
    assert not any("sesame" in line for line in lines)
