"""What a page or the API shows, as plain functions: a Reader first, frozen dataclasses out."""
