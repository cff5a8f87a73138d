"""The bundled calls, as data."""
