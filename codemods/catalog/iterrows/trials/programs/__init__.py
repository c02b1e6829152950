"""What runs inside the sandbox for a loop over rows."""
