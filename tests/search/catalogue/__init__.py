"""A small archive for the engine tests: a model, its index, and records in many languages."""
