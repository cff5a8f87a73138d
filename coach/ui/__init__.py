"""The thin skin: commands become paint, clicks become events, nothing is decided here."""
