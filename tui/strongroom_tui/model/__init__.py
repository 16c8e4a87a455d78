"""Prepare what screens show, without a screen."""
