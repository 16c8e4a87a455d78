"""What the app knows, without a screen: values that are made once and passed on."""
