"""The web process, the only one that faces the internet: chat protocol, widget, pages. It never imports rasa."""
