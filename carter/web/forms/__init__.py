"""How forms look, and the pieces every form is made of."""

import re
from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.models import ModelChoiceIterator
from django.forms.renderers import TemplatesSetting
from django.utils.choices import flatten_choices
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from carter.billing.posting import LARGEST_CENTS
from carter.customers import emails, phones
from carter.customers.changing import ChangedMeanwhile, as_written
from carter.web.forms.days import DayInput
from carter.web.pieces import frozen, kept

FEWEST_DIGITS = 7
FEW_CHOICES = 50
AMOUNT = re.compile(r"(?P<whole>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.(?P<cents>[0-9]*))?")
MINUS = ("-", "−", "–", "(")
MOST_DIGITS = len(str(LARGEST_CENTS))


class FormRenderer(TemplatesSetting):
    """Fields with the label above, the help below, and the error next to what it is about.

    Fields in which nothing is typed, and what there is to choose from, are written once: a form has
    two dozen, and all that they say is known before (carter/web/pieces.py).
    """

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    def render(self, template_name: Any, context: Any, request: Any = None) -> Any:
        is_field = template_name == self.field_template_name
        key = _key_of_field(context["field"]) if is_field else _key_of_box(context)
        if key is None:
            return super().render(template_name, context, request)
        return kept(
            (template_name, *key),
            lambda: super(FormRenderer, self).render(template_name, context, request),
        )


PLAIN = (
    *(forms.TextInput, forms.Textarea, forms.DateInput, DayInput),
    *(forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple),
)
"""Boxes that say what their fields, attributes and choices tell, and nothing else."""


def _key_of_field(bound: forms.BoundField) -> tuple[Any, ...] | None:
    """All that a field says, label and help included; None where it says what somebody typed.

    What is asked of the database is not known before: that box is kept when it is written.
    """
    field: Any = bound.field
    widget = field.widget
    choices = getattr(widget, "choices", None)
    if bound.form.is_bound or bound.errors or type(widget) not in PLAIN:
        return None
    if isinstance(choices, ModelChoiceIterator):
        return None
    value, offered = bound.value(), None if choices is None else dict(flatten_choices(choices))
    if not _may_be_kept(value, offered):
        return None
    said = (bound.html_name, bound.auto_id, str(bound.label), str(bound.help_text), value)
    box = (type(widget), getattr(widget, "input_type", ""), widget.attrs, list(choices or ()))
    how = (field.required, field.disabled, bound.form.use_required_attribute)
    return frozen(said), frozen(box), how


def _key_of_box(context: Any) -> tuple[Any, ...] | None:
    widget = context.get("widget")
    if widget is None:
        return None
    groups = widget.get("optgroups")
    offered = groups and [option["value"] for _, options, _ in groups for option in options]
    return (frozen(context),) if _may_be_kept(widget["value"], offered) else None


def _may_be_kept(value: Any, offered: Collection[Any] | None) -> bool:
    """Whether nothing is typed in a box, or nothing but a few things can be chosen."""
    chosen = [one for one in (value if isinstance(value, list) else [value]) if one]
    if offered is None:
        return not chosen
    return len(offered) <= FEW_CHOICES and {*map(str, chosen)} <= {*map(str, offered)}


