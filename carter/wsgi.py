"""The application as web servers see it."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carter.settings")
application = get_wsgi_application()

# What is loaded now stays: to look through all of it for garbage again and again cost a fifth of
# a request. What a request leaves behind is looked through as before.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
