"""The frame of the staff console: who may open a page, the menu, the errors."""
