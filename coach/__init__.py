"""Coach: hears a sales call on this machine and shows one gentle nudge at a time."""

__version__ = "0.1.0"
