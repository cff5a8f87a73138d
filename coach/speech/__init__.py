"""From spans of voice to sentences, on this machine. Knows no coaching."""
