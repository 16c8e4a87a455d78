"""What a flow, a dialog or a place may ask of the app: protocols only, no state and no code."""
