"""What every request passes on its way in and out, whatever it asks for; `door` has the order and why."""
