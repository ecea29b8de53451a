"""Settings of the floor: the same Django and database, and nothing of Carter around a view."""

from carter.settings import *  # noqa: F403

# The sign-in library refuses to start without its own, which costs next to nothing.
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]
ROOT_URLCONF = "carter.bench.floor"
