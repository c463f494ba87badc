"""The forms for log-in, one's own account, the accounts of the team, and the switch of the chat."""

from __future__ import annotations

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User

from web.accounts.members import Details
from web.accounts.models import Profile
from web.console.roles import ROLES


class LoginForm(AuthenticationForm):
    """Paste and password managers work: the fields say what they are (WCAG 3.3.8)."""

    error_messages = {  # noqa: RUF012
        "invalid_login": "Anmeldename und Passwort passen nicht zusammen. Achten Sie auf Groß- und Kleinschreibung.",
        "inactive": "Dieses Konto ist geschlossen.",
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["username"].label = "Anmeldename"
        self.fields["password"].label = "Passwort"


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Profile
        fields = ("shown_as", "shortcuts", "rings", "notify")
        help_texts = {  # noqa: RUF012
            "shown_as": "So heißen Sie im Chat, zum Beispiel „Frau Diehl“. Bleibt das Feld leer, "
            "steht dort „eine Person von der Servicestelle“.",
            "shortcuts": "Einzelne Buchstaben und Ziffern lösen beim Prüfen etwas aus. "
            "Schalten Sie das ab, wenn Sie mit der Stimme oder einer besonderen Tastatur arbeiten.",
            "rings": "Solange Sie erreichbar sind, hören Sie zwei kurze Töne, wenn jemand neu wartet, und wenn Ihnen jemand "
            "antwortet, während Sie etwas anderes ansehen. Eine Seite der Konsole muss offen sein.",
            "notify": "In der E-Mail steht nur, dass ein Anliegen da ist, und nichts daraus.",
        }
        labels = {"shortcuts": "Tastenkürzel beim Prüfen"}  # noqa: RUF012


class PasswordForm(forms.Form):
    """A new password for oneself."""

    old = forms.CharField(
        label="Bisheriges Passwort",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="Neues Passwort",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Mindestens 12 Zeichen, kein häufiges Passwort, nicht Ihr Name, nicht nur Ziffern. "
        "Mehrere Wörter hintereinander sind gut.",
    )

    def __init__(self, user: User, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.user = user

    def clean_old(self) -> str:
        old = str(self.cleaned_data["old"])
        if not self.user.check_password(old):
            raise forms.ValidationError("Das ist nicht Ihr bisheriges Passwort.")
        return old

    def clean_new(self) -> str:
        new = str(self.cleaned_data["new"])
        password_validation.validate_password(new, self.user)
        return new

    def clean(self) -> None:
        if self.cleaned_data.get("new") and self.cleaned_data.get("new") == self.cleaned_data.get("old"):
            self.add_error("new", "Das ist Ihr bisheriges Passwort. Bitte wählen Sie ein anderes.")


class DetailsForm(forms.Form):
    """What the Leitung decides of an account."""

    role = forms.ChoiceField(
        label="Rolle",
        choices=[(name, name) for name in ROLES],
        help_text="Beratung: Gespräche führen und prüfen. Redaktion: außerdem Inhalte und Trainingsvorschläge. "
        "Leitung: außerdem Einstellungen, Aufbewahrung und Konten.",
    )
    shown_as = forms.CharField(
        label="Name für Bürgerinnen und Bürger",
        max_length=80,
        required=False,
        help_text="Zum Beispiel „Frau Diehl“. Leer: „eine Person von der Servicestelle“.",
    )
    email = forms.EmailField(label="Dienstliche E-Mail-Adresse", required=False, help_text="Für Hinweise auf neue Anliegen.")

    def details(self) -> Details:
        return Details(**self.cleaned_data)


class MemberForm(DetailsForm):
    """A new account."""

    name = forms.CharField(
        label="Anmeldename",
        max_length=150,
        help_text="Buchstaben, Ziffern und @ . + - _",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    field_order = ("name", "role", "shown_as", "email")

    def details(self) -> Details:
        return Details(**{name: value for name, value in self.cleaned_data.items() if name != "name"})


class SwitchForm(forms.Form):
    """Turns the chat on or off. Who turns it off tells the citizens why."""

    on = forms.ChoiceField(label="Der Chat ist danach", choices=[("1", "an"), ("0", "aus")], widget=forms.HiddenInput)
    comment = forms.CharField(
        label="Warum?",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Solange der Chat abgeschaltet ist, lesen Bürgerinnen und Bürger diesen Satz, "
        "zum Beispiel: „Wir arbeiten am Chat. Ab 14 Uhr ist er wieder da.“",
        error_messages={"required": "Bitte schreiben Sie einen Satz dazu."},
    )
