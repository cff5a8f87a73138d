"""From a finished call to figures, findings and files."""
