"""The state of one call: what was heard, who holds the floor, what the figures are.

Standard library only. No clock, no thread, no file: every time is milliseconds of audio on an event, and the
same events give the same state, always.
"""
