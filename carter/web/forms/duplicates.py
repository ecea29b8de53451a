"""What is said of a group on the Duplicates page."""

from typing import Any

from django import forms
from django.http import QueryDict

from carter.web.forms import is_key
from carter.web.forms.jobs import DecisionForm

HIGHEST = 2**63 - 1


class NumbersField(forms.Field):
    """Keys of rows, as several hidden fields of one name hold them; the rest is left out."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[int]:
        return [int(each) for each in value or [] if is_key(each)][:100]


class ReviewForm(DecisionForm):
    """A decision about the ticked members of a group, and where to go on afterwards.

    `members` are all that were shown, `next` is the group after it, `list` how the list was asked
    for.
    """

    group = forms.IntegerField(max_value=HIGHEST)
    members = NumbersField(required=False)
    next = forms.IntegerField(required=False, max_value=HIGHEST)
    list = forms.CharField(required=False, max_length=200)

    @property
    def asked(self) -> QueryDict:
        """What was asked of the list when the group was shown, the group itself included."""
        asked = QueryDict(str(self.data.get("list", ""))[:200], mutable=True)
        asked["group"] = str(self.data.get("group", ""))
        return asked
