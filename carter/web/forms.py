"""How forms look, and the pieces every form is made of."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Fields with the label above, the help below, and the error next to what it is about."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
