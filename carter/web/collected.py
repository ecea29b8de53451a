"""Static files as `carter migrate` collects them: compressed, named with their content's hash."""

from django.utils.functional import cached_property
from whitenoise.storage import CompressedManifestStaticFilesStorage


class CollectedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # no types
    """A file that was not collected has its plain name.

    Otherwise naming it would raise, on an error page, too: then nobody would see any page at all
    instead of one without a picture. `WHITENOISE_MANIFEST_STRICT` is not enough, since it still
    raises when the file itself is missing. `carter doctor` tells what is not collected.
    """

    @cached_property
    def addresses(self) -> dict[str, str]:
        """By name, as they were found: they stay while the process runs, and a page has thirty."""
        return {}

    def url(self, name: str, force: bool = False) -> str:
        if name not in self.addresses:
            self.addresses[name] = super().url(name, force)
        return self.addresses[name]

    def stored_name(self, name: str) -> str:
        try:
            stored: str = super().stored_name(name)
        except ValueError:
            return name
        return stored
