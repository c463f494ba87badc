"""The form for the periods."""

from __future__ import annotations

from django import forms

from web.rights import periods

_HELP: dict[periods.Kind, str] = {
    "conversation": "nach der letzten Nachricht. Das Gespräch wird mit allem gelöscht, was dazu gehört.",
    "review_set": "nach der Bestätigung. Übungsfragen haben keine Verbindung mehr zu einem Gespräch.",
    "inquiry": "nach der Erledigung. Was offen ist, bleibt doppelt so lange, gezählt ab dem Eingang oder dem Wiederöffnen.",
}


class PeriodsForm(forms.Form):
    """Days for each kind."""

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        for kind in periods.KINDS:
            self.fields[kind] = forms.IntegerField(
                label=f"{periods.TITLES[kind][0].upper()}{periods.TITLES[kind][1:]}: Tage",
                help_text=_HELP[kind],
                min_value=1,
                max_value=periods.LONGEST,
                initial=periods.days(kind),
            )
