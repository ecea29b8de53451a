"""What every list's filters have in common."""

from functools import cached_property
from typing import Any

import django_filters
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from carter.web.pieces import kept

Rows = tuple[tuple[Any, str], ...]


class Filters(django_filters.FilterSet):
    """Filters of a list; each is a question in the address."""

    @cached_property
    def is_asked(self) -> bool:
        """Whether the list is narrowed, or somebody tried to."""
        said: Any = self.data
        return any(said.get(name, "").strip() for name in self.filters)

    def fields(self) -> str:
        """The fields as they are shown; empty ones are written once for all who may ask so."""
        if self.is_asked:
            return _written(self.form)
        rows = {name: self._rows(each) for name, each in self.filters.items() if _has_rows(each)}
        key = (type(self), *self.filters, *rows.values())
        return kept(key, lambda: _written(self._offering(rows)))

    def _rows(self, each: Any) -> Rows:
        return tuple((row.pk, str(row)) for row in each.get_queryset(self.request))

    def _offering(self, rows: dict[str, Rows]) -> Any:
        """The form with these rows to choose from, which it would ask for once more."""
        for name, some in rows.items():
            field: Any = self.form.fields[name]
            field.widget.choices = [("", field.empty_label), *some]
        return self.form


def _has_rows(each: Any) -> bool:
    return isinstance(each, django_filters.ModelChoiceFilter)


def _written(form: Any) -> SafeString:
    return render_to_string("components/_filter_fields.html", {"form": form})
