"""Actions about runs of connectors, a module each."""
