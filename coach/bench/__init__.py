"""What Coach costs and how late it is, measured through the very line that a call takes."""
