"""What people see of a run: in the terminal and in the Prefect UI."""
