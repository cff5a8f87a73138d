"""Keys that reach Coach from inside any other program, where the system gives them out."""
