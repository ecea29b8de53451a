"""Carter as it must not be: it says that a form was done, and does it a moment later."""

import io
import time
from threading import Thread

from carter.wsgi import application as carter

LATER_SECONDS = 0.4


def application(environ, start_response):
    """Answer a form at once; pages as usual."""
    if environ["REQUEST_METHOD"] != "POST":
        return carter(environ, start_response)
    kept = environ | {"wsgi.input": io.BytesIO(environ["wsgi.input"].read())}
    Thread(target=_do, args=[kept], daemon=True).start()
    start_response("302 Found", [("Location", "/leads/0/")])
    return []


def _do(environ):
    time.sleep(LATER_SECONDS)
    carter(environ, lambda *_: None)
