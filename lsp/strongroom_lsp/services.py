"""What a feature may ask of the server: protocols only, no state and no code."""
