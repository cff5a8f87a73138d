"""Sound in: microphone, loopback and recordings as one kind of block, and voice activity on each channel."""
