"""What is asked of the machine: processors, memory, work ahead."""
