"""When to speak and what to say: rules as data, tact as law, an engine that performs nothing."""