class EditForm(forms.ModelForm[Any]):
    """A form that knows what each field was when it was opened.

    So two people may edit one record at once: only what a person changed is written, and when
    both changed the same field the second is told, with both values. Only what was changed is
    judged, too: an old value that would not pass today stands in nobody's way.
    """

    @property
    def was(self) -> dict[str, Any]:
        """Each field's value when the form was opened, from its hidden twin."""
        return {name: self._value_of_twin(name) for name in self.fields}

    def was_inputs(self) -> SafeString:
        """The hidden twins: what the record said when this form was opened."""
        pairs = [pair for name in self.fields for pair in self._twin(name)]
        return format_html_join("", '<input type="hidden" name="was-{}" value="{}">', pairs)

    def tell_apart(self, clash: ChangedMeanwhile) -> None:
        """Show what somebody else saved beside what was typed; saving again keeps the typed."""
        for name, value in clash.theirs.items():
            shown = "empty" if value in ("", None, []) else f"“{_words(self.fields[name], value)}”"
            self.add_error(
                name,
                f"Somebody else changed this to {shown} while you were typing. What you typed"
                " is still here: save again to keep it, or change it.",
            )
            self._send(f"was-{name}", name, value)

    def turn_to(self, row: Any) -> None:
        """Offer what was typed about one record for another, beside what that one says."""
        for name in self.fields:
            if self._is_changed(name):
                self.tell_apart(ChangedMeanwhile({name: getattr(row, name)}))
            else:
                self._send(name, name, getattr(row, name))
                self._send(f"was-{name}", name, getattr(row, name))

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for name in self._unchanged():
            self.errors.pop(name, None)
            self.cleaned_data[name] = self._value_of_twin(name)
        for name, value in self.cleaned_data.items():
            self.cleaned_data[name] = as_written(value)

    def _post_clean(self) -> None:
        """Leave the record alone: a form only asks, the deed writes."""

    def _unchanged(self) -> list[str]:
        made = self.instance.pk is not None
        return [name for name in self.fields if made and not self._is_changed(name)]

    def _is_changed(self, name: str) -> bool:
        return bool(self._typed(name, name) != self._typed(name, f"was-{name}"))

    def _typed(self, name: str, key: str) -> Any:
        """What the browser sent for a field or its twin; what is empty in any way is None."""
        sent = self.fields[name].widget.value_from_datadict(self.data, self.files, key)
        return (sorted(sent) if isinstance(sent, list) else as_written(sent)) or None

    def _value_of_twin(self, name: str) -> Any:
        field = self.fields[name]
        sent = field.widget.value_from_datadict(self.data, self.files, f"was-{name}")
        try:
            return as_written(field.clean(sent))
        except ValidationError:
            return sent

    def _twin(self, name: str) -> list[tuple[str, Any]]:
        if self.is_bound:
            values = self.data.getlist(f"was-{name}")  # type: ignore[attr-defined]
        else:
            value = self.fields[name].prepare_value(self[name].value())
            values = value if isinstance(value, list) else [value]
        return [(name, value) for value in values if value not in (None, False)]

    def _send(self, key: str, name: str, value: Any) -> None:
        """Let the form say, under that key, what the browser would send for the value."""
        data: Any = self.data
        data = data.copy()
        sent = self.fields[name].prepare_value(value)
        if isinstance(sent, list):
            data.setlist(key, sent)
        elif sent is None or sent is False:
            data.pop(key, None)
        else:
            data[key] = sent
        self.data = data


class PhoneField(forms.CharField):
    """A phone number as people write it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=100,
            widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            **kwargs,
        )

    def validate(self, value: Any) -> None:
        super().validate(value)
        digits = sum(letter.isdigit() for letter in value or "")
        if value and digits < FEWEST_DIGITS and not phones.phone_key(value, "US"):
            raise ValidationError(
                "This is not a phone number. Write its digits, such as (303) 555-0142;"
                " anything else fits in the notes."
            )


class EmailField(forms.CharField):
    """An email address as people write it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=320,
            widget=forms.TextInput(
                attrs={"type": "text", "inputmode": "email", "autocomplete": "off"}
            ),
            **kwargs,
        )

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not emails.is_plausible(value):
            raise ValidationError("This is not an email address. One looks like ann@example.com.")


class MoneyField(forms.Field):
    """An amount as people write it ($1,240.50), as integer cents, zero or more."""

    default_error_messages = {"required": "Write the amount."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip().lstrip("$€£").strip()
        if not text:
            return None
        if text.startswith(MINUS):
            raise ValidationError("Write the amount without a sign.")
        amount = AMOUNT.fullmatch(text)
        if amount is None:
            raise ValidationError(
                "Write an amount such as 1,240 or 1240.50: a comma stands before three digits,"
                " a point before the cents."
            )
        whole, cents = amount["whole"].replace(",", ""), amount["cents"] or ""
        if len(cents) > 2:
            raise ValidationError("Cents have two digits, such as 1240.50.")
        if len(whole) > MOST_DIGITS or (found := int(whole + cents.ljust(2, "0"))) > LARGEST_CENTS:
            raise ValidationError(
                f"That is more than {LARGEST_CENTS // 100:,} in one amount. Check the figure."
            )
        return found

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 100}.{value % 100:02}" if isinstance(value, int) else value


def _words(field: forms.Field, value: Any) -> str:
    if isinstance(value, Model):
        return str(value)
    labels = dict(getattr(field, "choices", ()))
    if isinstance(value, list):
        return ", ".join(str(labels.get(one, one)) for one in value)
    return str(labels.get(value, field.prepare_value(value)))


def is_key(typed: str) -> bool:
    """Whether what came in can be a row's key or number."""
    return typed.isascii() and typed.isdigit() and len(typed) < 19
