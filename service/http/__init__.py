"""The native HTTP interface: its routes, what they take and give, and what surrounds every request."""
