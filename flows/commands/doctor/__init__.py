"""What `onrecord doctor` looks at, here and beyond this machine, and how it says what it found."""
