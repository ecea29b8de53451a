import pytest


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    """Where uploaded files go while a test lasts."""
    settings.VAR = tmp_path / "var"
    return settings.VAR / "uploads"
