"""Settings as a table: saving goes the way of the settings page, so the plan follows."""

from __future__ import annotations

from typing import Any

from flask_admin.form import BaseForm
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired

from xero_bridge.operations import connections
from xero_bridge.operations.keys import KEYS, shown
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.settings import set_settings
from xero_bridge.store import models
from xero_bridge.web.access import within_reach
from xero_bridge.web.here import by, services
from xero_bridge.web.tables.base import Table


class SettingForm(BaseForm):
    """One setting; an empty value returns to the default."""

    connection = SelectField("Connection", validators=[DataRequired()], choices=[])
    key = SelectField("Setting", validators=[DataRequired()], choices=sorted(KEYS))
    value = StringField("Value", description="Empty: the default.")


class ValueForm(BaseForm):
    """The value of a setting that is there."""

    value = StringField("Value", description="Empty: the default.")


def _value(_view: Any, _context: Any, row: models.Setting, _name: str) -> str:
    return shown(row.value)


def _meaning(_view: Any, _context: Any, row: models.Setting, _name: str) -> str:
    return KEYS[row.key].meaning if row.key in KEYS else ""


class SettingTable(Table):
    """Settings that a person chose; all others have their default."""

    lede = "Settings that somebody chose. All others are at their default, see the settings page."
    allows = ("create", "edit", "delete")
    form = SettingForm
    column_list = ("connection.name", "key", "value", "meaning", "set_by", "set_at")
    column_labels = {"connection.name": "Connection", "key": "Setting"}
    column_searchable_list = ("key",)
    column_filters = ("connection.name", "key", "set_by")
    column_select_related_list = (models.Setting.connection,)
    column_formatters = {"value": _value, "meaning": _meaning}
    column_formatters_detail = column_formatters
    column_details_list = column_list

    def get_edit_form(self) -> type[BaseForm]:
        return ValueForm

    def create_form(self, obj: Any = None) -> Any:
        form = super().create_form(obj)
        names = (view.name for view in connections.views(services()))
        form.connection.choices = within_reach(names)
        return form

    def on_form_prefill(self, form: Any, id: Any) -> None:
        row = self.get_one(id)
        form.value.data = shown(row.value) if row else ""

    def create_model(self, form: Any) -> Any:
        return self._save(form, form.connection.data, form.key.data)

    def update_model(self, form: Any, model: models.Setting) -> bool:
        return self._save(form, model.connection.name, model.key)

    def delete_model(self, model: models.Setting) -> bool:
        set_settings(services(), model.connection.name, {model.key: ""}, by=by())
        return True

    def _save(self, form: Any, name: str, key: str) -> bool:
        try:
            set_settings(services(), name, {key: form.value.data or ""}, by=by())
        except NotAccepted as error:
            form.value.errors = [*form.value.errors, str(error)]
            return False
        return True
