"""What people decide about results: known issues with an end date, and what makes a run red."""
