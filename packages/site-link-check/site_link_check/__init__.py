"""Check every link of a built site; the README says how, and what each module does."""
