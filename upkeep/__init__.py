"""What keeps the project fresh between changes: reviews of pages, issues, and their labels."""
