"""How forms look, and the pieces every form is made of."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from carter.customers import emails, phones
from carter.customers.changing import ChangedMeanwhile

FEWEST_DIGITS = 7


class FormRenderer(TemplatesSetting):
    """Fields with the label above, the help below, and the error next to what it is about."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"


class EditForm(forms.ModelForm[Any]):
    """A form that knows what each field was when it was opened.

    So two people may edit one record at once: only what a person changed is written, and when
    both changed the same field the second is told, with both values.
    """

    @property
    def was(self) -> dict[str, Any]:
        """Each field's value when the form was opened, from its hidden twin."""
        values = {}
        for name, field in self.fields.items():
            raw = field.widget.value_from_datadict(self.data, {}, f"was-{name}")
            try:
                values[name] = field.clean(raw)
            except ValidationError:
                values[name] = getattr(self.instance, name)
        return values

    def was_inputs(self) -> SafeString:
        """The hidden twins: what the record said when this form was opened."""
        pairs = [pair for name in self.fields for pair in self._twin(name)]
        return format_html_join("", '<input type="hidden" name="was-{}" value="{}">', pairs)

    def tell_apart(self, clash: ChangedMeanwhile) -> None:
        """Show what somebody else saved beside what was typed; saving again keeps the typed."""
        data: Any = self.data
        self.data = data = data.copy()
        for name, value in clash.theirs.items():
            shown = "empty" if value in ("", None, []) else f"“{_words(self.fields[name], value)}”"
            self.add_error(
                name,
                f"Somebody else changed this to {shown} while you were typing. What you typed"
                " is still here: save again to keep it, or change it.",
            )
            _set_twin(data, f"was-{name}", self.fields[name].prepare_value(value))

    def _twin(self, name: str) -> list[tuple[str, Any]]:
        if self.is_bound:
            values = self.data.getlist(f"was-{name}")  # type: ignore[attr-defined]
        else:
            value = self.fields[name].prepare_value(self[name].value())
            values = value if isinstance(value, list) else [value]
        return [(name, value) for value in values if value not in (None, False)]


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
    """An amount as people write it ($1,240.50), as integer cents."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip().lstrip("$€£").replace(",", "").strip()
        if not text:
            return None
        whole, _, cents = text.partition(".")
        if not (whole.isascii() and whole.isdigit() and len(whole) <= 9):
            raise ValidationError("Write an amount such as 1,240 or 1240.50.")
        if cents and not (cents.isascii() and cents.isdigit() and len(cents) <= 2):
            raise ValidationError("Cents have two digits, such as 1240.50.")
        return int(whole) * 100 + int(cents.ljust(2, "0") or 0)

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 100}.{value % 100:02}" if isinstance(value, int) else value


def _words(field: forms.Field, value: Any) -> str:
    labels = dict(getattr(field, "choices", ()))
    if isinstance(value, list):
        return ", ".join(str(labels.get(one, one)) for one in value)
    return str(labels.get(value, field.prepare_value(value)))


def _set_twin(data: Any, name: str, value: Any) -> None:
    if isinstance(value, list):
        data.setlist(name, value)
    elif value is None or value is False:
        data.pop(name, None)
    else:
        data[name] = value
