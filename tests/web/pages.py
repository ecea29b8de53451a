"""What a page says to a program: its forms, and what a browser would send for them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin


@dataclass
class Form:
    """A form: where it goes, how, and the pairs a browser would send as it stands."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    """The names of fields whose values look like the keys of rows."""

    offered: list[tuple[str, str]] = field(default_factory=list)
    """What could be sent besides: buttons, boxes that are not ticked, other choices."""

    def add(self, name: str, value: str, *, sent: bool = True) -> None:
        """A pair that is sent, or could be."""
        if name:
            self.ids |= {name} if value.isdecimal() else set()
            (self.fields if sent else self.offered).append((name, value))


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.named: dict[str, Form] = {}
        self.open: Form | None = None
        self.area: tuple[str, list[str]] | None = None
        self.choices: tuple[str, bool, list[tuple[str, bool]]] | None = None

    def handle_starttag(self, tag, pairs) -> None:
        said = {name: value or "" for name, value in pairs}
        if tag == "form":
            action = said.get("hx-post") or said.get("action") or self.address
            method = "post" if "hx-post" in said else said.get("method", "get").lower()
            self.open = Form(urljoin(self.address, action), method)
            self.forms.append(self.open)
            self.named[said.get("id", "no id")] = self.open
        elif "hx-post" in said and tag != "input":
            self.forms.append(Form(urljoin(self.address, said["hx-post"]), "post"))
        if tag == "textarea":
            self.area = (said.get("name", ""), [])
        elif tag == "select":
            self.choices = (said.get("name", ""), "multiple" in said, [])
        elif tag == "option" and self.choices:
            self.choices[2].append((said.get("value", ""), "selected" in said))
        elif tag in ("input", "button") and (form := self._form_of(said)):
            self._field(tag, said, form)

    def _form_of(self, said) -> Form | None:
        return self.named.get(said["form"]) if "form" in said else self.open

    def _field(self, tag, said, form) -> None:
        kind = said.get("type", "submit" if tag == "button" else "text")
        if kind == "file":
            form.files.append(said.get("name", ""))
            return
        ticked = kind not in ("checkbox", "radio") or "checked" in said
        usual = "on" if kind == "checkbox" else ""
        form.add(said.get("name", ""), said.get("value", usual), sent=ticked and tag == "input")

    def handle_data(self, data) -> None:
        if self.area:
            self.area[1].append(data)

    def handle_endtag(self, tag) -> None:
        if tag == "form":
            self.open = None
        elif tag == "textarea" and self.area:
            if self.open:
                self.open.add(self.area[0], "".join(self.area[1]))
            self.area = None
        elif tag == "select" and self.choices:
            self._end_choices()

    def _end_choices(self) -> None:
        name, is_multiple, options = self.choices
        self.choices = None
        chosen = [value for value, is_selected in options if is_selected]
        if self.open:
            for value in chosen or ([] if is_multiple else [value for value, _ in options[:1]]):
                self.open.add(name, value)
            for value, _ in options:
                self.open.add(name, value, sent=False)


def forms_on(page: str, address: str) -> list[Form]:
    """The forms of a page."""
    reader = _Reader(address)
    reader.feed(page)
    return reader.forms
