"""The rules, by what they look at; each is an object with its words, its examples and its code."""
