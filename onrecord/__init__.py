"""OnRecord: who said what, as a record that can be questioned."""
